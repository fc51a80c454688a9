//===- OperationModels.h - Sizes and expansion, attached --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions `inferSizes` and `expand` of an operation as its interfaces.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_OPERATIONMODELS_H
#define PERCEIVER_LIB_CONVERSION_OPERATIONMODELS_H

#include "lib/Conversion/ConversionInterfaces.h"

namespace mlir::perceiver {

/// The sizes of operations `OpTy` are those that `inferOp` says.
template <typename OpTy, LogicalResult (*inferOp)(OpTy, SizeInference &)>
struct SizesModel
    : SizedOpInterface::ExternalModel<SizesModel<OpTy, inferOp>, OpTy> {
  LogicalResult inferSizes(Operation *op, SizeInference &sizes) const {
    return inferOp(cast<OpTy>(op), sizes);
  }
};

/// Operations `OpTy` are what `expandOp` makes of them.
template <typename OpTy, LogicalResult (*expandOp)(OpTy, BlockExpander &)>
struct ExpansionModel
    : ExpandableOpInterface::ExternalModel<ExpansionModel<OpTy, expandOp>,
                                           OpTy> {
  LogicalResult expandToBlocks(Operation *op, BlockExpander &expander) const {
    return expandOp(cast<OpTy>(op), expander);
  }
};

template <typename OpTy, LogicalResult (*inferOp)(OpTy, SizeInference &),
          LogicalResult (*expandOp)(OpTy, BlockExpander &)>
void attachModels(MLIRContext *context) {
  OpTy::template attachInterface<SizesModel<OpTy, inferOp>,
                                 ExpansionModel<OpTy, expandOp>>(*context);
}

/// Leading sizes stay; what is between batch and channels may go.
template <typename OpTy>
LogicalResult inferRowSizes(OpTy op, SizeInference &sizes) {
  Value source = op->getOperand(0);
  sizes.setSizes(op.getResult(),
                 dynamicSizes(source.getType(), sizes.sizesOf(source)));
  return success();
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CONVERSION_OPERATIONMODELS_H
