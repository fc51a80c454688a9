//===- Comparison.cpp - Compare outputs with golden tensors ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Comparison.h"

#include "lib/TensorFile/NearestName.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

using namespace perceiver;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The names of what may stand beside a golden tensor: the same in float64, and
/// how much further from that an element may be.
constexpr const char *kExactSuffix = ".f64";
constexpr const char *kToleranceSuffix = ".tolerance";
/// What passes, as multiples of the golden tensor's own error and of the
/// largest number.
constexpr double kErrorFactor = 10, kScaleFactor = 1e-5;

std::string Difference::str() const {
  char text[200];
  if (allowed && added)
    std::snprintf(text, sizeof(text),
                  ": max absolute %.3g of %.3g that pass (the golden tensor's "
                  "is %.3g, the file adds %.3g), relative L2 %.3g",
                  maxAbsolute, *allowed, *goldenError, *added, relativeL2);
  else if (allowed)
    std::snprintf(text, sizeof(text),
                  ": max absolute %.3g of %.3g that pass (the golden tensor's "
                  "is %.3g), relative L2 %.3g",
                  maxAbsolute, *allowed, *goldenError, relativeL2);
  else
    std::snprintf(text, sizeof(text),
                  ": relative L2 %.3g (worst of %lld rows: row %lld), "
                  "max absolute %.3g",
                  relativeL2, static_cast<long long>(rows),
                  static_cast<long long>(worstRow), maxAbsolute);
  return name + text;
}

std::string Difference::failure() const {
  if (!allowed)
    return quote(name);
  if (*allowed < 0)
    return quote(name) + " (the golden tensors hold what is no number)";
  char text[100];
  std::snprintf(text, sizeof(text), " (off by %.3g, allowed are %.3g, ",
                maxAbsolute, *allowed);
  std::string result = quote(name) + text;
  std::string tolerance = quote(name + kToleranceSuffix);
  if (!added)
    return result + "the file has no " + tolerance + ")";
  std::snprintf(text, sizeof(text), " is %.3g)", *added);
  return result + "of which " + tolerance + text;
}

Difference perceiver::compareTensors(const TensorView &output,
                                     const TensorView &golden) {
  Difference result;
  result.name = output.name;
  result.rows = output.shape.size() >= 2 ? output.shape[0] : 1;
  size_t count = output.elementCount();
  size_t rowLength = count == 0 ? 0 : count / static_cast<size_t>(result.rows);
  size_t index = 0;
  for (int64_t row = 0; row < result.rows && count != 0; ++row) {
    double distance = 0, norm = 0;
    for (size_t end = index + rowLength; index < end; ++index) {
      double got = output.element(index), wanted = golden.element(index);
      if (got == wanted && std::isinf(got))
        continue;
      double error = std::fabs(got - wanted);
      if (std::isnan(error))
        error = kInfinity;
      distance += error * error;
      norm += std::isfinite(wanted) ? wanted * wanted : 0;
      result.maxAbsolute = std::max(result.maxAbsolute, error);
    }
    double relative = std::sqrt(distance) / (norm == 0 ? 1 : std::sqrt(norm));
    // An overflow in either sum must not pass for agreement.
    if (std::isnan(relative) || std::isinf(norm))
      relative = kInfinity;
    if (relative > result.relativeL2) {
      result.relativeL2 = relative;
      result.worstRow = row;
    }
  }
  return result;
}

/// Return "logits" for "logits" and the suffix, or "".
static std::string withoutSuffix(const std::string &name,
                                 const std::string &suffix) {
  if (name.size() <= suffix.size() ||
      name.compare(name.size() - suffix.size(), suffix.size(), suffix) != 0)
    return "";
  return name.substr(0, name.size() - suffix.size());
}

