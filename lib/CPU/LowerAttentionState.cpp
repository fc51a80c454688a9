//===- LowerAttentionState.cpp - States of attention to vectors -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// merge_attention and finish_attention: queries are the vector lanes, as they
// are last in a state.
//
//   for each vector i of queries:                              merge_attention
//     m[i]      = max(m[i], max over parts p of ms[p, i])
//     sum[i]    = sum of the parts, each times 2^(ms[p, i] - m[i])
//     acc[c, i] = likewise
//
//   o[i, c] = acc[c, i] / sum[i]                   finish_attention, transposed
//
// Test: test/CPU/lower-attention.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "lib/CPU/AttentionKernel.h"
#include "lib/CPU/Transpose.h"
#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// merge_attention
//===----------------------------------------------------------------------===//

static LogicalResult lowerMergeAttention(RewriterBase &rewriter,
                                         block::MergeAttentionOp op,
                                         const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  Value queries = kernel.dim(op.getAccumulator(), 3);
  Value zero = kernel.index(0);
  Value parts = kernel.dim(op.getAccumulators(), 0);

  auto vectorOfQueries = [&](Value b, Value h, Value i, Value count) {
    Value before = kernel.load(op.getMaximum(), {b, h, i}, count);
    SmallVector<Value> maximum = kernel.loop(
        zero, parts, 1, {before},
        [&](Value part, ValueRange carried) -> SmallVector<Value> {
          return {kernel.max(
              kernel.load(op.getMaxima(), {part, b, h, i}, count), carried[0])};
        });
    Value shift = finiteMaximum(kernel, maximum[0]);
    auto factor = [&](Value part) {
      return exp2NonPositive(
          kernel,
          kernel.subF(kernel.load(op.getMaxima(), {part, b, h, i}, count),
                      shift));
    };
    Value shrink = exp2NonPositive(kernel, kernel.subF(before, shift));
    FloatType element = elementOf(op.getAccumulator());
    Value shrinkState = kernel.convert(shrink, element);
    SmallVector<Value> sum = kernel.loop(
        zero, parts, 1,
        {kernel.mulF(kernel.load(op.getSum(), {b, h, i}, count), shrinkState)},
        [&](Value part, ValueRange carried) -> SmallVector<Value> {
          Value terms = kernel.load(op.getSums(), {part, b, h, i}, count);
          return {kernel.fma(kernel.convert(terms, element),
                             kernel.convert(factor(part), element),
                             carried[0])};
        });
    kernel.loop(zero, kernel.dim(op.getAccumulator(), 2), 1, [&](Value c) {
      Value value = kernel.mulF(
          kernel.load(op.getAccumulator(), {b, h, c, i}, count), shrinkState);
      kernel.store(value, op.getAccumulator(), {b, h, c, i}, count);
    });
    kernel.loop(zero, parts, 1, [&](Value part) {
      Value weight = kernel.convert(factor(part), element);
      kernel.loop(zero, kernel.dim(op.getAccumulator(), 2), 1, [&](Value c) {
        Value terms =
            kernel.load(op.getAccumulators(), {part, b, h, c, i}, count);
        Value value =
            kernel.fma(kernel.convert(terms, element), weight,
                       kernel.load(op.getAccumulator(), {b, h, c, i}, count));
        kernel.store(value, op.getAccumulator(), {b, h, c, i}, count);
      });
    });
    kernel.store(maximum[0], op.getMaximum(), {b, h, i}, count);
    kernel.store(sum[0], op.getSum(), {b, h, i}, count);
  };

  kernel.loop(zero, kernel.dim(op.getAccumulator(), 0), 1, [&](Value b) {
    kernel.loop(zero, kernel.dim(op.getAccumulator(), 1), 1, [&](Value h) {
      kernel.blocks(queries, kernel.lanes, [&](Value i, Value count) {
        vectorOfQueries(b, h, i, count);
      });
    });
  });
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// finish_attention
//===----------------------------------------------------------------------===//

/// ln(2) * m + ln(sum), with the rule for rows whose keys are all masked.
static Value logSumExp(KernelBuilder &kernel, Value maximum, Value sum) {
  OpBuilder &b = kernel.builder;
  Location loc = kernel.loc;
  Value masked = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ,
                                       maximum, kernel.splat(kMaskedScore));
  Value natural = arith::SelectOp::create(
      b, loc, masked, maximum, kernel.mulF(maximum, kernel.splat(kLn2)));
  return kernel.addF(natural, emitLog(b, loc, sum));
}

