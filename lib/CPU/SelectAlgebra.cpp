//===- SelectAlgebra.cpp - Which layers attentions do without -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %o = block.attention ins(%q, %k, %v) ..         // of few heads or queries
//
//   %o = block.attention ins(%q, %k, %v) ..
//       {perceiver.algebra = #perceiver.algebra<absorb>}
//
// Choices only: perceiver-absorb-projections obeys. What an attribute says
// already stays. Each choice is a remark, with what the alternatives cost.
//
// Test: test/CPU/select-algebra.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/CPU/Passes.h"
#include "lib/Transforms/AttentionProjections.h"
#include "lib/Transforms/DisabledRewrites.h"
#include "lib/Transforms/RewriteLog.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SELECTALGEBRAPASS
#include "lib/CPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// An alternative has to save so much before it is worth other weights.
static constexpr double kLeastSaving = 0.03;

/// As many FLOPs as a few microseconds: in small models a phase more or less,
/// as what is fused changes, takes as long.
static constexpr double kLeastSavedFlops = 250e3;

/// FLOPs that take as long as the rest of the softmax for one score: 2^x is a
/// polynomial of degree 5 with its rounding, and the maximum and the sum.
static constexpr double kSoftmaxFlops = 20;

/// A size of a tensor; a number for one that may be any.
static double sizeOr(Value value, int64_t dim, double unknown) {
  auto type = cast<ShapedType>(value.getType());
  return type.isDynamicDim(dim) ? unknown
                                : static_cast<double>(type.getDimSize(dim));
}

/// How often what is at `inner` is executed for one execution of what is at
/// `outer`, a place around it.
static double countExecutions(Operation *inner, Operation *outer) {
  double count = 1;
  for (Operation *op = inner->getParentOp(); op && !op->isAncestor(outer);
       op = op->getParentOp())
    if (auto loop = dyn_cast<scf::ForOp>(op))
      if (std::optional<APInt> trips = loop.getStaticTripCount())
        count *=
            static_cast<double>(std::max<int64_t>(trips->getSExtValue(), 1));
  return count;
}

/// What one execution of the attention costs of a batch entry, with the layers
/// around it, in FLOPs of full speed.
static double estimateCost(ProjectedAttention &attention, Algebra algebra) {
  constexpr double kUnknownRows = 1 << 12;
  block::AttentionOp op = attention.op;
  int64_t queryRank = cast<ShapedType>(op.getQuery().getType()).getRank();
  double queries = sizeOr(op.getQuery(), queryRank - 2, kUnknownRows);
  double keys = sizeOr(op.getKey(), 1, kUnknownRows);
  AttentionFlops flops = countFlops(attention, algebra, queries, keys);
  // Keys that all iterations of a loop share are projected before it.
  double shared = 1;
  for (auto projection : {attention.key, attention.value})
    if (projection)
      shared = std::max(shared, countExecutions(op, projection->layer));
  return flops.keyLayers / shared + flops.absorbingKeyLayers +
         flops.queryLayers + flops.pairs +
         kSoftmaxFlops * queries * keys * static_cast<double>(op.getHeads());
}

static std::string formatCost(double flops) {
  if (flops >= 1e9)
    return llvm::formatv("{0:F2} GFLOP", flops * 1e-9);
  return llvm::formatv("{0:F2} MFLOP", flops * 1e-6);
}

static constexpr StringLiteral kPassName = "perceiver-select-algebra";

/// What is done, for remarks.
static StringRef nameOf(Algebra algebra) {
  switch (algebra) {
  case Algebra::project:
    return "KeysAndValuesProjected";
  case Algebra::absorb:
    return "KeysAndValuesAbsorbed";
  case Algebra::absorb_keys:
    return "KeysAbsorbed";
  case Algebra::absorb_values:
    return "ValuesAbsorbed";
  case Algebra::absorb_queries:
    return "QueriesAbsorbed";
  case Algebra::absorb_output:
    return "OutputAbsorbed";
  case Algebra::absorb_queries_and_output:
    return "QueriesAndOutputAbsorbed";
  }
  llvm_unreachable("all choices have a name");
}

/// Choose for one attention, and say so.
static Algebra choose(ProjectedAttention &attention) {
  Rewrite choice{kPassName, nameOf(Algebra::project), /*isDone=*/false};
  if (isDisabled(attention.op, kPassName)) {
    choice.reason = kDisabledReason;
    logRewrite(attention.op, choice);
    return Algebra::project;
  }
  Algebra best = Algebra::project;
  double projected = estimateCost(attention, best), least = projected;
  choice.figures.push_back({"Project", formatCost(projected)});
  for (auto [algebra, name] :
       {std::pair(Algebra::absorb, "Absorb"),
        std::pair(Algebra::absorb_keys, "AbsorbKeys"),
        std::pair(Algebra::absorb_values, "AbsorbValues"),
        std::pair(Algebra::absorb_queries, "AbsorbQueries"),
        std::pair(Algebra::absorb_output, "AbsorbOutput"),
        std::pair(Algebra::absorb_queries_and_output,
                  "AbsorbQueriesAndOutput")}) {
    std::string obstacle = findObstacle(attention, algebra);
    if (!obstacle.empty()) {
      if (choice.reason.empty())
        choice.reason = obstacle;
      continue;
    }
    double cost = estimateCost(attention, algebra);
    choice.figures.push_back({name, formatCost(cost)});
    double saved = projected - cost;
    if (cost < least && saved > kLeastSaving * projected &&
        saved > kLeastSavedFlops) {
      least = cost;
      best = algebra;
    }
  }
  if (best != Algebra::project) {
    choice.isDone = true;
    choice.name = nameOf(best);
    choice.reason.clear();
  } else if (choice.figures.size() > 1) {
    choice.reason = "nothing else saves enough";
  }
  logRewrite(attention.op, choice);
  return best;
}

namespace {
struct SelectAlgebraPass
    : perceiver::impl::SelectAlgebraPassBase<SelectAlgebraPass> {
  void runOnOperation() override {
    if (getOperation()->hasAttr(kPrepareAttrName))
      return;
    PrepareAnalysis analysis;
    getOperation().walk([&](block::AttentionOp op) {
      if (op->hasAttr(kAlgebraAttrName))
        return;
      ProjectedAttention attention = matchProjections(op, analysis);
      Algebra algebra = choose(attention);
      op->setAttr(kAlgebraAttrName, AlgebraAttr::get(&getContext(), algebra));
    });
  }
};
} // namespace
