//===- AttributeNames.h - Attributes beside an operation's ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The discardable attributes of our dialects, all of them: verifiers refuse any
// other name that begins with `perceiver.` or `frame.`, since it would be
// ignored.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_ATTRIBUTENAMES_H
#define PERCEIVER_DIALECT_ATTRIBUTENAMES_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace mlir {
class Operation;
} // namespace mlir

namespace mlir::perceiver {

/// Name of the discardable attribute that carries an operation's
/// `#perceiver.tiling`: strategy, written by the cost model or by hand.
inline constexpr llvm::StringLiteral kTilingAttrName = "perceiver.tiling";

/// Name of the unit attribute of functions that are callable from outside.
inline constexpr llvm::StringLiteral kEntryAttrName = "perceiver.entry";

/// Name of the attribute of entries with the floating-point operations of one
/// run: a map from the entry's dynamic sizes to one number.
inline constexpr llvm::StringLiteral kFlopAttrName = "perceiver.flop";

/// Name of the attribute of entries with what must hold of their sizes before a
/// run: integer sets of the sizes, as symbols, by the sentence that an error
/// says.
inline constexpr llvm::StringLiteral kConditionsAttrName =
    "perceiver.conditions";

/// Name of the attribute of entries with what their frame holds, a
/// `#frame.entry`.
inline constexpr llvm::StringLiteral kFrameEntryAttrName = "frame.entry";

/// Name of the unit attribute of functions that compute stored tensors.
inline constexpr llvm::StringLiteral kPrepareAttrName = "perceiver.prepare";

/// Name of the unit attribute of functions that are kernels for a device.
inline constexpr llvm::StringLiteral kKernelAttrName = "perceiver.kernel";

/// Names of the attributes of kernels with code: how many threads a block has,
/// and how many bytes of memory its threads share.
inline constexpr llvm::StringLiteral kThreadsAttrName = "perceiver.threads";
inline constexpr llvm::StringLiteral kSharedBytesAttrName =
    "perceiver.shared_bytes";

/// Name of the discardable attribute of an attention that says which of its
/// projections it absorbs, `#perceiver.algebra`: written by the cost model or
/// by hand.
inline constexpr llvm::StringLiteral kAlgebraAttrName = "perceiver.algebra";

/// Name of the unit attribute of operations that depend on parameters alone,
/// but that the model computes itself, as their values are too large to store.
inline constexpr llvm::StringLiteral kInModelAttrName = "perceiver.in_model";

/// Name of the module attribute with the size of the weight file's data.
inline constexpr llvm::StringLiteral kWeightsBytesAttrName =
    "perceiver.weights_bytes";

/// Name of the module attribute with the weight file's identifier, 64
/// hexadecimal digits.
inline constexpr llvm::StringLiteral kWeightsIdAttrName =
    "perceiver.weights_id";

/// Name of the attribute of operations, functions and modules with the rewrites
/// that leave alone what has it, and what is inside: an array of names, as
/// ["fold-linears"].
inline constexpr llvm::StringLiteral kWithoutAttrName = "perceiver.without";

/// What rewrites did, in sentences: of a function while they go on, of the
/// module when they are done.
inline constexpr llvm::StringLiteral kFusionLogAttrName =
    "perceiver.fusion_log";

/// Name of the module attribute with the name of the last stage that ran.
inline constexpr llvm::StringLiteral kStageAttrName = "perceiver.stage";

/// Name of the module attribute with the target, a TargetAttrInterface.
inline constexpr llvm::StringLiteral kTargetAttrName = "perceiver.target";

/// Name of the module attribute with what the model is called.
inline constexpr llvm::StringLiteral kModelAttrName = "perceiver.model";

/// Name of the module attribute with the names of tensors that a checkpoint has
/// besides, and that are no mistake: counters of a training, or layers that a
/// class makes and does not call. Nothing is said of those.
inline constexpr llvm::StringLiteral kIgnoredTensorsAttrName =
    "perceiver.ignored_tensors";

/// Name of the argument and result attribute with the tensor's outside name.
inline constexpr llvm::StringLiteral kNameAttrName = "perceiver.name";

/// Name of the argument and result attribute with its dynamic sizes, one string
/// for each `?` in order: a name, or, of a result, an expression of names
/// (dialect/SizeText.h). Equal names are equal sizes.
inline constexpr llvm::StringLiteral kSizesAttrName = "perceiver.sizes";

/// Name of the argument attribute with other names of the same array.
inline constexpr llvm::StringLiteral kAliasesAttrName = "perceiver.aliases";

/// Name of the argument attribute `[low, high]`: an array of integers from low
/// to below high, which is checked before a run.
inline constexpr llvm::StringLiteral kBoundsAttrName = "perceiver.bounds";

/// Name of the argument attribute with the truth value that all elements of a
/// mask have where a caller leaves it out.
inline constexpr llvm::StringLiteral kDefaultAttrName = "perceiver.default";

/// The names above that operations may have: of the dialect `perceiver`, and of
/// `frame`.
ArrayRef<StringRef> getOperationAttributeNames();
ArrayRef<StringRef> getFrameAttributeNames();

/// Those of arguments and results.
ArrayRef<StringRef> getValueAttributeNames();

/// True for a name that C can use: letters, digits and `_`, no digit first.
bool isIdentifier(StringRef name);

/// True for identifiers with dots between them, as `inputs.image`.
bool isDottedName(StringRef name);

/// Refuse attributes that would be ignored in silence, mostly because their
/// names are misspelt: those without a dialect that are not the operation's
/// own, and those of a dialect that nobody knows, but for a typing error.
LogicalResult verifyAttributeNames(Operation *op);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_ATTRIBUTENAMES_H
