//===- WeightOps.cpp - Tensors of the weight file -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers and builders of the operations in WeightOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/WeightOps.h"

#include "dialect/Block/DestinationOps.h"
#include "dialect/Shapes.h"
#include "dialect/StoredTensors.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;

#define GET_OP_CLASSES
#include "dialect/Block/WeightOps.cpp.inc"

//===----------------------------------------------------------------------===//
// WeightOp, GetWeightOp
//===----------------------------------------------------------------------===//

SymbolTable::Visibility WeightOp::getVisibility() {
  return SymbolTable::Visibility::Private;
}

LogicalResult WeightOp::verify() {
  if (failed(verifyCount(*this, getCount())))
    return failure();
  if (getOffset().has_value() != getStride().has_value())
    return emitOpError("expected an offset and a stride or neither, but got ")
           << (getOffset() ? "no stride" : "no offset");
  auto offset = static_cast<int64_t>(getOffset().value_or(0));
  auto stride = static_cast<int64_t>(getStride().value_or(0));
  if (offset < 0 || stride < 0)
    return emitOpError("expected an offset and a stride that are not negative, "
                       "but got ")
           << offset << " and " << stride;
  return verifyStoredType(*this, cast<RankedTensorType>(getType()));
}

LogicalResult WeightOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  if (!getPrepare())
    return success();
  auto function = symbolTable.lookupNearestSymbolFrom<FunctionOpInterface>(
      *this, getPrepareAttr());
  if (!function)
    return emitOpError("expected a function to prepare the weight, but got ")
           << getPrepareAttr();
  SmallVector<Type> arguments;
  if (getCount())
    arguments.push_back(IndexType::get(getContext()));
  auto expected = FunctionType::get(getContext(), arguments, getType());
  auto actual = FunctionType::get(getContext(), function.getArgumentTypes(),
                                  function.getResultTypes());
  if (actual != expected)
    return emitOpError("expected a function of type ")
           << expected << " to prepare the weight, but got " << actual;
  return success();
}

LogicalResult
GetWeightOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto weight =
      symbolTable.lookupNearestSymbolFrom<WeightOp>(*this, getWeightAttr());
  if (!weight)
    return emitOpError("expected the symbol of a weight, but got ")
           << getWeightAttr();
  if (failed(verifyRead(*this, getWeightAttr(),
                        cast<RankedTensorType>(weight.getType()),
                        weight.getCount().has_value(), getIndex())))
    return failure();
  return verifyReaders(getResult(), weight.getLayoutAttr());
}

//===----------------------------------------------------------------------===//
// PackWeightOp, ScaleRowsOp, PadWeightOp
//===----------------------------------------------------------------------===//

void PackWeightOp::build(OpBuilder &builder, OperationState &state, Value input,
                         WeightLayoutAttrInterface layout) {
  auto type = cast<RankedTensorType>(input.getType());
  FailureOr<SmallVector<int64_t>> shape = layout.getPackedShape(
      type.getShape(), [&] { return mlir::emitError(state.location); });
  assert(succeeded(shape) && "what has no such form is not packed");
  Value init = tensor::EmptyOp::create(builder, state.location, *shape,
                                       type.getElementType());
  build(builder, state, TypeRange{init.getType()}, input, init, layout);
}

LogicalResult PackWeightOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  if (!shapeOf(getInput()).hasStaticShape())
    return emitOpError("expected a weight of static shape, but got ")
           << getInput().getType();
  if (failed(verifyPacked(*this, "a destination", shapeOf(getInit()),
                          getLayout(), shapeOf(getInput()).getShape())))
    return failure();
  return hasPureTensorSemantics()
             ? verifyReaders(getResults().front(), getLayout())
             : success();
}

LogicalResult ScaleRowsOp::verify() {
  int64_t rows = getMatrix().getType().getDimSize(0);
  int64_t factors = getFactors().getType().getDimSize(0);
  if (!dimsMayMatch(rows, factors))
    return emitOpError("expected a factor for each of ")
           << rows << " rows, but got " << factors;
  return success();
}

LogicalResult PadWeightOp::verify() {
  ShapedType input = getInput().getType(), result = getResult().getType();
  ArrayRef<int64_t> groups = getGroups();
  if (!input.hasStaticShape() || !result.hasStaticShape())
    return emitOpError("expected tensors of static shape, but got ")
           << input << " and " << result;
  if (result.getElementType() != input.getElementType() ||
      result.getRank() != input.getRank())
    return emitOpError("expected a result of the input's rank and elements, "
                       "but got ")
           << result;
  if (static_cast<int64_t>(groups.size()) != input.getRank())
    return emitOpError("expected a number of groups for each of ")
           << input.getRank() << " dimensions, but got " << groups.size();
  for (auto [count, from, to] :
       llvm::zip_equal(groups, input.getShape(), result.getShape())) {
    if (count < 1 || from % count != 0 || to % count != 0)
      return emitOpError("expected a number of groups that divides ")
             << from << " and " << to << ", but got " << count;
    if (to < from)
      return emitOpError("expected a result that is no smaller than ")
             << input << ", but got " << result;
  }
  return success();
}
