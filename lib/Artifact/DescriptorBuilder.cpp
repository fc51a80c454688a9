//===- DescriptorBuilder.cpp - What makes a module an artefact ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/DescriptorBuilder.h"

#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/DescriptorTypes.h"
#include "lib/Artifact/MetadataWriter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {

/// Makes the constants of a descriptor.
class DescriptorBuilder {
public:
  explicit DescriptorBuilder(llvm::Module &module)
      : module(module), types(module.getContext()),
        ptr(llvm::PointerType::get(module.getContext(), 0)) {}

  llvm::Expected<llvm::GlobalVariable *>
  build(const ArtifactDescription &artifact);

private:
  llvm::Constant *i32(int64_t value) {
    return llvm::ConstantInt::getSigned(
        llvm::Type::getInt32Ty(module.getContext()), value);
  }
  llvm::Constant *i64(int64_t value) {
    return llvm::ConstantInt::getSigned(
        llvm::Type::getInt64Ty(module.getContext()), value);
  }

  /// A constant of its own.
  llvm::GlobalVariable *global(llvm::Constant *value, llvm::StringRef name);
  llvm::Constant *string(llvm::StringRef text);
  /// An array; null if it is empty.
  llvm::Constant *array(llvm::Type *type,
                        llvm::ArrayRef<llvm::Constant *> elements,
                        llvm::StringRef name);

  llvm::Constant *program(const SizeProgram &program);
  llvm::Constant *buffers(const EntryDescription &entry);
  llvm::Constant *symbols(const EntryDescription &entry);
  llvm::Constant *derived(const EntryDescription &entry);
  llvm::Constant *conditions(const EntryDescription &entry);
  /// An array of numbers; null if it is empty.
  llvm::Constant *numbers(llvm::ArrayRef<int64_t> values, llvm::StringRef name);
  llvm::Constant *arguments(const EntryDescription &entry);
  llvm::Constant *kernels(const ArtifactDescription &artifact);
  llvm::Constant *images(const ArtifactDescription &artifact);
  llvm::Expected<llvm::Constant *> entry(llvm::StringRef prefix,
                                         const EntryDescription &entry);

  llvm::Module &module;
  DescriptorTypes types;
  llvm::PointerType *ptr;
};

} // namespace

llvm::GlobalVariable *DescriptorBuilder::global(llvm::Constant *value,
                                                llvm::StringRef name) {
  return new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                  llvm::GlobalValue::InternalLinkage, value,
                                  name);
}

llvm::Constant *DescriptorBuilder::string(llvm::StringRef text) {
  llvm::GlobalVariable *variable =
      global(llvm::ConstantDataArray::getString(module.getContext(), text),
             "perceiver_string");
  variable->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  variable->setAlignment(llvm::Align(1));
  return variable;
}

llvm::Constant *
DescriptorBuilder::array(llvm::Type *type,
                         llvm::ArrayRef<llvm::Constant *> elements,
                         llvm::StringRef name) {
  if (elements.empty())
    return llvm::ConstantPointerNull::get(ptr);
  auto *arrayType = llvm::ArrayType::get(type, elements.size());
  return global(llvm::ConstantArray::get(arrayType, elements), name);
}

llvm::Constant *DescriptorBuilder::program(const SizeProgram &program) {
  llvm::SmallVector<llvm::Constant *> instructions;
  for (const perceiver_size_instruction &instruction : program)
    instructions.push_back(llvm::ConstantStruct::get(types.sizeInstruction,
                                                     i64(instruction.opcode),
                                                     i64(instruction.value)));
  return array(types.sizeInstruction, instructions, "perceiver_size");
}

llvm::Constant *DescriptorBuilder::buffers(const EntryDescription &entry) {
  llvm::SmallVector<llvm::Constant *> elements;
  for (const BufferDescription &buffer : entry.buffers)
    elements.push_back(llvm::ConstantStruct::get(
        types.buffer, program(buffer.size), i32(buffer.size.size()),
        i32(buffer.first), i32(buffer.last), i32(buffer.perWorker)));
  return array(types.buffer, elements, "perceiver_buffers");
}

llvm::Constant *DescriptorBuilder::symbols(const EntryDescription &entry) {
  llvm::SmallVector<llvm::Constant *> elements;
  for (const SizeDescription &size : entry.sizes)
    elements.push_back(llvm::ConstantStruct::get(
        types.symbol, string(size.name), i64(size.minimum), i64(size.maximum)));
  return array(types.symbol, elements, "perceiver_symbols");
}

