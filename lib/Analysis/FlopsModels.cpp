//===- FlopsModels.cpp - The FLOPs of blocks ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/AnalysisCostTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/GridOps.h"
#include "dialect/Block/GridQueryOps.h"
#include "dialect/Block/GroupedOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/Analysis/FlopsInterface.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "lib/Analysis/FlopsInterface.cpp.inc"

static int64_t getRank(Value value) {
  return cast<ShapedType>(value.getType()).getRank();
}

namespace {
/// Each column of the weight is multiplied, of values and of gates.
struct LinearFlops
    : FlopsOpInterface::ExternalModel<LinearFlops, block::LinearOp> {
  SizeExpr getFlops(Operation *op, const EntrySizes &sizes) const {
    auto linear = cast<block::LinearOp>(op);
    Value init = linear.getInit();
    SizeExpr flops = sizes.getProduct(init, 0, getRank(init));
    int64_t columns = linear.hasGates() ? 2 : 1;
    return flops *= 2 * columns * linear.getReductionSize();
  }
};
} // namespace

namespace {
/// An input is multiplied with the columns of its group.
struct GroupedLinearFlops
    : FlopsOpInterface::ExternalModel<GroupedLinearFlops,
                                      block::GroupedLinearOp> {
  SizeExpr getFlops(Operation *op, const EntrySizes &sizes) const {
    auto linear = cast<block::GroupedLinearOp>(op);
    Value init = linear.getInit();
    SizeExpr flops = sizes.getProduct(init, 0, getRank(init));
    return flops *= 2 * linear.getReductionSize();
  }
};
} // namespace

/// `state` has the batch, `channels` is what a query is multiplied with of each
/// key and value.
static SizeExpr getAttentionFlops(Value query, Value key, Value state,
                                  int64_t channels, const EntrySizes &sizes) {
  SizeExpr flops = sizes.getSize(state, 0) *
                   sizes.getSize(query, getRank(query) - 2) *
                   sizes.getSize(key, getRank(key) - 2);
  return flops *= 2 * channels;
}

namespace {
/// Of the attention operations; the first destination has the batch.
template <typename OpTy>
struct AttentionFlops
    : FlopsOpInterface::ExternalModel<AttentionFlops<OpTy>, OpTy> {
  SizeExpr getFlops(Operation *op, const EntrySizes &sizes) const {
    auto attention = cast<OpTy>(op);
    auto heads = static_cast<int64_t>(attention.getHeads());
    return getAttentionFlops(
        attention.getQuery(), attention.getKey(),
        cast<DestinationStyleOpInterface>(op).getDpsInits().front(),
        heads * (attention.getQueryHeadSize() + attention.getValueHeadSize()),
        sizes);
  }
};
} // namespace

namespace {
/// For each query and point: products and sums over the features twice, for the
/// score and for the averages, a sum for each axis twice, and the factor twice.
struct GridAttentionFlops
    : FlopsOpInterface::ExternalModel<GridAttentionFlops,
                                      block::GridAttentionOp> {
  SizeExpr getFlops(Operation *op, const EntrySizes &sizes) const {
    auto attention = cast<block::GridAttentionOp>(op);
    int64_t features =
        cast<ShapedType>(attention.getFeatures().getType()).getDimSize(2);
    int64_t axes = attention.getGrid().size();
    // The maximum has an element for each batch entry, head and query.
    SizeExpr flops = sizes.getProduct(attention.getMaximum(), 0, 3);
    return flops *= attention.getPointCount() * (4 * features + 2 * axes + 2);
  }
};
} // namespace

namespace {
/// For each point and key: products and sums over the features and over the
/// channels of the value, a sum for each axis, and the factor.
struct GridQueryAttentionFlops
    : FlopsOpInterface::ExternalModel<GridQueryAttentionFlops,
                                      block::GridQueryAttentionOp> {
  SizeExpr getFlops(Operation *op, const EntrySizes &sizes) const {
    auto attention = cast<block::GridQueryAttentionOp>(op);
    int64_t channels =
        attention.getFeatureCount() + attention.getValueHeadSize();
    int64_t axes = attention.getGrid().size();
    // The maximum has an element for each batch entry, head and query.
    SizeExpr flops = sizes.getProduct(attention.getMaximum(), 0, 3) *
                     sizes.getSize(attention.getKey(), 1);
    return flops *= 2 * channels + axes + 1;
  }
};
} // namespace

void perceiver::registerFlopsModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, block::BlockDialect *) {
    using namespace block;
    LinearOp::attachInterface<LinearFlops>(*context);
    GroupedLinearOp::attachInterface<GroupedLinearFlops>(*context);
    AttentionOp::attachInterface<AttentionFlops<AttentionOp>>(*context);
    GridAttentionOp::attachInterface<GridAttentionFlops>(*context);
    GridQueryAttentionOp::attachInterface<GridQueryAttentionFlops>(*context);
    OnlineAttentionOp::attachInterface<AttentionFlops<OnlineAttentionOp>>(
        *context);
  });
}
