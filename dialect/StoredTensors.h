//===- StoredTensors.h - Tensors that files hold ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What parameters, tensors of the checkpoint, and weights, those of the weight
// file, verify alike.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_STOREDTENSORS_H
#define PERCEIVER_DIALECT_STOREDTENSORS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

#include <optional>

namespace mlir::perceiver {

/// The number of members of a family, if `op` is one.
LogicalResult verifyCount(Operation *op, std::optional<int64_t> count);

/// A static shape of elements that files can hold.
LogicalResult verifyStoredType(Operation *op, RankedTensorType type);

/// A symbol of type `type`, a family if `isFamily`, is read by `op`.
LogicalResult verifyRead(Operation *op, FlatSymbolRefAttr symbol,
                         RankedTensorType type, bool isFamily, Value index);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_STOREDTENSORS_H