llvm::Constant *DescriptorBuilder::derived(const EntryDescription &entry) {
  llvm::SmallVector<llvm::Constant *> elements;
  for (const DerivedSizeDescription &size : entry.derived)
    elements.push_back(llvm::ConstantStruct::get(
        types.derivedSize, string(size.text), program(size.value),
        i32(size.value.size()), i32(/*reserved=*/0)));
  return array(types.derivedSize, elements, "perceiver_derived_sizes");
}

llvm::Constant *DescriptorBuilder::conditions(const EntryDescription &entry) {
  llvm::SmallVector<llvm::Constant *> elements;
  for (const ConditionDescription &condition : entry.conditions)
    elements.push_back(llvm::ConstantStruct::get(
        types.condition, string(condition.sentence), program(condition.value),
        i32(condition.value.size()), i32(0)));
  return array(types.condition, elements, "perceiver_conditions");
}

llvm::Constant *DescriptorBuilder::numbers(llvm::ArrayRef<int64_t> values,
                                           llvm::StringRef name) {
  llvm::SmallVector<llvm::Constant *> elements;
  for (int64_t value : values)
    elements.push_back(i64(value));
  return array(llvm::Type::getInt64Ty(module.getContext()), elements, name);
}

static perceiver_fill getFill(const ArgumentDescription &argument) {
  if (!argument.defaultValue)
    return PERCEIVER_FILL_NONE;
  return *argument.defaultValue ? PERCEIVER_FILL_TRUE : PERCEIVER_FILL_FALSE;
}

llvm::Constant *DescriptorBuilder::arguments(const EntryDescription &entry) {
  llvm::SmallVector<llvm::Constant *> elements;
  for (const ArgumentDescription &argument : entry.arguments) {
    llvm::ArrayRef<int64_t> bounds;
    if (argument.bounds)
      bounds = *argument.bounds;
    elements.push_back(llvm::ConstantStruct::get(
        types.argument, string(argument.name),
        numbers(argument.shape, "perceiver_dims"), i32(argument.shape.size()),
        i32(argument.dtype), i32(argument.isOutput), i32(getFill(argument)),
        numbers(bounds, "perceiver_bounds")));
  }
  return array(types.argument, elements, "perceiver_arguments");
}

llvm::Constant *
DescriptorBuilder::kernels(const ArtifactDescription &artifact) {
  llvm::SmallVector<llvm::Constant *> elements;
  for (const KernelDescription &kernel : artifact.kernels)
    elements.push_back(llvm::ConstantStruct::get(
        types.kernel, string(kernel.name), i32(kernel.parameterCount),
        i32(/*reserved=*/0)));
  return array(types.kernel, elements, "perceiver_kernels");
}

llvm::Constant *DescriptorBuilder::images(const ArtifactDescription &artifact) {
  llvm::SmallVector<llvm::Constant *> elements;
  for (const ImageDescription &image : artifact.images) {
    llvm::SmallVector<llvm::Constant *> shapes;
    for (const KernelFigures &figures : image.kernels)
      shapes.push_back(llvm::ConstantStruct::get(
          types.kernelShape, i32(figures.threads), i32(figures.sharedBytes)));
    llvm::Constant *code = llvm::ConstantDataArray::getString(
        module.getContext(), image.data,
        /*AddNull=*/image.kind == PERCEIVER_IMAGE_PTX);
    llvm::GlobalVariable *data = global(code, "perceiver_image");
    data->setAlignment(llvm::Align(64)); // A cubin is read in place.
    uint64_t bytes = code->getType()->getArrayNumElements();
    elements.push_back(llvm::ConstantStruct::get(
        types.image, i32(image.arch), i32(image.kind), data, i64(bytes),
        array(types.kernelShape, shapes, "perceiver_shapes")));
  }
  return array(types.image, elements, "perceiver_images");
}

