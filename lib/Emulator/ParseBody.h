//===- ParseBody.h - Instructions of a PTX kernel --------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_PARSEBODY_H
#define PERCEIVER_LIB_EMULATOR_PARSEBODY_H

#include "lib/Emulator/TokenStream.h"

namespace perceiver::emulator {

/// Parse the body of `entry`, after its opening brace, up to and with the
/// closing one.
bool parseBody(TokenStream &stream, Entry &entry);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_PARSEBODY_H
