//===- CPUTargetSupport.h - A module for a processor ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_CPUTARGETSUPPORT_H
#define PERCEIVER_TEST_UNIT_CPUTARGETSUPPORT_H

#include "dialect/AttributeNames.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {

/// Say that `module` is for a processor with AVX2.
inline void setCPUTarget(ModuleOp module) {
  module->setAttr(
      kTargetAttrName,
      parseAttribute("#perceiver.cpu_target<triple = \"x86_64-linux-gnu\", "
                     "cpu = \"x86-64-v3\", lanes = 8, registers = 16, "
                     "fma = true, l1_bytes = 32768, l2_bytes = 262144, "
                     "tasks = 16, key_parts = 16>",
                     module.getContext()));
}

} // namespace mlir::perceiver

#endif // PERCEIVER_TEST_UNIT_CPUTARGETSUPPORT_H