llvm::Expected<llvm::Constant *>
DescriptorBuilder::entry(llvm::StringRef prefix,
                         const EntryDescription &entry) {
  std::string name = EntrySymbols(prefix, entry).body;
  llvm::Function *body = module.getFunction(name);
  auto *bodyType = llvm::FunctionType::get(
      llvm::Type::getVoidTy(module.getContext()), {ptr}, /*isVarArg=*/false);
  if (!body || body->isDeclaration() || body->getFunctionType() != bodyType)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "the generated code has no function 'void " +
                                       name + "(ptr)' for entry '" +
                                       entry.name + "'");
  return llvm::ConstantStruct::get(
      types.entry, string(entry.name), body, arguments(entry), symbols(entry),
      buffers(entry), i32(entry.arguments.size()), i32(entry.sizes.size()),
      i32(entry.buffers.size()), i32(entry.derived.size()), derived(entry),
      conditions(entry), i32(entry.conditions.size()), i32(/*reserved=*/0));
}

llvm::Expected<llvm::GlobalVariable *>
DescriptorBuilder::build(const ArtifactDescription &artifact) {
  llvm::SmallVector<llvm::Constant *> entries;
  for (const EntryDescription &description : artifact.entries) {
    llvm::Expected<llvm::Constant *> built =
        entry(artifact.prefix, description);
    if (!built)
      return built.takeError();
    entries.push_back(*built);
  }
  llvm::Constant *id = llvm::ConstantDataArray::get(
      module.getContext(), llvm::ArrayRef<uint8_t>(artifact.id));
  bool onDevice = artifact.kind == PERCEIVER_KIND_CUDA;
  size_t bytes = onDevice ? sizeof(perceiver_artifact)
                          : offsetof(perceiver_artifact, kernels);
  llvm::SmallVector<llvm::Constant *> fields = {
      i32(PERCEIVER_ABI_VERSION),
      i32(bytes),
      string(artifact.model),
      string(artifact.compilerVersion),
      array(types.entry, entries, "perceiver_entries"),
      i64(artifact.weightsBytes),
      i64(artifact.target.requiredFeatures),
      id,
      i32(entries.size()),
      i32(artifact.kind)};
  if (onDevice)
    fields.append({kernels(artifact), images(artifact),
                   i32(artifact.kernels.size()), i32(artifact.images.size())});
  return global(llvm::ConstantStruct::get(
                    onDevice ? types.artifact : types.cpuArtifact, fields),
                "perceiver_artifact");
}

llvm::Expected<llvm::GlobalVariable *>
perceiver::addDescriptor(llvm::Module &module,
                         const ArtifactDescription &artifact) {
  return DescriptorBuilder(module).build(artifact);
}

void perceiver::addMetadataSection(llvm::Module &module,
                                   const ArtifactDescription &artifact) {
  llvm::Constant *text = llvm::ConstantDataArray::getString(
      module.getContext(), writeMetadata(artifact), /*AddNull=*/false);
  auto *variable = new llvm::GlobalVariable(
      module, text->getType(), /*isConstant=*/true,
      llvm::GlobalValue::InternalLinkage, text, "perceiver_metadata");
  variable->setSection(kMetadataSection);
  variable->setAlignment(llvm::Align(1));
  // Nothing refers to it: keep it in optimizations and when linking.
  llvm::appendToUsed(module, {variable});
}

/// Hide what the exported functions do not need to show.
static void internalize(llvm::Module &module,
                        const ArtifactDescription &artifact) {
  llvm::StringSet<> exported;
  for (const std::string &symbol : exportedSymbols(artifact))
    exported.insert(symbol);
  for (llvm::GlobalValue &value : module.global_values()) {
    if (value.isDeclaration() || value.hasLocalLinkage() ||
        value.hasAppendingLinkage() || exported.contains(value.getName()))
      continue;
    value.setVisibility(llvm::GlobalValue::DefaultVisibility);
    value.setLinkage(llvm::GlobalValue::InternalLinkage);
  }
}

llvm::Error perceiver::addArtifact(llvm::Module &module,
                                   const ArtifactDescription &artifact) {
  if (llvm::Error error = checkArtifact(artifact))
    return error;
  for (const std::string &symbol : exportedSymbols(artifact))
    if (module.getNamedValue(symbol))
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     "the generated code already has '" +
                                         symbol + "'");
  llvm::Expected<llvm::GlobalVariable *> descriptor =
      addDescriptor(module, artifact);
  if (!descriptor)
    return descriptor.takeError();
  addExportedFunctions(module, artifact, **descriptor);
  addMetadataSection(module, artifact);
  internalize(module, artifact);
  return llvm::Error::success();
}
