//===- VerifyTileTarget.cpp - Can there be kernels for it? ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/VerifyTileTarget.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"

using namespace mlir;
using namespace mlir::perceiver;

LogicalResult perceiver::verifyTileTarget(MLIRContext *context,
                                          const TileTarget &target) {
  if (target.isUsable())
    return success();
  return emitError(
             UnknownLoc::get(context),
             "expected a power of two of lanes and at least 4 registers, but "
             "got ")
         << target.lanes << " and " << target.registers;
}
