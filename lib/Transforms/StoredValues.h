//===- StoredValues.h - What is stored with the weights ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_STOREDVALUES_H
#define PERCEIVER_LIB_TRANSFORMS_STOREDVALUES_H

#include "lib/Transforms/PrepareAnalysis.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::perceiver {

/// Walks from the operations of a model over what they read of parameters
/// alone. A value is stored, or else the model computes it and reads what it is
/// computed from.
class StoredValues {
public:
  /// `isStored` is asked once for each value that could be stored; `isSkipped`
  /// for each operand, which is then no reason to ask about its value.
  StoredValues(PrepareAnalysis &analysis, function_ref<bool(Value)> isStored,
               function_ref<bool(OpOperand &)> isSkipped = nullptr)
      : analysis(analysis), isStored(isStored), isSkipped(isSkipped) {}

  /// Walk over everything below `root` but what is in prepare functions.
  void find(Operation *root);

  /// The values to store, in the order of their first use.
  ArrayRef<Value> getStored() const { return stored; }

  /// The operations of the other values.
  const llvm::SetVector<Operation *> &getInModel() const { return inModel; }

private:
  void collect(OpOperand &operand);

  PrepareAnalysis &analysis;
  function_ref<bool(Value)> isStored;
  function_ref<bool(OpOperand &)> isSkipped;
  llvm::DenseSet<Value> visited;
  SmallVector<Value> stored;
  llvm::SetVector<Operation *> inModel;
};

/// Whether a model cannot compute `op`, but only read its result.
bool hasNoKernel(Operation *op);

/// Whether the model computes the result of `op` if it needs it, because it
/// depends on inputs or has the mark kInModelAttrName.
bool runsInModel(Operation *op, PrepareAnalysis &analysis);

/// The same for parameters that read the same part of the same tensors.
Attribute getParameterIdentity(Operation *parameter);

/// The size of a tensor, saturating; 0 for what is none.
int64_t getStoredBytes(Value value);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_STOREDVALUES_H
