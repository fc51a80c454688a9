//===- Transpose.h - Transposing through registers --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_TRANSPOSE_H
#define PERCEIVER_LIB_CPU_TRANSPOSE_H

#include "lib/CPU/KernelBuilder.h"

namespace mlir::perceiver {

/// A matrix `source[row, column]` to write as `destination[column, row]`.
struct Transposition {
  /// Sizes of the source, static or known at run time only.
  Value rows, columns;
  Value source, destination;
  /// Indices of an element of the source and of the destination.
  function_ref<SmallVector<Value>(Value row, Value column)> sourceAt;
  function_ref<SmallVector<Value>(Value column, Value row)> destinationAt;
  /// Applied to each vector of the source, whose first element stands in
  /// column `column`.
  function_ref<Value(Value vector, Value column)> map;
  /// Rows of the destination are padded to whole vectors: write them wholly.
  bool padDestination = false;
};

/// Emit loops over square tiles of registers.
void emitTranspose(KernelBuilder &kernel, const Transposition &transposition);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_TRANSPOSE_H
