//===- MetadataWriter.cpp - What tools read from artefacts ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/MetadataWriter.h"

#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/ElementTypes.h"
#include "lib/Runtime/checksum.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::perceiver;
namespace json = llvm::json;

/// checkArtifact accepts no other opcode.
static json::Value writeInstruction(const perceiver_size_instruction &step) {
  if (step.opcode == PERCEIVER_SIZE_CONSTANT)
    return step.value;
  if (step.opcode == PERCEIVER_SIZE_SYMBOL)
    return json::Object{{"size", step.value}};
  return perceiver_size_operator(step.opcode);
}

static json::Value writeSize(const SizeProgram &program) {
  if (program.empty())
    return nullptr;
  if (program.size() == 1 && program[0].opcode == PERCEIVER_SIZE_CONSTANT)
    return program[0].value;
  json::Array steps;
  for (const perceiver_size_instruction &instruction : program)
    steps.push_back(writeInstruction(instruction));
  return steps;
}

/// A number, the name of a size, or a derived size as an object.
static json::Value writeDimension(int64_t dimension,
                                  const EntryDescription &entry) {
  if (!isSymbolic(dimension))
    return dimension;
  size_t index = symbolIndex(dimension);
  if (index < entry.sizes.size())
    return entry.sizes[index].name;
  const DerivedSizeDescription &size =
      entry.derived[index - entry.sizes.size()];
  return json::Object{{"text", size.text}, {"value", writeSize(size.value)}};
}

static json::Value writeShape(llvm::ArrayRef<int64_t> shape,
                              const EntryDescription &entry) {
  json::Array dimensions;
  for (int64_t dimension : shape)
    dimensions.push_back(writeDimension(dimension, entry));
  return dimensions;
}

static json::Value writeSizes(const EntryDescription &entry) {
  json::Array sizes;
  for (const SizeDescription &size : entry.sizes) {
    json::Object object{{"name", size.name}, {"min", size.minimum}};
    if (size.maximum != INT64_MAX)
      object["max"] = size.maximum;
    sizes.push_back(std::move(object));
  }
  return sizes;
}

static json::Value writeArgument(const ArgumentDescription &argument,
                                 const EntryDescription &entry) {
  json::Object object{{"name", argument.name},
                      {"dtype", dtypeName(argument.dtype)},
                      {"shape", writeShape(argument.shape, entry)},
                      {"output", argument.isOutput}};
  if (!argument.aliases.empty())
    object["aliases"] = json::Array(argument.aliases);
  if (argument.bounds)
    object["bounds"] = json::Array(*argument.bounds);
  if (argument.defaultValue)
    object["default"] = *argument.defaultValue;
  return object;
}

static json::Value writeConditions(const EntryDescription &entry) {
  json::Array conditions;
  for (const ConditionDescription &condition : entry.conditions)
    conditions.push_back(json::Object{{"sentence", condition.sentence},
                                      {"value", writeSize(condition.value)}});
  return conditions;
}

static json::Object writePhase(const PhaseDescription &phase) {
  json::Object object{{"name", phase.name}, {"tasks", writeSize(phase.tasks)}};
  if (!phase.times.empty())
    object["times"] = writeSize(phase.times);
  if (!phase.flop.empty())
    object["flop"] = writeSize(phase.flop);
  return object;
}

static json::Value writeEntry(llvm::StringRef prefix,
                              const EntryDescription &entry, int64_t index) {
  json::Array arguments, buffers, phases;
  for (const ArgumentDescription &argument : entry.arguments)
    arguments.push_back(writeArgument(argument, entry));
  for (const BufferDescription &buffer : entry.buffers)
    buffers.push_back(json::Object{{"name", buffer.name},
                                   {"bytes", writeSize(buffer.size)},
                                   {"first", buffer.first},
                                   {"last", buffer.last},
                                   {"per_worker", buffer.perWorker}});
  for (const PhaseDescription &phase : entry.phases)
    phases.push_back(writePhase(phase));
  json::Object object{{"name", entry.name},
                      {"symbol", EntrySymbols(prefix, entry).run},
                      {"index", index},
                      {"sizes", writeSizes(entry)},
                      {"arguments", std::move(arguments)},
                      {"buffers", std::move(buffers)},
                      {"phases", std::move(phases)},
                      {"flop", writeSize(entry.flop)}};
  if (!entry.conditions.empty())
    object["conditions"] = writeConditions(entry);
  return object;
}

