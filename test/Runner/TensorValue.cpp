//===- TensorValue.cpp - Tensors of tests ---------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/Runner/TensorValue.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::check;

int64_t check::getElementBytes(Type elementType) {
  return llvm::divideCeil(elementType.getIntOrFloatBitWidth(), 8);
}

TensorValue TensorValue::zeros(RankedTensorType type) {
  int64_t bytes =
      type.getNumElements() * getElementBytes(type.getElementType());
  return {type, std::vector<uint8_t>(bytes)};
}

/// 32-bit FNV-1a.
static uint32_t hashKey(StringRef key) {
  uint32_t hash = 0x811C9DC5;
  for (char c : key)
    hash = (hash ^ static_cast<uint8_t>(c)) * 0x01000193;
  return hash;
}

/// Number `index` of the sequence of python/reference/deterministic.py.
static double generateValue(uint32_t start, int64_t index) {
  uint32_t x = start + static_cast<uint32_t>(index) * 0x9E3779B9U;
  x ^= x >> 16;
  x *= 0x7FEB352DU;
  x ^= x >> 15;
  x *= 0x846CA68BU;
  x ^= x >> 16;
  return x * 0x1p-31 - 1.0;
}

TensorValue TensorValue::generate(RankedTensorType type, StringRef key,
                                  double scale, double offset) {
  TensorValue result = zeros(type);
  uint32_t start = hashKey(key);
  for (int64_t i = 0; i < result.size(); ++i) {
    double value = offset + scale * generateValue(start, i);
    if (type.getElementType().isInteger(1))
      value = value >= 0 ? 1 : 0;
    else if (type.getElementType().isInteger())
      value = std::floor(value);
    result.set(i, value);
  }
  return result;
}

TensorValue TensorValue::constant(DenseElementsAttr elements) {
  TensorValue result = zeros(cast<RankedTensorType>(elements.getType()));
  int64_t width = getElementBytes(elements.getElementType());
  // Bit for bit: not every 64-bit number is a float64, nor every NaN the same.
  auto put = [&](int64_t index, const APInt &value) {
    uint64_t bits = value.getZExtValue();
    std::memcpy(&result.bytes[index * width], &bits, width);
  };
  if (auto floats = dyn_cast<DenseFPElementsAttr>(elements)) {
    for (auto [i, value] : llvm::enumerate(floats.getValues<APFloat>()))
      put(i, value.bitcastToAPInt());
    return result;
  }
  for (auto [i, value] : llvm::enumerate(elements.getValues<APInt>()))
    put(i, value);
  return result;
}

template <typename T>
static double read(const uint8_t *data) {
  T value;
  std::memcpy(&value, data, sizeof value);
  return static_cast<double>(value);
}

template <typename T>
static void write(uint8_t *data, double number) {
  T value = static_cast<T>(number);
  std::memcpy(data, &value, sizeof value);
}

double TensorValue::at(int64_t index) const {
  Type element = type.getElementType();
  const uint8_t *data = &bytes[index * getElementBytes(element)];
  if (element.isF32())
    return read<float>(data);
  if (element.isF64())
    return read<double>(data);
  if (auto half = dyn_cast<FloatType>(element)) {
    uint16_t bits;
    std::memcpy(&bits, data, sizeof bits);
    return APFloat(half.getFloatSemantics(), APInt(16, bits)).convertToDouble();
  }
  switch (element.getIntOrFloatBitWidth()) {
  case 64:
    return read<int64_t>(data);
  case 32:
    return read<int32_t>(data);
  case 16:
    return read<int16_t>(data);
  default:
    return read<int8_t>(data);
  }
}

void TensorValue::set(int64_t index, double value) {
  Type element = type.getElementType();
  uint8_t *data = &bytes[index * getElementBytes(element)];
  if (element.isF32())
    return write<float>(data, value);
  if (element.isF64())
    return write<double>(data, value);
  if (auto half = dyn_cast<FloatType>(element)) {
    APFloat number(value);
    bool isInexact;
    number.convert(half.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                   &isInexact);
    auto bits = static_cast<uint16_t>(number.bitcastToAPInt().getZExtValue());
    std::memcpy(data, &bits, sizeof bits);
    return;
  }
  switch (element.getIntOrFloatBitWidth()) {
  case 64:
    return write<int64_t>(data, value);
  case 32:
    return write<int32_t>(data, value);
  case 16:
    return write<int16_t>(data, value);
  default:
    return write<int8_t>(data, value);
  }
}

/// The row-major position of `index` in an array of these sizes.
static SmallVector<int64_t> delinearize(int64_t index,
                                        ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> position(sizes.size());
  for (size_t d = sizes.size(); d-- > 0; index /= sizes[d])
    position[d] = index % sizes[d];
  return position;
}

/// Call `body(i, j)`: element `i` of a slice is element `j` of an array of the
/// shape `shape`.
static void forEachOfSlice(ArrayRef<int64_t> shape, ArrayRef<int64_t> offsets,
                           ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides,
                           function_ref<void(int64_t, int64_t)> body) {
  int64_t count = ShapedType::getNumElements(sizes);
  for (int64_t i = 0; i < count; ++i) {
    int64_t source = 0;
    for (auto [d, index] : llvm::enumerate(delinearize(i, sizes)))
      source = source * shape[d] + offsets[d] + index * strides[d];
    body(i, source);
  }
}

TensorValue TensorValue::slice(RankedTensorType result,
                               ArrayRef<int64_t> offsets,
                               ArrayRef<int64_t> sizes,
                               ArrayRef<int64_t> strides) const {
  TensorValue part = zeros(result);
  int64_t width = getElementBytes(type.getElementType());
  forEachOfSlice(
      type.getShape(), offsets, sizes, strides, [&](int64_t i, int64_t source) {
        std::memcpy(&part.bytes[i * width], &bytes[source * width], width);
      });
  return part;
}

void TensorValue::insert(const TensorValue &part, ArrayRef<int64_t> offsets,
                         ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) {
  int64_t width = getElementBytes(type.getElementType());
  forEachOfSlice(type.getShape(), offsets, sizes, strides,
                 [&](int64_t i, int64_t destination) {
                   std::memcpy(&bytes[destination * width],
                               &part.bytes[i * width], width);
                 });
}

std::string TensorValue::position(int64_t index) const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "[";
  llvm::interleaveComma(delinearize(index, type.getShape()), stream);
  stream << "]";
  return text;
}
