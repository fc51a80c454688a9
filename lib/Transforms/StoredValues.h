//===- StoredValues.h - What is stored with the weights ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TRANSFORMS_STOREDVALUES_H
#define PERCEIVER_TRANSFORMS_STOREDVALUES_H

#include "lib/Transforms/PrepareAnalysis.h"
#include "lib/Transforms/Transforms.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <string>
#include <utility>

namespace mlir::perceiver {

/// Decides which of the values that depend on parameters alone are computed
/// when a model is compiled, and stored, and which the model computes itself.
/// Passes that need to know what will be stored ask this, so that they agree.
class StoredValues {
public:
  StoredValues(PrepareAnalysis &analysis, const SplitPrepareOptions &options)
      : analysis(analysis), options(options) {}

  /// Decide for everything below `root` but what is in prepare functions.
  void find(Operation *root);

  /// The values to store, in the order of their first use.
  ArrayRef<Value> get() const { return stored.getArrayRef(); }

  /// True if the model computes `value` itself.
  bool staysInModel(Value value) {
    return !analysis.lookup(value) ||
           (visited.contains(value) && !stored.contains(value));
  }

  /// The values that are not stored although parameters alone determine them,
  /// and why.
  ArrayRef<std::pair<Value, std::string>> getDeclined() const {
    return declined;
  }

private:
  /// Bytes of the parameters in a value, and of the largest value on the way.
  struct Cost {
    uint64_t parameters = 0;
    int64_t largest = 0;
  };

  void collect(Value value);
  bool isWorthStoring(Value value);
  Cost getCost(Value value);

  PrepareAnalysis &analysis;
  SplitPrepareOptions options;
  SymbolTableCollection symbols;
  llvm::SetVector<Value> stored;
  llvm::DenseSet<Value> visited;
  SmallVector<std::pair<Value, std::string>> declined;
};

/// The same for parameters that read the same part of the same tensors.
Attribute getParameterIdentity(Operation *parameter);

/// The size of a tensor, saturating; 0 for what is none.
int64_t getStoredBytes(Value value);

} // namespace mlir::perceiver

#endif // PERCEIVER_TRANSFORMS_STOREDVALUES_H
