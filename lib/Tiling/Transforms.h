//===- Transforms.h - The functions behind the passes -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All but one do what the `perceiver.tiling` of the operations below `root`
// says.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TILING_TRANSFORMS_H
#define PERCEIVER_LIB_TILING_TRANSFORMS_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {

/// Split attentions over their keys; see `perceiver-split-keys`.
LogicalResult splitKeys(Operation *root);

/// Make phases of tasks; see `perceiver-form-phases`.
LogicalResult formPhases(Operation *root);

/// Tile what is inside tasks; see `perceiver-tile-tasks`.
LogicalResult tileTasks(Operation *root);

/// Compute nothing for keys beyond the last that takes part; see
/// `perceiver-clip-masked-keys`.
void clipMaskedKeys(Operation *root);

/// Leave out what a mask empties; see `perceiver-skip-masked-keys`.
void skipMaskedKeys(Operation *root);

/// Do what a script in the transform dialect says; see
/// `perceiver-apply-transform`.
LogicalResult applyTransform(Operation *root, ModuleOp script);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TILING_TRANSFORMS_H
