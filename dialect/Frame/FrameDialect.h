//===- FrameDialect.h - The frame dialect -----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_FRAME_FRAMEDIALECT_H
#define PERCEIVER_DIALECT_FRAME_FRAMEDIALECT_H

#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/Frame/FrameDialect.h.inc"

#endif // PERCEIVER_DIALECT_FRAME_FRAMEDIALECT_H
