//===- ArtifactDescription.cpp - What an artefact says of itself ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/ArtifactDescription.h"

#include "lib/Artifact/ArtifactNames.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlir::perceiver;

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

SizeProgram perceiver::constantSize(int64_t value) {
  return {{PERCEIVER_SIZE_CONSTANT, value}};
}

std::string
EntryDescription::nameDimension(int64_t dimension,
                                llvm::ArrayRef<std::string> names) const {
  if (!isSymbolic(dimension))
    return std::to_string(dimension);
  size_t index = symbolIndex(dimension);
  return index < names.size() ? names[index]
                              : derived[index - names.size()].text;
}

/// Names appear in JSON and in C comments.
static llvm::Error checkText(const llvm::Twine &what, llvm::StringRef text) {
  if (text.empty())
    return fail(what + " has no name");
  if (!llvm::json::isUTF8(text) || text.contains('\0'))
    return fail(what + " has a name that is not UTF-8 text");
  return llvm::Error::success();
}

/// Refuse programs that the runtime would refuse for any sizes.
static llvm::Error checkProgram(const llvm::Twine &what,
                                const EntryDescription &entry,
                                const SizeProgram &program) {
  std::vector<int64_t> sizes;
  sizes.reserve(entry.sizes.size());
  for (const SizeDescription &size : entry.sizes)
    sizes.push_back(size.minimum);
  int64_t value;
  perceiver_status status = perceiver_rt_evaluate(
      program.data(), program.size(), sizes.data(), sizes.size(), &value);
  if (status == PERCEIVER_INVALID_ARGUMENT)
    return fail(what + ": " + perceiver_rt_last_error());
  return llvm::Error::success();
}

static llvm::Error checkCounts(const EntryDescription &entry) {
  auto check = [&](llvm::StringRef what, size_t count,
                   size_t limit) -> llvm::Error {
    if (count <= limit)
      return llvm::Error::success();
    return fail("entry '" + entry.name + "' has " + llvm::Twine(count) + " " +
                what + ", but at most " + llvm::Twine(limit) + " are possible");
  };
  if (llvm::Error error =
          check("buffers", entry.buffers.size(), PERCEIVER_RT_MAX_BUFFERS))
    return error;
  if (llvm::Error error = check("arguments", entry.arguments.size(),
                                PERCEIVER_RT_MAX_ARGUMENTS))
    return error;
  return check("dynamic sizes", entry.sizes.size(), PERCEIVER_RT_MAX_SYMBOLS);
}

static llvm::Error checkSizes(const EntryDescription &entry) {
  llvm::StringSet<> names;
  for (const SizeDescription &size : entry.sizes) {
    std::string what = "size '" + size.name + "' of entry '" + entry.name + "'";
    if (llvm::Error error = checkText(what, size.name))
      return error;
    if (!names.insert(size.name).second)
      return fail(what + " appears twice");
    if (size.minimum < 0 || size.minimum > size.maximum)
      return fail(what + " has no possible value: from " +
                  llvm::Twine(size.minimum) + " to " +
                  llvm::Twine(size.maximum));
  }
  return llvm::Error::success();
}

static bool isInteger(perceiver_dtype dtype) {
  return dtype >= PERCEIVER_I8 && dtype <= PERCEIVER_U8;
}

static llvm::Error checkArguments(const EntryDescription &entry) {
  // An entry may return what it takes under one name, as `latents`.
  llvm::StringSet<> inputs, outputs;
  for (const ArgumentDescription &argument : entry.arguments) {
    llvm::StringSet<> &names = argument.isOutput ? outputs : inputs;
    std::string what =
        "argument '" + argument.name + "' of entry '" + entry.name + "'";
    if (llvm::Error error = checkText(what, argument.name))
      return error;
    if (!names.insert(argument.name).second)
      return fail(what + " appears twice");
    for (int64_t dimension : argument.shape)
      if (isSymbolic(dimension) &&
          symbolIndex(dimension) >=
              static_cast<int64_t>(entry.sizes.size() + entry.derived.size()))
        return fail(what + " has a dimension that is no size of the entry");
    for (const std::string &alias : argument.aliases) {
      if (llvm::Error error = checkText("an alias of " + what, alias))
        return error;
      if (!names.insert(alias).second)
        return fail("argument '" + alias + "' of entry '" + entry.name +
                    "' appears twice");
    }
    if (argument.bounds && !isInteger(argument.dtype))
      return fail(what + " has bounds, but is no array of integers");
    if (argument.isOutput &&
        (argument.bounds || argument.defaultValue || !argument.aliases.empty()))
      return fail(what + " is an output, but has what only inputs have");
  }
  return llvm::Error::success();
}

static llvm::Error checkEntry(const EntryDescription &entry) {
  if (llvm::Error error = checkText("an entry", entry.name))
    return error;
  if (llvm::Error error = checkCounts(entry))
    return error;
  if (llvm::Error error = checkSizes(entry))
    return error;
  if (llvm::Error error = checkArguments(entry))
    return error;
  std::string of = "' of entry '" + entry.name + "'";
  for (const DerivedSizeDescription &size : entry.derived) {
    std::string what = "derived size '" + size.text + of;
    if (llvm::Error error = checkText(what, size.text))
      return error;
    if (llvm::Error error = checkProgram(what, entry, size.value))
      return error;
  }
  for (const ConditionDescription &condition : entry.conditions) {
    std::string what = "condition '" + condition.sentence + of;
    if (llvm::Error error = checkText(what, condition.sentence))
      return error;
    if (llvm::Error error = checkProgram(what, entry, condition.value))
      return error;
  }
  for (const BufferDescription &buffer : entry.buffers) {
    std::string what = "buffer '" + buffer.name + of;
    if (llvm::Error error = checkProgram(what, entry, buffer.size))
      return error;
    if (buffer.first < 0 || buffer.last < buffer.first)
      return fail(what + " is live from step " + llvm::Twine(buffer.first) +
                  " to step " + llvm::Twine(buffer.last));
  }
  for (const PhaseDescription &phase : entry.phases) {
    for (const SizeProgram *figure :
         {&phase.tasks, &phase.times, &phase.flop}) {
      if (figure->empty())
        continue;
      if (llvm::Error error =
              checkProgram("phase '" + phase.name + of, entry, *figure))
        return error;
    }
  }
  if (entry.flop.empty())
    return llvm::Error::success();
  return checkProgram("flop of entry '" + entry.name + "'", entry, entry.flop);
}

