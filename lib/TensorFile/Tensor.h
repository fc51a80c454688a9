//===- Tensor.h - Element types and views of tensors ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_TENSOR_H
#define PERCEIVER_LIB_TENSORFILE_TENSOR_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perceiver {

/// The element types that the compiler knows, as safetensors spells them.
enum class DType : uint8_t { F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL };

/// Return the size of one element in bytes.
size_t dtypeSize(DType dtype);

/// Return the name as safetensors spells it: "F32", "BOOL".
std::string_view dtypeName(DType dtype);

/// Return the type with this safetensors name, or nothing.
std::optional<DType> parseDType(std::string_view name);

/// "F64, F32, ...": for diagnostics.
std::string supportedDTypes();

/// Return "[2, 3]".
std::string shapeToString(const std::vector<int64_t> &shape);

/// Return the number of bytes of a dense tensor, or nothing if a size is
/// negative or the product of the non-zero sizes and the element size does not
/// fit into int64_t (so that strides cannot overflow either).
std::optional<size_t> tensorBytes(DType dtype,
                                  const std::vector<int64_t> &shape);

/// A dense row-major little-endian tensor in memory that someone else owns.
struct TensorView {
  std::string name;
  DType dtype = DType::F32;
  std::vector<int64_t> shape;
  const uint8_t *data = nullptr;
  size_t bytes = 0;

  size_t elementCount() const { return bytes / dtypeSize(dtype); }

  /// Return true if `data` may be read through a pointer to the element type.
  /// Files may hold misaligned tensors: otherwise copy, or use `element`.
  bool isAligned() const;

  /// Return one element as a double, whatever the alignment. I64 values beyond
  /// 2^53 are rounded.
  double element(size_t index) const;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_TENSOR_H
