//===- PerceiverDialect.cpp - Registration --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/PerceiverDialect.h"

#include "dialect/NearestName.h"
#include "dialect/PerceiverOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/PerceiverDialect.cpp.inc"

namespace {
/// Any operation of the dialect may be inlined: it means the same everywhere.
struct PerceiverInlinerInterface : public DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

/// The nearest operation, as a suggestion: MLIR only says that a name is
/// unknown.
static ParseResult parseUnknown(OpAsmParser &parser, OperationState &result) {
  SmallVector<StringRef> names;
  for (RegisteredOperationName known :
       parser.getContext()->getRegisteredOperations())
    if (isa<PerceiverDialect>(known.getDialect()))
      names.push_back(known.getStringRef());
  return parser.emitError(parser.getNameLoc(), "is unknown")
         << didYouMean(result.name.getStringRef(), names);
}

std::optional<Dialect::ParseOpHook>
PerceiverDialect::getParseOperationHook(StringRef) const {
  return parseUnknown;
}

void PerceiverDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialect/PerceiverBlockOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/PerceiverAttentionOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/PerceiverParameterOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/PerceiverFoldOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/PerceiverModelOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/PerceiverModelInputOps.cpp.inc"
      >();
  addInterfaces<PerceiverInlinerInterface>();
  registerFrameOps();
  attachTilingInterfaces(getContext());
}
