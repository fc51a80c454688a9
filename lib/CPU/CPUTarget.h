//===- CPUTarget.h - Processors, and what is known of them ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_CPUTARGET_H
#define PERCEIVER_LIB_CPU_CPUTARGET_H

#include "dialect/Model/PerceiverAttrs.h"
#include "lib/CPU/TileSelection.h"
#include "lib/Target/TargetSelection.h"

namespace mlir::perceiver {

/// The attribute for a processor: all its figures follow from names and
/// features, but for the number of tasks, which is 0 for the default.
CPUTargetAttr makeCPUTarget(MLIRContext *context,
                            const TargetDescription &target, int64_t tasks = 0);

/// What a user would have to ask for to get `target`.
TargetOptions getTargetOptions(CPUTargetAttr target);

/// What the cost model reads.
TileTarget getTileTarget(CPUTargetAttr target);

/// The target of the module around `op`. Fails with a diagnostic that says how
/// to give it one.
FailureOr<CPUTargetAttr> getCPUTarget(Operation *op);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_CPUTARGET_H
