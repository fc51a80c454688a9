//===- VectorMath.h - float32 functions on vectors --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elementary functions as straight-line arith and math operations. `x` is an
// f32 or a vector of f32 of any shape, and so is the result. No operation
// carries a fast-math flag, none becomes a call on x86-64, -v2, -v3, -v4 or
// AArch64, and there are no branches and no tables. A function gives the same
// bits at every vector length and on every target that has a fused multiply
// and add.
//
// On x86-64 and x86-64-v2, which have none, the stage `vectorize` replaces each
// by a product and a sum, which rounds twice. The bounds below hold all the
// same, but for emitExp and for what divides by 1 + e^x: the reduction of the
// argument needs the exact product, and without it their error is up to 50 ulp
// where e^x is small.
//
// NaN in gives NaN out, everywhere. "ulp" is a unit in the last place of the
// exact result. The bounds are those that test/Unit/VectorMathTest.cpp asserts.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_MATH_VECTORMATH_H
#define PERCEIVER_LIB_MATH_VECTORMATH_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace mlir::perceiver {

/// 2^x and e^x within 1.1 ulp over the whole range: results below 2^-126 are
/// denormal, those beyond the largest float infinite. 17 and 18 operations.
Value emitExp2(OpBuilder &builder, Location loc, Value x);
Value emitExp(OpBuilder &builder, Location loc, Value x);

/// 2^x within 2 ulp for x <= 0, with 1 at 0 and 0 at -infinity: what softmax
/// needs, in 11 operations. Results below 2^-126 are denormal, those below
/// 2^-126.5 are 0: off by up to 8.4e-39, which is lost anyway in a sum that has
/// a 1, as that of softmax. The result for x > 0 is as good up to 2^x < 2^127,
/// and arbitrary above, infinity included.
Value emitExp2NonPositive(OpBuilder &builder, Location loc, Value x);

/// The next integer that is not below x, in 6 operations. Numbers beyond 2^22
/// stay as they are: they are integers or halves.
Value emitRoundUp(OpBuilder &builder, Location loc, Value x);

/// The natural logarithm of x > 0 that is not denormal, within 2 ulp; -infinity
/// at 0, +infinity and NaN stay. Other arguments are not for this function.
Value emitLog(OpBuilder &builder, Location loc, Value x);

/// The error function, within 3 ulp and 1e-7, in 22 operations; and the
/// hyperbolic tangent, within 3.5 ulp and 2e-7, in 17, one of them a division.
/// Both are odd, exactly +-1 at +-infinity and never beyond.
Value emitErf(OpBuilder &builder, Location loc, Value x);
Value emitTanh(OpBuilder &builder, Location loc, Value x);

/// sin(x) and cos(x) of an angle in radians, within 0.85 ulp and 2^-46 for |x|
/// up to 102,943, which is 2^15 pi, in 49 operations for both. An angle beyond
/// counts as that one: floats are so far apart there that it means nothing.
struct SineCosine {
  Value sine, cosine;
};
SineCosine emitSineCosine(OpBuilder &builder, Location loc, Value x);

/// 1 / sqrt(x) within 1.5 ulp, and 1 / x correctly rounded, as square root and
/// division.
Value emitRsqrt(OpBuilder &builder, Location loc, Value x);
Value emitReciprocal(OpBuilder &builder, Location loc, Value x);

/// GELU, x * Phi(x), and its approximation by the hyperbolic tangent,
/// 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))), in 20 and 22
/// operations without a division. The error is below 1.3e-7 * max(1, |x|).
/// At -infinity both give their limit 0, where the formula evaluated step by
/// step gives -infinity * 0 = NaN.
Value emitGeluErf(OpBuilder &builder, Location loc, Value x);
Value emitGeluTanh(OpBuilder &builder, Location loc, Value x);

/// 1 / (1 + e^-x) within 3 ulp, from 0 at -infinity to 1 at infinity, in 22
/// operations with one division.
Value emitSigmoid(OpBuilder &builder, Location loc, Value x);

/// x / (1 + e^-x), the SiLU, x / (1 + e^(-1.702 x)), the quick GELU, and
/// x * tanh(ln(1 + e^x)), Mish, within 3, 3 and 5 ulp in some 26 operations
/// with one division, also where results are tiny or denormal. At -infinity
/// they give their limit 0.
Value emitSilu(OpBuilder &builder, Location loc, Value x);
Value emitQuickGelu(OpBuilder &builder, Location loc, Value x);
Value emitMish(OpBuilder &builder, Location loc, Value x);

/// max(x, 0), its square, and x or 0.01 x where x < 0, within 1 ulp.
Value emitRelu(OpBuilder &builder, Location loc, Value x);
Value emitReluSquared(OpBuilder &builder, Location loc, Value x);
Value emitLeakyRelu(OpBuilder &builder, Location loc, Value x);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_MATH_VECTORMATH_H
