//===- FrameAttrs.h - What the frame of an entry holds ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_FRAME_FRAMEATTRS_H
#define PERCEIVER_DIALECT_FRAME_FRAMEATTRS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpImplementation.h"

#define GET_ATTRDEF_CLASSES
#include "dialect/Frame/FrameAttrs.h.inc"

#endif // PERCEIVER_DIALECT_FRAME_FRAMEATTRS_H
