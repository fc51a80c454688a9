//===- DescribeArtifact.cpp - Entries of an artefact, from the IR ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/DescribeArtifact.h"

#include "dialect/PerceiverDialect.h"
#include "dialect/PerceiverFrameOps.h"
#include "lib/Execution/Passes.h"
#include "lib/Execution/SizeProgram.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace mlir::perceiver;

static SizeProgram toSizeProgram(ArrayRef<int64_t> code) {
  SizeProgram program;
  for (size_t i = 0; i + 1 < code.size(); i += 2)
    program.push_back({code[i], code[i + 1]});
  return program;
}

static FailureOr<perceiver_dtype> toDType(func::FuncOp entry, Type type) {
  if (type.isF32())
    return PERCEIVER_F32;
  if (type.isF64())
    return PERCEIVER_F64;
  if (type.isF16())
    return PERCEIVER_F16;
  if (type.isBF16())
    return PERCEIVER_BF16;
  if (type.isInteger(64))
    return PERCEIVER_I64;
  if (type.isInteger(32))
    return PERCEIVER_I32;
  if (type.isInteger(16))
    return PERCEIVER_I16;
  if (type.isInteger(8))
    return PERCEIVER_I8;
  if (type.isInteger(1))
    return PERCEIVER_BOOL;
  return entry.emitError("expected arguments of a type that C programs can "
                         "pass, but got elements of ")
         << type;
}

static FailureOr<ArgumentDescription>
describeArgument(func::FuncOp entry, DictionaryAttr attributes,
                 ArrayAttr symbols) {
  ArgumentDescription argument;
  argument.name = attributes.getAs<StringAttr>("name").getValue().str();
  argument.isOutput = attributes.getAs<BoolAttr>("output").getValue();
  auto type =
      cast<RankedTensorType>(attributes.getAs<TypeAttr>("type").getValue());
  FailureOr<perceiver_dtype> dtype = toDType(entry, type.getElementType());
  if (failed(dtype))
    return failure();
  argument.dtype = *dtype;
  auto names = attributes.getAs<ArrayAttr>("sizes").begin();
  for (int64_t size : type.getShape()) {
    if (!ShapedType::isDynamic(size)) {
      argument.shape.push_back(size);
      continue;
    }
    int64_t index = llvm::find(symbols, *names++) - symbols.begin();
    argument.shape.push_back(symbolicDimension(index));
  }
  return argument;
}

static FailureOr<EntryDescription> describeEntry(func::FuncOp entry) {
  auto symbols = entry->getAttrOfType<ArrayAttr>(kSymbolsAttrName);
  auto signature = entry->getAttrOfType<ArrayAttr>(kSignatureAttrName);
  auto buffers = entry->getAttrOfType<ArrayAttr>(kBuffersAttrName);
  if (!symbols || !signature || !buffers)
    return entry.emitError("expected an entry with a signature and a memory "
                           "plan; is the stage 'vectorize' missing?");
  EntryDescription description;
  description.name = entry.getName().str();
  for (Attribute symbol : symbols) {
    SizeDescription size;
    size.name = cast<StringAttr>(symbol).getValue().str();
    size.minimum = 1;
    description.sizes.push_back(size);
  }
  for (Attribute attributes : signature) {
    FailureOr<ArgumentDescription> argument =
        describeArgument(entry, cast<DictionaryAttr>(attributes), symbols);
    if (failed(argument))
      return failure();
    description.arguments.push_back(*argument);
  }
  for (Attribute attribute : buffers) {
    auto attributes = cast<DictionaryAttr>(attribute);
    BufferDescription buffer;
    buffer.name = "buffer_" + std::to_string(description.buffers.size());
    buffer.size =
        toSizeProgram(attributes.getAs<DenseI64ArrayAttr>("size").asArrayRef());
    buffer.first = attributes.getAs<IntegerAttr>("first").getInt();
    buffer.last = attributes.getAs<IntegerAttr>("last").getInt();
    buffer.perWorker = attributes.getAs<BoolAttr>("per_worker").getValue();
    description.buffers.push_back(buffer);
  }
  if (auto flop = entry->getAttrOfType<AffineMapAttr>(kFlopAttrName)) {
    SizeProgramBuilder program;
    if (flop.getValue().getNumSymbols() != symbols.size() ||
        failed(program.push(flop.getValue().getResult(0))))
      return entry.emitError("expected '")
             << kFlopAttrName << "' to be a function of " << symbols.size()
             << " sizes, but got " << flop;
    description.flop = toSizeProgram(program.getCode());
  }
  entry.walk([&](RunTasksOp tasks) {
    SizeProgramBuilder count;
    PhaseDescription phase;
    phase.name = tasks.getCallee().str();
    if (succeeded(count.push(tasks.getCount())))
      phase.tasks = toSizeProgram(count.getCode());
    else
      phase.tasks = constantSize(0);
    description.phases.push_back(phase);
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
