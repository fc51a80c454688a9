//===- DeviceArray.h - Where an array's tile lies on a device ---*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An operand of an operation in a kernel is a view of an array in the memory of
// a device. Code needs its address and the distances in it:
//
//   %a = frame.array %memory(%n) : memref<?x512x1024xf32>
//   %t = memref.subview %a[%b, %r, 0] [1, 64, 1024] [1, 1, 1]
//
// lies at %memory + 4 * (%b * 524288 + %r * 1024), with rows 1024 apart.
//
// Test: test/GPU/lower-kernels.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_DEVICEARRAY_H
#define PERCEIVER_LIB_GPU_DEVICEARRAY_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"

namespace mlir::perceiver {

/// A view of an array in the memory of a device. Sizes, strides and offset
/// count elements.
struct DeviceArray {
  /// The address of the array (`!llvm.ptr<1>`) and of the view in it (`index`).
  Value memory;
  OpFoldResult offset;
  SmallVector<OpFoldResult> sizes, strides;
  Type elementType;
  /// What divides, in bytes, the address of the view's first element; at least
  /// the size of an element.
  int64_t alignment = 1;

  int64_t rank() const { return sizes.size(); }
  /// Whether dimension `dim` has this static size.
  bool hasSize(int64_t dim, int64_t size) const;
  /// A size or a stride that is static.
  std::optional<int64_t> staticSize(int64_t dim) const;
  std::optional<int64_t> staticStride(int64_t dim) const;
  /// The largest power of two, at most `most`, such that this many elements
  /// from a multiple of it in the last dimension on, in any row, are aligned to
  /// their whole size: what one load may take.
  int64_t vectorWidth(int64_t most) const;
};

/// The array behind `memref`, a chain of views that ends in frame.array.
/// Arithmetic on sizes and offsets is created at the builder's insertion point.
/// Fails with a diagnostic at the view that cannot be followed.
FailureOr<DeviceArray> getDeviceArray(OpBuilder &builder, Value memref);

/// What divides `value` for certain, at least 1; 0 if it is 0.
int64_t getKnownDivisor(OpFoldResult value);

/// What `value` is for certain not above, if there is such a number.
std::optional<int64_t> getKnownBound(OpFoldResult value);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_DEVICEARRAY_H
