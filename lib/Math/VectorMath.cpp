//===- VectorMath.cpp - float32 functions on vectors ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All polynomials were fitted for this file: the largest weighted error over a
// dense Chebyshev grid was minimised in float64 by reweighted least squares
// (Lawson's algorithm); then the coefficients were rounded to float one at a
// time from the lowest degree up, and the remaining ones fitted again after
// each.
//
// The exponential. x = n + f with an integer n and |f| <= 1/2; then
// 2^x = 2^n * 2^f. Adding a large number whose unit in the last place is 1
// leaves n in the low bits of the sum; the number is chosen such that they hold
// n plus the exponent bias, so that one shift makes 2^n out of them. 2^n is
// multiplied rather than added to the exponent: it costs the same, lets NaN
// pass whatever its payload, and rounds denormal results.
//
// GELU and erf. With a = |x| both GELUs are max(x, 0) - a * Phi(-a), without
// cancellation in the left tail. log2(2 * Phi(-a)) is so smooth that a * P(a)
// with P of degree 5 (erf) or 7 (tanh) suffices, hence
// Phi(-a) = 2^(a * P(a) - 1): no division, and no more work than an
// approximation of erf itself that reaches this accuracy. For erf likewise,
// with P of degree 7, because there the relative error counts.
//
// Test: test/Unit/VectorMathTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

#include <cassert>
#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

/// The largest value of an argument or a result.
static constexpr float kInfinity = std::numeric_limits<float>::infinity();

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
  Value copySign(Value magnitude, Value sign) {
    return math::CopySignOp::create(builder, loc, magnitude, sign);
  }
  Value sqrt(Value a) { return math::SqrtOp::create(builder, loc, a); }
  /// a * b + c, rounded once.
  Value fma(Value a, Value b, Value c) {
    return math::FmaOp::create(builder, loc, a, b, c);
  }

  /// The smaller or larger of x and a number other than 0; NaN if x is NaN.
  /// One instruction.
  Value atMost(Value x, float bound) {
    return arith::MinimumFOp::create(builder, loc, x, constant(bound));
  }
  Value atLeast(Value x, float bound) {
    return arith::MaximumFOp::create(builder, loc, x, constant(bound));
  }
  /// The larger of x and 0; NaN if x is NaN. Leaves -0 alone, which makes it
  /// one instruction on x86, unlike arith.maximumf.
  Value positivePart(Value x) {
    Value zero = constant(0.0f);
    return selectLess(x, zero, zero, x);
  }

  Value bits(Value x) {
    return arith::BitcastOp::create(builder, loc, intType, x);
  }
  Value fromBits(Value x) {
    return arith::BitcastOp::create(builder, loc, floatType, x);
  }
  Value intAdd(Value a, Value b) {
    return arith::AddIOp::create(builder, loc, a, b);
  }
  Value intSub(Value a, Value b) {
    return arith::SubIOp::create(builder, loc, a, b);
  }
  Value intAnd(Value a, int32_t mask) {
    return arith::AndIOp::create(builder, loc, a, intConstant(mask));
  }
  Value intXor(Value a, Value b) {
    return arith::XOrIOp::create(builder, loc, a, b);
  }
  Value shiftLeft(Value a, int32_t count) {
    return arith::ShLIOp::create(builder, loc, a, intConstant(count));
  }
  Value shiftRight(Value a, int32_t count) {
    return arith::ShRUIOp::create(builder, loc, a, intConstant(count));
  }

  Value arithmeticShiftRight(Value a, int32_t count) {
    return arith::ShRSIOp::create(builder, loc, a, intConstant(count));
  }
  /// `then` where an integer equals a number.
  Value selectIntEqual(Value a, int32_t number, Value then, Value otherwise) {
    Value equal = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                        a, intConstant(number));
    return arith::SelectOp::create(builder, loc, equal, then, otherwise);
  }
  Value toFloat(Value a) {
    return arith::SIToFPOp::create(builder, loc, floatType, a);
  }
  /// `then` where x equals a number.
  Value selectEqual(Value x, float number, Value then, Value otherwise) {
    Value equal = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ,
                                        x, constant(number));
    return arith::SelectOp::create(builder, loc, equal, then, otherwise);
  }
  /// `then` where a < b, else `otherwise`, also where one is NaN.
  Value selectLess(Value a, Value b, Value then, Value otherwise) {
    Value less =
        arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, a, b);
    return arith::SelectOp::create(builder, loc, less, then, otherwise);
  }
  /// `value` where x is finite, else x.
  Value selectOrdinary(Value x, Value value) {
    return selectLess(abs(x), constant(kInfinity), value, x);
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
/// which halves where the result falls below 1: error 1.1 ulp.
static constexpr float kExp2Short[] = {0x1.62e422p-1f, 0x1.ebf9b8p-3f,
                                       0x1.c6bc8ep-5f, 0x1.3cebb6p-7f,
                                       0x1.59f926p-10f};

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
  Value minusInteger = e.sub(shift, biased);
  return {biased, e.fma(x, factor, minusInteger)};
}

