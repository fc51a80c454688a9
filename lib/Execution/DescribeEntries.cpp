//===- DescribeEntries.cpp - Entries of an artefact, from the IR ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/DescribeEntries.h"

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Frame/FrameOps.h"
#include "dialect/PhaseAttributeNames.h"
#include "lib/Analysis/SizeConversion.h"
#include "lib/Analysis/SizeProgram.h"
#include "lib/Artifact/ElementTypes.h"
#include "lib/Execution/FrameSizes.h"
#include "lib/Execution/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace mlir::perceiver;

StringRef perceiver::getModelName(ModuleOp module) {
  auto name = module->getAttrOfType<StringAttr>(kModelAttrName);
  return name ? name.getValue() : "model";
}

static FailureOr<ArgumentDescription>
describeArgument(func::FuncOp entry, frame::ArgumentAttr attribute) {
  RankedTensorType type = attribute.getType();
  std::optional<perceiver_dtype> dtype = toDType(type.getElementType());
  if (!dtype)
    return entry.emitError("expected arguments of a type that C programs can "
                           "pass, but got elements of ")
           << type.getElementType();
  ArgumentDescription argument;
  argument.name = attribute.getName().str();
  argument.isOutput = attribute.getOutput();
  argument.dtype = *dtype;
  const int64_t *number = attribute.getSizes().begin();
  for (int64_t size : type.getShape())
    argument.shape.push_back(
        ShapedType::isDynamic(size) ? symbolicDimension(*number++) : size);
  for (StringAttr alias : attribute.getAliases())
    argument.aliases.push_back(alias.str());
  if (ArrayRef<int64_t> bounds = attribute.getBounds(); !bounds.empty())
    argument.bounds = {bounds[0], bounds[1]};
  if (BoolAttr value = attribute.getDefaultValue())
    argument.defaultValue = value.getValue();
  return argument;
}

/// The sizes of an entry, by their numbers.
static SmallVector<SizeExpr> getSizes(frame::EntryAttr frame) {
  SmallVector<SizeExpr> sizes;
  for (size_t number = 0; number < frame.getSizes().size(); ++number)
    sizes.push_back(frame.isOffset(number) ? SizeExpr::offset(number)
                                           : SizeExpr::size(number));
  return sizes;
}

/// A program of sizes. Reports an error if it is too long for one.
static FailureOr<SizeProgram> describeSize(func::FuncOp entry, AffineExpr expr,
                                           ArrayRef<SizeExpr> sizes) {
  std::optional<SizeProgram> program =
      toProgram(fromAffine(expr, /*dims=*/{}, sizes));
  if (program)
    return *program;
  std::string text;
  llvm::raw_string_ostream(text) << expr;
  return entry.emitError("expected sizes of 64 bits, but got ") << text;
}

static LogicalResult describeSizes(func::FuncOp entry, frame::EntryAttr frame,
                                   EntryDescription &description) {
  std::vector<std::string> names;
  for (auto [number, name] : llvm::enumerate(frame.getSizes())) {
    SizeDescription size;
    size.name = name.str();
    size.minimum = frame.isOffset(number) ? 0 : 1;
    description.sizes.push_back(size);
    names.push_back(size.name);
  }
  SmallVector<SizeExpr> sizes = getSizes(frame);
  for (AffineMapAttr map : frame.getDerived()) {
    AffineExpr expr = map.getValue().getResult(0);
    FailureOr<SizeProgram> value = describeSize(entry, expr, sizes);
    if (failed(value))
      return failure();
    description.derived.push_back(
        {fromAffine(expr, /*dims=*/{}, sizes).str(names), *value});
  }
  if (!frame.getConditions())
    return success();
  for (NamedAttribute condition : frame.getConditions()) {
    AffineMap map = cast<AffineMapAttr>(condition.getValue()).getValue();
    for (AffineExpr constraint : map.getResults()) {
      FailureOr<SizeProgram> value = describeSize(entry, constraint, sizes);
      if (failed(value))
        return failure();
      description.conditions.push_back({condition.getName().str(), *value});
    }
  }
  return success();
}