Difference perceiver::compareTensors(const TensorView &output,
                                     const TensorView &golden,
                                     const TensorView &exact,
                                     std::optional<double> added) {
  Difference result = compareTensors(output, exact);
  double scale = 0;
  for (size_t i = 0; i < exact.elementCount(); ++i)
    if (double value = std::fabs(exact.element(i)); std::isfinite(value))
      scale = std::max(scale, value);
  double error = compareTensors(golden, exact).maxAbsolute;
  result.goldenError = error;
  result.added = added;
  // A golden tensor that is no number somewhere proves nothing.
  result.allowed = std::isfinite(error)
                       ? std::max(kErrorFactor * error, kScaleFactor * scale) +
                             added.value_or(0)
                       : -1;
  return result;
}

/// Return what the golden file adds to the tolerance of an output, if it does.
/// Fails for what is not one finite number of 0 or more.
static Result<std::optional<double>> findTolerance(const TensorSet &golden,
                                                   const std::string &name) {
  const TensorView *view = golden.find(name + kToleranceSuffix);
  if (!view)
    return std::optional<double>();
  if (view->elementCount() == 1)
    if (double value = view->element(0); std::isfinite(value) && value >= 0)
      return std::optional<double>(value);
  return Error{"expected one number, 0 or more, but got " +
                   (view->elementCount() == 1
                        ? std::to_string(view->element(0))
                        : "the shape " + shapeToString(view->shape)),
               "", view->name};
}

Result<std::vector<Difference>>
perceiver::compareOutputs(const std::vector<TensorView> &outputs,
                          const TensorSet &golden, const TensorSet &inputs) {
  std::vector<Difference> differences;
  std::vector<std::string> names;
  names.reserve(outputs.size());
  for (const TensorView &output : outputs)
    names.push_back(output.name);
  auto noOutput = [&](const std::string &name) {
    return Error{"there is no output of this name; there are " +
                     listNames(nearestFirst(name, names)),
                 "", name};
  };
  for (const UnreadTensor &wanted : golden.unread()) {
    if (std::find(names.begin(), names.end(), wanted.name) != names.end())
      return Error{wanted.reason, "", wanted.name};
    if (!inputs.find(wanted.name))
      return noOutput(wanted.name);
  }
  auto findOutput = [&](const std::string &name) -> const TensorView * {
    for (const TensorView &output : outputs)
      if (output.name == name)
        return &output;
    return nullptr;
  };
  for (const TensorView &wanted : golden.tensors()) {
    const TensorView *output = findOutput(wanted.name);
    if (!output && inputs.find(wanted.name))
      continue;
    std::string toleranceOf = withoutSuffix(wanted.name, kToleranceSuffix);
    if (!output && findOutput(toleranceOf)) {
      if (golden.find(toleranceOf) && golden.find(toleranceOf + kExactSuffix))
        continue;
      return Error{"expected " + quote(toleranceOf) + " and " +
                       quote(toleranceOf + kExactSuffix) + " beside it",
                   "", wanted.name};
    }
    std::string golden32 = withoutSuffix(wanted.name, kExactSuffix);
    bool isExact = !output && findOutput(golden32);
    if (isExact)
      output = findOutput(golden32);
    if (!output)
      return noOutput(wanted.name);
    if (output->shape != wanted.shape)
      return Error{"expected the shape " + shapeToString(output->shape) +
                       " of the output, but got " + shapeToString(wanted.shape),
                   "", wanted.name};
    if (isExact && !golden.find(golden32))
      return Error{"expected " + quote(golden32) + ", in float32, beside it",
                   "", wanted.name};
    if (isExact)
      continue;
    const TensorView *exact = golden.find(wanted.name + kExactSuffix);
    if (exact && exact->shape == wanted.shape) {
      Result<std::optional<double>> added = findTolerance(golden, wanted.name);
      if (!added)
        return added.error();
      differences.push_back(compareTensors(*output, wanted, *exact, *added));
    } else if (!exact)
      differences.push_back(compareTensors(*output, wanted));
  }
  if (differences.empty())
    return Error{"there is no tensor with the name of an output"};
  return differences;
}
