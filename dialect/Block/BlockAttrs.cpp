//===- BlockAttrs.cpp - Attributes of blocks ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Dialect/invalid-attributes.mlir,
// test/Dialect/roundtrip-attributes.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockAttrs.h"

#include "dialect/Block/BlockDialect.h"
#include "dialect/ParseFields.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;

static ParseResult parsePanels(AsmParser &parser, int64_t &columns,
                               int64_t &lanes, bool &gated) {
  gated = false;
  auto parseColumns = [&] { return parseInteger(parser, columns); };
  auto parseLanes = [&] { return parseInteger(parser, lanes); };
  auto parseGated = [&] { return parseBool(parser, gated); };
  return parseFields(parser, {{"columns", parseColumns},
                              {"lanes", parseLanes},
                              {"gated", parseGated, /*isOptional=*/true}});
}

static void printPanels(AsmPrinter &printer, int64_t columns, int64_t lanes,
                        bool gated) {
  printer << "columns = " << columns << ", lanes = " << lanes;
  if (gated)
    printer << ", gated = true";
}

#define GET_ATTRDEF_CLASSES
#include "dialect/Block/BlockAttrs.cpp.inc"

void BlockDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/Block/BlockAttrs.cpp.inc"
      >();
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
