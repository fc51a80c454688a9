//===- BlockAttrs.h - Attributes of blocks ----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BLOCKATTRS_H
#define PERCEIVER_DIALECT_BLOCK_BLOCKATTRS_H

#include "dialect/Block/WeightLayout.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"

#define GET_ATTRDEF_CLASSES
#include "dialect/Block/BlockAttrs.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_BLOCKATTRS_H
