//===- ExtraDialect.h - A norm and a layout from outside --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_LIB_EXTRA_EXTRADIALECT_H
#define PERCEIVER_TEST_LIB_EXTRA_EXTRADIALECT_H

#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Dialect.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "test/lib/Extra/ExtraDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "test/lib/Extra/ExtraAttrs.h.inc"

#define GET_OP_CLASSES
#include "test/lib/Extra/ExtraOps.h.inc"

namespace mlir::perceiver::extra {

/// Register the dialect, with how the host stores weights in its layout.
void registerExtraDialect(DialectRegistry &registry);

} // namespace mlir::perceiver::extra

#endif // PERCEIVER_TEST_LIB_EXTRA_EXTRADIALECT_H
