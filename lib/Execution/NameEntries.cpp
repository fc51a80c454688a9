//===- NameEntries.cpp - Entries under the names that C programs use -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   module attributes {perceiver.model = "digits"} {
//     func.func @run(..) attributes {perceiver.entry}
//
// becomes
//
//     func.func @digits__body_run(..) attributes {perceiver.entry}
//
// A model without a name is called "model".
//
// Test: test/Execution/name-entries.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "lib/Artifact/ArtifactNames.h"
#include "lib/Execution/DescribeEntries.h"
#include "lib/Execution/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_NAMEENTRIESPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct NameEntriesPass : perceiver::impl::NameEntriesPassBase<NameEntriesPass> {
  using NameEntriesPassBase::NameEntriesPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    std::string prefix = toPrefix(getModelName(module));
    // All at once, as an entry may have the new name of another.
    for (auto entry : module.getOps<func::FuncOp>())
      if (entry->hasAttr(kEntryAttrName))
        SymbolTable::setSymbolName(entry, getBodyName(prefix, entry.getName()));
  }
};
} // namespace
