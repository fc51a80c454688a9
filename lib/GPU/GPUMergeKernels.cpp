//===- GPUMergeKernels.cpp - Equal kernels become one --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after.
//
// Test: test/GPU/merge-kernels.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/GPU/KernelAttributes.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OperationSupport.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUMERGEKERNELSPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Whether two kernels do the same and promise the same of their parameters.
static bool areEqual(func::FuncOp lhs, func::FuncOp rhs) {
  return lhs.getFunctionType() == rhs.getFunctionType() &&
         lhs.getArgAttrsAttr() == rhs.getArgAttrsAttr() &&
         OperationEquivalence::isRegionEquivalentTo(
             &lhs.getBody(), &rhs.getBody(),
             OperationEquivalence::IgnoreLocations);
}

/// "linear" of "linear_7".
static StringRef getStem(func::FuncOp kernel) {
  return kernel.getName().rsplit('_').first;
}

namespace {
struct GPUMergeKernelsPass
    : perceiver::impl::GPUMergeKernelsPassBase<GPUMergeKernelsPass> {
  void runOnOperation() override {
    auto module = getOperation().lookupSymbol<ModuleOp>(kKernelModuleName);
    if (!module)
      return;
    SmallVector<func::FuncOp> kept;
    /// The kernel that each one becomes.
    DenseMap<StringAttr, func::FuncOp> replacements;
    for (auto kernel :
         llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
      auto equal = llvm::find_if(
          kept, [&](func::FuncOp other) { return areEqual(other, kernel); });
      bool isNew = equal == kept.end();
      replacements[kernel.getSymNameAttr()] = isNew ? kernel : *equal;
      if (isNew)
        kept.push_back(kernel);
      else
        kernel.erase();
    }
    DenseMap<Operation *, StringAttr> names;
    llvm::StringMap<unsigned> numbers;
    for (func::FuncOp kernel : kept) {
      StringRef stem = getStem(kernel);
      names[kernel] =
          StringAttr::get(&getContext(), stem + "_" + Twine(numbers[stem]++));
    }
    getOperation().walk([&](frame::LaunchOp launch) {
      auto kernel = replacements.find(launch.getCallee().getLeafReference());
      if (kernel != replacements.end())
        launch.setCalleeAttr(SymbolRefAttr::get(
            module.getSymNameAttr(),
            {FlatSymbolRefAttr::get(names[kernel->second])}));
    });
    for (func::FuncOp kernel : kept)
      kernel.setSymNameAttr(names[kernel]);
  }
};
} // namespace
