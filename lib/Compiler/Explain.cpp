//===- Explain.cpp - What became of operations and buffers ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Tools/perceiver-compile-explain.test.
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/Explain.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Frame/FrameOps.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/Execution/Passes.h"
#include "lib/Transforms/RewriteLog.h"

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/InterleavedRange.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

static std::string nameWithPlace(StringRef name, StringRef place) {
  return place.empty() ? name.str() : (name + " (" + place + ")").str();
}

std::string ExplainedOperation::describe() const {
  return nameWithPlace(name, place);
}

static std::string nameOf(Operation *op) {
  return op->getName().stripDialect().str();
}

static std::string describeShape(Value value, const EntrySizes &sizes,
                                 ArrayRef<std::string> names) {
  std::string text;
  auto type = cast<RankedTensorType>(value.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    SizeExpr size = sizes.getSize(value, dim);
    text += dim ? " x " : "";
    if (!type.isDynamicDim(dim))
      text += std::to_string(type.getDimSize(dim));
    else if (std::optional<unsigned> number = size.getSize())
      text += names[*number];
    else
      text += size.isKnown() ? "(" + size.str(names) + ")" : "?";
  }
  return text;
}

static std::string describeShape(Operation *op, const EntrySizes &sizes,
                                 ArrayRef<std::string> names) {
  auto attention = dyn_cast<block::OnlineAttentionOp>(op);
  if (!attention)
    return describeShape(op->getResult(0), sizes, names);
  return describeShape(attention.getQuery(), sizes, names) + " queries, " +
         describeShape(attention.getKey(), sizes, names) + " keys, " +
         std::to_string(attention.getHeads()) +
         (attention.getHeads() == 1 ? " head" : " heads") +
         (attention.getKvHeads()
              ? ", " + std::to_string(attention.getKeyHeads()) + " of keys"
              : "");
}

/// The task that was chosen for `op`, and why.
static std::string describeTask(Operation *op, TilingAttr tiling,
                                const Backend &backend,
                                TargetAttrInterface target) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "task = [" << llvm::interleaved(tiling.getTask()) << "]";
  if (tiling.getKeySplit() != 0)
    os << ", key_split = " << tiling.getKeySplit();
  std::string reason = backend.explainTiling(op, target);
  os << "; "
     << (reason.empty() ? "as the IR says, not the cost model" : reason);
  return text;
}

/// Inner tiles and panels.
static std::string describeDetails(Operation *op, TilingAttr tiling) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (tiling && tiling.getInner())
    for (Attribute level : tiling.getInner())
      os << "; inner = ["
         << llvm::interleaved(cast<DenseI64ArrayAttr>(level).asArrayRef())
         << "]";
  auto layer = dyn_cast<PackableOpInterface>(op);
  if (layer && layer.getLayoutAttr())
    os << "; weight in " << layer.getLayoutAttr().describe();
  return text;
}

/// Let `op`, and what passes make of it, be known by `number`.
static void setNumber(Operation *op, size_t number) {
  MLIRContext *context = op->getContext();
  Attribute key = IntegerAttr::get(IndexType::get(context), number);
  op->setLoc(FusedLoc::get(context, {op->getLoc()}, key));
}

/// The number of what `op` was made of.
static std::optional<size_t> getNumber(Operation *op) {
  std::optional<size_t> number;
  op->getLoc()->walk([&](Location loc) {
    auto fused = dyn_cast<FusedLoc>(loc);
    auto key = fused ? dyn_cast_or_null<IntegerAttr>(fused.getMetadata())
                     : IntegerAttr();
    if (!key || !key.getType().isIndex())
      return WalkResult::advance();
    number = key.getInt();
    return WalkResult::interrupt();
  });
  return number;
}

void Explanation::addOperations(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>()) {
    if (!func->hasAttr(kEntryAttrName))
      continue;
    ExplainedEntry &entry = entries[func.getName().str()];
    EntrySizes sizes(func);
    for (StringRef name : sizes.getNames())
      entry.sizeNames.push_back(name.str());
    func.walk<WalkOrder::PreOrder>([&](DestinationStyleOpInterface op) {
      if (!isBlockLevel(op) || op->getNumResults() == 0)
        return;
      auto tiling = op->getAttrOfType<TilingAttr>(kTilingAttrName);
      ExplainedOperation explained;
      explained.place = describePlace(op.getLoc());
      explained.name = nameOf(op);
      explained.shape = describeShape(op, sizes, entry.sizeNames);
      if (tiling)
        explained.strategy = describeTask(op, tiling, backend, target);
      explained.details = describeDetails(op, tiling);
      explained.times = getExecutionCount(op, sizes);
      explained.cost = getOperationCost(op, sizes);
      setNumber(op, entry.operations.size());
      entry.operations.push_back(std::move(explained));
    });
  }
}

//===----------------------------------------------------------------------===//
// Phases
//===----------------------------------------------------------------------===//

