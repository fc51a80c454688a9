//===- InputSizes.cpp - The sizes of a run, from its inputs ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/InputSizes.h"

#include "lib/Loader/MetadataReader.h"
#include "lib/TensorFile/NearestName.h"

using namespace perceiver;

namespace {

/// The named sizes found so far, and where they come from: "in input 'x'".
struct FoundSizes {
  std::vector<int64_t> values;
  std::vector<std::string> from;

  /// Take the value of a size from somewhere. Fails if it is out of its range,
  /// or another value is known.
  Status take(const Entry &entry, size_t index, int64_t value,
              const std::string &prefix, const std::string &origin) {
    const NamedSize &named = entry.sizes[index];
    std::string is = prefix + named.name + " is " + std::to_string(value);
    if (!from[index].empty())
      return value == values[index]
                 ? success()
                 : Status(Error{is + ", but " + std::to_string(values[index]) +
                                " " + from[index]});
    if (value < named.min || value > named.max)
      return Error{is + ", expected " + std::to_string(named.min) +
                   (named.max == INT64_MAX
                        ? " or more"
                        : " to " + std::to_string(named.max))};
    values[index] = value;
    from[index] = origin;
    return success();
  }
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
    if (dimension.isStatic() && dimension.value != view.shape[i])
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
  if (!argument.accepts(view.dtype))
    return Error{prefix + expected};
  if (view.shape.size() != argument.shape.size())
    return Error{prefix + expected + adviseOnBatch(argument, view)};
  for (size_t i = 0; i < view.shape.size(); ++i) {
    if (argument.shape[i].isStatic() &&
        view.shape[i] != argument.shape[i].value)
      return Error{prefix + expected};
    if (argument.shape[i].named < 0)
      continue;
    auto index = static_cast<size_t>(argument.shape[i].named);
    if (Status taken = found.take(entry, index, view.shape[i], prefix,
                                  "in input " + quote(argument.name));
        !taken)
      return taken;
  }
  return success();
}

/// Check the sizes of one input that follow from others.
static Status checkDerived(const Entry &entry, const Argument &argument,
                           const TensorView &view,
                           const std::vector<int64_t> &sizes) {
  for (size_t i = 0; i < view.shape.size(); ++i) {
    const Dimension &dimension = argument.shape[i];
    if (dimension.derived.isEmpty())
      continue;
    Result<int64_t> size = sizeOf(entry, dimension, sizes);
    if (!size)
      return size.error();
    if (*size != view.shape[i])
      return Error{"input " + quote(argument.name) + ": expected " +
                   entry.typeOf(argument) + ", where " + dimension.text +
                   " is " + std::to_string(*size) + ", but got " +
                   lowerName(view.dtype) + " " + shapeToString(view.shape)};
  }
  return success();
}

/// Take the sizes that are passed as numbers.
static Status takeSizes(const Entry &entry, const SizeValues &sizes,
                        FoundSizes &found) {
  for (const auto &[name, value] : sizes) {
    std::vector<std::string> names;
    size_t index = entry.sizes.size();
    for (size_t i = 0; i < entry.sizes.size(); ++i) {
      names.push_back(entry.sizes[i].name);
      if (names.back() == name)
        index = i;
    }
    if (index == entry.sizes.size())
      return Error{"entry " + quote(entry.name) + " has no size " +
                   quote(name) + didYouMean(name, names)};
    if (Status taken =
            found.take(entry, index, value, "size ", "as it is passed");
        !taken)
      return taken;
  }
  return success();
}

/// Return "rows is 5, first is 2" for the sizes that `expression` depends on.
static std::string describeSizes(const Entry &entry,
                                 const SizeExpression &expression,
                                 const std::vector<int64_t> &sizes) {
  std::string text;
  for (size_t index : expression.dependencies())
    text += (text.empty() ? "" : ", ") + entry.sizes[index].name + " is " +
            std::to_string(sizes[index]);
  return text;
}

/// Check what must hold of the sizes.
static Status checkConditions(const Entry &entry,
                              const std::vector<int64_t> &sizes) {
  for (const Condition &condition : entry.conditions) {
    std::optional<int64_t> value = condition.value.evaluateExactly(sizes);
    if (value && *value >= 0)
      continue;
    return Error{"entry " + quote(entry.name) + ": " + condition.sentence +
                 " (" + describeSizes(entry, condition.value, sizes) + ")"};
  }
  return success();
}

Result<std::vector<int64_t>> perceiver::findSizes(const Entry &entry,
                                                  const FoundInputs &inputs,
                                                  const SizeValues &sizes) {
  FoundSizes found{std::vector<int64_t>(entry.sizes.size()),
                   std::vector<std::string>(entry.sizes.size())};
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i])
      if (Status checked =
              checkShape(entry, entry.arguments[i], *inputs[i], found);
          !checked)
        return checked.error();
  if (Status taken = takeSizes(entry, sizes, found); !taken)
    return taken.error();
  for (size_t i = 0; i < entry.sizes.size(); ++i)
    if (found.from[i].empty())
      return Error{"no input of entry " + quote(entry.name) +
                   " determines the size " + quote(entry.sizes[i].name) +
                   "; pass it as a number"};
  if (Status met = checkConditions(entry, found.values); !met)
    return met.error();
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i])
      if (Status checked =
              checkDerived(entry, entry.arguments[i], *inputs[i], found.values);
          !checked)
        return checked.error();
  return std::move(found.values);
}

Result<int64_t> perceiver::sizeOf(const Entry &entry,
                                  const Dimension &dimension,
                                  const std::vector<int64_t> &sizes) {
  if (dimension.derived.isEmpty())
    return dimension.named < 0 ? dimension.value
                               : sizes[static_cast<size_t>(dimension.named)];
  std::optional<int64_t> size = dimension.derived.evaluateExactly(sizes);
  std::string what = "entry " + quote(entry.name) + ": " + dimension.text;
  if (!size)
    return Error{what +
                 (dimension.derived.evaluate(sizes)
                      ? " does not fit into 63 bits ("
                      : " divides by a number below 1 (") +
                 describeSizes(entry, dimension.derived, sizes) + ")"};
  if (*size < 1)
    return Error{what + " is " + std::to_string(*size) +
                 ", but must be at least 1"};
  return *size;
}
