//===- BlockDialect.h - The block dialect -----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BLOCKDIALECT_H
#define PERCEIVER_DIALECT_BLOCK_BLOCKDIALECT_H

#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/Block/BlockDialect.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_BLOCKDIALECT_H
