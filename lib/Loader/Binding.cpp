//===- Binding.cpp - Tensors for the arguments of an entry ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Binding.h"

#include "lib/Loader/MetadataReader.h"
#include "lib/TensorFile/NearestName.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace perceiver;

constexpr size_t kAlignment = 64;

void AlignedBuffer::Free::operator()(uint8_t *data) const { std::free(data); }

Result<AlignedBuffer> AlignedBuffer::allocate(size_t bytes,
                                              const std::string &what) {
  void *memory = nullptr;
  if (::posix_memalign(&memory, kAlignment, std::max(bytes, kAlignment)) != 0)
    return Error{"not enough memory for the " + std::to_string(bytes) +
                 " bytes of " + what};
  AlignedBuffer buffer;
  buffer.memory.reset(static_cast<uint8_t *>(memory));
  return buffer;
}

/// Return the names of the entry's inputs.
static std::vector<std::string> inputNames(const Entry &entry) {
  std::vector<std::string> names;
  for (const Argument &argument : entry.arguments)
    if (!argument.isOutput)
      names.push_back(argument.name);
  return names;
}

/// Return "'inputs': f32 [batch, 3], 'mask': bool [batch, 3]".
static std::string describeInputs(const Entry &entry) {
  std::string text;
  for (const Argument &argument : entry.arguments)
    if (!argument.isOutput)
      text += (text.empty() ? "" : ", ") + quote(argument.name) + ": " +
              entry.typeOf(argument);
  return text.empty() ? "none" : text;
}

/// Return "'inputs', 'mask'".
static std::string describeNames(const TensorSet &inputs) {
  std::string text;
  for (const std::string &name : inputs.names())
    text += (text.empty() ? "" : ", ") + quote(name);
  return text.empty() ? "nothing" : text;
}

/// Check that each tensor is an input: one that is silently ignored, as a mask
/// with a misspelt name, would mean wrong results. Wrong names come before
/// missing ones: what is missing may be what was misspelt.
static Status checkNames(const Entry &entry, const TensorSet &inputs) {
  std::vector<std::string> names = inputNames(entry);
  // Tensors that the entry takes, perhaps under another of their names.
  std::vector<const TensorView *> used;
  used.reserve(names.size());
  for (const std::string &name : names) {
    if (const UnreadTensor *unread = inputs.findUnread(name))
      return Error{"input " + quote(name) + ": " + unread->reason};
    used.push_back(inputs.find(name));
  }
  auto noInput = [&](const std::string &name) {
    return Error{"entry " + quote(entry.name) + " has no input " + quote(name) +
                 didYouMean(name, names) + " (it takes " +
                 describeInputs(entry) + ")"};
  };
  for (const TensorView &view : inputs.tensors())
    if (std::find(used.begin(), used.end(), &view) == used.end())
      return noInput(view.name);
  if (!inputs.unread().empty())
    return noInput(inputs.unread().front().name);
  for (const std::string &name : names)
    if (!inputs.find(name))
      return Error{"entry " + quote(entry.name) + " needs an input " +
                   quote(name) + ", but got " + describeNames(inputs) +
                   " (it takes " + describeInputs(entry) + ")"};
  return success();
}

namespace {

/// The named sizes found so far, and the inputs that they come from.
struct FoundSizes {
  std::vector<int64_t> values;
  std::vector<const Argument *> from;
};

} // namespace

/// Suggest a batch of one where only that is missing, else "".
static std::string adviseOnBatch(const Argument &argument,
                                 const TensorView &view) {
  size_t rank = view.shape.size();
  if (argument.shape.size() != rank + 1 || argument.shape[0].named < 0)
    return "";
  for (size_t i = 0; i < rank; ++i) {
    const Dimension &dimension = argument.shape[i + 1];
    if (dimension.named < 0 && dimension.value != view.shape[i])
      return "";
  }
  std::vector<int64_t> shape = view.shape;
  shape.insert(shape.begin(), 1);
  return "; a batch of one is " + shapeToString(shape);
}

