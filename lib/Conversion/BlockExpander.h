//===- BlockExpander.h - From model level to block level --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_BLOCKEXPANDER_H
#define PERCEIVER_LIB_CONVERSION_BLOCKEXPANDER_H

#include "dialect/Model/LayerWeights.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::perceiver {

/// What operations of the model level expand with: it builds in front of the
/// operation that is being expanded. Rewrites that `perceiver.without` forbids
/// there are forbidden for its blocks.
class BlockExpander : private OpBuilder::Listener {
public:
  /// `iteration` is the number of the iteration around `op`; null outside of
  /// processes.
  BlockExpander(Operation *op, SymbolTableCollection &symbols, Value iteration)
      : builder(op, /*listener=*/this), loc(op->getLoc()), op(op),
        symbols(symbols), iteration(iteration) {}

  OpBuilder builder;
  Location loc;

  /// The value of a parameter; of a family the member of this iteration. Null
  /// for a null symbol.
  Value read(FlatSymbolRefAttr symbol);

  /// `input` normalised, or itself if the norm has no weights.
  Value normalize(Value input, LayerWeights weights, FloatAttr epsilon);

  /// A linear layer with what follows it.
  Value project(Value input, LayerWeights weights, Value residual = nullptr,
                Activation activation = {});

  /// Replace the results of the operation and erase it.
  LogicalResult replaceWith(ValueRange values);

  /// Expand `nested` and what is in it, as part of the iteration `number`, or
  /// of the one around this operation.
  LogicalResult expandNested(Operation *nested, Value number);

private:
  void notifyOperationInserted(Operation *inserted,
                               OpBuilder::InsertPoint previous) override;

  Operation *op;
  SymbolTableCollection &symbols;
  Value iteration;
};

/// Expand `op` and what is in it. Reports operations of the model level that
/// have no expansion.
LogicalResult expandOperation(Operation *op, SymbolTableCollection &symbols,
                              Value iteration);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CONVERSION_BLOCKEXPANDER_H
