//===- DescribeEntries.cpp - Entries of an artefact, from the IR ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/DescribeEntries.h"

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Analysis/SizeConversion.h"
#include "lib/Analysis/SizeProgram.h"
#include "lib/Artifact/ElementTypes.h"
#include "lib/Execution/FrameSizes.h"
#include "lib/Execution/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

StringRef perceiver::getModelName(ModuleOp module) {
  auto name = module->getAttrOfType<StringAttr>(kModelAttrName);
  return name ? name.getValue() : "model";
}

static FailureOr<ArgumentDescription>
describeArgument(func::FuncOp entry, Attribute attribute, ArrayAttr symbols) {
  auto fields = dyn_cast<DictionaryAttr>(attribute);
  if (!fields)
    fields = DictionaryAttr::get(entry.getContext());
  auto name = fields.getAs<StringAttr>("name");
  auto isOutput = fields.getAs<BoolAttr>("output");
  auto sizes = fields.getAs<ArrayAttr>("sizes");
  auto typeAttr = fields.getAs<TypeAttr>("type");
  auto type = typeAttr ? dyn_cast<RankedTensorType>(typeAttr.getValue())
                       : RankedTensorType();
  if (!name || !isOutput || !sizes || !type ||
      sizes.size() != static_cast<size_t>(type.getNumDynamicDims()))
    return entry.emitError("expected '")
           << kSignatureAttrName
           << "' to hold dictionaries with 'name', 'output', 'type', a tensor, "
              "and 'sizes', one for each that is dynamic, but got "
           << attribute;
  std::optional<perceiver_dtype> dtype = toDType(type.getElementType());
  if (!dtype)
    return entry.emitError("expected arguments of a type that C programs can "
                           "pass, but got elements of ")
           << type.getElementType();
  ArgumentDescription argument;
  argument.name = name.str();
  argument.isOutput = isOutput.getValue();
  argument.dtype = *dtype;
  auto names = sizes.begin();
  for (int64_t size : type.getShape()) {
    if (!ShapedType::isDynamic(size)) {
      argument.shape.push_back(size);
      continue;
    }
    Attribute symbol = *names++;
    int64_t index = llvm::find(symbols, symbol) - symbols.begin();
    if (index == static_cast<int64_t>(symbols.size()))
      return entry.emitError("expected '")
             << kSignatureAttrName << "' with sizes that '" << kSymbolsAttrName
             << "' names, but got " << symbol;
    argument.shape.push_back(symbolicDimension(index));
  }
  return argument;
}

static FailureOr<BufferDescription> describeBuffer(func::FuncOp entry,
                                                   Attribute attribute) {
  auto fields = dyn_cast<DictionaryAttr>(attribute);
  if (!fields)
    fields = DictionaryAttr::get(entry.getContext());
  auto getStep = [&](StringRef name) -> std::optional<int32_t> {
    auto step = fields.getAs<IntegerAttr>(name);
    if (!step || !step.getType().isSignlessInteger(64) ||
        !llvm::isInt<32>(step.getInt()))
      return std::nullopt;
    return static_cast<int32_t>(step.getInt());
  };
  std::optional<int32_t> first = getStep("first"), last = getStep("last");
  auto size = fields.getAs<DenseI64ArrayAttr>("size");
  auto perWorker = fields.getAs<BoolAttr>("per_worker");
  if (!first || !last || !size || !perWorker)
    return entry.emitError("expected '")
           << kBuffersAttrName
           << "' to hold dictionaries with 'first' and 'last', numbers of "
              "steps, 'size', a program, and 'per_worker', but got "
           << attribute;
  BufferDescription buffer;
  buffer.size = fromCode(size.asArrayRef());
  buffer.first = *first;
  buffer.last = *last;
  buffer.perWorker = perWorker.getValue();
  return buffer;
}

FailureOr<EntryDescription> perceiver::describeFrame(func::FuncOp entry) {
  auto symbols = entry->getAttrOfType<ArrayAttr>(kSymbolsAttrName);
  auto signature = entry->getAttrOfType<ArrayAttr>(kSignatureAttrName);
  if (!symbols || !signature)
    return entry.emitError("expected an entry with a signature; is "
                           "perceiver-lower-entries missing?");
  EntryDescription description;
  description.name = entry.getName().str();
  for (Attribute symbol : symbols) {
    auto name = dyn_cast<StringAttr>(symbol);
    if (!name)
      return entry.emitError("expected '")
             << kSymbolsAttrName << "' to hold names, but got " << symbol;
    SizeDescription size;
    size.name = name.str();
    size.minimum = 1;
    description.sizes.push_back(size);
  }
  for (Attribute attribute : signature) {
    FailureOr<ArgumentDescription> argument =
        describeArgument(entry, attribute, symbols);
    if (failed(argument))
      return failure();
    description.arguments.push_back(*argument);
  }
  auto buffers = entry->getAttrOfType<ArrayAttr>(kBuffersAttrName);
  for (Attribute attribute :
       buffers ? buffers.getValue() : ArrayRef<Attribute>()) {
    FailureOr<BufferDescription> buffer = describeBuffer(entry, attribute);
    if (failed(buffer))
      return failure();
    buffer->name = "buffer_" + std::to_string(description.buffers.size());
    description.buffers.push_back(*buffer);
  }
  return description;
}

static FailureOr<EntryDescription> describeEntry(func::FuncOp entry) {
  if (!entry->getAttrOfType<ArrayAttr>(kBuffersAttrName))
    return entry.emitError("expected an entry with a memory plan; is "
                           "perceiver-plan-memory missing?");
  FailureOr<EntryDescription> description = describeFrame(entry);
  if (failed(description))
    return failure();
  size_t count = description->sizes.size();
  if (auto flop = entry->getAttrOfType<AffineMapAttr>(kFlopAttrName)) {
    SmallVector<SizeExpr> sizes;
    for (size_t number = 0; number < count; ++number)
      sizes.push_back(SizeExpr::size(number));
    std::optional<SizeProgram> program =
        toProgram(fromAffine(flop.getValue().getResult(0), /*dims=*/{}, sizes));
    if (flop.getValue().getNumSymbols() != count || !program)
      return entry.emitError("expected '")
             << kFlopAttrName << "' to be a function of " << count
             << " sizes, but got " << flop;
    description->flop = *program;
  }
  FrameSizes sizes;
  entry.walk([&](frame::RunTasksOp tasks) {
    PhaseDescription phase;
    phase.name = tasks.getCallee().str();
    phase.tasks =
        toProgram(sizes.get(tasks.getCount())).value_or(SizeProgram());
    description->phases.push_back(phase);
  });
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
