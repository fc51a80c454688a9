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

/// Leave the options that LLVM's libraries have registered, hundreds of them,
/// to --help-hidden. Call this before MLIR registers its own.
void hideForeignOptions();

/// Say what is wrong with LLVM's options once they have been parsed: of one
/// with a value that is given again, the last would count in silence. Empty:
/// nothing.
std::string findRepeatedOption();

/// The stages in order, each with the passes of this project that it runs.
std::string describeStages();

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_INIT_INIT_H
