//===- PhaseAttributeNames.h - What is known of phases ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_PHASEATTRIBUTENAMES_H
#define PERCEIVER_DIALECT_PHASEATTRIBUTENAMES_H

#include "llvm/ADT/StringRef.h"

namespace mlir::perceiver {

/// Name of the attribute of entries with what is known of each of their phases,
/// in order: `{times = array<i64: ..>, flop = array<i64: ..>}`, how often a run
/// executes it and the floating-point operations of all that together, as size
/// programs (lib/Analysis/SizeProgram.h) of the entry's sizes.
inline constexpr llvm::StringLiteral kPhasesAttrName = "perceiver.phases";
inline constexpr llvm::StringLiteral kTimesAttrName = "times";
inline constexpr llvm::StringLiteral kFlopOfPhaseAttrName = "flop";

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_PHASEATTRIBUTENAMES_H
