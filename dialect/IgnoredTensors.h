//===- IgnoredTensors.h - What a model rightly does not read ----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_IGNOREDTENSORS_H
#define PERCEIVER_DIALECT_IGNOREDTENSORS_H

#include "llvm/ADT/StringRef.h"

namespace mlir::perceiver {

/// Name of the module attribute with the names of tensors that a checkpoint has
/// besides, and that are no mistake: counters of a training, or layers that a
/// class makes and does not call. Nothing is said of those.
inline constexpr llvm::StringLiteral kIgnoredTensorsAttrName =
    "perceiver.ignored_tensors";

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_IGNOREDTENSORS_H
