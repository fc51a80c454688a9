//===- MaskedKeysInterface.h - Keys that take no part -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_MASKEDKEYSINTERFACE_H
#define PERCEIVER_DIALECT_BLOCK_MASKEDKEYSINTERFACE_H

#include "mlir/IR/OpDefinition.h"

#include "dialect/Block/MaskedKeysInterface.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_MASKEDKEYSINTERFACE_H
