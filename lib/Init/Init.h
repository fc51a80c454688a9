//===- Init.h - Registration for all tools ----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_INIT_INIT_H
#define PERCEIVER_LIB_INIT_INIT_H

#include <string>

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::perceiver {

/// Register the dialects that descriptions and pipelines use, with their
/// interfaces.
void registerAllDialects(DialectRegistry &registry);

/// Register all passes and pipelines of this project and the upstream passes.
void registerAllPasses();

/// The stages in order, each with the passes of this project that it runs.
std::string describeStages();

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_INIT_INIT_H