static BufferDescription describeBuffer(frame::BufferAttr attribute,
                                        size_t number) {
  BufferDescription buffer;
  buffer.name = "buffer_" + std::to_string(number);
  buffer.size = fromCode(attribute.getSize());
  buffer.first = static_cast<int32_t>(attribute.getFirst());
  buffer.last = static_cast<int32_t>(attribute.getLast());
  buffer.perWorker = attribute.getPerWorker();
  return buffer;
}

FailureOr<EntryDescription> perceiver::describeFrame(func::FuncOp entry) {
  auto frame = frame::EntryAttr::of(entry);
  if (!frame)
    return entry.emitError("expected an entry with a signature; is "
                           "perceiver-lower-entries missing?");
  EntryDescription description;
  description.name = entry.getName().str();
  if (failed(describeSizes(entry, frame, description)))
    return failure();
  for (frame::ArgumentAttr attribute : frame.getArguments()) {
    FailureOr<ArgumentDescription> argument =
        describeArgument(entry, attribute);
    if (failed(argument))
      return failure();
    description.arguments.push_back(*argument);
  }
  for (auto [number, attribute] : llvm::enumerate(frame.getBuffers()))
    description.buffers.push_back(describeBuffer(attribute, number));
  return description;
}

/// What perceiver-count-phases has written down of a phase.
static void addFigures(PhaseDescription &phase, DictionaryAttr figures) {
  auto get = [&](StringRef name) {
    auto code = figures.getAs<DenseI64ArrayAttr>(name);
    return code ? fromCode(code.asArrayRef()) : SizeProgram();
  };
  phase.times = get(kTimesAttrName);
  phase.flop = get(kFlopOfPhaseAttrName);
}

static FailureOr<EntryDescription> describeEntry(func::FuncOp entry) {
  auto frame = frame::EntryAttr::of(entry);
  if (frame && !frame.getPlanned())
    return entry.emitError("expected an entry with a memory plan; is "
                           "perceiver-plan-memory missing?");
  FailureOr<EntryDescription> description = describeFrame(entry);
  if (failed(description))
    return failure();
  size_t count = description->sizes.size();
  if (auto flop = entry->getAttrOfType<AffineMapAttr>(kFlopAttrName)) {
    std::optional<SizeProgram> program = toProgram(
        fromAffine(flop.getValue().getResult(0), /*dims=*/{}, getSizes(frame)));
    if (flop.getValue().getNumSymbols() != count || !program)
      return entry.emitError("expected '")
             << kFlopAttrName << "' to be a function of " << count
             << " sizes, but got " << flop;
    description->flop = *program;
  }
  FrameSizes sizes;
  ArrayAttr figures = entry->getAttrOfType<ArrayAttr>(kPhasesAttrName);
  auto addPhase = [&](StringRef name, Value tasks) {
    PhaseDescription phase;
    phase.name = name.str();
    // In the last iteration of a loop there may be fewer.
    phase.tasks = toProgram(sizes.getBound(tasks)).value_or(SizeProgram());
    description->phases.push_back(phase);
  };
  entry.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto tasks = dyn_cast<frame::RunTasksOp>(op))
      addPhase(tasks.getCallee(), tasks.getCount());
    else if (auto launch = dyn_cast<frame::LaunchOp>(op))
      addPhase(launch.getCallee().getLeafReference(), launch.getCount());
  });
  // Passes may have added or removed some; then nobody knows which is which.
  if (figures && figures.size() == description->phases.size())
    for (auto [phase, known] : llvm::zip(description->phases, figures))
      addFigures(phase, cast<DictionaryAttr>(known));
  return description;
}

FailureOr<std::vector<EntryDescription>>
perceiver::describeEntries(ModuleOp module) {
  std::vector<EntryDescription> entries;
  for (auto func : module.getOps<func::FuncOp>()) {
    if (!func->hasAttr(kEntryAttrName))
      continue;
    FailureOr<EntryDescription> entry = describeEntry(func);
    if (failed(entry))
      return failure();
    entries.push_back(std::move(*entry));
  }
  if (entries.empty())
    return module.emitError("expected at least one function with the "
                            "attribute perceiver.entry");
  return entries;
}
