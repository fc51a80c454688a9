//===- WidenableInterface.h - Rows with more channels -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_WIDENABLEINTERFACE_H
#define PERCEIVER_DIALECT_BLOCK_WIDENABLEINTERFACE_H

#include "mlir/IR/OpDefinition.h"

#include <optional>

namespace mlir::perceiver {

/// A weight of which a dimension belongs to channels.
struct TiedWeight {
  OpOperand *operand;
  int64_t dim;
  /// How many times it has the channels, one time after the other.
  int64_t times = 1;
};

/// What changes with the number of channels of some rows.
struct ChannelTies {
  /// Channels are so many parts, of which each is widened by itself; 0 if any
  /// number will do.
  int64_t groups = 0;
  /// Operands and destinations that have the same channels.
  SmallVector<OpOperand *> rows;
  SmallVector<TiedWeight> weights;
};

} // namespace mlir::perceiver

#include "dialect/Block/WidenableInterface.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_WIDENABLEINTERFACE_H
