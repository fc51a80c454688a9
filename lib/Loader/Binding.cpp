//===- Binding.cpp - Tensors for the arguments of an entry ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Binding.h"

#include "lib/Loader/InputSizes.h"
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

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// Return the names of the entry's inputs, aliases included.
static std::vector<std::string> inputNames(const Entry &entry) {
  std::vector<std::string> names;
  for (const Argument &argument : entry.arguments) {
    if (argument.isOutput)
      continue;
    names.push_back(argument.name);
    names.insert(names.end(), argument.aliases.begin(), argument.aliases.end());
  }
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

/// Return the tensor that is given for an argument, under whichever of its
/// names, or null. Fails if it is given twice, or is not read.
static Result<const TensorView *> findInput(const Argument &argument,
                                            const TensorSet &inputs) {
  const TensorView *found = nullptr;
  std::string foundName;
  std::vector<std::string> names = {argument.name};
  names.insert(names.end(), argument.aliases.begin(), argument.aliases.end());
  for (const std::string &name : names) {
    if (const UnreadTensor *unread = inputs.findUnread(name))
      return Error{"input " + quote(name) + ": " + unread->reason};
    const TensorView *view = inputs.find(name);
    if (!view || view == found)
      continue;
    if (found)
      return Error{"input " + quote(argument.name) + " is given twice, as " +
                   quote(foundName) + " and as " + quote(name)};
    found = view;
    foundName = name;
  }
  return found;
}

/// Match tensors and inputs by their names: a tensor that is silently ignored,
/// as a mask with a misspelt name, would mean wrong results. Wrong names come
/// before missing ones: what is missing may be what was misspelt.
static Result<FoundInputs> findInputs(const Entry &entry,
                                      const TensorSet &inputs) {
  FoundInputs found;
  for (const Argument &argument : entry.arguments) {
    found.push_back(nullptr);
    if (argument.isOutput)
      continue;
    Result<const TensorView *> view = findInput(argument, inputs);
    if (!view)
      return view.error();
    found.back() = *view;
  }
  auto noInput = [&](const std::string &name) {
    return Error{"entry " + quote(entry.name) + " has no input " + quote(name) +
                 didYouMean(name, inputNames(entry)) + " (it takes " +
                 describeInputs(entry) + ")"};
  };
  for (const TensorView &view : inputs.tensors())
    if (std::find(found.begin(), found.end(), &view) == found.end())
      return noInput(view.name);
  if (!inputs.unread().empty())
    return noInput(inputs.unread().front().name);
  for (size_t i = 0; i < found.size(); ++i) {
    const Argument &argument = entry.arguments[i];
    if (!argument.isOutput && !found[i] && !argument.defaultValue)
      return Error{"entry " + quote(entry.name) + " needs an input " +
                   quote(argument.name) + ", but got " + describeNames(inputs) +
                   " (it takes " + describeInputs(entry) + ")"};
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// Return the bits of 1.
static uint64_t bitsOfOne(DType dtype) {
  switch (dtype) {
  case DType::F64:
    return 0x3ff0000000000000;
  case DType::F32:
    return 0x3f800000;
  case DType::F16:
    return 0x3c00;
  case DType::BF16:
    return 0x3f80;
  default:
    return 1;
  }
}

/// Convert the elements, which are checked to be convertible: truth values, or
/// integers.
static void convertElements(const TensorView &view, const Argument &argument,
                            uint8_t *to) {
  size_t size = dtypeSize(argument.dtype);
  uint64_t one = bitsOfOne(argument.dtype);
  for (size_t i = 0; i < view.elementCount(); ++i, to += size) {
    double value = view.element(i);
    uint64_t bits;
    if (argument.isMask()) // NaN differs from 0.
      bits = value != 0 ? one : 0;
    else
      bits = static_cast<uint64_t>(static_cast<int64_t>(value));
    // Little-endian: the first bytes of a longer number are a shorter one.
    std::memcpy(to, &bits, size);
  }
}

/// Return the address of the tensor's data, or of an aligned copy of the type
/// that the argument has.
static Result<void *> copyInput(const Argument &argument,
                                const TensorView &view, Binding &binding) {
  bool isConverted = view.dtype != argument.dtype;
  // Models read their inputs only; the type is that of outputs too.
  if (!isConverted && view.isAligned())
    return static_cast<void *>(const_cast<uint8_t *>(view.data));
  size_t bytes = view.elementCount() * dtypeSize(argument.dtype);
  Result<AlignedBuffer> copy =
      AlignedBuffer::allocate(bytes, "input " + quote(view.name));
  if (!copy)
    return copy.error();
  if (isConverted)
    convertElements(view, argument, copy->data());
  else
    std::memcpy(copy->data(), view.data, bytes);
  void *data = copy->data();
  binding.buffers.push_back(std::move(*copy));
  return data;
}

/// Return the address of an input's elements, checked.
static Result<void *> bindInput(const Argument &argument,
                                const TensorView *view, Binding &binding) {
  // The model has what stands for it.
  if (!view)
    return nullptr;
  if (view->dtype == DType::BOOL)
    for (size_t i = 0; i < view->bytes; ++i)
      if (view->data[i] > 1)
        return Error{"input " + quote(view->name) + ": element " +
                     std::to_string(i) + " is " +
                     std::to_string(view->data[i]) +
                     ", expected truth values of 0 and 1"};
  return copyInput(argument, *view, binding);
}

/// Make room for an output and return its address.
static Result<void *> bindOutput(const Entry &entry, const Argument &argument,
                                 Binding &binding, const BindOptions &options) {
  TensorView view;
  view.name = argument.name;
  view.dtype = argument.dtype;
  for (const Dimension &dimension : argument.shape) {
    Result<int64_t> size = sizeOf(entry, dimension, binding.sizes);
    if (!size)
      return size.error();
    view.shape.push_back(*size);
  }
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
  Result<FoundInputs> found = findInputs(entry, inputs);
  if (!found)
    return found.error();
  Result<std::vector<int64_t>> sizes = findSizes(entry, *found, options.sizes);
  if (!sizes)
    return sizes.error();
  Binding binding;
  binding.sizes = std::move(*sizes);
  for (size_t i = 0; i < entry.arguments.size(); ++i) {
    const Argument &argument = entry.arguments[i];
    Result<void *> data = argument.isOutput
                              ? bindOutput(entry, argument, binding, options)
                              : bindInput(argument, (*found)[i], binding);
    if (!data)
      return data.error();
    binding.arguments.push_back(*data);
  }
  return binding;
}
