//===- HostOps.cpp - What the compiler computes on the host ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/HostOps.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <functional>

using namespace mlir;
using namespace mlir::perceiver;

using Storage = HostTensor::Storage;

/// The product of all sizes but the last.
static int64_t countRows(const HostTensor &tensor) {
  return ShapedType::getNumElements(tensor.getShape().drop_back());
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

HostTensor perceiver::normalizeRows(const HostTensor &input, double epsilon) {
  HostTensor source = input.toDense(Storage::f64);
  HostTensor result = HostTensor::zeros(input.getShape(), Storage::f64);
  int64_t channels = input.getShape().back();
  for (int64_t row = 0, rows = countRows(input); row < rows; ++row) {
    const double *from = source.getDoubles() + row * channels;
    double *to = result.getMutableDoubles() + row * channels;
    double sum = 0.0, squares = 0.0;
    for (int64_t c = 0; c < channels; ++c)
      sum += from[c];
    double mean = sum / static_cast<double>(channels);
    for (int64_t c = 0; c < channels; ++c)
      squares += (from[c] - mean) * (from[c] - mean);
    double variance = squares / static_cast<double>(channels);
    double scale = 1.0 / std::sqrt(variance + epsilon);
    for (int64_t c = 0; c < channels; ++c)
      to[c] = (from[c] - mean) * scale;
  }
  return result;
}

HostTensor perceiver::averageRows(const HostTensor &input) {
  int64_t batch = input.getDimSize(0), rows = input.getDimSize(1);
  int64_t channels = input.getDimSize(2);
  HostTensor source = input.toDense(Storage::f64);
  HostTensor result = HostTensor::zeros({batch, 1, channels}, Storage::f64);
  const double *from = source.getDoubles();
  for (int64_t b = 0; b < batch; ++b) {
    double *to = result.getMutableDoubles() + b * channels;
    for (int64_t row = 0; row < rows; ++row, from += channels)
      for (int64_t c = 0; c < channels; ++c)
        to[c] += from[c];
    for (int64_t c = 0; c < channels; ++c)
      to[c] /= static_cast<double>(rows);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

template <typename Function>
static HostTensor combine(const HostTensor &lhs, const HostTensor &rhs,
                          Function function) {
  HostTensor a = lhs.toDense(Storage::f64);
  HostTensor b = rhs.broadcast(lhs.getShape()).toDense(Storage::f64);
  HostTensor result = HostTensor::zeros(lhs.getShape(), Storage::f64);
  for (int64_t i = 0, end = lhs.getNumElements(); i < end; ++i)
    result.getMutableDoubles()[i] =
        function(a.getDoubles()[i], b.getDoubles()[i]);
  return result;
}

HostTensor perceiver::add(const HostTensor &lhs, const HostTensor &rhs) {
  return combine(lhs, rhs, std::plus<double>());
}

HostTensor perceiver::multiplyElements(const HostTensor &lhs,
                                       const HostTensor &rhs) {
  return combine(lhs, rhs, std::multiplies<double>());
}

/// x times a weight that goes to 0 faster than x to -infinity.
static double weigh(double x, double weight) {
  return weight == 0.0 ? 0.0 : x * weight;
}

static double geluErf(double x) {
  return weigh(x, 0.5 * (1.0 + std::erf(x * (llvm::numbers::sqrt2 / 2))));
}

static double geluTanh(double x) {
  constexpr double kSqrtTwoOverPi =
      llvm::numbers::sqrt2 * llvm::numbers::inv_sqrtpi;
  return weigh(
      x, 0.5 * (1.0 + std::tanh(kSqrtTwoOverPi * (x + 0.044715 * x * x * x))));
}

static double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

/// The function in float64.
static double apply(ActivationFunction function, double x) {
  switch (function) {
  case ActivationFunction::none:
    return x;
  case ActivationFunction::gelu_erf:
    return geluErf(x);
  case ActivationFunction::gelu_tanh:
    return geluTanh(x);
  case ActivationFunction::quick_gelu:
    return weigh(x, sigmoid(1.702 * x));
  case ActivationFunction::relu:
    return x < 0.0 ? 0.0 : x;
  case ActivationFunction::relu_squared:
    return x < 0.0 ? 0.0 : x * x;
  case ActivationFunction::silu:
    return weigh(x, sigmoid(x));
  case ActivationFunction::sigmoid:
    return sigmoid(x);
  case ActivationFunction::tanh:
    return std::tanh(x);
  case ActivationFunction::leaky_relu:
    return x < 0.0 ? 0.01 * x : x;
  case ActivationFunction::mish:
    return weigh(x, std::tanh(std::log1p(std::exp(x))));
  }
  llvm_unreachable("unknown activation");
}

template <typename Function>
static HostTensor mapElements(const HostTensor &x, Function function) {
  HostTensor result = HostTensor::zeros(x.getShape(), Storage::f64);
  HostTensor source = x.toDense(Storage::f64);
  for (int64_t i = 0, end = x.getNumElements(); i < end; ++i)
    result.getMutableDoubles()[i] = function(source.getDoubles()[i]);
  return result;
}

HostTensor perceiver::invertDeviations(const HostTensor &variance,
                                       double epsilon) {
  return mapElements(variance, [&](double element) {
    return 1.0 / std::sqrt(element + epsilon);
  });
}

HostTensor perceiver::activate(const HostTensor &input, Activation activation) {
  if (activation.isNone())
    return input;
  auto map = [&](const HostTensor &x) {
    return mapElements(
        x, [&](double element) { return apply(activation.function, element); });
  };
  if (!activation.hasGates)
    return map(input);
  SmallVector<int64_t> sizes(input.getShape());
  SmallVector<int64_t> offsets(sizes.size(), 0), steps(sizes.size(), 1);
  sizes.back() /= 2;
  HostTensor values = input.slice(offsets, sizes, steps);
  offsets.back() = sizes.back();
  return multiplyElements(values, map(input.slice(offsets, sizes, steps)));
}

//===----------------------------------------------------------------------===//
// Matrix product
//===----------------------------------------------------------------------===//

/// Add `count` times four rows of `b` to a row of `c`, in order.
static void addFourRows(double *__restrict c, const double *a,
                        const double *__restrict b, int64_t stride,
                        int64_t count) {
  const double *b1 = b + stride, *b2 = b1 + stride, *b3 = b2 + stride;
  double a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
  for (int64_t i = 0; i < count; ++i)
    c[i] = (((c[i] + a0 * b[i]) + a1 * b1[i]) + a2 * b2[i]) + a3 * b3[i];
}

HostTensor perceiver::multiply(const HostTensor &lhs, const HostTensor &rhs) {
  // Blocks of the right side that stay in the second-level cache.
  constexpr int64_t kDepthBlock = 64, kColumnBlock = 512;
  int64_t rows = countRows(lhs), depth = rhs.getDimSize(0);
  int64_t columns = rhs.getDimSize(1);
  SmallVector<int64_t> shape(lhs.getShape());
  shape.back() = columns;
  HostTensor a = lhs.toDense(Storage::f64), b = rhs.toDense(Storage::f64);
  HostTensor result = HostTensor::zeros(shape, Storage::f64);
  for (int64_t j = 0; j < columns; j += kColumnBlock)
    for (int64_t k = 0; k < depth; k += kDepthBlock) {
      int64_t width = std::min(kColumnBlock, columns - j);
      int64_t end = std::min(k + kDepthBlock, depth);
      for (int64_t row = 0; row < rows; ++row) {
        double *c = result.getMutableDoubles() + row * columns + j;
        const double *factors = a.getDoubles() + row * depth;
        const double *matrix = b.getDoubles() + j;
        int64_t l = k;
        for (; l + 4 <= end; l += 4)
          addFourRows(c, factors + l, matrix + l * columns, columns, width);
        for (; l < end; ++l)
          for (int64_t i = 0; i < width; ++i)
            c[i] += factors[l] * matrix[l * columns + i];
      }
    }
  return result;
}

//===----------------------------------------------------------------------===//
// Data movement
//===----------------------------------------------------------------------===//

HostTensor perceiver::concatenate(ArrayRef<HostTensor> tensors, int64_t dim) {
  SmallVector<int64_t> shape(tensors.front().getShape());
  Storage storage = Storage::f32;
  shape[dim] = 0;
  for (const HostTensor &tensor : tensors) {
    shape[dim] += tensor.getDimSize(dim);
    if (tensor.getStorage() == Storage::f64)
      storage = Storage::f64;
  }
  HostTensor result = HostTensor::zeros(shape, storage);
  SmallVector<int64_t> offsets(shape.size(), 0), steps(shape.size(), 1);
  for (const HostTensor &tensor : tensors) {
    result.slice(offsets, tensor.getShape(), steps).assign(tensor);
    offsets[dim] += tensor.getDimSize(dim);
  }
  return result;
}
