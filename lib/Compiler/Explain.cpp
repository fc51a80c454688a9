//===- Explain.cpp - What the compiler did, and why -----------------------===//
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

#include "dialect/PerceiverOps.h"
#include "lib/Artifact/SizeExpression.h"
#include "lib/Compiler/RemarkLog.h"
#include "lib/Tiling/Strategy.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InterleavedRange.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Figures
//===----------------------------------------------------------------------===//

/// "43.2 G" for 4.32e10, with a space behind.
static std::string scaled(double value) {
  const char *prefixes[] = {"", "k", "M", "G", "T"};
  size_t step = 0;
  for (; value >= 1000 && step < 4; ++step)
    value /= 1000;
  return llvm::formatv(step == 0 ? "{0:F0} {1}" : "{0:F2} {1}", value,
                       prefixes[step]);
}

/// "batch * 43.2 GFLOP".
static std::string describe(const SizePolynomial &figure,
                            ArrayRef<std::string> names, const char *unit) {
  if (!figure.isKnown())
    return std::string("unknown ") + unit;
  if (figure.isZero())
    return std::string("0 ") + unit;
  std::string text;
  for (const auto &[sizes, factor] : figure.getTerms()) {
    text += text.empty() ? "" : " + ";
    for (unsigned size : sizes)
      text += names[size] + " * ";
    text += scaled(static_cast<double>(factor)) + unit;
  }
  return text;
}

static std::string describe(const SizeProgram &program,
                            const std::vector<std::string> &names) {
  using ::perceiver::SizeExpression;
  using Op = SizeExpression::Op;
  static_assert(int(Op::Constant) == PERCEIVER_SIZE_CONSTANT &&
                int(Op::Size) == PERCEIVER_SIZE_SYMBOL &&
                int(Op::Add) == PERCEIVER_SIZE_ADD &&
                int(Op::Mul) == PERCEIVER_SIZE_MUL &&
                int(Op::FloorDiv) == PERCEIVER_SIZE_FLOORDIV &&
                int(Op::CeilDiv) == PERCEIVER_SIZE_CEILDIV &&
                int(Op::Mod) == PERCEIVER_SIZE_MOD &&
                int(Op::Min) == PERCEIVER_SIZE_MIN &&
                int(Op::Max) == PERCEIVER_SIZE_MAX);
  SizeExpression expression;
  for (const perceiver_size_instruction &step : program)
    expression.push(static_cast<Op>(step.opcode), step.value);
  return expression.isValid(names.size()) ? expression.str(names) : "unknown";
}

static std::string describeShape(Value value, const EntrySizes &sizes,
                                 ArrayRef<std::string> names) {
  std::string text;
  auto type = cast<RankedTensorType>(value.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    SizePolynomial size = sizes.getSize(value, dim);
    text += dim ? " x " : "";
    if (!type.isDynamicDim(dim))
      text += std::to_string(type.getDimSize(dim));
    else if (size.getTerms().size() == 1 &&
             size.getTerms().begin()->second == 1 &&
             size.getTerms().begin()->first.size() == 1)
      text += names[size.getTerms().begin()->first.front()];
    else
      text += "?";
  }
  return text;
}

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

/// What was chosen for `op`, and why.
static std::string describeStrategy(Operation *op, const TileTarget &target) {
  auto tiling = op->getAttrOfType<TilingAttr>(kTilingAttrName);
  if (!tiling)
    return "not cut into tasks";
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "task = [" << llvm::interleaved(tiling.getTask()) << "]";
  if (tiling.getInner())
    for (Attribute level : tiling.getInner())
      os << ", inner = ["
         << llvm::interleaved(cast<DenseI64ArrayAttr>(level).asArrayRef())
         << "]";
  std::optional<Strategy> choice = chooseStrategy(op, target);
  if (choice && choice->tiling == tiling)
    os << "; " << choice->reason;
  else
    os << "; as the IR says, not the cost model";
  auto linear = dyn_cast<LinearOp>(op);
  if (linear && linear.isPacked())
    os << "; weight in panels of " << linear.getPanels()->getColumns()
       << " columns, " << linear.getPanels()->getLanes() << " lanes";
  return text;
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
      if (!isa<PerceiverDialect>(op->getDialect()) || op->getNumResults() == 0)
        return;
      ExplainedOperation explained;
      explained.place = describePlace(op.getLoc());
      explained.name = op->getName().stripDialect().str();
      explained.shape = describeShape(op->getResult(0), sizes, entry.sizeNames);
      if (auto attention = dyn_cast<OnlineAttentionOp>(op.getOperation()))
        explained.shape =
            describeShape(attention.getQuery(), sizes, entry.sizeNames) +
            " queries, " +
            describeShape(attention.getKey(), sizes, entry.sizeNames) +
            " keys, " + std::to_string(attention.getHeads()) + " heads";
      explained.strategy = describeStrategy(op, target);
      explained.times = getExecutionCount(op);
      explained.cost = getOperationCost(op, sizes);
      entry.operations.push_back(std::move(explained));
    });
  }
}

void Explanation::addPhases(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>()) {
    auto entry = entries.find(func.getName().str());
    if (entry == entries.end())
      continue;
    func.walk([&](scf::ForallOp phase) {
      SmallVector<std::string> names;
      phase.walk<WalkOrder::PreOrder>([&](DestinationStyleOpInterface op) {
        if (isa<PerceiverDialect>(op->getDialect()))
          names.push_back(op->getName().stripDialect().str() + " (" +
                          describePlace(op.getLoc()) + ")");
      });
      entry->second.phases.push_back(llvm::join(names, ", "));
    });
  }
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

