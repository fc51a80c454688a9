//===- PositionOps.cpp - Where the rows of a model are --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembly and verifier of fourier_positions.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/PositionOps.h"

#include "dialect/FloatRanges.h"
#include "dialect/Model/RowTypes.h"
#include "dialect/ParseChoice.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

/// The sizes of axes, `?` for those that are operands: `[?, 224]`.
static ParseResult parseGrid(OpAsmParser &parser, DenseI64ArrayAttr &result) {
  SmallVector<int64_t> sizes;
  auto parseSize = [&]() -> ParseResult {
    if (succeeded(parser.parseOptionalQuestion())) {
      sizes.push_back(ShapedType::kDynamic);
      return success();
    }
    return parser.parseInteger(sizes.emplace_back());
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, parseSize))
    return failure();
  result = parser.getBuilder().getDenseI64ArrayAttr(sizes);
  return success();
}

static void printGrid(OpAsmPrinter &printer, Operation *,
                      DenseI64ArrayAttr grid) {
  printer << '[';
  llvm::interleaveComma(grid.asArrayRef(), printer, [&](int64_t size) {
    if (ShapedType::isDynamic(size))
      printer << '?';
    else
      printer << size;
  });
  printer << ']';
}

/// A list of numbers, whole or not: `[224, 10.5]`.
static ParseResult parseNumbers(OpAsmParser &parser,
                                DenseF64ArrayAttr &result) {
  SmallVector<double> values;
  auto parseNumber = [&]() -> ParseResult {
    int64_t whole;
    OptionalParseResult parsed = parser.parseOptionalInteger(whole);
    if (!parsed.has_value())
      return parser.parseFloat(values.emplace_back());
    values.push_back(whole);
    return *parsed;
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square,
                                     parseNumber))
    return failure();
  result = parser.getBuilder().getDenseF64ArrayAttr(values);
  return success();
}

static void printNumbers(OpAsmPrinter &printer, Operation *,
                         DenseF64ArrayAttr numbers) {
  /// Whole numbers up to here are exact and print without fraction.
  constexpr double kLargestWhole = 1e15;
  printer << '[';
  llvm::interleaveComma(numbers.asArrayRef(), printer, [&](double number) {
    if (std::trunc(number) == number && std::fabs(number) < kLargestWhole)
      printer << static_cast<int64_t>(number);
    else
      printer.printFloat(APFloat(number));
  });
  printer << ']';
}

static ParseResult parseLayout(OpAsmParser &parser, FourierLayoutAttr &layout) {
  FourierLayout value;
  if (parseChoice(parser, value))
    return failure();
  layout = FourierLayoutAttr::get(parser.getContext(), value);
  return success();
}

static void printLayout(OpAsmPrinter &printer, Operation *,
                        FourierLayoutAttr layout) {
  printer << stringifyFourierLayout(layout.getValue());
}

#define GET_OP_CLASSES
#include "dialect/Model/PositionOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

/// What the axes and their frequencies have to be, whatever the points are.
static LogicalResult verifyAxes(FourierPositionsOp op) {
  int64_t axes = op.getAxes();
  if (axes < 1 || axes > kMostAxes)
    return op.emitOpError("expected 1 to ")
           << kMostAxes << " axes, but got " << axes;
  for (double resolution : op.getMaxResolution())
    if (failed(verifyFrequency(op, "a maximal resolution", resolution)))
      return failure();
  /// More bands than this are a mistake; their channels fit 64 bits.
  constexpr int64_t kMaxBands = 1 << 20;
  auto bands = static_cast<int64_t>(op.getBands());
  if (bands < 0 || bands > kMaxBands)
    return op.emitOpError("expected 0 to ")
           << kMaxBands << " bands, but got " << bands;
  if (FourierColumns{axes, bands, op.getTerms()}.count() == 0)
    return op.emitOpError("expected terms with at least one column, but got ")
           << op.getTermsAttr() << " of " << bands << " bands";
  if (!op.isStored() && op.getRecipe() == FourierRecipe::exact)
    return op.emitOpError("expected a recipe in float32 for positions that are "
                          "computed in a run, but got exact");
  return success();
}

static LogicalResult verifyGrid(FourierPositionsOp op) {
  ArrayRef<int64_t> grid = op.getGrid();
  if (static_cast<int64_t>(grid.size()) != op.getAxes())
    return op.emitOpError("expected a grid and maximal resolutions of the same "
                          "axes, but got ")
           << grid.size() << " and " << op.getAxes();
  for (int64_t size : grid)
    if (ShapedType::isStatic(size) && size < 1)
      return op.emitOpError("expected a grid of positive sizes, but got ")
             << size;
  int64_t dynamic = llvm::count_if(grid, ShapedType::isDynamic);
  if (dynamic != static_cast<int64_t>(op.getSizes().size()))
    return op.emitOpError("expected a size for each of ")
           << dynamic << " dynamic axes, but got " << op.getSizes().size();
  return success();
}

/// The rows of the result, but for the channels; fails after a diagnostic.
static FailureOr<SmallVector<int64_t>> getRows(FourierPositionsOp op) {
  if (Value points = op.getPoints()) {
    RankedTensorType type = typeOf(points);
    if (failed(verifyPoints(op, type)))
      return failure();
    return SmallVector<int64_t>(type.getShape());
  }
  if (op.getFirst()) {
    APInt count;
    int64_t rows = typeOf(op.getResult()).getDimSize(0);
    if (ShapedType::isStatic(rows) &&
        matchPattern(op.getCount(), m_ConstantInt(&count)))
      return SmallVector<int64_t>{count.getSExtValue()};
    return SmallVector<int64_t>{ShapedType::kDynamic};
  }
  std::optional<int64_t> points = multiplySizes(op.getGrid());
  if (!points)
    return op.emitOpError("expected a grid whose points fit 64 bits");
  return SmallVector<int64_t>{*points};
}

LogicalResult FourierPositionsOp::verify() {
  if (!getFirst() != !getCount())
    return emitOpError("expected a range of a first point and a count");
  int64_t forms = (getPoints() != nullptr) + (getFirst() != nullptr) +
                  (getCoordinates() != nullptr);
  if (forms > 1)
    return emitOpError("expected points, a range or coordinates, but got ")
           << forms << " of them";
  if (failed(verifyAxes(*this)))
    return failure();
  RankedTensorType result = typeOf(getResult());
  if (failed(verifyRows(*this, "a result", result)))
    return failure();
  Type elementType = result.getElementType();
  FailureOr<SmallVector<int64_t>> rows;
  if (Value coordinates = getCoordinates()) {
    if (!getGrid().empty() || !getSizes().empty())
      return emitOpError("expected no grid with coordinates");
    RankedTensorType type = typeOf(coordinates);
    if (failed(verifyRows(*this, "coordinates", type)))
      return failure();
    if (type.getShape().back() != getAxes())
      return emitOpError("expected coordinates on each of ")
             << getAxes() << " axes, but got " << type;
    elementType = type.getElementType();
    rows = SmallVector<int64_t>(type.getShape().drop_back());
  } else {
    if (failed(verifyGrid(*this)))
      return failure();
    rows = getRows(*this);
    if (failed(rows))
      return failure();
  }
  rows->push_back(
      FourierColumns{getAxes(), static_cast<int64_t>(getBands()), getTerms()}
          .count());
  return verifyResult(*this, *rows, elementType);
}
