//===- UnusedSymbols.cpp - What no entry needs ----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/UnusedSymbols.h"

#include "dialect/AttributeNames.h"
#include "dialect/Model/ParameterOps.h"

#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::perceiver;

/// What the entries of `module` reach.
static SetVector<Operation *> findUsed(ModuleOp module) {
  SetVector<Operation *> used;
  for (auto function : module.getOps<FunctionOpInterface>())
    if (function->hasAttr(kEntryAttrName))
      used.insert(function);
  SymbolTable symbols(module);
  for (size_t i = 0; i < used.size(); ++i) {
    std::optional<SymbolTable::UseRange> uses =
        SymbolTable::getSymbolUses(used[i]);
    if (!uses)
      continue;
    for (SymbolTable::SymbolUse use : *uses)
      if (Operation *symbol =
              symbols.lookup(use.getSymbolRef().getRootReference()))
        used.insert(symbol);
  }
  return used;
}

LogicalResult mlir::perceiver::reportUnusedSymbols(ModuleOp module,
                                                   bool strict) {
  SetVector<Operation *> used = findUsed(module);
  // Without an entry the description is refused for that.
  if (used.empty())
    return success();
  SmallVector<Operation *> unused;
  for (Operation &op : module.getOps())
    if (isa<ParameterOp, FunctionOpInterface>(op) && !used.contains(&op))
      unused.push_back(&op);
  if (unused.empty())
    return success();
  Location loc = unused.front()->getLoc();
  InFlightDiagnostic diagnostic = strict ? emitError(loc) : emitWarning(loc);
  diagnostic << "expected that entries use all parameters and functions, but "
                "they do not use "
             << unused.size();
  for (Operation *op : unused)
    diagnostic.attachNote(op->getLoc())
        << "@" << SymbolTable::getSymbolName(op).getValue() << " is not used";
  return success(!strict);
}
