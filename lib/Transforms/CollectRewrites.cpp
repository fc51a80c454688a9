//===- CollectRewrites.cpp - One log for the whole model ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   module {
//     func.func @run .. attributes {perceiver.fusion_log = ["b.mlir:2: .."]}
//     func.func @encode .. attributes {perceiver.fusion_log = ["b.mlir:1: .."]}
//
// becomes
//
//   module attributes {perceiver.fusion_log = ["b.mlir:1: ..", "b.mlir:2: .."]}
//
// Test: test/Transforms/collect-rewrites.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "lib/Transforms/DisabledRewrites.h"
#include "lib/Transforms/Passes.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"

#include <set>
#include <tuple>

namespace mlir::perceiver {
#define GEN_PASS_DEF_COLLECTREWRITESPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// File, line and text: the order of the description.
using Sentence = std::tuple<StringRef, unsigned, StringRef>;

/// Take "model.mlir:12: what happened" apart; what has no place comes first.
static Sentence parse(StringRef text) {
  auto [place, rest] = text.split(": ");
  auto [file, number] = place.rsplit(':');
  unsigned line = 0;
  if (number.getAsInteger(10, line))
    file = "";
  return {file, line, text};
}

namespace {
struct CollectRewritesPass
    : perceiver::impl::CollectRewritesPassBase<CollectRewritesPass> {
  void runOnOperation() override {
    if (failed(verifyDisabledRewrites(getOperation())))
      return signalPassFailure();
    // Sentences of several entries about one line are one.
    std::set<Sentence> sentences;
    auto take = [&](Operation *op) {
      auto log = op->getAttrOfType<ArrayAttr>(kFusionLogAttrName);
      op->removeAttr(kFusionLogAttrName);
      for (Attribute line : log ? log.getValue() : ArrayRef<Attribute>())
        if (auto text = dyn_cast<StringAttr>(line))
          sentences.insert(parse(text));
    };
    ModuleOp module = getOperation();
    take(module);
    for (auto function : module.getOps<FunctionOpInterface>())
      take(function);
    SmallVector<StringRef> lines;
    for (const Sentence &sentence : sentences)
      lines.push_back(std::get<2>(sentence));
    module->setAttr(kFusionLogAttrName,
                    Builder(&getContext()).getStrArrayAttr(lines));
  }
};
} // namespace
