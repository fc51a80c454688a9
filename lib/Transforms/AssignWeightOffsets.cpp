//===- AssignWeightOffsets.cpp - Lay out the weight file ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   block.weight @weight_0 : tensor<5xf32> count 3 prepare @prepare_0
//
// gets `offset 0 stride 64`: members start at multiples of 64 bytes, at a
// constant distance. Nothing but the IR decides about the layout and the
// identifier, so weights can be exchanged without compiling again. A model that
// computes something else has another identifier.
//
// Test: test/Transforms/assign-weight-offsets.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Passes.h"
#include "lib/Transforms/Transforms.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/WeightOps.h"
#include "lib/Analysis/TypeSize.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SHA256.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_ASSIGNWEIGHTOFFSETSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// The bytes of one member and what fills them up to the next one, or nothing
/// if the number does not fit.
static std::optional<int64_t> getMemberBytes(block::WeightOp weight) {
  std::optional<int64_t> bytes =
      getStaticBytes(cast<RankedTensorType>(weight.getType()));
  int64_t end;
  if (!bytes || llvm::AddOverflow(*bytes, kWeightAlignment - 1, end))
    return std::nullopt;
  return end - end % kWeightAlignment;
}

/// The hash of the version, the layout and all functions, as text: of what
/// computes the weights and of what computes with them, so that weights never
/// pass for those of another model. Tiles are left out: models for several
/// processors can share the weights.
static std::string computeIdentifier(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  flags.enableDebugInfo(false).useLocalScope();
  stream << "weights " << kWeightsFormatVersion << "\n";
  for (Operation &op : module.getOps()) {
    if (!isa<block::WeightOp, func::FuncOp>(op))
      continue;
    OwningOpRef<Operation *> copy = op.clone();
    copy->walk([](Operation *inner) { inner->removeAttr(kTilingAttrName); });
    copy->print(stream, flags);
    stream << "\n";
  }
  std::array<uint8_t, 32> hash =
      llvm::SHA256::hash(llvm::arrayRefFromStringRef(text));
  return llvm::toHex(hash, /*LowerCase=*/true);
}

LogicalResult perceiver::assignWeightOffsets(ModuleOp module) {
  Builder builder(module.getContext());
  int64_t end = 0;
  for (auto weight : module.getOps<block::WeightOp>()) {
    if (!weight.getPrepare())
      return weight.emitOpError("expected a function that prepares the weight");
    std::optional<int64_t> stride = getMemberBytes(weight);
    int64_t bytes, next;
    if (!stride || llvm::MulOverflow(*stride, weight.getMemberCount(), bytes) ||
        llvm::AddOverflow(end, bytes, next))
      return weight.emitOpError("expected a weight file of less than 2^63 "
                                "bytes");
    weight.setOffset(end);
    weight.setStride(*stride);
    end = next;
  }
  module->setAttr(kWeightsBytesAttrName, builder.getI64IntegerAttr(end));
  module->setAttr(kWeightsIdAttrName,
                  builder.getStringAttr(computeIdentifier(module)));
  return success();
}

namespace {

struct AssignWeightOffsetsPass
    : perceiver::impl::AssignWeightOffsetsPassBase<AssignWeightOffsetsPass> {
  void runOnOperation() override {
    if (failed(assignWeightOffsets(getOperation())))
      signalPassFailure();
  }
};

} // namespace
