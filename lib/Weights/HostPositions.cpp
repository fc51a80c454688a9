//===- HostPositions.cpp - Position tables on the host --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The published models build Fourier tables in float32, and at high bands the
// rounding of positions and products is visible in the features. The recipes
// repeat these roundings; sine and cosine of the rounded angle are those of
// float64, rounded once.
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/HostOps.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace mlir::perceiver;

using Storage = HostTensor::Storage;

/// `count` equally spaced values from `start` to `stop` inclusive; one value is
/// `start`.
static SmallVector<double> spaceEqually(double start, double stop,
                                        int64_t count, FourierRecipe recipe) {
  auto first = static_cast<float>(start), end = static_cast<float>(stop);
  auto last = static_cast<float>(count - 1);
  if (count == 1)
    return {recipe == FourierRecipe::exact ? start : first};
  float step = (end - first) / last;
  SmallVector<double> values;
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = count - 1 - i;
    float fraction = static_cast<float>(i) / last;
    switch (recipe) {
    case FourierRecipe::exact:
      values.push_back(
          (start * static_cast<double>(rest) + stop * static_cast<double>(i)) /
          static_cast<double>(count - 1));
      break;
    case FourierRecipe::torch_f32:
      values.push_back(i < count / 2 ? first + step * static_cast<float>(i)
                                     : end - step * static_cast<float>(rest));
      break;
    case FourierRecipe::jax_f32:
      values.push_back(rest == 0 ? end
                                 : first * (1.0f - fraction) + end * fraction);
      break;
    }
  }
  return values;
}

/// -1 + 2 i / count for each of them.
static SmallVector<double> spaceByFraction(int64_t count,
                                           FourierRecipe recipe) {
  SmallVector<double> values;
  for (int64_t i = 0; i < count; ++i) {
    float fraction = static_cast<float>(2 * i) / static_cast<float>(count);
    values.push_back(recipe == FourierRecipe::exact
                         ? static_cast<double>(2 * i - count) /
                               static_cast<double>(count)
                         : -1.0f + fraction);
  }
  return values;
}

HostTensor perceiver::computeAxisTable(int64_t length, int64_t bands,
                                       double maxFrequency,
                                       FourierRecipe recipe,
                                       FourierSpacing spacing,
                                       FourierTerms terms) {
  SmallVector<double> positions = spacing == FourierSpacing::inclusive
                                      ? spaceEqually(-1.0, 1.0, length, recipe)
                                      : spaceByFraction(length, recipe);
  SmallVector<double> frequencies =
      spaceEqually(1.0, maxFrequency, bands, recipe);
  bool isExact = recipe == FourierRecipe::exact;
  auto round = [&](double value) {
    return isExact ? value : static_cast<double>(static_cast<float>(value));
  };
  double pi = round(llvm::numbers::pi);
  FourierColumns columns = {/*axes=*/1, bands, terms};
  HostTensor table = HostTensor::zeros({length, columns.count()}, Storage::f64);
  double *row = table.getMutableDoubles();
  for (double position : positions) {
    if (columns.has(FourierTerms::raw))
      row[0] = position;
    for (int64_t band = 0; band < bands; ++band) {
      double angle = round(round(position * frequencies[band]) * pi);
      if (columns.has(FourierTerms::sin))
        row[columns.find(0, FourierTerms::sin) + band] = round(std::sin(angle));
      if (columns.has(FourierTerms::cos))
        row[columns.find(0, FourierTerms::cos) + band] = round(std::cos(angle));
    }
    row += columns.count();
  }
  return table;
}

HostTensor perceiver::computeGridPositions(ArrayRef<HostTensor> tables,
                                           int64_t rows,
                                           const FourierColumns &columns) {
  SmallVector<HostTensor> dense;
  for (const HostTensor &table : tables)
    dense.push_back(table.toDense(Storage::f64));
  FourierColumns table = columns.ofOneAxis();
  HostTensor result = HostTensor::zeros({rows, columns.count()}, Storage::f64);
  double *row = result.getMutableDoubles();
  for (int64_t point = 0; point < rows; ++point, row += columns.count()) {
    int64_t rest = point;
    for (int64_t axis = columns.axes; axis-- > 0;) {
      int64_t length = dense[axis].getDimSize(0);
      const double *features =
          dense[axis].getDoubles() + rest % length * table.count();
      rest /= length;
      for (FourierTerms term :
           {FourierTerms::raw, FourierTerms::sin, FourierTerms::cos})
        std::copy_n(features + table.find(0, term), columns.countOf(term),
                    row + columns.find(axis, term));
    }
  }
  return result;
}
