//===- RowsKernel.h - Filling rows element by element -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each element of the result is a function of its row and column:
//
//   for number = thread to rows * columns step threads
//     y[row, column] = f(row, column)
//
// in vectors of as many elements as all operands have side by side.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_ROWSKERNEL_H
#define PERCEIVER_LIB_GPU_ROWSKERNEL_H

#include "lib/GPU/DeviceBuilder.h"

namespace mlir::perceiver {

/// The number of a row, an integer of any width that a caller gave, as i32 from
/// 0 to `last`, which is i32.
Value clampNumber(DeviceBuilder &kernel, Value number, Value last);

/// The rows of the destination that a task fills.
class RowsKernel {
public:
  static constexpr int64_t kThreads = 256;
  using RowIndices = ArrayRef<Value>;
  /// Elements from `column` on of a row, as many as `width` says.
  using ElementFunction = function_ref<Value(RowIndices row, Value column)>;

  /// Fails with a diagnostic where arrays cannot be followed or channels are
  /// dynamic.
  static FailureOr<RowsKernel> create(Operation *op, Value init,
                                      DeviceBuilder &kernel);

  /// The array behind an operand that is read in the columns of the result,
  /// shifted by `shift`: limits the width.
  FailureOr<DevicePointer> getInput(Value memref, int64_t shift = 0);

  /// Indices of a column in an array of rows; one without batch drops it, a
  /// vector of columns the row.
  static SmallVector<Value> at(const DevicePointer &pointer, RowIndices row,
                               Value column) {
    SmallVector<Value> indices(row.take_back(pointer.array.rank() - 1));
    indices.push_back(column);
    return indices;
  }

  /// Store what `element` gives for each place.
  void emit(ElementFunction element);

  DeviceBuilder &kernel;
  DevicePointer init;
  int64_t columns = 0;
  int64_t width = 1;

private:
  RowsKernel(DeviceBuilder &kernel) : kernel(kernel) {}
  void emitRows(SmallVector<Value> batch, ElementFunction element);
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_ROWSKERNEL_H
