//===- Bufferization.cpp - From tensors to memrefs ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// BufferizableOpInterface of the destination-passing operations: the same
// operation on the buffers of its operands.
//
//   %y = block.layer_norm ins(%x : tensor) outs(%init : tensor) -> tensor
//
//   block.layer_norm ins(%xb : memref) outs(%initb : memref)
//
// Test: test/Dialect/Block/bufferize.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/Bufferization.h"

#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Block/WeightOps.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using namespace mlir::bufferization;

namespace {
/// For any destination-passing operation that exists on memrefs, too.
struct DestinationBufferization
    : DstBufferizableOpInterfaceExternalModel<DestinationBufferization,
                                              DestinationStyleOpInterface> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    return !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand) ||
           op->hasTrait<ReadsDestination>();
  }

  bool bufferizesToElementwiseAccess(Operation *op, const AnalysisState &,
                                     ArrayRef<OpOperand *> operands) const {
    auto tileable = dyn_cast<TileMapOpInterface>(op);
    return tileable && llvm::all_of(operands, [&](OpOperand *operand) {
             return isElementwise(tileable, *operand);
           });
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto dps = cast<DestinationStyleOpInterface>(op);
    if (dps.hasPureBufferSemantics())
      return success();
    assert(dps.hasPureTensorSemantics() && "verified");
    SmallVector<Value> operands, destinations;
    for (OpOperand &operand : op->getOpOperands()) {
      Value buffer = operand.get();
      if (isa<TensorType>(buffer.getType())) {
        FailureOr<Value> converted =
            getBuffer(rewriter, buffer, options, state);
        if (failed(converted))
          return failure();
        buffer = *converted;
      }
      operands.push_back(buffer);
      if (dps.isDpsInit(&operand))
        destinations.push_back(buffer);
    }
    rewriter.setInsertionPoint(op);
    mlir::clone(rewriter, op, /*newResultTypes=*/TypeRange{}, operands);
    replaceOpWithBufferizedValues(rewriter, op, destinations);
    return success();
  }
};
} // namespace

namespace {
/// A weight is memory that nobody writes.
struct WeightBufferization
    : BufferizableOpInterface::ExternalModel<WeightBufferization, GetWeightOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return false;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }
  AliasingValueList getAliasingValues(Operation *, OpOperand &,
                                      const AnalysisState &) const {
    return {};
  }
  bool isWritable(Operation *, Value, const AnalysisState &) const {
    return false;
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &,
                          BufferizationState &) const {
    auto weight = cast<GetWeightOp>(op);
    auto type = dyn_cast<RankedTensorType>(weight.getResult().getType());
    if (!type)
      return success();
    auto memref = MemRefType::get(type.getShape(), type.getElementType());
    replaceOpWithNewBufferizedOp<GetWeightOp>(
        rewriter, op, memref, weight.getWeightAttr(), weight.getIndex());
    return success();
  }
};
} // namespace

void perceiver::attachBufferizationInterface(Dialect &dialect) {
  for (RegisteredOperationName op :
       dialect.getContext()->getRegisteredOperations())
    if (&op.getDialect() == &dialect &&
        op.hasInterface<DestinationStyleOpInterface>())
      op.attachInterface<DestinationBufferization>();
}

void perceiver::registerBufferizationInterfaces(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, BlockDialect *dialect) {
    attachBufferizationInterface(*dialect);
    GetWeightOp::attachInterface<WeightBufferization>(*context);
  });
}
