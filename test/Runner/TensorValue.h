//===- TensorValue.h - Tensors of tests -------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_RUNNER_TENSORVALUE_H
#define PERCEIVER_TEST_RUNNER_TENSORVALUE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <cstdint>
#include <vector>

namespace mlir::perceiver::check {

/// Bytes of one element as C programs hold it: a boolean takes one.
int64_t getElementBytes(Type elementType);

/// A dense row-major tensor.
struct TensorValue {
  RankedTensorType type;
  std::vector<uint8_t> bytes;

  /// All zeros.
  static TensorValue zeros(RankedTensorType type);
  /// What `check.generate` describes.
  static TensorValue generate(RankedTensorType type, StringRef key,
                              double scale, double offset);
  static TensorValue constant(DenseElementsAttr elements);

  int64_t size() const { return type.getNumElements(); }

  /// One element; `index` counts row-major.
  double at(int64_t index) const;
  void set(int64_t index, double value);

  /// The elements `offsets[d] + i * strides[d]`, as a tensor of type `result`,
  /// which may drop dimensions of size 1.
  TensorValue slice(RankedTensorType result, ArrayRef<int64_t> offsets,
                    ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) const;
  /// Replace these elements by those of `part`, in order.
  void insert(const TensorValue &part, ArrayRef<int64_t> offsets,
              ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides);

  /// "[1, 0, 2]": the position of element `index`.
  std::string position(int64_t index) const;
};

} // namespace mlir::perceiver::check

#endif // PERCEIVER_TEST_RUNNER_TENSORVALUE_H
