//===- PerceiverDialect.cpp - Registration and attributes -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/PerceiverDialect.h"
#include "dialect/PerceiverOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/PerceiverDialect.cpp.inc"
#include "dialect/PerceiverEnums.cpp.inc"

/// Sizes in brackets, perhaps none: `[1, 64]`, `[]`.
static ParseResult parseSizes(AsmParser &parser, SmallVector<int64_t> &sizes) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    return parser.parseInteger(sizes.emplace_back());
  });
}

static void printSizes(AsmPrinter &printer, ArrayRef<int64_t> sizes) {
  printer << "[";
  llvm::interleaveComma(sizes, printer);
  printer << "]";
}

static ParseResult parseBool(AsmParser &parser, bool &value) {
  value = succeeded(parser.parseOptionalKeyword("true"));
  return success(value || succeeded(parser.parseKeyword("false")));
}

/// What may follow the sizes of a task, in any order, each at most once:
/// `, inner = [..], key_split = 256, root = true`.
static ParseResult parseTilingOptions(AsmParser &parser, ArrayAttr &inner,
                                      int64_t &keySplit, bool &root) {
  llvm::StringSet<> seen;
  while (succeeded(parser.parseOptionalComma())) {
    StringRef name;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&name))
      return failure();
    if (!seen.insert(name).second)
      return parser.emitError(loc) << "expected '" << name << "' once";
    if (parser.parseEqual())
      return failure();
    ParseResult value = failure();
    if (name == "inner")
      value = parser.parseAttribute(inner);
    else if (name == "key_split")
      value = parser.parseInteger(keySplit);
    else if (name == "root")
      value = parseBool(parser, root);
    else
      return parser.emitError(loc)
             << "expected 'inner', 'key_split' or 'root', but got '" << name
             << "'";
    if (value)
      return failure();
  }
  return success();
}

static void printTilingOptions(AsmPrinter &printer, ArrayAttr inner,
                               int64_t keySplit, bool root) {
  if (inner)
    printer << ", inner = " << inner;
  if (keySplit != 0)
    printer << ", key_split = " << keySplit;
  if (root)
    printer << ", root = true";
}

#define GET_ATTRDEF_CLASSES
#include "dialect/PerceiverAttrs.cpp.inc"

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

void PerceiverDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/PerceiverAttrs.cpp.inc"
      >();
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

LogicalResult PanelsAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t columns, int64_t lanes, bool gated) {
  if (columns <= 0)
    return emitError() << "expected a positive number of columns, but got "
                       << columns;
  int64_t needed = gated ? 2 * columns : columns;
  if (lanes < needed)
    return emitError() << "expected at least " << needed
                       << " lanes for the columns of a panel, but got "
                       << lanes;
  if (gated && lanes % 2 != 0)
    return emitError()
           << "expected an even number of lanes in a gated panel, but got "
           << lanes;
  return success();
}

LogicalResult TilingAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> task, ArrayAttr inner,
                                 int64_t keySplit, bool root) {
  auto isNegative = [](int64_t size) { return size < 0; };
  if (llvm::any_of(task, isNegative))
    return emitError() << "expected task sizes that are not negative";
  if (keySplit < 0)
    return emitError() << "expected a key split that is not negative, but got "
                       << keySplit;
  if (!inner)
    return success();
  for (Attribute level : inner) {
    auto sizes = dyn_cast<DenseI64ArrayAttr>(level);
    if (!sizes)
      return emitError()
             << "expected each inner tiling to be an array of i64, but got "
             << level;
    if (llvm::any_of(sizes.asArrayRef(), isNegative))
      return emitError() << "expected inner sizes that are not negative";
  }
  return success();
}
