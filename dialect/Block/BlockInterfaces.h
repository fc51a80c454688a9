//===- BlockInterfaces.h - What operations say of themselves ----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BLOCKINTERFACES_H
#define PERCEIVER_DIALECT_BLOCK_BLOCKINTERFACES_H

#include "dialect/Block/WeightLayout.h"

#include "mlir/IR/OpDefinition.h"

#include "dialect/Block/BlockInterfaces.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_BLOCKINTERFACES_H
