//===- TilingAttrInterface.h - Who takes a tiling ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_TILINGATTRINTERFACE_H
#define PERCEIVER_DIALECT_MODEL_TILINGATTRINTERFACE_H

#include "mlir/IR/OpDefinition.h"

#include "dialect/Model/TilingAttrInterface.h.inc"

#endif // PERCEIVER_DIALECT_MODEL_TILINGATTRINTERFACE_H
