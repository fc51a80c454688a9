//===- DisabledRewrites.h - Rewrites that a person forbids ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `perceiver.without` on an operation, a function or the module lists rewrites
// that leave alone what has it and what is inside:
//
//   block.linear .. {perceiver.without = ["fold-linears"]}
//   module attributes {perceiver.without = ["fold-norms", "fold-linears"]}
//
// A rewrite asks before it changes anything; perceiver-collect-rewrites, which
// is the last of them, refuses names that no rewrite has.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_DISABLEDREWRITES_H
#define PERCEIVER_LIB_TRANSFORMS_DISABLEDREWRITES_H

#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace mlir::perceiver {

/// The names that `perceiver.without` may list: those of the passes, without
/// "perceiver-".
ArrayRef<StringRef> getRewriteNames();

/// Is the rewrite `pass`, as "perceiver-fold-norms", forbidden at `op` or
/// around it?
bool isDisabled(Operation *op, StringRef pass);

/// Why a pass left alone what isDisabled says it must not touch.
inline constexpr const char *kDisabledReason = "perceiver.without forbids it";

/// Forbid `names` in `module`, besides what is forbidden there already.
void disableRewrites(ModuleOp module, ArrayRef<std::string> names);

/// Report names that no rewrite has, in `root` and everything inside.
LogicalResult verifyDisabledRewrites(Operation *root);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_DISABLEDREWRITES_H
