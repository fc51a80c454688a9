//===- ParameterOps.cpp - Tensors of the checkpoint -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembly and verifiers of the operations in ParameterOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/ParameterOps.h"

#include "dialect/Model/BoundParameters.h"
#include "dialect/StoredTensors.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/SmallBitVector.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

/// What stands for the number of a family's member in a checkpoint name.
static constexpr llvm::StringLiteral kMemberPlaceholder = "{}";

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

static ParseResult parseIntegers(OpAsmParser &parser,
                                 DenseI64ArrayAttr &result) {
  SmallVector<int64_t> values;
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, [&] {
        return parser.parseInteger(values.emplace_back());
      }))
    return failure();
  result = parser.getBuilder().getDenseI64ArrayAttr(values);
  return success();
}

static void printIntegers(OpAsmPrinter &printer, ArrayRef<int64_t> values) {
  printer << '[';
  llvm::interleaveComma(values, printer);
  printer << ']';
}

/// `slice [0:64, 0:29] of [128, 29]`, `of [128, 29]` or nothing.
static ParseResult parseSlice(OpAsmParser &parser, DenseI64ArrayAttr &offsets,
                              DenseI64ArrayAttr &sizes,
                              DenseI64ArrayAttr &shape) {
  if (failed(parser.parseOptionalKeyword("slice"))) {
    if (succeeded(parser.parseOptionalKeyword("of")))
      return parseIntegers(parser, shape);
    return success();
  }
  SmallVector<int64_t> starts, lengths;
  auto parseRange = [&]() -> ParseResult {
    int64_t start, end, length;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseInteger(start) || parser.parseColon() ||
        parser.parseInteger(end))
      return failure();
    if (llvm::SubOverflow(end, start, length))
      return parser.emitError(loc, "expected a range that fits 64 bits");
    starts.push_back(start);
    lengths.push_back(length);
    return success();
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square,
                                     parseRange) ||
      parser.parseKeyword("of") || parseIntegers(parser, shape))
    return failure();
  offsets = parser.getBuilder().getDenseI64ArrayAttr(starts);
  sizes = parser.getBuilder().getDenseI64ArrayAttr(lengths);
  return success();
}

static void printSlice(OpAsmPrinter &printer, Operation *,
                       DenseI64ArrayAttr offsets, DenseI64ArrayAttr sizes,
                       DenseI64ArrayAttr shape) {
  if (offsets && sizes) {
    printer << " slice [";
    llvm::interleaveComma(llvm::zip(offsets.asArrayRef(), sizes.asArrayRef()),
                          printer, [&](auto range) {
                            auto [start, length] = range;
                            printer << start << ':' << start + length;
                          });
    printer << ']';
  }
  if (shape) {
    printer << " of ";
    printIntegers(printer, shape);
  }
}

/// `transpose`, `permutation [..]` or nothing.
static ParseResult parsePermutation(OpAsmParser &parser,
                                    DenseI64ArrayAttr &permutation) {
  if (succeeded(parser.parseOptionalKeyword("transpose"))) {
    permutation = parser.getBuilder().getDenseI64ArrayAttr({1, 0});
    return success();
  }
  if (succeeded(parser.parseOptionalKeyword("permutation")))
    return parseIntegers(parser, permutation);
  return success();
}

static void printPermutation(OpAsmPrinter &printer, Operation *,
                             DenseI64ArrayAttr permutation) {
  if (!permutation)
    return;
  if (permutation.asArrayRef() == ArrayRef<int64_t>{1, 0}) {
    printer << " transpose";
    return;
  }
  printer << " permutation ";
  printIntegers(printer, permutation);
}

#define GET_OP_CLASSES
#include "dialect/Model/ParameterOps.cpp.inc"

//===----------------------------------------------------------------------===//
// ParameterOp
//===----------------------------------------------------------------------===//

SymbolTable::Visibility ParameterOp::getVisibility() {
  return SymbolTable::Visibility::Private;
}

SmallVector<int64_t> ParameterOp::getSourcePermutation() {
  if (std::optional<ArrayRef<int64_t>> permutation = getPermutation())
    return SmallVector<int64_t>(*permutation);
  size_t rank = getSourceShape() ? getSourceShape()->size()
                                 : cast<ShapedType>(getType()).getRank();
  return llvm::to_vector(llvm::seq<int64_t>(0, rank));
}

SmallVector<int64_t> ParameterOp::getCheckpointShape() {
  if (std::optional<ArrayRef<int64_t>> shape = getSourceShape())
    return SmallVector<int64_t>(*shape);
  ArrayRef<int64_t> shape = cast<ShapedType>(getType()).getShape();
  SmallVector<int64_t> result(shape.size());
  for (auto [dim, source] : llvm::enumerate(getSourcePermutation()))
    result[source] = shape[dim];
  return result;
}

SmallVector<int64_t> ParameterOp::getSliceOffsets() {
  if (std::optional<ArrayRef<int64_t>> offsets = getOffsets())
    return SmallVector<int64_t>(*offsets);
  return SmallVector<int64_t>(getCheckpointShape().size(), 0);
}

SmallVector<int64_t> ParameterOp::getSliceSizes() {
  if (std::optional<ArrayRef<int64_t>> sizes = getSizes())
    return SmallVector<int64_t>(*sizes);
  return getCheckpointShape();
}

