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
  // No register tile is as wide, and sizes made of these fit 64 bits.
  constexpr int64_t kMostLanes = 1 << 20;
  if (columns > kMostLanes || lanes > kMostLanes)
    return emitError() << "expected at most " << kMostLanes
                       << " columns and lanes, but got "
                       << std::max(columns, lanes);
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

//===----------------------------------------------------------------------===//
// Panels as a layout
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<int64_t>>
PanelsAttr::getPackedShape(ArrayRef<int64_t> shape,
                           function_ref<InFlightDiagnostic()> emitError) const {
  int64_t columns = shape.back(), panels = ShapedType::kDynamic;
  if (ShapedType::isStatic(columns)) {
    if (getGated() && columns % 2 != 0)
      return emitError() << "expected an even number of columns for gated "
                            "panels, but got "
                         << columns;
    panels = getPanelCount(getGated() ? columns / 2 : columns);
  }
  if (shape.size() == 1)
    return SmallVector<int64_t>{panels, getLanes()};
  return SmallVector<int64_t>{panels, shape.front(), getLanes()};
}

int64_t PanelsAttr::getReductionSize(ArrayRef<int64_t> packedShape) const {
  return packedShape[1];
}

SmallVector<TileMap> PanelsAttr::getTileMaps(int64_t packedRank,
                                             unsigned columnLoop) const {
  SmallVector<TileMap> maps(packedRank, TileMap::whole());
  maps.front() = TileMap::sharing(columnLoop, getColumns());
  return maps;
}

bool PanelsAttr::hasGates() const { return getGated(); }

std::string PanelsAttr::describe() const {
  return "panels of " + std::to_string(getColumns()) + " columns in " +
         std::to_string(getLanes()) + (getGated() ? " lanes, gated" : " lanes");
}

//===----------------------------------------------------------------------===//
// Planes as a layout
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<int64_t>>
PlanesAttr::getPackedShape(ArrayRef<int64_t> shape,
                           function_ref<InFlightDiagnostic()> emitError) const {
  SmallVector<int64_t> packed(shape.drop_back());
  int64_t columns = shape.back();
  if (ShapedType::isStatic(columns) && columns % 2 != 0)
    return emitError() << "expected an even number of columns for planes of "
                          "columns and gates, but got "
                       << columns;
  packed.push_back(2);
  packed.push_back(ShapedType::isStatic(columns) ? columns / 2 : columns);
  return packed;
}

int64_t PlanesAttr::getReductionSize(ArrayRef<int64_t> packedShape) const {
  return packedShape.front();
}

SmallVector<TileMap> PlanesAttr::getTileMaps(int64_t packedRank,
                                             unsigned columnLoop) const {
  SmallVector<TileMap> maps(packedRank, TileMap::whole());
  maps.back() = TileMap::of(columnLoop);
  return maps;
}

bool PlanesAttr::hasGates() const { return true; }

std::string PlanesAttr::describe() const {
  return "planes of columns and gates";
}
