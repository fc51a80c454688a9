//===- RowModels.cpp - What stands outside of blocks ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Conversion/expand-blocks.mlir,
// test/Conversion/verify-description-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/Block/RowOps.h"
#include "dialect/Model/RowOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::perceiver;

static LogicalResult inferSizes(MeanPoolOp pool, SizeInference &sizes) {
  ArrayRef<Size> rows = sizes.sizesOf(pool.getInput());
  if (Value mask = pool.getMask())
    if (failed(
            sizes.expectEqual(pool, sizes.sizesOf(mask), rows.take_front(2))))
      return failure();
  return inferRowSizes(pool, sizes);
}

static LogicalResult expand(MeanPoolOp pool, BlockExpander &expander) {
  Value mean = block::MeanRowsOp::create(expander.builder, expander.loc,
                                         pool.getInput(), pool.getMask())
                   ->getResult(0);
  if (pool.getType() == mean.getType())
    return expander.replaceWith(mean);
  SmallVector<ReassociationIndices> groups = {{0, 1}, {2}};
  return expander.replaceWith(tensor::CollapseShapeOp::create(
                                  expander.builder, expander.loc, mean, groups)
                                  .getResult());
}

static LogicalResult expand(NormOp norm, BlockExpander &expander) {
  return expander.replaceWith(expander.normalize(
      norm.getInput(), {norm.getWeightAttr(), norm.getBiasAttr()},
      norm.getEpsilonAttr()));
}

static LogicalResult expand(ProjectOp project, BlockExpander &expander) {
  return expander.replaceWith(expander.project(
      project.getInput(), {project.getWeightAttr(), project.getBiasAttr()},
      /*residual=*/nullptr, project.getActivation().value_or(Activation())));
}

void perceiver::attachRowModels(MLIRContext *context) {
  attachModels<MeanPoolOp, inferSizes, expand>(context);
  attachModels<NormOp, inferRowSizes, expand>(context);
  attachModels<ProjectOp, inferRowSizes, expand>(context);
}
