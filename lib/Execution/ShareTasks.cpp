//===- ShareTasks.cpp - Equal tasks share their code ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. What a task reads from the frame by number
// is what makes it the task of one entry; the rest of it is the body that
// others may have, too. Of a buffer whose size the task computes, it reads the
// whole, of which the body takes its part.
//
// Bodies are compared as operations are written: names and locations do not
// count, the order of operations does. A task that has its body to itself keeps
// it; its reads may have moved out of loops, and parts become views.
//
// Test: test/Execution/share-tasks.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Analysis/SizeProgram.h"
#include "lib/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SHARETASKSPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static bool readsFrame(Operation *op) {
  return isa<frame::SizeOp, frame::ArgumentOp, frame::WeightOp,
             frame::BufferOp>(op);
}

namespace {
/// A task as reads of the frame and a body that takes what they give.
class SplitTask {
public:
  /// `entry` runs `task`.
  SplitTask(func::FuncOp task, func::FuncOp entry) : task(task), entry(entry) {}

  /// Finds the reads and what they need, and moves them out of loops. Fails
  /// where that is known only after the task has computed something.
  LogicalResult findReads(RewriterBase &rewriter) {
    SmallVector<Operation *> found;
    task.walk([&](Operation *op) {
      if (readsFrame(op))
        found.push_back(op);
    });
    for (Operation *op : found) {
      if (succeeded(addRead(op)))
        continue;
      auto buffer = dyn_cast<frame::BufferOp>(op);
      if (!buffer || failed(readWhole(rewriter, buffer)))
        return failure();
    }
    return success(!reads.empty());
  }

  /// Makes the body, a function that stands after the task.
  func::FuncOp makeBody(OpBuilder &builder) {
    findUses();
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfter(task);
    auto types = llvm::map_to_vector(
        operands, [](Value value) { return value.getType(); });
    auto body = func::FuncOp::create(builder, task.getLoc(),
                                     (task.getName() + ".body").str(),
                                     builder.getFunctionType(types, {}));
    body.setPrivate();
    Block *block = body.addEntryBlock();
    IRMapping mapping;
    mapping.map(operands.getArrayRef(), block->getArguments());
    builder.setInsertionPointToStart(block);
    for (Operation *constant : constants)
      builder.clone(*constant, mapping);
    for (Operation &op : getBlock())
      if (!isRead(&op))
        builder.clone(op, mapping);
    return body;
  }

  /// Leaves of the task its reads and a call of `body`.
  void callBody(OpBuilder &builder, func::FuncOp body) {
    Operation *end = getBlock().getTerminator();
    builder.setInsertionPoint(end);
    auto call = func::CallOp::create(builder, task.getLoc(), body,
                                     operands.getArrayRef());
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(getBlock())))
      if (&op != end && &op != call && !isRead(&op))
        op.erase();
  }