static llvm::StringRef getName(perceiver_kind kind) {
  switch (kind) {
  case PERCEIVER_KIND_CPU:
    return "cpu";
  case PERCEIVER_KIND_CUDA:
    return "cuda";
  }
  llvm_unreachable("all kinds are named");
}

static json::Value writeTarget(const ArtifactDescription &artifact) {
  const TargetDescription &target = artifact.target;
  return json::Object{
      {"kind", getName(artifact.kind)},
      {"triple", target.triple.str()},
      {"cpu", target.cpu},
      {"tune_cpu", target.tuneCpu},
      {"features", target.features},
      {"opt_level", target.optLevel},
      {"required_features", json::Array(target.requiredFeatureNames)}};
}

static json::Value writeWeights(const ArtifactDescription &artifact) {
  json::Array tensors;
  for (const WeightDescription &tensor : artifact.weights)
    tensors.push_back(json::Object{{"name", tensor.name},
                                   {"dtype", dtypeName(tensor.dtype)},
                                   {"shape", json::Array(tensor.shape)},
                                   {"layout", tensor.layout},
                                   {"offset", tensor.offset},
                                   {"bytes", tensor.bytes}});
  return json::Object{{"bytes", artifact.weightsBytes},
                      {"tensors", std::move(tensors)}};
}

/// Null: not known.
static json::Value writeKnown(int64_t value, bool isKnown) {
  return isKnown ? json::Value(value) : json::Value(nullptr);
}

static llvm::StringRef getName(perceiver_image_kind kind) {
  return kind == PERCEIVER_IMAGE_PTX ? "ptx" : "cubin";
}

static json::Value writeImages(const ArtifactDescription &artifact) {
  json::Array images;
  for (const ImageDescription &image : artifact.images)
    images.push_back(
        json::Object{{"arch", image.arch},
                     {"kind", getName(image.kind)},
                     {"bytes", static_cast<int64_t>(image.data.size())}});
  return images;
}

static json::Value writeKernels(const ArtifactDescription &artifact) {
  json::Array kernels;
  for (auto [index, kernel] : llvm::enumerate(artifact.kernels)) {
    json::Array images;
    for (const ImageDescription &image : artifact.images) {
      const KernelFigures &figures = image.kernels[index];
      images.push_back(json::Object{
          {"arch", image.arch},
          {"kind", getName(image.kind)},
          {"threads", figures.threads},
          {"shared_bytes", figures.sharedBytes},
          {"registers", writeKnown(figures.registers, figures.registers >= 0)},
          {"spill_bytes",
           writeKnown(figures.spillBytes, figures.spillBytes >= 0)}});
    }
    kernels.push_back(json::Object{
        {"name", kernel.name},
        {"launches", writeKnown(kernel.launches, kernel.launches > 0)},
        {"images", std::move(images)}});
  }
  return kernels;
}

static std::string writeMembers(const ArtifactDescription &artifact) {
  json::Array entries, log;
  for (auto [index, entry] : llvm::enumerate(artifact.entries))
    entries.push_back(writeEntry(artifact.prefix, entry, index));
  for (const std::string &line : artifact.fusionLog)
    log.push_back(json::fixUTF8(line));
  json::Object metadata{{"schema", kMetadataSchema},
                        {"model", artifact.model},
                        {"prefix", artifact.prefix},
                        {"compiler", artifact.compilerVersion},
                        {"id", llvm::toHex(artifact.id, /*LowerCase=*/true)},
                        {"target", writeTarget(artifact)},
                        {"weights", writeWeights(artifact)},
                        {"entries", std::move(entries)},
                        {"fusion_log", std::move(log)}};
  if (artifact.kind == PERCEIVER_KIND_CUDA) {
    metadata["images"] = writeImages(artifact);
    metadata["kernels"] = writeKernels(artifact);
  }
  std::string text;
  llvm::raw_string_ostream os(text);
  os << json::Value(std::move(metadata));
  return text;
}

std::string perceiver::writeMetadata(const ArtifactDescription &artifact) {
  std::string text = writeMembers(artifact);
  text.pop_back(); // The brace.
  uint64_t checksum = perceiver_checksum(text.data(), text.size());
  llvm::raw_string_ostream(text)
      << ",\"checksum\":\"" << llvm::format_hex_no_prefix(checksum, 16)
      << "\"}";
  return text;
}
