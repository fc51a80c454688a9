//===- DisabledRewrites.cpp - Rewrites that a person forbids --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Transforms/without.mlir, test/Transforms/without-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/DisabledRewrites.h"

#include "dialect/AttributeNames.h"
#include "dialect/NearestName.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kRewriteNames[] = {
    "fold-elements",           "fold-linears",   "fold-norms",
    "fuse-projections",        "select-algebra", "separate-positions",
    "separate-query-positions"};

ArrayRef<StringRef> perceiver::getRewriteNames() { return kRewriteNames; }

/// What the attribute of `op` itself lists.
static ArrayRef<Attribute> getDisabled(Operation *op) {
  auto names = op->getAttrOfType<ArrayAttr>(kWithoutAttrName);
  return names ? names.getValue() : ArrayRef<Attribute>();
}

bool perceiver::isDisabled(Operation *op, StringRef pass) {
  pass.consume_front("perceiver-");
  for (; op; op = op->getParentOp())
    for (Attribute name : getDisabled(op))
      if (auto text = dyn_cast<StringAttr>(name); text && text == pass)
        return true;
  return false;
}

void perceiver::disableRewrites(ModuleOp module, ArrayRef<std::string> names) {
  if (names.empty())
    return;
  SmallVector<Attribute> all(getDisabled(module));
  for (const std::string &name : names)
    all.push_back(StringAttr::get(module.getContext(), name));
  module->setAttr(kWithoutAttrName, ArrayAttr::get(module.getContext(), all));
}

LogicalResult perceiver::verifyDisabledRewrites(Operation *root) {
  WalkResult result = root->walk([](Operation *op) {
    for (Attribute name : getDisabled(op)) {
      StringRef text = cast<StringAttr>(name);
      if (llvm::is_contained(kRewriteNames, text))
        continue;
      op->emitError("expected '")
          << kWithoutAttrName << "' to list rewrites ("
          << llvm::join(getRewriteNames(), ", ") << "), but got '" << text
          << "'" << didYouMean(text, kRewriteNames);
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
