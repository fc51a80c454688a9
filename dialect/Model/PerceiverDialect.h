//===- PerceiverDialect.h - The perceiver dialect ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_PERCEIVERDIALECT_H
#define PERCEIVER_DIALECT_MODEL_PERCEIVERDIALECT_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/Model/PerceiverDialect.h.inc"

#endif // PERCEIVER_DIALECT_MODEL_PERCEIVERDIALECT_H
