//===- ExtraDialect.cpp - A norm and a layout from outside ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/lib/Extra/ExtraDialect.h"

#include "dialect/Block/Bufferization.h"
#include "dialect/Block/DestinationOps.h"
#include "dialect/Block/ElementOps.h"
#include "dialect/Block/RowShapes.h"
#include "dialect/Shapes.h"
#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Weights/HostInterfaces.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::extra;

#include "test/lib/Extra/ExtraDialect.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "test/lib/Extra/ExtraAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "test/lib/Extra/ExtraOps.cpp.inc"

void ExtraDialect::registerAttributes() { addAttributes<TransposedAttr>(); }

void ExtraDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "test/lib/Extra/ExtraOps.cpp.inc"
      >();
  attachTilingInterface(*this);
}

//===----------------------------------------------------------------------===//
// RMSNormOp
//===----------------------------------------------------------------------===//

LogicalResult RMSNormOp::verify() {
  return failure(failed(verifyDestinations(*this)) ||
                 failed(verifyElements(*this)));
}

SmallVector<utils::IteratorType> RMSNormOp::getTileLoops() {
  return parallelLoops(shapeOf(getInit()).getRank() - 1);
}

SmallVector<TileMap> RMSNormOp::getTileMaps(unsigned operandNumber) {
  ShapedType type = shapeOf(getOperand(operandNumber));
  if (type.getRank() == 1)
    return {TileMap::whole()};
  return rowMaps(type, getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// TwiceOp, WrongOp
//===----------------------------------------------------------------------===//

namespace {
struct TwiceSizes : SizedOpInterface::ExternalModel<TwiceSizes, TwiceOp> {
  LogicalResult inferSizes(Operation *op, SizeInference &sizes) const {
    sizes.setAllSizes(op->getResult(0),
                      Sizes(sizes.sizesOf(op->getOperand(0))));
    return success();
  }
};

struct TwiceExpansion
    : ExpandableOpInterface::ExternalModel<TwiceExpansion, TwiceOp> {
  LogicalResult expandToBlocks(Operation *op, BlockExpander &expander) const {
    Value input = op->getOperand(0);
    return expander.replaceWith(
        block::AddOp::create(expander.builder, expander.loc, input, input)
            ->getResults());
  }
};
} // namespace

LogicalResult WrongOp::verify() { return success(); }

SmallVector<utils::IteratorType> WrongOp::getTileLoops() {
  return parallelLoops(1);
}

/// As many as `maps` says, the first one of the loop `loop`.
SmallVector<TileMap> WrongOp::getTileMaps(unsigned) {
  SmallVector<TileMap> maps(getMaps(), TileMap::whole());
  if (auto loop = static_cast<int64_t>(getLoop()); loop >= 0)
    maps.front() = TileMap::of(loop);
  return maps;
}

//===----------------------------------------------------------------------===//
// TransposedAttr
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<int64_t>>
TransposedAttr::getPackedShape(ArrayRef<int64_t> shape,
                               function_ref<InFlightDiagnostic()>) const {
  return SmallVector<int64_t>(llvm::reverse(shape));
}

int64_t TransposedAttr::getReductionSize(ArrayRef<int64_t> packedShape) const {
  return packedShape.back();
}

SmallVector<TileMap> TransposedAttr::getTileMaps(int64_t packedRank,
                                                 unsigned columnLoop) const {
  SmallVector<TileMap> maps(packedRank, TileMap::whole());
  maps.front() = TileMap::of(columnLoop);
  return maps;
}

bool TransposedAttr::hasGates() const { return false; }

std::string TransposedAttr::describe() const { return "transposed"; }

namespace {
struct TransposedPacking
    : HostLayoutAttrInterface::ExternalModel<TransposedPacking,
                                             TransposedAttr> {
  HostTensor pack(Attribute, const HostTensor &input) const {
    return input.getRank() == 2 ? input.transpose({1, 0}) : input;
  }
};
} // namespace

void extra::registerExtraDialect(DialectRegistry &registry) {
  registry.insert<ExtraDialect>();
  registry.addExtension(+[](MLIRContext *context, ExtraDialect *dialect) {
    attachBufferizationInterface(*dialect);
    TransposedAttr::attachInterface<TransposedPacking>(*context);
    TwiceOp::attachInterface<TwiceSizes, TwiceExpansion>(*context);
  });
}
