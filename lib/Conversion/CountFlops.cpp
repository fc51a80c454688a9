//===- CountFlops.cpp - The dense work of entries -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   func.func @run(%x: tensor<?x512x8xf32> {perceiver.sizes = ["batch"]}, ..)
//       attributes {perceiver.entry,
//                   perceiver.flop = affine_map<()[s0] -> (s0 * 262144)>}
//
// Written before anything is rewritten, so that speeds can be compared whatever
// the compiler saves. The attribute goes with the function to the artefact's
// metadata.
//
// Test: test/Conversion/count-flops.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/Passes.h"

#include "dialect/AttributeNames.h"
#include "lib/Analysis/OperationCost.h"
#include "lib/Analysis/SizeConversion.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Remarks.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_COUNTFLOPSPASS
#include "lib/Conversion/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Why the work of `entry` is not known.
static std::string getObstacle(func::FuncOp entry) {
  std::string obstacle =
      "its work is no product of named sizes, or more than 64 "
      "bits can hold";
  entry.walk([&](Operation *op) {
    if (!hasUnknownFlops(op))
      return WalkResult::advance();
    obstacle = op->getName().getStringRef().str() + " does not say its FLOPs";
    return WalkResult::interrupt();
  });
  return obstacle;
}

namespace {
struct CountFlopsPass : perceiver::impl::CountFlopsPassBase<CountFlopsPass> {
  void runOnOperation() override {
    func::FuncOp entry = getOperation();
    if (!entry->hasAttr(kEntryAttrName))
      return;
    AffineExpr expr = toAffine(countDenseFlops(entry), &getContext());
    if (!expr) {
      entry->removeAttr(kFlopAttrName);
      remark::missed(entry.getLoc(), remark::RemarkOpts::name("FlopsUnknown")
                                         .category("perceiver-count-flops")
                                         .function(entry.getName()))
          << remark::reason("{0}", getObstacle(entry));
      return;
    }
    auto map = AffineMap::get(/*dimCount=*/0,
                              EntrySizes(entry).getNames().size(), expr);
    entry->setAttr(kFlopAttrName, AffineMapAttr::get(map));
  }
};
} // namespace