/// All names at file scope of the header have to differ.
static llvm::Error checkSymbols(const ArtifactDescription &artifact) {
  llvm::StringMap<std::string> owners;
  auto claim = [&](const std::string &symbol,
                   const std::string &owner) -> llvm::Error {
    auto [it, isNew] = owners.try_emplace(symbol, owner);
    if (isNew)
      return llvm::Error::success();
    return fail(owner + " needs the C name '" + symbol + "', which " +
                it->second + " has; rename one");
  };
  std::vector<std::string> symbols = commonSymbols(artifact);
  symbols.push_back(modelTypeName(artifact.prefix));
  for (const std::string &symbol : symbols)
    if (llvm::Error error = claim(symbol, "every model"))
      return error;
  for (const EntryDescription &entry : artifact.entries) {
    symbols = entrySymbols(artifact, entry);
    symbols.push_back(EntrySymbols(artifact.prefix, entry).index);
    for (const std::string &symbol : symbols)
      if (llvm::Error error = claim(symbol, "entry '" + entry.name + "'"))
        return error;
  }
  return llvm::Error::success();
}

static llvm::Error checkWeights(const ArtifactDescription &artifact) {
  for (const WeightDescription &tensor : artifact.weights) {
    std::string what = "weight '" + tensor.name + "'";
    if (llvm::Error error = checkText(what, tensor.name))
      return error;
    if (tensor.offset % PERCEIVER_WEIGHTS_TENSOR_ALIGNMENT)
      return fail(what + " is not aligned in the weights file");
    if (tensor.offset > artifact.weightsBytes ||
        tensor.bytes > artifact.weightsBytes - tensor.offset)
      return fail(what + " does not lie within the weights file");
  }
  return llvm::Error::success();
}

/// One image: PTX is text, and each kernel has a shape.
static llvm::Error checkImage(const ArtifactDescription &artifact,
                              const ImageDescription &image) {
  std::string what = (image.kind == PERCEIVER_IMAGE_PTX ? "the PTX for sm_"
                                                        : "the cubin for sm_") +
                     std::to_string(image.arch);
  if (image.arch < 10 || image.data.empty())
    return fail(what + " is no code for an architecture");
  if (image.kind == PERCEIVER_IMAGE_PTX &&
      llvm::StringRef(image.data).contains('\0'))
    return fail(what + " contains a zero byte");
  if (image.kernels.size() != artifact.kernels.size())
    return fail(what + " has figures of " + llvm::Twine(image.kernels.size()) +
                " kernels, but there are " +
                llvm::Twine(artifact.kernels.size()));
  for (auto [kernel, figures] : llvm::zip(artifact.kernels, image.kernels))
    if (figures.threads < 1 || figures.sharedBytes < 0)
      return fail(what + " has kernel '" + kernel.name + "' with " +
                  llvm::Twine(figures.threads) + " threads and " +
                  llvm::Twine(figures.sharedBytes) + " bytes of shared memory");
  return llvm::Error::success();
}

/// Kernels and images, which an artefact for a device has and no other.
static llvm::Error checkDeviceCode(const ArtifactDescription &artifact) {
  if (artifact.kind == PERCEIVER_KIND_CPU) {
    if (artifact.kernels.empty() && artifact.images.empty())
      return llvm::Error::success();
    return fail("model '" + artifact.model +
                "' is for the CPU, but has code for a device");
  }
  llvm::StringSet<> names;
  for (const KernelDescription &kernel : artifact.kernels) {
    if (llvm::Error error = checkText("a kernel", kernel.name))
      return error;
    if (!names.insert(kernel.name).second)
      return fail("kernel '" + kernel.name + "' appears twice");
    if (kernel.parameterCount < 1)
      return fail("kernel '" + kernel.name +
                  "' has no parameter for the number of the first task");
  }
  if (artifact.images.empty())
    return fail("model '" + artifact.model + "' has no code for a device");
  for (const ImageDescription &image : artifact.images)
    if (llvm::Error error = checkImage(artifact, image))
      return error;
  return llvm::Error::success();
}

llvm::Error perceiver::checkArtifact(const ArtifactDescription &artifact) {
  if (!isCIdentifier(artifact.prefix))
    return fail("the prefix '" + artifact.prefix +
                "' is not a C name: letters and digits, single underscores "
                "between them, no keyword");
  if (isRuntimePrefix(artifact.prefix))
    return fail("the prefix '" + artifact.prefix + "' belongs to the runtime");
  if (llvm::Error error = checkText("the model", artifact.model))
    return error;
  if (artifact.entries.empty())
    return fail("model '" + artifact.model + "' has no entry points");
  if (llvm::Error error = checkSymbols(artifact))
    return error;
  for (const EntryDescription &entry : artifact.entries)
    if (llvm::Error error = checkEntry(entry))
      return error;
  if (llvm::Error error = checkDeviceCode(artifact))
    return error;
  return checkWeights(artifact);
}
