//===- DestinationOps.cpp - Shared by destination-passing ops -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/DestinationOps.h"
#include "dialect/Block/BlockTraits.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

Value perceiver::emptyLike(OpBuilder &builder, Location loc, Value value) {
  return tensor::EmptyOp::create(builder, loc,
                                 tensor::getMixedSizes(builder, loc, value),
                                 getElementTypeOrSelf(value.getType()));
}

LogicalResult perceiver::verifyDestinations(DestinationStyleOpInterface op) {
  bool pureTensor = op.hasPureTensorSemantics();
  if (!pureTensor && !op.hasPureBufferSemantics())
    return op->emitOpError("expected all tensors or all memrefs, but got both");
  size_t expected = pureTensor ? op.getNumDpsInits() : 0;
  if (op->getNumResults() != expected)
    return op->emitOpError("expected ")
           << expected << " results, but got " << op->getNumResults();
  for (auto [result, init] : llvm::zip(op->getResults(), op.getDpsInits()))
    if (result.getType() != init.getType())
      return op->emitOpError("expected the result type ")
             << init.getType() << " of its destination, but got "
             << result.getType();
  return success();
}

LogicalResult perceiver::verifyElements(DestinationStyleOpInterface op,
                                        ArrayRef<Value> others) {
  Value destination = op.getDpsInits().front();
  for (Value init : llvm::reverse(op.getDpsInits()))
    if (!llvm::is_contained(others, init))
      destination = init;
  Type expected = getElementTypeOrSelf(destination.getType());
  if (!isa<FloatType>(expected))
    return op->emitOpError("expected a destination of floating-point elements, "
                           "but got ")
           << destination.getType();
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<ShapedType>(operand.getType());
    if (type && !llvm::is_contained(others, operand) &&
        type.getElementType() != expected)
      return op->emitOpError("expected arrays of ")
             << expected << " like the destination, but got " << type;
  }
  return success();
}

void perceiver::getDestinationEffects(
    DestinationStyleOpInterface op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  if (op.hasPureTensorSemantics())
    return;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<BaseMemRefType>(operand.get().getType()))
      continue;
    bool isInit = op.isDpsInit(&operand);
    if (!isInit || op->hasTrait<ReadsDestination>())
      effects.emplace_back(MemoryEffects::Read::get(), &operand,
                           SideEffects::DefaultResource::get());
    if (isInit)
      effects.emplace_back(MemoryEffects::Write::get(), &operand,
                           SideEffects::DefaultResource::get());
  }
}

Speculation::Speculatability
perceiver::getDestinationSpeculatability(DestinationStyleOpInterface op) {
  return op.hasPureTensorSemantics() ? Speculation::Speculatable
                                     : Speculation::NotSpeculatable;
}

LogicalResult perceiver::reifyDestinationShapes(
    OpBuilder &builder, DestinationStyleOpInterface op,
    SmallVectorImpl<SmallVector<OpFoldResult>> &shapes) {
  for (Value init : op.getDpsInits()) {
    if (!isa<RankedTensorType>(init.getType()))
      return failure();
    shapes.push_back(tensor::getMixedSizes(builder, op->getLoc(), init));
  }
  return success();
}
