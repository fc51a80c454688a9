//===- PrintExplanation.cpp - A report, part by part ----------------------===//
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

#include "lib/Analysis/SizeProgram.h"
#include "lib/Artifact/ElementTypes.h"
#include "lib/Compiler/Explain.h"
#include "lib/Compiler/ExplainFigures.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

static constexpr ExplainPart kParts[] = {
    {"summary", "what each entry costs; the default"},
    {"operations", "each operation's task and why, FLOPs and bytes"},
    {"phases", "which operations run at the same time"},
    {"buffers", "the workspace: sizes, and from where to where they live"},
    {"kernels",
     "of a GPU: blocks, threads, registers, and how often each runs"},
    {"fusion", "what was rewritten, and what not and why"},
    {"weights", "what is in the weight file"},
};

ArrayRef<ExplainPart> perceiver::getExplainParts() { return kParts; }

/// Whether `parts`, a list with commas, asks for the part `name`.
static bool asksFor(StringRef parts, StringRef name) {
  if (parts.empty())
    return name == "summary";
  SmallVector<StringRef> words;
  llvm::SplitString(parts, words, ",");
  return llvm::is_contained(words, "all") || llvm::is_contained(words, name);
}

LogicalResult perceiver::verifyExplainParts(Location loc, StringRef parts) {
  SmallVector<StringRef> words;
  parts.split(words, ',');
  for (StringRef word : words) {
    if (parts.empty() || word == "all" ||
        llvm::any_of(
            kParts, [&](const ExplainPart &part) { return word == part.name; }))
      continue;
    InFlightDiagnostic error = emitError(loc) << "expected parts of a report: ";
    for (const ExplainPart &part : kParts)
      error << part.name << ", ";
    return error << "all, but got '" << word << "'";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Summary
//===----------------------------------------------------------------------===//

static std::vector<std::string> getSizeNames(const EntryDescription &entry) {
  std::vector<std::string> names;
  names.reserve(entry.sizes.size());
  for (const SizeDescription &size : entry.sizes)
    names.push_back(size.name);
  return names;
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

static std::string formatBytes(std::optional<size_t> bytes) {
  return bytes ? std::to_string(*bytes) : "?";
}

/// FLOPs of all operations of an entry.
static SizeExpr countExecuted(const ExplainedEntry &entry) {
  SizeExpr executed;
  for (const ExplainedOperation &op : entry.operations)
    executed += op.cost.flops * op.times;
  return executed;
}

static void printSummary(const ArtifactDescription &artifact,
                         const std::map<std::string, ExplainedEntry> &entries,
                         size_t rewrites, raw_ostream &os) {
  FigureUnit flops("FLOP");
  for (const EntryDescription &entry : artifact.entries)
    flops.add(fromProgram(entry.flop));
  for (const auto &[name, entry] : entries)
    flops.add(countExecuted(entry));
  TextTable table({"entry", ">operations", ">phases", ">buffers",
                   ">workspace bytes", ">dense " + flops.getName(),
                   ">executed " + flops.getName()});
  for (const EntryDescription &entry : artifact.entries) {
    std::vector<std::string> names = getSizeNames(entry);
    auto found = entries.find(entry.name);
    bool isKnown = found != entries.end() && !found->second.operations.empty();
    table.addRow(
        {entry.name,
         isKnown ? std::to_string(found->second.operations.size()) : "?",
         std::to_string(entry.phases.size()),
         std::to_string(entry.buffers.size()),
         formatBytes(getWorkspace(entry, /*workers=*/1)),
         flops.format(fromProgram(entry.flop), names),
         isKnown ? flops.format(countExecuted(found->second), names) : "?"});
  }
  table.print(os);
  os << "  dense: by the formulas of the model; executed: what the operations "
        "do\n"
     << "  workspace: with one thread and dynamic sizes of 1\n"
     << "  weights: " << artifact.weights.size() << " tensors, "
     << artifact.weightsBytes << " bytes; rewrites: " << rewrites << "\n"
     << "  more:";
  for (const ExplainPart &part : llvm::drop_begin(getExplainParts()))
    os << " " << part.name << ",";
  os << " all (--explain=PART,PART)\n";
}

//===----------------------------------------------------------------------===//
// Strategy
//===----------------------------------------------------------------------===//

/// Where an operation runs.
static std::string describeStrategy(const ExplainedOperation &op,
                                    const ExplainedEntry &entry) {
  std::string text;
  if (op.ownPhase)
    text = "phase " + std::to_string(*op.ownPhase) + ": " + op.strategy;
  for (size_t phase : op.fusedInto)
    text += (text.empty() ? "fused into the tasks of phase "
                          : ", and into those of phase ") +
            std::to_string(phase) + ": " + entry.phases[phase].last;
  if (op.isOnCallingThread)
    text += (text.empty() ? "" : "; ") +
            std::string("whole, on the calling thread");
  // From a stage after which nobody knows any more.
  if (text.empty())
    text = op.strategy.empty() ? "in a task already" : op.strategy;
  return text + op.details;
}

static std::string formatIntensity(const OperationCost &cost,
                                   size_t sizeCount) {
  std::vector<int64_t> ones(sizeCount, 1);
  SizeExpr bytes = cost.weightBytes + cost.activationBytes;
  std::optional<double> work = evaluateFigure(cost.flops, ones);
  std::optional<double> moved = evaluateFigure(bytes, ones);
  if (!work || !moved || *work == 0 || *moved == 0)
    return "-";
  return llvm::formatv("{0:F1}", *work / *moved);
}

static void printStrategy(StringRef name, const ExplainedEntry &entry,
                          raw_ostream &os) {
  if (entry.operations.empty()) {
    os << "operations of entry " << name
       << ": ask a compilation that starts at the stage 'tile' or before\n";
    return;
  }
  FigureUnit flops("FLOP"), bytes("B");
  for (const ExplainedOperation &op : entry.operations) {
    flops.add(op.cost.flops);
    bytes.add(op.cost.weightBytes);
    bytes.add(op.cost.activationBytes);
  }
  ArrayRef<std::string> names = entry.sizeNames;
  os << "operations of entry " << name << " (figures of one execution)\n";
  TextTable table({"line", "operation", ">times", ">" + flops.getName(),
                   ">weights " + bytes.getName(),
                   ">activations " + bytes.getName(), ">FLOP/B"});
  for (const ExplainedOperation &op : entry.operations) {
    table.addRow(
        {op.place, op.name + " " + op.shape, op.times.str(names),
         op.cost.flops.isZero() ? "-" : flops.format(op.cost.flops, names),
         bytes.format(op.cost.weightBytes, names),
         bytes.format(op.cost.activationBytes, names),
         formatIntensity(op.cost, names.size())});
    table.addNote(describeStrategy(op, entry));
  }
  table.print(os);
  os << "  -: no product of matrices, and only those are counted"
     << (names.empty() ? "" : "; FLOP/B: at dynamic sizes of 1") << "\n";
}

//===----------------------------------------------------------------------===//
// Phases and buffers
//===----------------------------------------------------------------------===//

static void printPhases(const EntryDescription &entry,
                        const ExplainedEntry &explained, raw_ostream &os) {
  std::vector<std::string> names = getSizeNames(entry);
  os << "phases of entry " << entry.name << "\n";
  TextTable table({">phase", ">times", ">tasks", "operations"});
  // Stages after `tile` keep the order of the phases.
  bool isKnown = explained.phases.size() == entry.phases.size();
  for (auto [number, phase] : llvm::enumerate(entry.phases))
    table.addRow({std::to_string(number),
                  isKnown ? explained.phases[number].times.str(names) : "?",
                  fromProgram(phase.tasks).str(names),
                  isKnown ? explained.phases[number].operations : "?"});
  table.print(os);
}

static void printBuffers(const EntryDescription &entry,
                         const ExplainedEntry &explained, bool onDevice,
                         raw_ostream &os) {
  std::vector<std::string> names = getSizeNames(entry);
  os << "buffers of entry " << entry.name << "\n";
  TextTable table({"buffer", ">bytes", "first used by", "last used by"});
  for (auto [number, buffer] : llvm::enumerate(entry.buffers)) {
    ExplainedBuffer use;
    if (number < explained.buffers.size())
      use = explained.buffers[number];
    std::string size = fromProgram(buffer.size).str(names);
    table.addRow({buffer.name,
                  buffer.perWorker ? size + " for each thread" : size, use.from,
                  use.to == use.from ? "the same" : use.to});
  }
  table.print(os);
  if (onDevice) {
    os << "  workspace" << (names.empty() ? "" : " with dynamic sizes of 1")
       << ": " << formatBytes(getWorkspace(entry, /*workers=*/1)) << " bytes\n";
    return;
  }
  for (int32_t threads : {1, 2})
    os << "  workspace with " << threads
       << (threads == 1 ? " thread" : " threads")
       << (names.empty() ? "" : " and dynamic sizes of 1") << ": "
       << formatBytes(getWorkspace(entry, threads)) << " bytes\n";
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

namespace {
/// Where a kernel is launched first.
struct KernelUse {
  std::string blocks;
  /// The operation and its task.
  std::string operation;
};
} // namespace

static KernelUse findUse(StringRef kernel, const ArtifactDescription &artifact,
                         const std::map<std::string, ExplainedEntry> &entries) {
  for (const EntryDescription &entry : artifact.entries)
    for (auto [number, phase] : llvm::enumerate(entry.phases)) {
      if (phase.name != kernel)
        continue;
      KernelUse use = {fromProgram(phase.tasks).str(getSizeNames(entry)), ""};
      auto explained = entries.find(entry.name);
      if (explained == entries.end())
        return use;
      for (const ExplainedOperation &op : explained->second.operations)
        if (op.ownPhase == number)
          use.operation = op.describe() + ": " + op.strategy + op.details;
      return use;
    }
  return {};
}

/// "128, 24 B spilled"; "-" for PTX, which has no registers yet.
static std::string formatRegisters(const KernelFigures &figures) {
  if (figures.registers < 0)
    return "-";
  std::string text = std::to_string(figures.registers);
  if (figures.spillBytes > 0)
    text += ", " + std::to_string(figures.spillBytes) + " B spilled";
  return text;
}

static void printKernels(const ArtifactDescription &artifact,
                         const std::map<std::string, ExplainedEntry> &entries,
                         raw_ostream &os) {
  if (artifact.images.empty()) {
    os << "kernels (" << artifact.kernels.size()
       << "): ask a compilation to code for GPUs\n";
    return;
  }
  std::vector<std::string> columns = {"kernel", ">launches", ">blocks",
                                      ">threads", ">shared bytes"};
  for (const ImageDescription &image : artifact.images)
    if (image.kind == PERCEIVER_IMAGE_CUBIN)
      columns.push_back(">registers, sm_" + std::to_string(image.arch));
  os << "kernels (" << artifact.kernels.size() << ")\n";
  TextTable table(columns);
  for (auto [number, kernel] : llvm::enumerate(artifact.kernels)) {
    const KernelFigures &figures = artifact.images.front().kernels[number];
    KernelUse use = findUse(kernel.name, artifact, entries);
    std::vector<std::string> row = {
        kernel.name, kernel.launches ? std::to_string(kernel.launches) : "?",
        use.blocks, std::to_string(figures.threads),
        std::to_string(figures.sharedBytes)};
    for (const ImageDescription &image : artifact.images)
      if (image.kind == PERCEIVER_IMAGE_CUBIN)
        row.push_back(formatRegisters(image.kernels[number]));
    table.addRow(row);
    if (!use.operation.empty())
      table.addNote(use.operation);
  }
  table.print(os);
  os << "  launches: of all entries together; blocks: of the first launch\n";
}

//===----------------------------------------------------------------------===//
// Rewrites and weights
//===----------------------------------------------------------------------===//

static void printWeights(const ArtifactDescription &artifact, raw_ostream &os) {
  os << "weights (" << artifact.weightsBytes << " bytes)\n";
  TextTable table({"weight", "type", ">bytes", "layout"});
  for (const WeightDescription &weight : artifact.weights) {
    std::string type;
    for (int64_t size : weight.shape)
      type += std::to_string(size) + " x ";
    table.addRow({weight.name, type + dtypeName(weight.dtype).str(),
                  std::to_string(weight.bytes), weight.layout});
  }
  table.print(os);
}

void Explanation::print(const ArtifactDescription &artifact,
                        ArrayRef<std::string> remarks, StringRef parts,
                        raw_ostream &os) const {
  // An earlier compilation may have rewritten, and this gone on from there.
  std::vector<std::string> rewrites = artifact.fusionLog;
  for (const std::string &remark : remarks)
    if (!llvm::is_contained(rewrites, remark))
      rewrites.push_back(remark);
  os << "model " << artifact.model << " for " << target.getProcessor() << ": "
     << backend.describeTarget(target) << "\n";
  if (asksFor(parts, "summary"))
    printSummary(artifact, entries, rewrites.size(), os);
  for (const EntryDescription &entry : artifact.entries) {
    auto found = entries.find(entry.name);
    ExplainedEntry none;
    const ExplainedEntry &explained =
        found == entries.end() ? none : found->second;
    if (asksFor(parts, "operations"))
      printStrategy(entry.name, explained, os);
    if (asksFor(parts, "phases"))
      printPhases(entry, explained, os);
    if (asksFor(parts, "buffers"))
      printBuffers(entry, explained, artifact.kind == PERCEIVER_KIND_CUDA, os);
  }
  if (asksFor(parts, "kernels"))
    printKernels(artifact, entries, os);
  if (asksFor(parts, "fusion")) {
    os << "rewrites (" << rewrites.size() << ")\n";
    for (const std::string &line : rewrites)
      os << "  " << line << "\n";
  }
  if (asksFor(parts, "weights"))
    printWeights(artifact, os);
}
