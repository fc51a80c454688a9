//===- CPUInterfaces.h - What the CPU knows of operations -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_CPUINTERFACES_H
#define PERCEIVER_LIB_CPU_CPUINTERFACES_H

#include "lib/CPU/Strategy.h"
#include "lib/CPU/VectorTarget.h"

#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/PatternMatch.h"

#include <optional>

#include "lib/CPU/CPUInterfaces.h.inc"

#endif // PERCEIVER_LIB_CPU_CPUINTERFACES_H
