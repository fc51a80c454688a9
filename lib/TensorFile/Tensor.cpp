//===- Tensor.cpp - Element types and views of tensors --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Tensor.h"

#include <array>
#include <cstring>
#include <limits>

using namespace perceiver;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "tensor files are little-endian and mapped as they are");

namespace {
struct DTypeInfo {
  std::string_view name;
  size_t size;
};
} // namespace

/// In the order of DType.
static constexpr std::array<DTypeInfo, 10> kDTypes = {{{"F64", 8},
                                                       {"F32", 4},
                                                       {"F16", 2},
                                                       {"BF16", 2},
                                                       {"I64", 8},
                                                       {"I32", 4},
                                                       {"I16", 2},
                                                       {"I8", 1},
                                                       {"U8", 1},
                                                       {"BOOL", 1}}};

size_t perceiver::dtypeSize(DType dtype) {
  return kDTypes[static_cast<size_t>(dtype)].size;
}

std::string_view perceiver::dtypeName(DType dtype) {
  return kDTypes[static_cast<size_t>(dtype)].name;
}

std::optional<DType> perceiver::parseDType(std::string_view name) {
  for (size_t i = 0; i < kDTypes.size(); ++i)
    if (kDTypes[i].name == name)
      return static_cast<DType>(i);
  return std::nullopt;
}

std::string perceiver::supportedDTypes() {
  std::string text;
  for (const DTypeInfo &info : kDTypes)
    text += (text.empty() ? "" : ", ") + std::string(info.name);
  return text;
}

std::string perceiver::shapeToString(const std::vector<int64_t> &shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

std::optional<size_t>
perceiver::tensorBytes(DType dtype, const std::vector<int64_t> &shape) {
  int64_t bytes = static_cast<int64_t>(dtypeSize(dtype));
  bool empty = false;
  for (int64_t size : shape) {
    if (size < 0)
      return std::nullopt;
    empty |= size == 0;
    if (size != 0 && __builtin_mul_overflow(bytes, size, &bytes))
      return std::nullopt;
  }
  return empty ? 0 : static_cast<size_t>(bytes);
}

bool TensorView::isAligned() const {
  return reinterpret_cast<uintptr_t>(data) % dtypeSize(dtype) == 0;
}

template <typename T>
static T load(const uint8_t *data) {
  T value;
  std::memcpy(&value, data, sizeof(T));
  return value;
}

static float floatFromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// Return the float with the same value as the IEEE binary16 number `half`.
static float floatFromHalf(uint16_t half) {
  uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  uint32_t exponent = (half >> 10) & 31;
  uint32_t fraction = half & 0x3ff;
  if (exponent == 31) // Infinity or NaN.
    return floatFromBits(sign | 0x7f800000 | fraction << 13);
  if (exponent != 0)
    return floatFromBits(sign | (exponent + 112) << 23 | fraction << 13);
  float magnitude = static_cast<float>(fraction) * 0x1p-24f;
  return sign ? -magnitude : magnitude;
}

double TensorView::element(size_t index) const {
  const uint8_t *at = data + index * dtypeSize(dtype);
  switch (dtype) {
  case DType::F64:
    return load<double>(at);
  case DType::F32:
    return load<float>(at);
  case DType::F16:
    return floatFromHalf(load<uint16_t>(at));
  case DType::BF16:
    return floatFromBits(static_cast<uint32_t>(load<uint16_t>(at)) << 16);
  case DType::I64:
    return static_cast<double>(load<int64_t>(at));
  case DType::I32:
    return load<int32_t>(at);
  case DType::I16:
    return load<int16_t>(at);
  case DType::I8:
    return load<int8_t>(at);
  case DType::U8:
    return *at;
  case DType::BOOL:
    return *at != 0;
  }
  return std::numeric_limits<double>::quiet_NaN();
}
