//===- PrepareAnalysis.h - What depends on parameters alone -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_PREPAREANALYSIS_H
#define PERCEIVER_LIB_TRANSFORMS_PREPAREANALYSIS_H

#include "mlir/IR/Operation.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>
#include <string>

namespace mlir::perceiver {

/// About a value that is computed from parameters, constants and position
/// tables alone.
struct PrepareInfo {
  /// The index of the families that it reads; null if it reads none.
  Value index;
  /// How many members these families have.
  int64_t count = 1;
  /// It is computed from constants, not from parameters or position tables.
  bool isConstant = true;
};

/// True if prepare functions may contain `op`: one result, of static shape and
/// floating-point elements, of an operation that says so or of tensors that are
/// only moved.
bool isPreparable(Operation *op);

/// True for what is made of nothing but its attributes when a model is
/// compiled, as a table of positions is.
bool isTable(Operation *op);

/// Names the parameters from which weights are computed, as
/// "encoder.key.weight, encoder.value.weight", for remarks.
std::string listParameters(ValueRange weights);

/// Finds values that are computed from parameters alone. Answers are kept, so
/// operations that have been asked about must not be erased or changed.
class PrepareAnalysis {
public:
  /// The answer for `value`, or nothing if it depends on something else or
  /// combines families that cannot be combined.
  std::optional<PrepareInfo> lookup(Value value);

  /// The answer for an operation that would be given these operands.
  std::optional<PrepareInfo> combine(ValueRange values);

private:
  std::optional<PrepareInfo> compute(Value value);

  llvm::DenseMap<Value, std::optional<PrepareInfo>> answers;
  SymbolTableCollection symbols;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_PREPAREANALYSIS_H
