//===- HostGrid.cpp - Tables of positions of another size -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bicubic interpolation is apart along both axes: the weights of four points
// for each point of the result.
//
// Test: test/Unit/WeightsEvaluatorTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/HostOps.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// Four points of an axis and their weights.
struct Taps {
  std::array<int64_t, 4> points;
  std::array<double, 4> weights;
};
} // namespace

/// Cubic convolution (Keys, IEEE TASSP 29, 1981, equation 15) at distance x.
static double cubic(double x) {
  constexpr double a = -0.75;
  x = std::abs(x);
  if (x <= 1.0)
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
  if (x < 2.0)
    return ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a;
  return 0.0;
}

/// What point `i` of `to` is made of. A table of equal size stays as it is.
static Taps getTaps(int64_t i, int64_t from, int64_t to) {
  double place = (static_cast<double>(i) + 0.5) * static_cast<double>(from) /
                     static_cast<double>(to) -
                 0.5;
  double below = std::floor(place);
  Taps taps;
  for (int64_t tap = 0; tap < 4; ++tap) {
    double point = below + static_cast<double>(tap - 1);
    taps.points[tap] =
        std::clamp<int64_t>(static_cast<int64_t>(point), 0, from - 1);
    taps.weights[tap] = cubic(place - point);
  }
  return taps;
}

HostTensor perceiver::resizeGrid(const HostTensor &table,
                                 ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  int64_t channels = table.getDimSize(1);
  HostTensor source = table.toDense(HostTensor::Storage::f64);
  HostTensor result =
      HostTensor::zeros({to[0] * to[1], channels}, HostTensor::Storage::f64);
  double *row = result.getMutableDoubles();
  for (int64_t i = 0; i < to[0]; ++i) {
    Taps down = getTaps(i, from[0], to[0]);
    for (int64_t j = 0; j < to[1]; ++j, row += channels) {
      Taps across = getTaps(j, from[1], to[1]);
      for (int64_t u = 0; u < 4; ++u)
        for (int64_t v = 0; v < 4; ++v) {
          double weight = down.weights[u] * across.weights[v];
          int64_t point = down.points[u] * from[1] + across.points[v];
          const double *values = source.getDoubles() + point * channels;
          for (int64_t c = 0; c < channels; ++c)
            row[c] += weight * values[c];
        }
    }
  }
  return result;
}
