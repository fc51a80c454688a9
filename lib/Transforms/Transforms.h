//===- Transforms.h - The functions behind the passes -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_TRANSFORMS_H
#define PERCEIVER_LIB_TRANSFORMS_TRANSFORMS_H

#include "dialect/Block/BlockInterfaces.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <cstdint>

namespace mlir::perceiver {

/// Each member of a weight begins at a multiple of so many bytes.
inline constexpr int64_t kWeightAlignment = 64;

/// Part of the identifier: changes when the same IR would be laid out or
/// computed differently.
inline constexpr int64_t kWeightsFormatVersion = 1;

/// Make functions of elements part of the linear layer that they read. See
/// FoldElements.cpp.
void foldElements(Operation *root);

/// Make one linear layer of two, one behind the other, where that is less work;
/// see `perceiver-fold-linears`.
void foldLinears(Operation *root);

/// Move the affine part of norms into linear layers; see
/// `perceiver-fold-norms`.
void foldNorms(Operation *root);

/// Make one linear layer of those that have the same input; see
/// `perceiver-fuse-projections`.
void fuseProjections(Operation *root, int64_t columnMultiple = 16);

/// Replace attentions to the points of a grid by what reads their features and
/// their places; see `perceiver-separate-positions`.
void separatePositions(Operation *root);

/// Replace attentions of the points of a grid by what reads their features and
/// their places; see `perceiver-separate-query-positions`.
void separateQueryPositions(Operation *root);

/// Let attentions read what their keys and values are made of, where
/// `perceiver.algebra` says so; see `perceiver-absorb-projections`. Fails with
/// a diagnostic where that cannot be done.
LogicalResult absorbProjections(Operation *root);

/// How large a stored value may be: so many times the parameters in it, and so
/// many bytes beyond that.
struct SelectStoredOptions {
  double maxGrowth = 2.0;
  int64_t slackBytes = 1 << 20;
};

/// Mark what depends on parameters alone and is not worth storing; see
/// `perceiver-select-stored`.
void selectStored(Operation *root, const SelectStoredOptions &options);

/// The layout that a target wants for the weight of a layer; null if the plain
/// one will do.
using ChooseLayout =
    function_ref<WeightLayoutAttrInterface(PackableOpInterface layer)>;

/// Give layers that the model computes itself packed weights; what is computed
/// when it is compiled reads plain ones. Fails with a diagnostic at a weight
/// whose shape is not static.
LogicalResult packWeights(Operation *root, ChooseLayout choose);

/// Store what depends on parameters alone; see `perceiver-split-prepare`.
LogicalResult splitPrepare(ModuleOp module);

/// Put the bodies of prepare functions back where their weights are read, and
/// remove these functions and weights.
void inlinePrepare(ModuleOp module);

/// Give each weight its place in the weight file; see
/// `perceiver-assign-weight-offsets`.
LogicalResult assignWeightOffsets(ModuleOp module);

/// A module of its own with copies of the parameters, the prepare functions and
/// the weights of `module`: what the weight file is made from.
OwningOpRef<ModuleOp> clonePrepare(ModuleOp module);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_TRANSFORMS_H