/// "layer_norm, linear (model.mlir:7), linear (model.mlir:8)": a place is named
/// once for neighbours.
static std::string listOperations(ArrayRef<Operation *> ops) {
  std::string text, place;
  for (auto [i, op] : llvm::enumerate(ops)) {
    place = describePlace(op->getLoc());
    text += (i ? ", " : "") + nameOf(op);
    bool isLast =
        i + 1 == ops.size() || describePlace(ops[i + 1]->getLoc()) != place;
    if (isLast && !place.empty())
      text += " (" + place + ")";
  }
  return text;
}

void Explanation::addPhases(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>()) {
    auto found = entries.find(func.getName().str());
    if (found == entries.end())
      continue;
    ExplainedEntry &entry = found->second;
    EntrySizes sizes(func);
    auto find = [&](Operation *op) -> ExplainedOperation * {
      std::optional<size_t> number = getNumber(op);
      return number && *number < entry.operations.size()
                 ? &entry.operations[*number]
                 : nullptr;
    };
    func.walk<WalkOrder::PreOrder>([&](Operation *op) {
      auto phase = dyn_cast<scf::ForallOp>(op);
      if (!phase) {
        ExplainedOperation *explained = find(op);
        if (explained && isa<DestinationStyleOpInterface>(op) &&
            nameOf(op) == explained->name)
          explained->isOnCallingThread = true;
        return WalkResult::advance();
      }
      SmallVector<Operation *> ops;
      phase.walk<WalkOrder::PreOrder>([&](DestinationStyleOpInterface op) {
        if (isBlockLevel(op))
          ops.push_back(op);
      });
      size_t number = entry.phases.size();
      for (Operation *inner : ops) {
        ExplainedOperation *explained = find(inner);
        if (!explained || nameOf(inner) != explained->name)
          continue;
        if (inner == ops.back())
          explained->ownPhase = number;
        else if (!llvm::is_contained(explained->fusedInto, number))
          explained->fusedInto.push_back(number);
      }
      std::string last;
      if (!ops.empty())
        last = nameWithPlace(nameOf(ops.back()),
                             describePlace(ops.back()->getLoc()));
      entry.phases.push_back(
          {getExecutionCount(phase, sizes), listOperations(ops), last});
      return WalkResult::skip();
    });
  }
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

namespace {
/// The operations of an entry that use each of its buffers.
class BufferUses {
public:
  BufferUses(ModuleOp module, func::FuncOp func, const ExplainedEntry &entry)
      : entry(entry), views(func) {
    func.walk<WalkOrder::PreOrder>([&](Operation *op) {
      order[op] = order.size();
      if (auto tasks = dyn_cast<frame::RunTasksOp>(op))
        addPhase(module, tasks);
      else if (isa<frame::LaunchOp>(op))
        phases[op] = phases.size();
      else if (auto buffer = dyn_cast<frame::BufferOp>(op))
        buffers.push_back(buffer);
    });
    // With all operations numbered.
    for (frame::BufferOp buffer : buffers)
      for (Value view : views.resolve(buffer.getResult()))
        for (Operation *user : view.getUsers())
          if (!isa<ViewLikeOpInterface, frame::BufferOp>(user))
            uses[buffer.getNumber()].push_back(user);
  }

  ExplainedBuffer get(int64_t number) const {
    auto found = uses.find(number);
    if (found == uses.end())
      return {};
    auto before = [&](Operation *lhs, Operation *rhs) {
      return order.lookup(lhs) < order.lookup(rhs);
    };
    auto [first, last] =
        std::minmax_element(found->second.begin(), found->second.end(), before);
    return {describe(*first), describe(*last)};
  }

private:
  void addPhase(ModuleOp module, frame::RunTasksOp tasks) {
    size_t number = phases.size();
    phases[tasks] = number;
    auto body = module.lookupSymbol<func::FuncOp>(tasks.getCallee());
    if (!body)
      return;
    body.walk([&](frame::BufferOp buffer) {
      uses[buffer.getNumber()].push_back(tasks);
    });
  }

  std::string describe(Operation *user) const {
    std::string place = describePlace(user->getLoc());
    if (isa<frame::CopyOp>(user))
      return nameWithPlace("a copy", place);
    if (!phases.contains(user))
      return nameWithPlace("the calling thread", place);
    size_t number = phases.lookup(user);
    std::string text = "phase " + std::to_string(number);
    if (number < entry.phases.size())
      return text + ": " + entry.phases[number].last;
    return nameWithPlace(text, place);
  }

  const ExplainedEntry &entry;
  BufferViewFlowAnalysis views;
  DenseMap<Operation *, size_t> order, phases;
  SmallVector<frame::BufferOp> buffers;
  std::map<int64_t, SmallVector<Operation *>> uses;
};
} // namespace

void Explanation::addBuffers(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>()) {
    auto frame = frame::EntryAttr::of(func);
    if (!frame || !frame.getPlanned())
      continue;
    ExplainedEntry &entry = entries[func.getName().str()];
    BufferUses uses(module, func, entry);
    for (size_t number = 0; number < frame.getBuffers().size(); ++number)
      entry.buffers.push_back(uses.get(number));
  }
}
