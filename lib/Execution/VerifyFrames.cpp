//===- VerifyFrames.cpp - Does the frame hold what code reads? ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operations on the frame become loads from tables whose lengths only the
// entry knows, and tasks are functions of their own: so this goes from each
// entry to the tasks that it runs. After it, code reads no memory that the
// runtime did not put into the frame.
//
// What it does not see: accesses beyond a memref, and lifetimes of buffers,
// which are the memory plan's.
//
// Tests: test/Execution/verify-frames.mlir,
// test/Execution/verify-frames-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Analysis/SizeProgram.h"
#include "lib/Analysis/SizeRelation.h"
#include "lib/Analysis/TypeSize.h"
#include "lib/Artifact/ElementTypes.h"
#include "lib/Execution/DescribeEntries.h"
#include "lib/Execution/FrameSizes.h"
#include "lib/Execution/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_VERIFYFRAMESPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// The weights of a module by their place in the weight file.
using WeightPlaces = DenseMap<uint64_t, block::WeightOp>;

/// Verifies one function, an entry or a task of it.
class FunctionVerifier {
public:
  FunctionVerifier(const EntryDescription &entry, const WeightPlaces &weights,
                   func::FuncOp func, bool isTask)
      : entry(entry), weights(weights), func(func), isTask(isTask) {}

