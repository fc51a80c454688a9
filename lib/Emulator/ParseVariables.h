//===- ParseVariables.h - Declarations of PTX variables --------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_PARSEVARIABLES_H
#define PERCEIVER_LIB_EMULATOR_PARSEVARIABLES_H

#include "lib/Emulator/TokenStream.h"

namespace perceiver::emulator {

/// Return the bits of ".b32" and so on, 1 for ".pred", or 0.
unsigned typeBits(std::string_view type);

/// Parse one or several variables from their alignment or type to the
/// semicolon: `.align 16 .b8 x[1024], y[4] = {1, 2};`
bool parseVariables(TokenStream &stream, bool external,
                    std::vector<Variable> &variables);

/// Parse the parameters of an entry, from the parenthesis on, and lay them out.
bool parseParameters(TokenStream &stream, Entry &entry);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_PARSEVARIABLES_H
