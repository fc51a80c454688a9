//===- FlopsInterface.h - The FLOPs of operations ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_FLOPSINTERFACE_H
#define PERCEIVER_LIB_ANALYSIS_FLOPSINTERFACE_H

#include "lib/Analysis/EntrySizes.h"

#include "mlir/IR/OpDefinition.h"

#include "lib/Analysis/FlopsInterface.h.inc"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::perceiver {

/// Register the FLOPs of the operations of the block level.
void registerFlopsModels(DialectRegistry &registry);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_FLOPSINTERFACE_H
