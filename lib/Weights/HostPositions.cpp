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

HostTensor perceiver::computeAxisTable(int64_t length, int64_t bands,
                                       double maxFrequency,
                                       FourierRecipe recipe) {
  SmallVector<double> positions = spaceEqually(-1.0, 1.0, length, recipe);
  SmallVector<double> frequencies =
      spaceEqually(1.0, maxFrequency, bands, recipe);
  bool isExact = recipe == FourierRecipe::exact;
  auto round = [&](double value) {
    return isExact ? value : static_cast<double>(static_cast<float>(value));
  };
  double pi = round(llvm::numbers::pi);
  HostTensor table = HostTensor::zeros({length, 1 + 2 * bands}, Storage::f64);
  double *row = table.getMutableDoubles();
  for (double position : positions) {
    row[0] = position;
    for (int64_t band = 0; band < bands; ++band) {
      double angle = round(round(position * frequencies[band]) * pi);
      row[1 + band] = round(std::sin(angle));
      row[1 + bands + band] = round(std::cos(angle));
    }
    row += 1 + 2 * bands;
  }
  return table;
}

/// The columns of an axis' table in the order of the layout, for one part:
/// position, sines or cosines.
static void appendPart(SmallVectorImpl<double> &row, const double *features,
                       int64_t bands, int part) {
  if (part == 0)
    row.push_back(features[0]);
  else
    row.append(features + 1 + (part - 1) * bands, features + 1 + part * bands);
}

HostTensor perceiver::computeGridPositions(ArrayRef<HostTensor> tables,
                                           int64_t rows, FourierLayout layout) {
  SmallVector<HostTensor> dense;
  for (const HostTensor &table : tables)
    dense.push_back(table.toDense(Storage::f64));
  int64_t width = tables.front().getDimSize(1), bands = (width - 1) / 2;
  SmallVector<double> values;
  for (int64_t point = 0; point < rows; ++point) {
    SmallVector<const double *> features(dense.size());
    int64_t rest = point;
    for (size_t axis = dense.size(); axis-- > 0;) {
      int64_t length = dense[axis].getDimSize(0);
      features[axis] = dense[axis].getDoubles() + rest % length * width;
      rest /= length;
    }
    if (layout == FourierLayout::dm) {
      for (int part : {0, 1, 2})
        for (const double *axis : features)
          appendPart(values, axis, bands, part);
    } else {
      for (const double *axis : features)
        for (int part : {1, 2, 0})
          appendPart(values, axis, bands, part);
    }
  }
  return HostTensor::of({rows, width * static_cast<int64_t>(tables.size())},
                        values);
}