void Explanation::printOperations(const ExplainedEntry &explained,
                                  raw_ostream &os) const {
  ArrayRef<std::string> names = explained.sizeNames;
  std::vector<int64_t> ones(names.size(), 1);
  SizePolynomial executed;
  for (const ExplainedOperation &op : explained.operations)
    executed += op.cost.flops * op.times;
  os << "  executed: " << describe(executed, names, "FLOP") << "\n";
  os << "  operations (figures of one execution; FLOP/byte at "
     << (names.empty() ? "all sizes" : "dynamic sizes of 1") << ")\n";
  for (const ExplainedOperation &op : explained.operations) {
    os << "    " << op.place << ": " << op.name << " " << op.shape;
    if (!(op.times == SizePolynomial(1)))
      os << ", " << describe(op.times, names, "times in a loop");
    os << "\n      " << op.strategy << "\n      "
       << describe(op.cost.flops, names, "FLOP") << ", weights "
       << describe(op.cost.weightBytes, names, "B") << ", activations "
       << describe(op.cost.activationBytes, names, "B");
    SizePolynomial bytes = op.cost.weightBytes + op.cost.activationBytes;
    if (op.cost.flops.isKnown() && bytes.isKnown() && !bytes.isZero())
      os << llvm::formatv(", {0:F1} FLOP/byte",
                          op.cost.flops.evaluate(ones) / bytes.evaluate(ones));
    os << "\n";
  }
}

/// The bytes that the runtime asks for, with dynamic sizes of 1.
static std::optional<size_t> getWorkspace(const EntryDescription &entry,
                                          int32_t workers) {
  std::vector<perceiver_buffer> buffers;
  buffers.reserve(entry.buffers.size());
  for (const BufferDescription &buffer : entry.buffers)
    buffers.push_back({buffer.size.data(),
                       static_cast<int32_t>(buffer.size.size()), buffer.first,
                       buffer.last, buffer.perWorker});
  perceiver_entry plan = {};
  plan.name = entry.name.c_str();
  plan.buffers = buffers.data();
  plan.buffer_count = static_cast<int32_t>(buffers.size());
  std::vector<perceiver_symbol> symbols;
  symbols.reserve(entry.sizes.size());
  for (const SizeDescription &size : entry.sizes)
    symbols.push_back({size.name.c_str(), size.minimum, size.maximum});
  plan.symbols = symbols.data();
  plan.symbol_count = static_cast<int32_t>(symbols.size());
  perceiver_artifact artifact = {};
  artifact.entries = &plan;
  artifact.entry_count = 1;
  std::vector<int64_t> sizes(symbols.size(), 1);
  size_t bytes = 0;
  if (perceiver_rt_workspace_size(&artifact, /*entry_index=*/0, sizes.data(),
                                  workers, &bytes) != PERCEIVER_OK)
    return std::nullopt;
  return bytes;
}

void Explanation::printEntry(const EntryDescription &entry,
                             raw_ostream &os) const {
  std::vector<std::string> names;
  names.reserve(entry.sizes.size());
  for (const SizeDescription &size : entry.sizes)
    names.push_back(size.name);
  os << "entry " << entry.name << "\n  dense work: "
     << (entry.flop.empty() ? "unknown" : describe(entry.flop, names))
     << " FLOP\n";
  auto found = entries.find(entry.name);
  if (found != entries.end())
    printOperations(found->second, os);
  os << "  phases (" << entry.phases.size() << ")\n";
  for (auto [number, phase] : llvm::enumerate(entry.phases)) {
    os << "    " << phase.name << ": " << describe(phase.tasks, names)
       << " tasks";
    // Stages after `tile` keep the order of the phases.
    if (found != entries.end() &&
        found->second.phases.size() == entry.phases.size())
      os << ": " << found->second.phases[number];
    os << "\n";
  }
  os << "  buffers (" << entry.buffers.size() << ")\n";
  for (const BufferDescription &buffer : entry.buffers)
    os << "    " << buffer.name << ": " << describe(buffer.size, names)
       << " bytes" << (buffer.perWorker ? " for each thread" : "")
       << ", live from step " << buffer.first << " to " << buffer.last << "\n";
  for (int32_t threads : {1, 2})
    if (std::optional<size_t> bytes = getWorkspace(entry, threads))
      os << "  workspace with " << threads
         << (threads == 1 ? " thread" : " threads")
         << (names.empty() ? "" : " and dynamic sizes of 1") << ": " << *bytes
         << " bytes\n";
}

void Explanation::print(const ArtifactDescription &artifact,
                        ArrayRef<std::string> remarks, raw_ostream &os) const {
  os << "model " << artifact.model << " for " << artifact.target.cpu << ": "
     << target.lanes << " lanes, " << target.registers << " registers, "
     << target.tasks << " tasks wanted of a batch entry\n";
  for (const EntryDescription &entry : artifact.entries)
    printEntry(entry, os);
  // An earlier compilation may have rewritten, and this gone on from there.
  std::vector<std::string> lines = artifact.fusionLog;
  for (const std::string &remark : remarks)
    if (!llvm::is_contained(lines, remark))
      lines.push_back(remark);
  os << "rewrites (" << lines.size() << ")\n";
  for (const std::string &line : lines)
    os << "    " << line << "\n";
}
