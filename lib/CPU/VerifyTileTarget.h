//===- VerifyTileTarget.h - Can there be kernels for it? --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_VERIFYTILETARGET_H
#define PERCEIVER_LIB_CPU_VERIFYTILETARGET_H

#include "lib/CPU/TileSelection.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"

namespace mlir::perceiver {

/// For the `initialize` of passes that take a target as options: emits an error
/// and fails if no kernel can be made for `target`.
LogicalResult verifyTileTarget(MLIRContext *context, const TileTarget &target);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_VERIFYTILETARGET_H
