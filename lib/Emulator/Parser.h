//===- Parser.h - From PTX text to its syntax ------------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads the PTX that LLVM 22 and nvcc 13 print and ptxas takes.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_PARSER_H
#define PERCEIVER_LIB_EMULATOR_PARSER_H

#include "lib/Emulator/Syntax.h"

namespace perceiver::emulator {

/// Parse `text`, which must outlive the result. Return false with the first
/// error where it is no PTX, or declares what the emulator does not have.
bool parseModule(std::string_view text, ModuleSyntax &module,
                 SyntaxError &error);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_PARSER_H
