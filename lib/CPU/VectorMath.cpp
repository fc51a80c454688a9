//===- VectorMath.cpp - float32 functions on vectors ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All polynomials and rational functions were fitted for this file: the
// largest weighted error over a dense Chebyshev grid was minimised in float64
// by reweighted least squares (Lawson's algorithm; for rational functions on
// the linearised problem with the last denominator as weight), then the
// coefficients were rounded to float one at a time from the lowest degree up,
// and what remained was fitted again after each.
//
// The exponential. x = n + f with an integer n and |f| <= 1/2; then
// 2^x = 2^n * 2^f. Adding a large number whose unit in the last place is 1
// leaves n in the low bits of the sum; the number is chosen such that they hold
// n plus the exponent bias, so that one shift makes 2^n out of them. 2^n is
// multiplied rather than added to the exponent: it costs the same, lets NaN
// pass whatever its payload, and rounds denormal results.
//
// GELU. With a = |x| both forms are max(x, 0) - a * Phi(-a), without
// cancellation in the left tail. log2(2 * Phi(-a)) is so smooth that
// a * P(a) with P of degree 5 (erf) or 7 (tanh) suffices, hence
// Phi(-a) = 2^(a * P(a) - 1): cheaper than any direct approximation of erf that
// reaches this accuracy, and no division.
//
// Test: test/Unit/VectorMathTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

#include <cassert>

using namespace mlir;
using namespace mlir::perceiver;

namespace {

/// Emits operations on values of one type, f32 or a vector of f32.
class Emitter {
public:
  Emitter(OpBuilder &builder, Location loc, Type type)
      : builder(builder), loc(loc), floatType(type) {
    assert(getElementTypeOrSelf(type).isF32() && "expected f32 elements");
    Type i32 = builder.getI32Type();
    auto vectorType = dyn_cast<VectorType>(type);
    intType = vectorType ? Type(vectorType.cloneWith(std::nullopt, i32)) : i32;
  }

  Value constant(float value) {
    return constantOf(floatType, builder.getF32FloatAttr(value));
  }
  Value intConstant(int32_t value) {
    return constantOf(intType, builder.getI32IntegerAttr(value));
  }

  Value add(Value a, Value b) {
    return arith::AddFOp::create(builder, loc, a, b);
  }
  Value sub(Value a, Value b) {
    return arith::SubFOp::create(builder, loc, a, b);
  }
  Value mul(Value a, Value b) {
    return arith::MulFOp::create(builder, loc, a, b);
  }
  Value div(Value a, Value b) {
    return arith::DivFOp::create(builder, loc, a, b);
  }
  Value neg(Value a) { return arith::NegFOp::create(builder, loc, a); }
  Value abs(Value a) { return math::AbsFOp::create(builder, loc, a); }
  Value sqrt(Value a) { return math::SqrtOp::create(builder, loc, a); }
  /// a * b + c, rounded once.
  Value fma(Value a, Value b, Value c) {
    return math::FmaOp::create(builder, loc, a, b, c);
  }

  /// The smaller or larger of x and a number; NaN if x is NaN. The comparison
  /// has the form that one x86 instruction computes, NaN included.
  Value atMost(Value x, float bound) {
    Value limit = constant(bound);
    Value above = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT,
                                        limit, x);
    return arith::SelectOp::create(builder, loc, above, limit, x);
  }
  Value atLeast(Value x, float bound) {
    Value limit = constant(bound);
    Value below = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT,
                                        limit, x);
    return arith::SelectOp::create(builder, loc, below, limit, x);
  }

  Value bits(Value x) {
    return arith::BitcastOp::create(builder, loc, intType, x);
  }
  Value fromBits(Value x) {
    return arith::BitcastOp::create(builder, loc, floatType, x);
  }
  Value intSub(Value a, Value b) {
    return arith::SubIOp::create(builder, loc, a, b);
  }
  Value shiftLeft(Value a, int32_t count) {
    return arith::ShLIOp::create(builder, loc, a, intConstant(count));
  }
  Value shiftRight(Value a, int32_t count) {
    return arith::ShRUIOp::create(builder, loc, a, intConstant(count));
  }

  /// sum of coefficients[i] * x^i.
  Value polynomial(Value x, ArrayRef<float> coefficients) {
    Value result = constant(coefficients.back());
    for (float coefficient : llvm::reverse(coefficients.drop_back()))
      result = fma(result, x, constant(coefficient));
    return result;
  }

private:
  Value constantOf(Type type, TypedAttr value) {
    if (auto vectorType = dyn_cast<VectorType>(type))
      value = DenseElementsAttr::get(vectorType, Attribute(value));
    return arith::ConstantOp::create(builder, loc, value);
  }

  OpBuilder &builder;
  Location loc;
  Type floatType;
  Type intType;
};

} // namespace

//===----------------------------------------------------------------------===//
// Exponentials
//===----------------------------------------------------------------------===//