/// Check the shape of one input and take the named sizes from it.
static Status checkShape(const Entry &entry, const Argument &argument,
                         const TensorView &view, FoundSizes &found) {
  std::string prefix = "input " + quote(argument.name) + ": ";
  std::string expected = "expected " + entry.typeOf(argument) + ", but got " +
                         lowerName(view.dtype) + " " +
                         shapeToString(view.shape);
  if (view.dtype != argument.dtype)
    return Error{prefix + expected};
  if (view.shape.size() != argument.shape.size())
    return Error{prefix + expected + adviseOnBatch(argument, view)};
  for (size_t i = 0; i < view.shape.size(); ++i) {
    int64_t size = view.shape[i];
    if (argument.shape[i].named < 0) {
      if (size != argument.shape[i].value)
        return Error{prefix + expected};
      continue;
    }
    size_t index = static_cast<size_t>(argument.shape[i].named);
    const NamedSize &named = entry.sizes[index];
    if (const Argument *other = found.from[index]) {
      if (size != found.values[index])
        return Error{prefix + named.name + " is " + std::to_string(size) +
                     ", but " + std::to_string(found.values[index]) +
                     " in input " + quote(other->name)};
      continue;
    }
    if (size < named.min || size > named.max)
      return Error{prefix + named.name + " is " + std::to_string(size) +
                   ", expected " + std::to_string(named.min) +
                   (named.max == INT64_MAX
                        ? " or more"
                        : " to " + std::to_string(named.max))};
    found.values[index] = size;
    found.from[index] = &argument;
  }
  return success();
}

/// Return the address of the tensor's data, or of an aligned copy.
static Result<void *> bindInput(const TensorView &view, Binding &binding) {
  if (view.dtype == DType::BOOL)
    for (size_t i = 0; i < view.bytes; ++i)
      if (view.data[i] > 1)
        return Error{"input " + quote(view.name) + ": element " +
                     std::to_string(i) + " is " + std::to_string(view.data[i]) +
                     ", expected truth values of 0 and 1"};
  // Models read their inputs only; the type is that of outputs too.
  if (view.isAligned())
    return static_cast<void *>(const_cast<uint8_t *>(view.data));
  Result<AlignedBuffer> copy =
      AlignedBuffer::allocate(view.bytes, "input " + quote(view.name));
  if (!copy)
    return copy.error();
  std::memcpy(copy->data(), view.data, view.bytes);
  void *data = copy->data();
  binding.buffers.push_back(std::move(*copy));
  return data;
}

/// Make room for an output and return its address.
static Result<void *> bindOutput(const Argument &argument, Binding &binding,
                                 const BindOptions &options) {
  TensorView view;
  view.name = argument.name;
  view.dtype = argument.dtype;
  for (const Dimension &dimension : argument.shape)
    view.shape.push_back(
        dimension.named < 0
            ? dimension.value
            : binding.sizes[static_cast<size_t>(dimension.named)]);
  std::string what = "output " + quote(argument.name);
  std::optional<size_t> bytes = tensorBytes(view.dtype, view.shape);
  if (!bytes)
    return Error{what + ": the shape " + shapeToString(view.shape) +
                 " is too large for a 64-bit size"};
  Result<AlignedBuffer> memory = AlignedBuffer::allocate(*bytes, what);
  if (!memory)
    return memory.error();
  if (options.poisonOutputs)
    std::memset(memory->data(), 0xff, *bytes);
  view.data = memory->data();
  view.bytes = *bytes;
  void *data = memory->data();
  binding.outputs.push_back(std::move(view));
  binding.buffers.push_back(std::move(*memory));
  return data;
}

Result<Binding> perceiver::bindArguments(const Entry &entry,
                                         const TensorSet &inputs,
                                         const BindOptions &options) {
  if (Status checked = checkNames(entry, inputs); !checked)
    return checked.error();
  FoundSizes found{std::vector<int64_t>(entry.sizes.size()),
                   std::vector<const Argument *>(entry.sizes.size())};
  for (const Argument &argument : entry.arguments)
    if (!argument.isOutput)
      if (Status checked =
              checkShape(entry, argument, *inputs.find(argument.name), found);
          !checked)
        return checked.error();
  for (size_t i = 0; i < entry.sizes.size(); ++i)
    if (!found.from[i])
      return Error{"no input of entry " + quote(entry.name) +
                   " determines the size " + quote(entry.sizes[i].name)};

  Binding binding;
  binding.sizes = std::move(found.values);
  for (const Argument &argument : entry.arguments) {
    Result<void *> data = argument.isOutput
                              ? bindOutput(argument, binding, options)
                              : bindInput(*inputs.find(argument.name), binding);
    if (!data)
      return data.error();
    binding.arguments.push_back(*data);
  }
  return binding;
}
