//===- HostTensor.cpp - Tensors that the compiler computes with -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/HostTensor.h"

#include "llvm/Support/ErrorHandling.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

using Storage = HostTensor::Storage;

/// Side of the square blocks in which transposed data is copied, so that the
/// cache lines of both sides are used whole.
static constexpr int64_t kCopyBlock = 32;

static SmallVector<int64_t, 4> denseStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t, 4> strides(shape.size(), 1);
  for (int64_t dim = static_cast<int64_t>(shape.size()) - 2; dim >= 0; --dim)
    strides[dim] = strides[dim + 1] * shape[dim + 1];
  return strides;
}

//===----------------------------------------------------------------------===//
// Making tensors
//===----------------------------------------------------------------------===//

HostTensor HostTensor::zeros(ArrayRef<int64_t> shape, Storage storage) {
  // calloc: large blocks come as zero pages that cost nothing until written.
  size_t count = std::max<int64_t>(ShapedType::getNumElements(shape), 1);
  void *memory = std::calloc(count, storage == Storage::f32 ? sizeof(float)
                                                            : sizeof(double));
  if (!memory)
    llvm::report_bad_alloc_error("out of memory for a tensor");
  return wrap(shape, storage, memory,
              std::shared_ptr<const void>(memory, std::free));
}

HostTensor HostTensor::splat(ArrayRef<int64_t> shape, double value) {
  return of({1}, {value}).broadcast(shape);
}

HostTensor HostTensor::of(ArrayRef<int64_t> shape, ArrayRef<double> values) {
  HostTensor result = zeros(shape, Storage::f64);
  llvm::copy(values, result.getMutableDoubles());
  return result;
}

HostTensor HostTensor::wrap(ArrayRef<int64_t> shape, Storage storage,
                            const void *data,
                            std::shared_ptr<const void> owner) {
  HostTensor result;
  result.shape.assign(shape.begin(), shape.end());
  result.strides = denseStrides(shape);
  result.storage = storage;
  result.data = data;
  result.owner = std::move(owner);
  return result;
}