private:
  Block &getBlock() { return task.getBody().front(); }

  /// Whether `op` stays in the task. Constants are on both sides.
  bool isRead(Operation *op) {
    return reads.contains(op) || matchPattern(op, m_Constant());
  }

  /// Reads the whole of a worker's buffer, of which `part` becomes a view.
  /// Fails if its size follows from sizes of the run.
  LogicalResult readWhole(RewriterBase &rewriter, frame::BufferOp part) {
    frame::EntryAttr description = frame::EntryAttr::of(entry);
    uint64_t number = part.getNumber();
    if (part.getWorker() != task.getArgument(2) || !description ||
        number >= description.getBuffers().size() ||
        !cast<MemRefType>(part.getType()).getLayout().isIdentity())
      return failure();
    ArrayRef<int64_t> size = description.getBuffers()[number].getSize();
    std::optional<int64_t> bytes = fromProgram(fromCode(size)).getConstant();
    if (!bytes)
      return failure();
    Location loc = part.getLoc();
    rewriter.setInsertionPointToStart(&getBlock());
    auto whole = frame::BufferOp::create(
        rewriter, loc, MemRefType::get(*bytes, rewriter.getI8Type()),
        part.getFrame(), number, /*sizes=*/ValueRange(), part.getWorker());
    reads.insert(whole);
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    rewriter.setInsertionPoint(part);
    rewriter.replaceOpWithNewOp<memref::ViewOp>(part, part.getType(), whole,
                                                zero, part.getSizes());
    return success();
  }

  /// Adds `op` and what it is computed from, operands first.
  LogicalResult addRead(Operation *op) {
    if (reads.contains(op))
      return success();
    // What depends on the number of the task, or on that of a loop's step, is
    // the body's.
    if (!isPure(op) || op->getNumRegions() != 0)
      return failure();
    for (Value operand : op->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (producer ? failed(addRead(producer))
                   : operand == task.getArgument(1) ||
                         operand.getParentBlock() != &getBlock())
        return failure();
    }
    if (op->getBlock() != &getBlock())
      op->moveBefore(getBlock().findAncestorOpInBlock(*op));
    reads.insert(op);
    return success();
  }

  /// Finds what the body uses of the task's arguments, of what is read, and of
  /// constants, in the order of first use: where it is computed may differ.
  void findUses() {
    for (Operation &op : getBlock())
      if (!isRead(&op))
        op.walk<WalkOrder::PreOrder>([&](Operation *user) {
          for (Value operand : user->getOperands())
            addUse(operand);
        });
  }

  void addUse(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op && value.getParentBlock() == &getBlock())
      operands.insert(value);
    else if (op && op->getBlock() == &getBlock() &&
             matchPattern(op, m_Constant()))
      constants.insert(op);
    else if (op && reads.contains(op))
      operands.insert(value);
  }

  func::FuncOp task;
  func::FuncOp entry;
  /// In an order in which they can be computed.
  llvm::SetVector<Operation *> reads;
  llvm::SetVector<Value> operands;
  llvm::SetVector<Operation *> constants;
};

struct ShareTasksPass : perceiver::impl::ShareTasksPassBase<ShareTasksPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SymbolTable symbols(getOperation());
    /// Tasks with equal bodies, and the first one's body.
    struct Group {
      func::FuncOp body;
      SmallVector<SplitTask> tasks;
    };
    SmallVector<Group> groups;
    for (SplitTask &task : findTasks()) {
      if (failed(task.findReads(rewriter)))
        continue;
      func::FuncOp body = task.makeBody(rewriter);
      symbols.insert(body);
      auto equal = llvm::find_if(
          groups, [&](Group &group) { return areEqual(group.body, body); });
      if (equal == groups.end()) {
        groups.push_back({body, {std::move(task)}});
        continue;
      }
      equal->tasks.push_back(std::move(task));
      symbols.erase(body);
    }
    for (Group &group : groups) {
      if (group.tasks.size() == 1) {
        symbols.erase(group.body);
        continue;
      }
      for (SplitTask &task : group.tasks)
        task.callBody(rewriter, group.body);
    }
  }

private:
  /// What entries run, in the order of the module.
  SmallVector<SplitTask> findTasks() {
    DenseMap<StringAttr, func::FuncOp> entries;
    getOperation().walk([&](frame::RunTasksOp op) {
      entries[op.getCalleeAttr().getAttr()] =
          op->getParentOfType<func::FuncOp>();
    });
    SmallVector<SplitTask> tasks;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (func::FuncOp entry = entries.lookup(function.getSymNameAttr());
          entry && function.getBody().hasOneBlock())
        tasks.emplace_back(function, entry);
    return tasks;
  }

  static bool areEqual(func::FuncOp lhs, func::FuncOp rhs) {
    return lhs.getFunctionType() == rhs.getFunctionType() &&
           OperationEquivalence::isRegionEquivalentTo(
               &lhs.getBody(), &rhs.getBody(),
               OperationEquivalence::IgnoreLocations);
  }
};
} // namespace