static LogicalResult lowerFinishAttention(RewriterBase &rewriter,
                                          block::FinishAttentionOp op,
                                          const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  std::optional<int64_t> maxQueries = kernel.upperBound(op.getAccumulator(), 3);
  if (!maxQueries)
    return rewriter.notifyMatchFailure(op, kUnboundedQueries);
  int64_t width = cast<MemRefType>(op.getAccumulator().getType()).getDimSize(2);
  Value queries = kernel.dim(op.getAccumulator(), 3);
  Value zero = kernel.index(0);
  kernel.loop(zero, kernel.dim(op.getAccumulator(), 0), 1, [&](Value b) {
    kernel.loop(zero, kernel.dim(op.getAccumulator(), 1), 1, [&](Value h) {
      // Reciprocals of the sums, 0 for a query without keys.
      Value factors =
          kernel.scratch({kernel.vectorsFor(*maxQueries) * kernel.lanes});
      auto reciprocals = [&](Value i, Value count) {
        Value sum = kernel.convert(kernel.load(op.getSum(), {b, h, i}, count),
                                   rewriter.getF32Type());
        Value empty = arith::CmpFOp::create(rewriter, kernel.loc,
                                            arith::CmpFPredicate::OEQ, sum,
                                            kernel.splat(0.0));
        Value inverse = arith::SelectOp::create(
            rewriter, kernel.loc, empty, kernel.splat(0.0),
            kernel.divF(kernel.splat(1.0), sum));
        kernel.store(inverse, factors, {i});
        if (op.getInits().size() == 2) {
          Value maximum = kernel.load(op.getMaximum(), {b, h, i}, count);
          kernel.store(logSumExp(kernel, maximum, sum), op.getInits()[1],
                       {b, h, i}, count);
        }
      };
      kernel.blocks(queries, vectorsOfQueries(target.registers) * kernel.lanes,
                    [&](Value first, Value count) {
                      for (int64_t v = 0; v < kernel.vectorsFor(count); ++v)
                        reciprocals(kernel.add(first, v * kernel.lanes),
                                    kernel.add(count, -v * kernel.lanes));
                    });
      auto sourceAt = [&](Value c, Value i) -> SmallVector<Value> {
        return {b, h, c, i};
      };
      auto destinationAt = [&](Value i, Value c) -> SmallVector<Value> {
        return {b, i, kernel.add(kernel.mul(h, width), c)};
      };
      auto map = [&](Value vector, Value i) {
        return kernel.mulF(kernel.convert(vector, rewriter.getF32Type()),
                           kernel.load(factors, {i}));
      };
      Transposition transposition;
      transposition.rows = kernel.index(width);
      transposition.columns = queries;
      transposition.source = op.getAccumulator();
      transposition.destination = op.getInits()[0];
      transposition.sourceAt = sourceAt;
      transposition.destinationAt = destinationAt;
      transposition.map = map;
      emitTranspose(kernel, transposition);
    });
  });
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

namespace {
/// The sums of the parts may be float64 as well.
struct MergeKernel
    : CPUKernelOpInterface::ExternalModel<MergeKernel,
                                          block::MergeAttentionOp> {
  LogicalResult lower(Operation *op, RewriterBase &rewriter,
                      const VectorTarget &target) const {
    return lowerMergeAttention(rewriter, cast<block::MergeAttentionOp>(op),
                               target);
  }
  bool takesFloat(Operation *op, OpOperand &operand, FloatType type) const {
    auto merge = cast<block::MergeAttentionOp>(op);
    return type.isF64() && &operand != &merge.getMaximaMutable() &&
           &operand != &merge.getMaximumMutable();
  }
};
} // namespace

void perceiver::attachAttentionStateKernels(MLIRContext *context) {
  block::MergeAttentionOp::attachInterface<MergeKernel>(*context);
  block::FinishAttentionOp::attachInterface<
      StateKernel<block::FinishAttentionOp, lowerFinishAttention>>(*context);
}
