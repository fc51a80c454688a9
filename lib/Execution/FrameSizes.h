//===- FrameSizes.h - Indices by the sizes of a frame -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EXECUTION_FRAMESIZES_H
#define PERCEIVER_LIB_EXECUTION_FRAMESIZES_H

#include "lib/Analysis/SizeExpr.h"

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::perceiver {

/// Traces indices of an entry, at the frame level, back to the sizes that its
/// frame holds. Answers are kept, so the IR must not change meanwhile.
class FrameSizes {
public:
  /// The value of an index; unknown if it depends on more than frame sizes.
  SizeExpr get(Value index);

  /// The value of an index, or what it is at most, if it is a product of others
  /// or a minimum that has known operands; unknown otherwise.
  SizeExpr getBound(Value index);

private:
  SizeExpr trace(Value index);

  DenseMap<Value, SizeExpr> known;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_EXECUTION_FRAMESIZES_H
