//===- GPUAnnotateKernels.cpp - What launches say of kernels' parameters -===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after.
//
// Test: test/GPU/annotate-kernels.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUANNOTATEKERNELSPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// What buffers and weights are aligned to; arguments of entries are aligned to
/// their elements only.
static constexpr int64_t kPlannedAlignment = 16;

//===----------------------------------------------------------------------===//
// Where arrays come from
//===----------------------------------------------------------------------===//

namespace {
/// A piece of memory apart from all others: an argument, a buffer, the weights.
struct Memory {
  enum Kind { Argument, Buffer, Weights, Allocation } kind;
  /// Which of them.
  uintptr_t number;

  bool operator==(const Memory &other) const {
    return kind == other.kind && number == other.number;
  }
};

/// All memory that an array may be in; nothing is known if it is not followed.
class Origins {
public:
  explicit Origins(Value array) { follow(array); }

  bool mayOverlap(const Origins &other) const {
    return !isKnown || !other.isKnown ||
           llvm::any_of(memory, [&](const Memory &mine) {
             return llvm::is_contained(other.memory, mine);
           });
  }

  /// Whether the runtime or the weights file places it.
  bool isPlanned() const {
    return isKnown && llvm::none_of(memory, [](const Memory &mine) {
             return mine.kind == Memory::Argument;
           });
  }

private:
  void follow(Value array) {
    if (!seen.insert(array).second)
      return;
    if (auto argument = dyn_cast<BlockArgument>(array)) {
      auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
      if (loop && argument.getArgNumber() > 0)
        return followCarried(loop, argument.getArgNumber() - 1);
      isKnown = false;
      return;
    }
    Operation *op = array.getDefiningOp();
    if (auto view = dyn_cast<ViewLikeOpInterface>(op))
      return follow(view.getViewSource());
    if (auto loop = dyn_cast<scf::ForOp>(op))
      return followCarried(loop, cast<OpResult>(array).getResultNumber());
    if (auto argument = dyn_cast<frame::ArgumentOp>(op))
      memory.push_back({Memory::Argument, argument.getNumber()});
    else if (auto buffer = dyn_cast<frame::BufferOp>(op))
      memory.push_back({Memory::Buffer, buffer.getNumber()});
    else if (isa<frame::WeightOp>(op))
      memory.push_back({Memory::Weights, 0});
    else if (isa<memref::AllocOp>(op))
      memory.push_back({Memory::Allocation, reinterpret_cast<uintptr_t>(op)});
    else
      isKnown = false;
  }

  void followCarried(scf::ForOp loop, unsigned number) {
    follow(loop.getInitArgs()[number]);
    follow(loop.getYieldedValues()[number]);
  }

  SmallVector<Memory> memory;
  DenseSet<Value> seen;
  bool isKnown = true;
};
} // namespace

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// The parameters that the kernel writes, by number.
static DenseSet<unsigned> getWritten(func::FuncOp kernel) {
  DenseSet<unsigned> written;
  kernel.walk([&](DestinationStyleOpInterface op) {
    for (Value init : op.getDpsInits()) {
      while (auto view = init.getDefiningOp<ViewLikeOpInterface>())
        init = view.getViewSource();
      if (auto array = init.getDefiningOp<frame::ArrayOp>())
        if (auto parameter = dyn_cast<BlockArgument>(array.getMemory()))
          written.insert(parameter.getArgNumber());
    }
  });
  return written;
}

static void annotate(frame::LaunchOp launch, func::FuncOp kernel) {
  DenseSet<unsigned> written = getWritten(kernel);
  MLIRContext *context = kernel.getContext();
  SmallVector<std::optional<Origins>> origins;
  for (Value argument : launch.getArguments()) {
    origins.emplace_back();
    if (isa<MemRefType>(argument.getType()))
      origins.back().emplace(argument);
  }
  for (auto [number, own] : llvm::enumerate(origins)) {
    if (!own)
      continue;
    // The first parameter is the task.
    unsigned parameter = number + 1;
    if (own->isPlanned())
      kernel.setArgAttr(
          parameter, LLVM::LLVMDialect::getAlignAttrName(),
          IntegerAttr::get(IntegerType::get(context, 64), kPlannedAlignment));
    bool isWritten = written.contains(parameter), isAlone = true;
    for (auto [other, theirs] : llvm::enumerate(origins))
      if (other != number && theirs &&
          (isWritten || written.contains(other + 1)) &&
          own->mayOverlap(*theirs))
        isAlone = false;
    if (!isAlone)
      continue;
    kernel.setArgAttr(parameter, LLVM::LLVMDialect::getNoAliasAttrName(),
                      UnitAttr::get(context));
    if (!isWritten)
      kernel.setArgAttr(parameter, LLVM::LLVMDialect::getReadonlyAttrName(),
                        UnitAttr::get(context));
  }
}

namespace {
struct GPUAnnotateKernelsPass
    : perceiver::impl::GPUAnnotateKernelsPassBase<GPUAnnotateKernelsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTableCollection symbols;
    DenseSet<Operation *> seen;
    WalkResult result = module.walk([&](frame::LaunchOp launch) {
      auto kernel = symbols.lookupNearestSymbolFrom<func::FuncOp>(
          launch, launch.getCalleeAttr());
      if (kernel && seen.insert(kernel).second) {
        annotate(launch, kernel);
        return WalkResult::advance();
      }
      launch.emitOpError("expected a kernel that nothing else launches");
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
