//===- SizeRelation.h - What may hold between two sizes ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_SIZERELATION_H
#define PERCEIVER_DIALECT_MODEL_SIZERELATION_H

#include "mlir/IR/BuiltinAttributes.h"

#include "dialect/Model/ConditionEnums.h.inc"

#endif // PERCEIVER_DIALECT_MODEL_SIZERELATION_H
