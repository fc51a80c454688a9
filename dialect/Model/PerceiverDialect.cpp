//===- PerceiverDialect.cpp - Registration --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/PerceiverDialect.h"

#include "dialect/InlinerInterface.h"
#include "dialect/Model/AttentionOps.h"
#include "dialect/Model/ConditionOps.h"
#include "dialect/Model/ElementOps.h"
#include "dialect/Model/ImageOps.h"
#include "dialect/Model/InputOps.h"
#include "dialect/Model/LayoutOps.h"
#include "dialect/Model/MaskOps.h"
#include "dialect/Model/ParameterOps.h"
#include "dialect/Model/PositionOps.h"
#include "dialect/Model/ProcessOps.h"
#include "dialect/Model/RowOps.h"
#include "dialect/UnknownOperation.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/Model/PerceiverDialect.cpp.inc"

std::optional<Dialect::ParseOpHook>
PerceiverDialect::getParseOperationHook(StringRef) const {
  return parseUnknownOperation;
}

void PerceiverDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/AttentionOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/ConditionOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/ElementOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/ImageOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/InputOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/LayoutOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/MaskOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/ParameterOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/PositionOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/ProcessOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Model/RowOps.cpp.inc"
      >();
  addInterfaces<InlinerInterface>();
}
