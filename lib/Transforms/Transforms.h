//===- Transforms.h - The functions behind the passes -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TRANSFORMS_TRANSFORMS_H
#define PERCEIVER_TRANSFORMS_TRANSFORMS_H

#include "mlir/IR/BuiltinOps.h"

#include <cstdint>

namespace mlir::perceiver {

/// Name of the unit attribute of functions that compute stored tensors.
inline constexpr llvm::StringLiteral kPrepareAttrName = "perceiver.prepare";

/// Which values `splitPrepare` may store.
struct SplitPrepareOptions {
  double maxGrowth = 2.0;
  int64_t slackBytes = 1 << 20;
};

/// Store what depends on parameters alone; see `perceiver-split-prepare`.
void splitPrepare(ModuleOp module, const SplitPrepareOptions &options);

/// Put the bodies of prepare functions back where their weights are read, and
/// remove these functions and weights.
void inlinePrepare(ModuleOp module);

} // namespace mlir::perceiver

#endif // PERCEIVER_TRANSFORMS_TRANSFORMS_H
