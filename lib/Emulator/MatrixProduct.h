//===- MatrixProduct.h - Products of small matrices ------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How an MMA adds up is not specified; a result that is right must be so in
/// all of these models. chain: for k ascending, c = fma(a, b, c) in float.
/// block: groups of 8 products of 16-bit numbers, or 4 of tf32, and c are
/// truncated to 24 bits below the largest of them and added exactly, then
/// truncated to float. double: all is added in double and rounded once.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_MATRIXPRODUCT_H
#define PERCEIVER_LIB_EMULATOR_MATRIXPRODUCT_H

#include "lib/Emulator/Numbers.h"
#include "lib/Emulator/Settings.h"

namespace perceiver::emulator {

constexpr unsigned kMatrixRows = 16;
constexpr unsigned kMatrixColumns = 8;

/// Return 2 to the power of `exponent`, which a normal double has.
EMULATOR_INLINE double powerOfTwo(int exponent) {
  return bitCast<double>(uint64_t(exponent + 1023) << 52);
}

/// Add a[k] * b[k] for `count` steps to `c` as the block model does. Products
/// of floats are exact and never subnormal in double.
template <unsigned count>
EMULATOR_INLINE float addBlock(const float *a, const float *b, unsigned stride,
                               float c) {
  double terms[count + 1];
  double plain = c;
  terms[count] = c;
  for (unsigned k = 0; k < count; ++k)
    plain += terms[k] = double(a[k]) * double(b[k * stride]);
  if (!isFinite(plain))
    return float(plain);
  int largest = 0;
  for (double term : terms) {
    int biased = bitCast<uint64_t>(term) >> 52 & 0x7ff;
    largest = biased > largest ? biased : largest;
  }
  if (largest == 0)
    return 0;
  // The largest term is less than 2 to the power of this.
  int exponent = largest - 1022;
  double scale = powerOfTwo(24 - exponent);
  double sum = 0;
  for (double term : terms)
    sum += __builtin_trunc(term * scale);
  return roundDirected<Rounding::Zero>(sum * powerOfTwo(exponent - 24), 0);
}

/// accumulator[row][column] += sum over k of a[row][k] * b[k][column].
template <unsigned depth, unsigned group>
EMULATOR_INLINE void
multiplyMatrices(MatrixModel model, const float (&a)[kMatrixRows][depth],
                 const float (&b)[depth][kMatrixColumns],
                 float (&accumulator)[kMatrixRows][kMatrixColumns]) {
  switch (model) {
  case MatrixModel::Chain:
    for (unsigned row = 0; row < kMatrixRows; ++row) {
      float sums[kMatrixColumns];
      for (unsigned column = 0; column < kMatrixColumns; ++column)
        sums[column] = accumulator[row][column];
      for (unsigned k = 0; k < depth; ++k)
        for (unsigned column = 0; column < kMatrixColumns; ++column)
          sums[column] = __builtin_fmaf(a[row][k], b[k][column], sums[column]);
      for (unsigned column = 0; column < kMatrixColumns; ++column)
        accumulator[row][column] = canonical(sums[column]);
    }
    return;
  case MatrixModel::Block:
    for (unsigned row = 0; row < kMatrixRows; ++row)
      for (unsigned column = 0; column < kMatrixColumns; ++column) {
        float sum = accumulator[row][column];
        for (unsigned k = 0; k < depth; k += group)
          sum = addBlock<group>(&a[row][k], &b[k][column], kMatrixColumns, sum);
        accumulator[row][column] = canonical(sum);
      }
    return;
  case MatrixModel::Double:
    for (unsigned row = 0; row < kMatrixRows; ++row)
      for (unsigned column = 0; column < kMatrixColumns; ++column) {
        double sum = 0;
        for (unsigned k = 0; k < depth; ++k)
          sum += double(a[row][k]) * double(b[k][column]);
        accumulator[row][column] =
            canonical(float(sum + accumulator[row][column]));
      }
    return;
  }
}

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_MATRIXPRODUCT_H