/// 1.5 * 2^23: floats of this size have a unit in the last place of 1, and the
/// low nine bits are 0, so that they hold a number added to it.
static constexpr float kRoundToInteger = 12582912.0f;
static constexpr float kExponentBias = 127.0f;
static constexpr int32_t kMantissaBits = 23;

/// log2(e) as the sum of two floats.
static constexpr float kLog2e = 0x1.715476p+0f;
static constexpr float kLog2eLow = 0x1.4ae0c0p-26f;

/// (2^f - 1) / f on [-1/2, 1/2]. Relative error of 2^f 3e-9.
static constexpr float kExp2[] = {0x1.62e43p-1f,   0x1.ebfbdcp-3f,
                                  0x1.c6af7cp-5f,  0x1.3b2de0p-7f,
                                  0x1.5f082ep-10f, 0x1.416b52p-13f};

/// The same with one coefficient less, fitted to the unit in the last place,
/// which halves where the result falls below 1: error 1.06 ulp.
static constexpr float kExp2Short[] = {0x1.62e424p-1f, 0x1.ebf9b6p-3f,
                                       0x1.c6babap-5f, 0x1.3cec48p-7f,
                                       0x1.5aac90p-10f};

/// scale * 2^f for |f| <= 1/2.
static Value emitScaledExp2(Emitter &e, Value scale, Value f,
                            ArrayRef<float> coefficients) {
  Value slope = e.polynomial(f, coefficients);
  return e.fma(e.mul(f, scale), slope, scale);
}

/// 2^n, where the low bits of `biased` (a number near kRoundToInteger) hold n
/// plus the exponent bias, from 0 (which gives 0 rather than 2^-127) to 254.
static Value emitPowerOfTwo(Emitter &e, Value biased) {
  return e.fromBits(e.shiftLeft(e.bits(biased), kMantissaBits));
}

namespace {
/// A number split into its nearest integer and the rest.
struct Split {
  /// The integer plus `offset` plus kRoundToInteger.
  Value biased;
  /// The rest, from -1/2 to 1/2.
  Value fraction;
};
} // namespace

/// Splits x.
static Split emitSplit(Emitter &e, Value x, float offset) {
  Value shift = e.constant(kRoundToInteger + offset);
  Value biased = e.add(x, shift);
  return {biased, e.sub(x, e.sub(biased, shift))};
}

/// Splits x * factor without rounding the product.
static Split emitSplitProduct(Emitter &e, Value x, Value factor, float offset) {
  Value shift = e.constant(kRoundToInteger + offset);
  Value biased = e.fma(x, factor, shift);
  Value integer = e.sub(biased, shift);
  return {biased, e.fma(x, factor, e.neg(integer))};
}

/// Splits x * log2(e).
static Split emitSplitLog2e(Emitter &e, Value x, float offset) {
  Split split = emitSplitProduct(e, x, e.constant(kLog2e), offset);
  split.fraction = e.fma(x, e.constant(kLog2eLow), split.fraction);
  return split;
}

/// 2^(n + f) for n from -254 to 254, where `split` was made with twice the
/// exponent bias as offset: multiplies by two powers of two in turn, so that
/// results overflow to infinity and underflow gradually.
static Value emitExp2FullRange(Emitter &e, const Split &split) {
  Value biased = e.bits(split.biased);
  Value half = e.shiftRight(biased, 1);
  Value otherHalf = e.intSub(biased, half);
  Value first = e.fromBits(e.shiftLeft(half, kMantissaBits));
  Value second = e.fromBits(e.shiftLeft(otherHalf, kMantissaBits));
  return e.mul(emitScaledExp2(e, first, split.fraction, kExp2), second);
}

Value mlir::perceiver::emitExp2(OpBuilder &builder, Location loc, Value x) {
  Emitter e(builder, loc, x.getType());
  // Beyond these the result is infinity or 0, and stays it.
  x = e.atLeast(e.atMost(x, 129.0f), -152.0f);
  return emitExp2FullRange(e, emitSplit(e, x, 2 * kExponentBias));
}

Value mlir::perceiver::emitExp(OpBuilder &builder, Location loc, Value x) {
  Emitter e(builder, loc, x.getType());
  x = e.atLeast(e.atMost(x, 89.0f), -105.0f);
  return emitExp2FullRange(e, emitSplitLog2e(e, x, 2 * kExponentBias));
}

Value mlir::perceiver::emitExp2NonPositive(OpBuilder &builder, Location loc,
                                           Value x) {
  Emitter e(builder, loc, x.getType());
  // At the bound the power of two is 0.
  Split split = emitSplit(e, e.atLeast(x, -127.0f), kExponentBias);
  return emitScaledExp2(e, emitPowerOfTwo(e, split.biased), split.fraction,
                        kExp2Short);
}

Value mlir::perceiver::emitExpNonPositive(OpBuilder &builder, Location loc,
                                          Value x) {
  Emitter e(builder, loc, x.getType());
  // -88 * log2(e) is -126.96: the power of two is 0.
  Split split = emitSplitLog2e(e, e.atLeast(x, -88.0f), kExponentBias);
  return emitScaledExp2(e, emitPowerOfTwo(e, split.biased), split.fraction,
                        kExp2Short);
}