SmallVector<std::string> ParameterOp::getCheckpointNames(int64_t member) {
  SmallVector<StringRef> patterns = {getKey()};
  if (ArrayAttr aliases = getAliasesAttr())
    llvm::append_range(patterns, aliases.getAsValueRange<StringAttr>());
  std::string number =
      std::to_string(getFirst().value_or(0) + member * getStride().value_or(1));
  SmallVector<std::string> names;
  for (StringRef pattern : patterns) {
    auto [before, after] = pattern.split(kMemberPlaceholder);
    names.push_back(getCount() ? (before + number + after).str()
                               : pattern.str());
  }
  return names;
}

/// Every name contains `{}` once if there is a family, and never otherwise.
static LogicalResult verifyNames(ParameterOp op) {
  SmallVector<StringRef> names = {op.getKey()};
  if (ArrayAttr aliases = op.getAliasesAttr())
    llvm::append_range(names, aliases.getAsValueRange<StringAttr>());
  size_t expected = op.getCount() ? 1 : 0;
  for (auto [index, name] : llvm::enumerate(names)) {
    if (name.empty())
      return op.emitOpError("expected a name that is not empty");
    if (name.count(kMemberPlaceholder) != expected)
      return op.emitOpError("expected ")
             << expected << " times '{}' in the name of a "
             << (op.getCount() ? "family" : "single tensor") << ", but got '"
             << name << "'";
    if (llvm::is_contained(ArrayRef(names).take_front(index), name))
      return op.emitOpError("expected different names, but got '")
             << name << "' twice";
  }
  return success();
}

static LogicalResult verifyFamily(ParameterOp op) {
  if (failed(verifyCount(op, op.getCount())))
    return failure();
  if (!op.getCount() && (op.getFirst() || op.getStride()))
    return op.emitOpError("expected first and stride only with a count");
  if (op.getFirstNumber() < 0)
    return op.emitOpError("expected a first number that is not negative, but "
                          "got ")
           << op.getFirstNumber();
  if (op.getNumberStride() < 1)
    return op.emitOpError("expected a stride of at least 1, but got ")
           << op.getNumberStride();
  int64_t last;
  if (llvm::MulOverflow(op.getMemberCount() - 1, op.getNumberStride(), last) ||
      llvm::AddOverflow(last, op.getFirstNumber(), last))
    return op.emitOpError("expected numbers of members that fit 64 bits");
  return success();
}

/// The slice lies within the checkpoint's tensor.
static LogicalResult verifySlice(ParameterOp op) {
  if (std::optional<ArrayRef<int64_t>> shape = op.getSourceShape())
    for (int64_t size : *shape)
      if (size < 1)
        return op.emitOpError("expected a positive size in the checkpoint, "
                              "but got ")
               << size;
  if (!op.getOffsets() && !op.getSizes())
    return success();
  if (!op.getOffsets() || !op.getSizes() || !op.getSourceShape())
    return op.emitOpError("expected offsets, sizes and the shape of the "
                          "checkpoint's tensor for a slice");
  ArrayRef<int64_t> offsets = *op.getOffsets(), sizes = *op.getSizes();
  ArrayRef<int64_t> shape = *op.getSourceShape();
  if (offsets.size() != shape.size() || sizes.size() != shape.size())
    return op.emitOpError("expected a range for each of ")
           << shape.size() << " dimensions, but got "
           << std::max(offsets.size(), sizes.size());
  for (auto [offset, size, limit] : llvm::zip(offsets, sizes, shape))
    if (offset < 0 || size < 1 || size > limit || offset > limit - size)
      return op.emitOpError("expected a range within 0:")
             << limit << ", but got offset " << offset << " and size " << size;
  return success();
}

static LogicalResult verifyPermutation(ParameterOp op, size_t rank) {
  std::optional<ArrayRef<int64_t>> permutation = op.getPermutation();
  if (!permutation)
    return success();
  llvm::SmallBitVector seen(rank);
  for (int64_t dim : *permutation)
    if (dim >= 0 && dim < static_cast<int64_t>(rank))
      seen.set(dim);
  if (permutation->size() == rank && seen.all())
    return success();
  InFlightDiagnostic diag = op.emitOpError("expected a permutation of ")
                            << rank << " dimensions, but got [";
  llvm::interleaveComma(*permutation, diag);
  return diag << "]";
}

/// Number of elements of a shape of positive sizes, saturating.
static int64_t countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    if (llvm::MulOverflow(count, size, count))
      return std::numeric_limits<int64_t>::max();
  return count;
}

LogicalResult ParameterOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  if (failed(verifyStoredType(*this, type)) || failed(verifyFamily(*this)) ||
      failed(verifyNames(*this)) || failed(verifySlice(*this)))
    return failure();
  size_t rank = getSourceShape() ? getSourceShape()->size() : type.getRank();
  if (failed(verifyPermutation(*this, rank)))
    return failure();
  int64_t taken = countElements(getSliceSizes());
  int64_t needed = countElements(type.getShape());
  if (taken != needed)
    return emitOpError("expected as many elements as the type has, ")
           << needed << ", but got " << taken;
  return success();
}

LogicalResult
GetParameterOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto parameter = symbolTable.lookupNearestSymbolFrom<ParameterOp>(
      *this, getParameterAttr());
  if (!parameter)
    return emitOpError("expected the symbol of a parameter, but got ")
           << getParameterAttr() << didYouMeanParameter(*this, getParameter());
  return verifyRead(*this, getParameterAttr(),
                    cast<RankedTensorType>(parameter.getType()),
                    parameter.getCount().has_value(), getIndex());
}
