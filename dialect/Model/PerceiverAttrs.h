//===- PerceiverAttrs.h - Attributes that levels share ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_H
#define PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_H

#include "dialect/Model/TargetAttrs.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/Model/PerceiverEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/Model/PerceiverAttrs.h.inc"

#endif // PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_H