bool HostTensor::isDense() const {
  SmallVector<int64_t, 4> dense = denseStrides(shape);
  for (auto [size, actual, expected] : llvm::zip(shape, strides, dense))
    if (size != 1 && actual != expected)
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

/// The address of an element of `storage`, counted in elements.
static const void *advance(const void *data, Storage storage, int64_t count) {
  return storage == Storage::f32 ? static_cast<const void *>(
                                       static_cast<const float *>(data) + count)
                                 : static_cast<const double *>(data) + count;
}

HostTensor HostTensor::slice(ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes,
                             ArrayRef<int64_t> steps) const {
  HostTensor result = *this;
  int64_t start = 0;
  for (int64_t dim = 0; dim < getRank(); ++dim) {
    start += offsets[dim] * strides[dim];
    result.shape[dim] = sizes[dim];
    result.strides[dim] = strides[dim] * steps[dim];
  }
  result.data = advance(data, storage, start);
  return result;
}

HostTensor HostTensor::transpose(ArrayRef<int64_t> permutation) const {
  HostTensor result = *this;
  for (auto [dim, source] : llvm::enumerate(permutation)) {
    result.shape[dim] = shape[source];
    result.strides[dim] = strides[source];
  }
  return result;
}

HostTensor HostTensor::reshape(ArrayRef<int64_t> newShape) const {
  HostTensor source = toDense(storage);
  return wrap(newShape, storage, source.data, source.owner);
}

HostTensor HostTensor::broadcast(ArrayRef<int64_t> newShape) const {
  HostTensor result = *this;
  result.shape.assign(newShape.begin(), newShape.end());
  result.strides.assign(newShape.size(), 0);
  int64_t leading = static_cast<int64_t>(newShape.size()) - getRank();
  for (int64_t dim = std::max<int64_t>(-leading, 0); dim < getRank(); ++dim)
    if (shape[dim] == newShape[leading + dim])
      result.strides[leading + dim] = strides[dim];
  return result;
}

//===----------------------------------------------------------------------===//
// Copying
//===----------------------------------------------------------------------===//

/// Copy a block of `rows` by `columns` elements.
template <typename To, typename From>
static void copyBlock(To *to, int64_t toRow, int64_t toColumn, const From *from,
                      int64_t fromRow, int64_t fromColumn, int64_t rows,
                      int64_t columns) {
  for (int64_t row = 0; row < rows; ++row) {
    To *toLine = to + row * toRow;
    const From *fromLine = from + row * fromRow;
    if (toColumn == 1 && fromColumn == 1) {
      std::copy_n(fromLine, columns, toLine);
      continue;
    }
    for (int64_t column = 0; column < columns; ++column)
      toLine[column * toColumn] =
          static_cast<To>(fromLine[column * fromColumn]);
  }
}

/// Copy between two strided arrays of the same shape.
template <typename To, typename From>
static void copyStrided(To *to, ArrayRef<int64_t> toStrides, const From *from,
                        ArrayRef<int64_t> fromStrides,
                        ArrayRef<int64_t> shape) {
  if (shape.empty()) {
    *to = static_cast<To>(*from);
    return;
  }
  if (shape.size() == 1) {
    copyBlock(to, 0, toStrides[0], from, 0, fromStrides[0], 1, shape[0]);
    return;
  }
  if (shape.size() > 2) {
    for (int64_t i = 0; i < shape[0]; ++i)
      copyStrided(to + i * toStrides[0], toStrides.drop_front(),
                  from + i * fromStrides[0], fromStrides.drop_front(),
                  shape.drop_front());
    return;
  }
  int64_t columnBlock = fromStrides[1] == 1 ? shape[1] : kCopyBlock;
  for (int64_t row = 0; row < shape[0]; row += kCopyBlock)
    for (int64_t column = 0; column < shape[1]; column += columnBlock)
      copyBlock(
          to + row * toStrides[0] + column * toStrides[1], toStrides[0],
          toStrides[1], from + row * fromStrides[0] + column * fromStrides[1],
          fromStrides[0], fromStrides[1], std::min(kCopyBlock, shape[0] - row),
          std::min(columnBlock, shape[1] - column));
}

template <typename To>
static void copyTo(To *to, ArrayRef<int64_t> toStrides,
                   const HostTensor &source, const void *data) {
  if (source.getNumElements() == 0)
    return;
  if (source.getStorage() == Storage::f32)
    copyStrided(to, toStrides, static_cast<const float *>(data),
                source.getStrides(), source.getShape());
  else
    copyStrided(to, toStrides, static_cast<const double *>(data),
                source.getStrides(), source.getShape());
}

void HostTensor::assign(const HostTensor &source) {
  assert(ArrayRef(shape) == ArrayRef(source.shape) && "shapes must match");
  if (storage == Storage::f32)
    copyTo(static_cast<float *>(const_cast<void *>(data)), strides, source,
           source.data);
  else
    copyTo(static_cast<double *>(const_cast<void *>(data)), strides, source,
           source.data);
}

HostTensor HostTensor::toDense(Storage newStorage) const {
  if (storage == newStorage && isDense())
    return *this;
  HostTensor result = zeros(shape, newStorage);
  result.assign(*this);
  return result;
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

const float *HostTensor::getFloats() const {
  assert(storage == Storage::f32 && isDense());
  return static_cast<const float *>(data);
}

const double *HostTensor::getDoubles() const {
  assert(storage == Storage::f64 && isDense());
  return static_cast<const double *>(data);
}

float *HostTensor::getMutableFloats() {
  return const_cast<float *>(getFloats());
}

double *HostTensor::getMutableDoubles() {
  return const_cast<double *>(getDoubles());
}

double HostTensor::at(ArrayRef<int64_t> position) const {
  int64_t index = 0;
  for (auto [i, stride] : llvm::zip(position, strides))
    index += i * stride;
  const void *address = advance(data, storage, index);
  return storage == Storage::f32 ? *static_cast<const float *>(address)
                                 : *static_cast<const double *>(address);
}

SmallVector<double> HostTensor::toVector() const {
  HostTensor dense = toDense(Storage::f64);
  const double *begin = dense.getDoubles();
  return SmallVector<double>(begin, begin + getNumElements());
}

//===----------------------------------------------------------------------===//
// Rounding to an element type
//===----------------------------------------------------------------------===//

bool perceiver::isHostElementType(Type type) {
  return type.isF64() || type.isF32() || type.isF16() || type.isBF16();
}

/// A 16-bit floating-point format: the sign, the exponent, the mantissa.
struct HalfFormat {
  int mantissaBits;
  int bias;
};

/// Round to nearest even straight from float64: by way of float32 some values
/// would round twice.
static uint16_t roundToHalf(double value, HalfFormat format) {
  constexpr int kMantissaBits = 52, kBias = 1023, kSpecial = 2047;
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  auto sign = static_cast<uint16_t>(bits >> 63 << 15);
  int exponent = static_cast<int>(bits >> kMantissaBits & kSpecial);
  uint64_t mantissa = bits & ((uint64_t{1} << kMantissaBits) - 1);
  int infinity = 0x7fff >> format.mantissaBits << format.mantissaBits;
  if (exponent == kSpecial)
    return sign | infinity | (mantissa ? 1 << (format.mantissaBits - 1) : 0);
  int target = exponent - kBias + format.bias;
  int shift = kMantissaBits - format.mantissaBits + std::max(1 - target, 0);
  if (shift > kMantissaBits + 1)
    return sign;
  mantissa |= uint64_t{1} << kMantissaBits;
  uint64_t isOdd = mantissa >> shift & 1;
  mantissa = (mantissa + (uint64_t{1} << (shift - 1)) - 1 + isOdd) >> shift;
  // The leading bit and a carry out of the mantissa count up the exponent.
  int64_t result =
      (static_cast<int64_t>(std::max(target - 1, 0)) << format.mantissaBits) +
      static_cast<int64_t>(mantissa);
  return sign | static_cast<uint16_t>(std::min<int64_t>(result, infinity));
}

static float widenHalf(uint16_t bits, HalfFormat format) {
  int exponent = (bits & 0x7fff) >> format.mantissaBits;
  int mantissa = bits & ((1 << format.mantissaBits) - 1);
  float sign = bits & 0x8000 ? -1.0f : 1.0f;
  if (exponent == 0x7fff >> format.mantissaBits)
    return mantissa ? std::numeric_limits<float>::quiet_NaN()
                    : sign * std::numeric_limits<float>::infinity();
  if (exponent)
    mantissa |= 1 << format.mantissaBits;
  return std::ldexp(sign * static_cast<float>(mantissa),
                    std::max(exponent, 1) - format.bias - format.mantissaBits);
}

static HalfFormat getHalfFormat(Type type) {
  return type.isBF16() ? HalfFormat{7, 127} : HalfFormat{10, 15};
}

HostTensor HostTensor::fromHalves(ArrayRef<int64_t> shape, Type elementType,
                                  const char *bytes) {
  HalfFormat format = getHalfFormat(elementType);
  HostTensor result = zeros(shape, Storage::f32);
  float *to = result.getMutableFloats();
  for (int64_t i = 0, end = result.getNumElements(); i < end; ++i) {
    uint16_t bits;
    std::memcpy(&bits, bytes + i * sizeof(bits), sizeof(bits));
    to[i] = widenHalf(bits, format);
  }
  return result;
}

void HostTensor::round(Type elementType, char *destination) const {
  SmallVector<int64_t, 4> dense = denseStrides(shape);
  if (elementType.isF32())
    return copyTo(reinterpret_cast<float *>(destination), dense, *this, data);
  if (elementType.isF64())
    return copyTo(reinterpret_cast<double *>(destination), dense, *this, data);
  assert(isHostElementType(elementType) && "not a type that can be written");
  HalfFormat format = getHalfFormat(elementType);
  HostTensor source = toDense(Storage::f64);
  for (int64_t i = 0, end = getNumElements(); i < end; ++i) {
    uint16_t bits = roundToHalf(source.getDoubles()[i], format);
    std::memcpy(destination + i * sizeof(bits), &bits, sizeof(bits));
  }
}