  LogicalResult run() {
    auto result = func.walk([&](Operation *op) {
      return isa_and_nonnull<frame::FrameDialect>(op->getDialect()) &&
                     failed(verify(op))
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

private:
  LogicalResult verify(Operation *op) {
    if (auto worker = dyn_cast<frame::WorkerOp>(op))
      return verifyWorker(worker);
    // The other operations begin with the frame.
    if (op->getOperand(0) != func.getArgument(0))
      return op->emitOpError("expected the frame that @")
             << func.getName() << " takes";
    if (auto size = dyn_cast<frame::SizeOp>(op))
      return verifyNumber(op, size.getNumber(), entry.sizes.size(), "sizes");
    if (auto argument = dyn_cast<frame::ArgumentOp>(op))
      return verifyArgument(argument);
    if (auto buffer = dyn_cast<frame::BufferOp>(op))
      return verifyBuffer(buffer);
    if (auto weight = dyn_cast<frame::WeightOp>(op))
      return verifyWeight(weight);
    if (isTask)
      return op->emitOpError("expected no tasks inside of tasks");
    return success();
  }

  LogicalResult verifyNumber(Operation *op, uint64_t number, size_t count,
                             StringRef what) {
    if (number < count)
      return success();
    return op->emitOpError("expected one of the ")
           << count << " " << what << " of the entry @" << entry.name
           << ", but got number " << number;
  }

  LogicalResult verifyWorker(frame::WorkerOp op) {
    if (!isTask && op->getParentOfType<scf::ForallOp>())
      return success();
    return op.emitOpError("expected a phase around it");
  }

  /// Size number `number` of the entry, where derived ones come last.
  SizeExpr getSize(unsigned number) {
    return number < entry.sizes.size()
               ? SizeExpr::size(number)
               : fromProgram(entry.derived[number - entry.sizes.size()].value);
  }

  LogicalResult verifyArgument(frame::ArgumentOp op) {
    uint64_t number = op.getNumber();
    if (failed(verifyNumber(op, number, entry.arguments.size(), "arguments")))
      return failure();
    const ArgumentDescription &argument = entry.arguments[number];
    auto type = cast<MemRefType>(op.getType());
    auto fits = [](int64_t size, int64_t expected) {
      return ShapedType::isDynamic(size) == isSymbolic(expected) &&
             (isSymbolic(expected) || size == expected);
    };
    if (toDType(type.getElementType()) != argument.dtype ||
        !llvm::equal(type.getShape(), argument.shape, fits))
      return op.emitOpError("expected the type of '")
             << argument.name << "', argument " << number << " of the entry @"
             << entry.name << ", but got " << type;
    auto size = op.getSizes().begin();
    for (auto [dim, expected] : llvm::enumerate(argument.shape)) {
      if (!isSymbolic(expected))
        continue;
      unsigned symbol = symbolIndex(expected);
      if (sizes.get(*size++) != getSize(symbol))
        return op.emitOpError("expected size ")
               << symbol << " of the frame, '"
               << (symbol < entry.sizes.size()
                       ? entry.sizes[symbol].name
                       : entry.derived[symbol - entry.sizes.size()].text)
               << "', for dimension " << dim;
    }
    return success();
  }

  /// Is this the number of the worker that runs the code around it?
  bool isWorker(Value value) {
    return value.getDefiningOp<frame::WorkerOp>() ||
           (isTask && value == func.getArgument(2));
  }

  LogicalResult verifyBuffer(frame::BufferOp op) {
    uint64_t number = op.getNumber();
    if (failed(verifyNumber(op, number, entry.buffers.size(), "buffers")))
      return failure();
    const BufferDescription &buffer = entry.buffers[number];
    if (buffer.perWorker != static_cast<bool>(op.getWorker()))
      return op.emitOpError("expected ")
             << (buffer.perWorker ? "a worker for buffer "
                                  : "no worker for buffer ")
             << number << ", which "
             << (buffer.perWorker ? "each has of its own" : "all share");
    if (op.getWorker() && !isWorker(op.getWorker()))
      return op.emitOpError("expected the number of the worker that runs the "
                            "task");
    auto type = cast<MemRefType>(op.getType());
    std::optional<int64_t> staticBytes = getStaticBytes(type);
    SizeExpr bytes = staticBytes ? SizeExpr(*staticBytes) : SizeExpr::unknown();
    for (Value size : op.getSizes())
      bytes *= sizes.get(size);
    // Other sizes are within the bounds that the plan counted with.
    if (staticBytes && !bytes.isKnown())
      return success();
    if (!isKnownToHold(bytes, SizeRelation::AtMost, fromProgram(buffer.size)))
      return op.emitOpError("expected memory within buffer ")
             << number << " of the entry @" << entry.name << ", but got "
             << type;
    return success();
  }

  LogicalResult verifyWeight(frame::WeightOp op) {
    block::WeightOp weight = weights.lookup(op.getOffset());
    if (!weight)
      return op.emitOpError("expected a weight of the module at byte ")
             << op.getOffset();
    auto tensor = cast<RankedTensorType>(weight.getType());
    auto type = MemRefType::get(tensor.getShape(), tensor.getElementType());
    if (op.getType() != type)
      return op.emitOpError("expected @") << weight.getSymName() << ", " << type
                                          << ", but got " << op.getType();
    uint64_t count = weight.getMemberCount(), stride = *weight.getStride();
    if (op.getIndex() && (op.getCount() != count || op.getStride() != stride))
      return op.emitOpError("expected @")
             << weight.getSymName() << " with " << count
             << " members and a stride of " << stride << ", but got "
             << op.getCount() << " and " << op.getStride();
    return success();
  }

  const EntryDescription &entry;
  const WeightPlaces &weights;
  func::FuncOp func;
  bool isTask;
  FrameSizes sizes;
};

/// Verifies a module.
class FrameVerifier {
public:
  explicit FrameVerifier(ModuleOp module) : module(module), symbols(module) {
    for (auto weight : module.getOps<block::WeightOp>())
      if (weight.getOffset())
        weights[*weight.getOffset()] = weight;
  }

  LogicalResult run() {
    for (auto func : module.getOps<func::FuncOp>())
      if (func->hasAttr(kEntryAttrName) && failed(verifyEntry(func)))
        return failure();
    for (auto func : module.getOps<func::FuncOp>())
      if (!verified.contains(func) && failed(verifyOther(func)))
        return failure();
    return success();
  }

private:
  LogicalResult verifyEntry(func::FuncOp func) {
    if (func.isExternal() || func.getNumArguments() != 1 ||
        !isa<LLVM::LLVMPointerType>(func.getArgument(0).getType()) ||
        func.getNumResults() != 0)
      return func.emitOpError("expected an entry that takes the frame and "
                              "returns nothing, but got ")
             << func.getFunctionType();
    FailureOr<EntryDescription> entry = describeFrame(func);
    if (failed(entry) || failed(verifyFunction(*entry, func, /*isTask=*/false)))
      return failure();
    llvm::SetVector<func::FuncOp> tasks;
    auto result = func.walk([&](frame::RunTasksOp op) {
      auto task = symbols.lookup<func::FuncOp>(op.getCallee());
      if (task.isExternal()) {
        op.emitOpError("expected a task with a body, but got @")
            << op.getCallee();
        return WalkResult::interrupt();
      }
      tasks.insert(task);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
    for (func::FuncOp task : tasks)
      if (failed(verifyFunction(*entry, task, /*isTask=*/true)))
        return failure();
    return success();
  }

  LogicalResult verifyFunction(const EntryDescription &entry, func::FuncOp func,
                               bool isTask) {
    verified.insert(func);
    return FunctionVerifier(entry, weights, func, isTask).run();
  }

  /// What no entry runs as a task has no frame.
  LogicalResult verifyOther(func::FuncOp func) {
    auto result = func.walk([&](Operation *op) {
      if (!isa_and_nonnull<frame::FrameDialect>(op->getDialect()))
        return WalkResult::advance();
      op->emitOpError("expected an entry or one of its tasks around it, but "
                      "got @")
          << func.getName();
      return WalkResult::interrupt();
    });
    return failure(result.wasInterrupted());
  }

  ModuleOp module;
  SymbolTable symbols;
  WeightPlaces weights;
  DenseSet<Operation *> verified;
};

struct VerifyFramesPass
    : perceiver::impl::VerifyFramesPassBase<VerifyFramesPass> {
  void runOnOperation() override {
    if (failed(FrameVerifier(getOperation()).run()))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
