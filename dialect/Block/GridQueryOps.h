//===- GridQueryOps.h - Attention of points of a grid -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_GRIDQUERYOPS_H
#define PERCEIVER_DIALECT_BLOCK_GRIDQUERYOPS_H

#include "dialect/Block/AttentionOps.h"

#define GET_OP_CLASSES
#include "dialect/Block/GridQueryOps.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_GRIDQUERYOPS_H