/// Splits x * log2(e).
static Split emitSplitLog2e(Emitter &e, Value x, float offset) {
  Split split = emitSplitProduct(e, x, e.constant(kLog2e), offset);
  split.fraction = e.fma(x, e.constant(kLog2eLow), split.fraction);
  return split;
}

namespace {
/// A number as the product of two floats of about the same size.
struct Factors {
  Value first, second;
};
} // namespace

/// 2^(n + f) for n from -254 to 254, where `split` was made with twice the
/// exponent bias as offset. The second factor is a power of two.
static Factors emitExp2Factors(Emitter &e, const Split &split) {
  Value biased = e.bits(split.biased);
  Value half = e.shiftRight(biased, 1);
  Value otherHalf = e.intSub(biased, half);
  Value first = e.fromBits(e.shiftLeft(half, kMantissaBits));
  Value second = e.fromBits(e.shiftLeft(otherHalf, kMantissaBits));
  return {emitScaledExp2(e, first, split.fraction, kExp2), second};
}

/// The same as one number: results overflow to infinity and underflow
/// gradually.
static Value emitExp2FullRange(Emitter &e, const Split &split) {
  Factors factors = emitExp2Factors(e, split);
  return e.mul(factors.first, factors.second);
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

Value mlir::perceiver::emitRoundUp(OpBuilder &builder, Location loc, Value x) {
  // Not math.ceil, which is a call on x86-64 before SSE4.1.
  constexpr float kLargest = 0x1p22f;
  Emitter e(builder, loc, x.getType());
  Value shift = e.constant(kRoundToInteger);
  Value nearest = e.sub(e.add(x, shift), shift);
  Value up =
      e.selectLess(nearest, x, e.add(nearest, e.constant(1.0f)), nearest);
  return e.selectLess(e.abs(x), e.constant(kLargest), up, x);
}

//===----------------------------------------------------------------------===//
// Error function, hyperbolic tangent
//===----------------------------------------------------------------------===//

/// 2^(n + f) - 1 for n + f <= 0, where `split` was made with the exponent bias
/// as offset. Never below -1. Its relative error is small near 0 too: there n
/// is 0, so that 2^n - 1 vanishes and f times a polynomial remains.
static Value emitExp2Minus1(Emitter &e, const Split &split) {
  Value scale = emitPowerOfTwo(e, split.biased);
  Value slope = e.polynomial(split.fraction, kExp2);
  return e.fma(e.mul(split.fraction, scale), slope,
               e.sub(scale, e.constant(1.0f)));
}

Value mlir::perceiver::emitErf(OpBuilder &builder, Location loc, Value x) {
  // erf(a) = 1 - 2^(a * P(a)), P fitted on [0, 3.95] to the relative error of
  // erf, 4e-8. The bound lies where the result has long been 1, and P still
  // decreases.
  static constexpr float kBound = 5.0f;
  static constexpr float kExponent[] = {
      -0x1.a0be84p+0f,  -0x1.d63e62p-1f,  -0x1.2fc33ap-3f, 0x1.c854f6p-6f,
      -0x1.1624b4p-12f, -0x1.df3612p-10f, 0x1.2430dap-11f, -0x1.f5347ep-15f};
  Emitter e(builder, loc, x.getType());
  Value a = e.atMost(e.abs(x), kBound);
  Split split =
      emitSplitProduct(e, a, e.polynomial(a, kExponent), kExponentBias);
  return e.copySign(emitExp2Minus1(e, split), x);
}

Value mlir::perceiver::emitTanh(OpBuilder &builder, Location loc, Value x) {
  // With t = e^(-2a) - 1, tanh(a) = -t / (2 + t). No second part of log2(e):
  // where its error counts the derivative of tanh is small.
  static constexpr float kBound = 10.0f;
  Emitter e(builder, loc, x.getType());
  Value a = e.atMost(e.abs(x), kBound);
  Split split = emitSplitProduct(e, a, e.constant(-2 * kLog2e), kExponentBias);
  Value t = emitExp2Minus1(e, split);
  return e.copySign(e.div(t, e.add(t, e.constant(2.0f))), x);
}

//===----------------------------------------------------------------------===//
// Sine and cosine
//===----------------------------------------------------------------------===//

namespace {
/// An angle as a multiple of pi / 2 and the rest, from -pi/4 to pi/4.
struct Quadrant {
  /// The multiple, in the low bits.
  Value number;
  /// The rest is the sum of the two.
  Value rest, low;
};
} // namespace

/// Splits x. Products with the multiple, of at most 17 bits with its sign, and
/// a part of pi / 2 are exact without a fused multiply and add, but for the
/// last part. So are the first two differences; what the others lose is kept.
static Quadrant emitSplitHalfPi(Emitter &e, Value x) {
  static constexpr float kTwoOverPi = 0x1.45f306p-1f;
  static constexpr float kHalfPi[] = {0x1.92p+0f, 0x1.fap-12f, 0x1.54p-20f,
                                      0x1.1p-30f, 0x1.68c234p-39f};
  constexpr size_t kExact = 2;
  Value shift = e.constant(kRoundToInteger);
  Value biased = e.add(e.mul(x, e.constant(kTwoOverPi)), shift);
  Value multiple = e.sub(biased, shift);
  Value rest = x, low;
  for (auto [number, part] : llvm::enumerate(kHalfPi)) {
    Value product = e.mul(multiple, e.constant(part));
    Value difference = e.sub(rest, product);
    if (number >= kExact) {
      Value lost = e.sub(e.sub(rest, difference), product);
      low = low ? e.add(low, lost) : lost;
    }
    rest = difference;
  }
  return {e.bits(biased), rest, low};
}

SineCosine mlir::perceiver::emitSineCosine(OpBuilder &builder, Location loc,
                                           Value x) {
  // (sin(r) - r) / r^3 and (cos(r) - 1 + r^2 / 2) / r^4 by r^2, fitted on
  // |r| <= pi / 4: relative errors of sine and cosine 4e-9 and 2e-10.
  static constexpr float kBound = 102943.0f;
  static constexpr float kSine[] = {-0x1.555546p-3f, 0x1.110776p-7f,
                                    -0x1.9953p-13f};
  static constexpr float kCosine[] = {0x1.55554ap-5f, -0x1.6c0c2ap-10f,
                                      0x1.99e904p-16f};
  constexpr int32_t kSign = 30; // from the second bit to the sign
  Emitter e(builder, loc, x.getType());
  Quadrant quadrant =
      emitSplitHalfPi(e, e.atLeast(e.atMost(x, kBound), -kBound));
  Value rest = quadrant.rest, low = quadrant.low;
  Value square = e.mul(rest, rest);
  // 1 - rest^2 / 2 as the sum of two numbers.
  Value half = e.mul(e.constant(0.5f), square), one = e.constant(1.0f);
  Value near = e.sub(one, half);
  Value lost = e.sub(e.sub(one, near), half);
  Value sine =
      e.add(rest, e.fma(e.mul(rest, square), e.polynomial(square, kSine),
                        e.mul(low, near)));
  Value cosine = e.add(near, e.sub(e.fma(e.mul(square, square),
                                         e.polynomial(square, kCosine), lost),
                                   e.mul(rest, low)));
  // Odd quadrants exchange the two; the next bit, of the number for the sine
  // and of the one behind it for the cosine, is the sign.
  Value parity = e.intAnd(quadrant.number, 1);
  auto makeResult = [&](Value even, Value odd, Value number) {
    Value magnitude = e.selectIntEqual(parity, 0, even, odd);
    Value sign = e.shiftLeft(e.intAnd(number, 2), kSign);
    return e.fromBits(e.intXor(e.bits(magnitude), sign));
  };
  Value next = e.intAdd(quadrant.number, e.intConstant(1));
  return {makeResult(sine, cosine, quadrant.number),
          makeResult(cosine, sine, next)};
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
  return e.fma(e.neg(a), tail, e.positivePart(x));
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

//===----------------------------------------------------------------------===//
// Functions of e^-|x|
//===----------------------------------------------------------------------===//

// With t = e^-|x|, which neither overflows nor loses digits in 1 + t,
//
//   1 / (1 + e^-x)      = (x < 0 ? t : 1) / (1 + t)
//   tanh(ln(1 + e^x))   = t (t + 2) / (t (t + 2) + 2)           where x < 0
//                       = (1 + 2 t) / (1 + 2 t + 2 t^2)         elsewhere
//
// all of whose terms are positive. x t underflows later than t does, so x is
// multiplied by the first factor of t, which is far from underflow.

namespace {
/// t = e^(-c |x|), and x t, wrong where x > 0.
struct Decay {
  Value t, xTimesT;
};
} // namespace

/// `rate` and `rateLow` are the two parts of c * log2(e). Both results are 0
/// where |x| is `bound`, and beyond.
static Decay emitDecay(Emitter &e, Value x, float rate, float rateLow,
                       float bound) {
  Value a = e.atMost(e.abs(x), bound);
  Split split = emitSplitProduct(e, a, e.constant(-rate), 2 * kExponentBias);
  split.fraction = e.fma(a, e.constant(-rateLow), split.fraction);
  Factors t = emitExp2Factors(e, split);
  Value bounded = e.atLeast(x, -bound);
  return {e.mul(t.first, t.second), e.mul(e.mul(bounded, t.first), t.second)};
}

/// 120 e^-120 is less than half of the least float.
static constexpr float kDecayBound = 120.0f;

Value mlir::perceiver::emitSigmoid(OpBuilder &builder, Location loc, Value x) {
  Emitter e(builder, loc, x.getType());
  Value t = emitDecay(e, x, kLog2e, kLog2eLow, kDecayBound).t;
  Value one = e.constant(1.0f);
  return e.div(e.selectLess(x, e.constant(0.0f), t, one), e.add(one, t));
}

/// x / (1 + e^(-c x)); arguments as of emitDecay.
static Value emitWeightedBySigmoid(Emitter &e, Value x, float rate,
                                   float rateLow, float bound) {
  Decay decay = emitDecay(e, x, rate, rateLow, bound);
  return e.div(e.selectLess(x, e.constant(0.0f), decay.xTimesT, x),
               e.add(e.constant(1.0f), decay.t));
}

Value mlir::perceiver::emitSilu(OpBuilder &builder, Location loc, Value x) {
  Emitter e(builder, loc, x.getType());
  return emitWeightedBySigmoid(e, x, kLog2e, kLog2eLow, kDecayBound);
}

Value mlir::perceiver::emitQuickGelu(OpBuilder &builder, Location loc,
                                     Value x) {
  // 1.702 log2(e) as the sum of two floats.
  static constexpr float kRate = 0x1.3a4cbep+1f;
  static constexpr float kRateLow = -0x1.c08ecap-26f;
  Emitter e(builder, loc, x.getType());
  return emitWeightedBySigmoid(e, x, kRate, kRateLow, kDecayBound / 1.702f);
}

Value mlir::perceiver::emitMish(OpBuilder &builder, Location loc, Value x) {
  Emitter e(builder, loc, x.getType());
  Decay decay = emitDecay(e, x, kLog2e, kLog2eLow, kDecayBound);
  Value t = decay.t, zero = e.constant(0.0f), two = e.constant(2.0f);
  Value tPlus2 = e.add(t, two);
  Value above = e.fma(two, t, e.constant(1.0f));
  Value numerator =
      e.selectLess(x, zero, e.mul(decay.xTimesT, tPlus2), e.mul(x, above));
  Value denominator = e.selectLess(x, zero, e.fma(t, tPlus2, two),
                                   e.fma(e.mul(two, t), t, above));
  return e.div(numerator, denominator);
}

//===----------------------------------------------------------------------===//
// Rectifiers
//===----------------------------------------------------------------------===//

Value mlir::perceiver::emitRelu(OpBuilder &builder, Location loc, Value x) {
  return Emitter(builder, loc, x.getType()).positivePart(x);
}

Value mlir::perceiver::emitReluSquared(OpBuilder &builder, Location loc,
                                       Value x) {
  Emitter e(builder, loc, x.getType());
  Value positive = e.positivePart(x);
  return e.mul(positive, positive);
}

Value mlir::perceiver::emitLeakyRelu(OpBuilder &builder, Location loc,
                                     Value x) {
  Emitter e(builder, loc, x.getType());
  return e.selectLess(x, e.constant(0.0f), e.mul(x, e.constant(0.01f)), x);
}

//===----------------------------------------------------------------------===//
// The logarithm
//===----------------------------------------------------------------------===//

// x = 2^k * (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), s = f / (2 + f):
// ln(1 + f) = 2 atanh(s) = f - s * (f - R(s^2)) with R the tail of the series
// of atanh, economised over the range of s.
Value perceiver::emitLog(OpBuilder &builder, Location loc, Value x) {
  Emitter e(builder, loc, x.getType());
  // Subtracting the bits of sqrt(1/2) moves the boundary of the exponent
  // there; the arithmetic shift then floors.
  constexpr int32_t kSqrtHalf = 0x3f3504f3, kExponent = 23;
  Value shifted = e.intSub(e.bits(x), e.intConstant(kSqrtHalf));
  Value exponent = e.arithmeticShiftRight(shifted, kExponent);
  Value mantissa =
      e.fromBits(e.intSub(e.bits(x), e.shiftLeft(exponent, kExponent)));
  Value f = e.sub(mantissa, e.constant(1.0f));
  Value s = e.div(f, e.add(f, e.constant(2.0f)));
  Value z = e.mul(s, s);
  // (2 atanh(s) - 2 s) / s as a polynomial in z, without its constant term 0.
  Value tail = e.mul(
      z, e.polynomial(z, {0.66666669f, 0.40000284f, 0.28540739f, 0.23514298f}));
  Value half = e.mul(e.constant(0.5f), e.mul(f, f));
  Value k = e.toFloat(exponent);
  // k * ln 2 in two parts: the first has few enough bits that it is exact.
  Value low =
      e.fma(s, e.add(half, tail), e.mul(k, e.constant(9.0580006145e-6f)));
  Value result =
      e.fma(k, e.constant(0.69313812256f), e.add(e.sub(low, half), f));
  // 0, infinity and NaN.
  result = e.selectEqual(x, 0.0f, e.constant(-kInfinity), result);
  return e.selectOrdinary(x, result);
}