//===----------------------------------------------------------------------===//
// Error function, hyperbolic tangent
//===----------------------------------------------------------------------===//

/// x * P(x^2) / Q(x^2), where x is first brought into [-bound, bound].
static Value emitOddRational(Emitter &e, Value x, float bound,
                             ArrayRef<float> numerator,
                             ArrayRef<float> denominator) {
  x = e.atLeast(e.atMost(x, bound), -bound);
  Value square = e.mul(x, x);
  Value top = e.mul(x, e.polynomial(square, numerator));
  return e.div(top, e.polynomial(square, denominator));
}

Value mlir::perceiver::emitErf(OpBuilder &builder, Location loc, Value x) {
  // Relative error 6e-8 on [0, 3.95].
  static constexpr float kBound = 3.95f;
  static constexpr float kNumerator[] = {0x1.20dd76p+0f,  0x1.693afcp-3f,
                                         0x1.a11c7ap-5f,  0x1.a09434p-9f,
                                         0x1.1f6aecp-12f, 0x1.252be6p-19f};
  static constexpr float kDenominator[] = {0x1.000000p+0f,  0x1.f56694p-2f,
                                           0x1.bbbdb4p-4f,  0x1.c3928ep-7f,
                                           0x1.0cc4e4p-10f, 0x1.4693d6p-15f};
  Emitter e(builder, loc, x.getType());
  return emitOddRational(e, x, kBound, kNumerator, kDenominator);
}

Value mlir::perceiver::emitTanh(OpBuilder &builder, Location loc, Value x) {
  // Relative error 4e-8 on [0, 9.1].
  static constexpr float kBound = 9.1f;
  static constexpr float kNumerator[] = {0x1.000000p+0f, 0x1.11f8a0p-3f,
                                         0x1.c99c4ap-9f, 0x1.58814ep-16f,
                                         0x1.c7059ep-27f};
  static constexpr float kDenominator[] = {0x1.000000p+0f, 0x1.de519cp-2f,
                                           0x1.a7b48cp-6f, 0x1.57c478p-12f,
                                           0x1.9f2248p-21f};
  Emitter e(builder, loc, x.getType());
  return emitOddRational(e, x, kBound, kNumerator, kDenominator);
}

//===----------------------------------------------------------------------===//
// Roots and quotients
//===----------------------------------------------------------------------===//

Value mlir::perceiver::emitRsqrt(OpBuilder &builder, Location loc, Value x) {
  Emitter e(builder, loc, x.getType());
  return e.div(e.constant(1.0f), e.sqrt(x));
}

Value mlir::perceiver::emitReciprocal(OpBuilder &builder, Location loc,
                                      Value x) {
  Emitter e(builder, loc, x.getType());
  return e.div(e.constant(1.0f), x);
}

//===----------------------------------------------------------------------===//
// GELU
//===----------------------------------------------------------------------===//

/// max(x, 0) - |x| * 2^(|x| * P(|x|) - 1). `bound` is where the exponent
/// reaches -127 and the power of two becomes 0; P decreases up to there.
static Value emitGelu(Emitter &e, Value x, float bound,
                      ArrayRef<float> exponent) {
  Value a = e.atMost(e.abs(x), bound);
  // The offset is one less than the bias: 2^(n - 1).
  Split split =
      emitSplitProduct(e, a, e.polynomial(a, exponent), kExponentBias - 1.0f);
  Value tail = emitScaledExp2(e, emitPowerOfTwo(e, split.biased),
                              split.fraction, kExp2Short);
  return e.fma(e.neg(a), tail, e.atLeast(x, 0.0f));
}

Value mlir::perceiver::emitGeluErf(OpBuilder &builder, Location loc, Value x) {
  // Fitted on [0, 6]: error 6e-8 * max(1, |x|).
  static constexpr float kBound = 13.22f;
  static constexpr float kExponent[] = {-0x1.26b0f0p+0f,  -0x1.d5fc50p-2f,
                                        -0x1.b3471ap-5f,  0x1.02980ap-7f,
                                        -0x1.735092p-11f, 0x1.af04d4p-16f};
  Emitter e(builder, loc, x.getType());
  return emitGelu(e, x, kBound, kExponent);
}

Value mlir::perceiver::emitGeluTanh(OpBuilder &builder, Location loc, Value x) {
  // Fitted on [0, 6]: error 6e-8 * max(1, |x|).
  static constexpr float kBound = 8.6825f;
  static constexpr float kExponent[] = {
      -0x1.26ab34p+0f, -0x1.d6cc0cp-2f, -0x1.956390p-5f, 0x1.080e60p-8f,
      0x1.d6c49ap-9f,  -0x1.3680fap-9f, 0x1.bff8bep-12f, -0x1.abb9a8p-16f};
  Emitter e(builder, loc, x.getType());
  return emitGelu(e, x, kBound, kExponent);
}
