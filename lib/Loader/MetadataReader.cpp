//===- MetadataReader.cpp - From JSON to Metadata -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/MetadataReader.h"

#include <algorithm>
#include <cctype>

using namespace perceiver;
using nlohmann::json;

std::string perceiver::lowerName(DType dtype) {
  std::string name(dtypeName(dtype));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return name;
}

/// Return the type with this name in metadata, or nothing.
static std::optional<DType> parseLowerName(const std::string &name) {
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  std::optional<DType> dtype = parseDType(upper);
  return dtype && lowerName(*dtype) == name ? dtype : std::nullopt;
}

static bool isIdentifier(const std::string &name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])))
    return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) || c == '_');
  });
}

/// Return the integer that `value` holds, or nothing.
static std::optional<int64_t> asInteger(const json &value) {
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() &&
       value.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)))
    return std::nullopt;
  return value.get<int64_t>();
}

void MetadataReader::fail(const std::string &message) {
  if (error.empty())
    error = "the metadata is broken: " + message;
}

const json &MetadataReader::member(const json &object, const char *key,
                                   json::value_t type, const char *typeName) {
  if (!error.empty())
    return nothing;
  auto found = object.is_object() ? object.find(key) : object.end();
  if (found != object.end() && found->type() == type)
    return *found;
  fail("expected " + quote(key) + " to be " + typeName);
  return nothing;
}

const json &MetadataReader::array(const json &object, const char *key) {
  return member(object, key, json::value_t::array, "an array");
}

std::string MetadataReader::text(const json &object, const char *key) {
  const json &value = member(object, key, json::value_t::string, "a string");
  return error.empty() ? value.get<std::string>() : "";
}

bool MetadataReader::truth(const json &object, const char *key) {
  const json &value =
      member(object, key, json::value_t::boolean, "true or false");
  return error.empty() && value.get<bool>();
}

int64_t MetadataReader::integer(const json &object, const char *key,
                                int64_t min, int64_t max) {
  if (!error.empty())
    return min;
  auto found = object.is_object() ? object.find(key) : object.end();
  std::optional<int64_t> value;
  if (found != object.end())
    value = asInteger(*found);
  if (value && *value >= min && *value <= max)
    return *value;
  fail("expected " + quote(key) + " to be an integer from " +
       std::to_string(min) + " to " + std::to_string(max));
  return min;
}

std::optional<int64_t> MetadataReader::optionalInteger(const json &object,
                                                       const char *key) {
  if (object.is_object() && object.contains(key) && object[key].is_null())
    return std::nullopt;
  return integer(object, key, 0, INT64_MAX);
}

std::vector<std::string> MetadataReader::texts(const json &object,
                                               const char *key) {
  std::vector<std::string> result;
  for (const json &item : array(object, key)) {
    if (!item.is_string()) {
      fail("expected " + quote(key) + " to hold strings");
      break;
    }
    result.push_back(item.get<std::string>());
  }
  return result;
}

SizeExpression MetadataReader::expression(const json &object, const char *key,
                                          const Entry &entry) {
  SizeExpression result;
  auto found = object.is_object() ? object.find(key) : object.end();
  if (!error.empty() || found == object.end() || found->is_null())
    return result;
  bool valid = true;
  for (const json &step : found->is_array() ? *found : json::array({*found})) {
    std::optional<int64_t> constant = asInteger(step);
    std::optional<int64_t> size;
    std::optional<perceiver_size_opcode> op;
    if (step.is_object() && step.size() == 1 && step.contains("size"))
      size = asInteger(step["size"]);
    if (step.is_string())
      op = SizeExpression::parseOperator(step.get<std::string>());
    if (constant)
      result.push(PERCEIVER_SIZE_CONSTANT, *constant);
    else if (size)
      result.push(PERCEIVER_SIZE_SYMBOL, *size);
    else if (op)
      result.push(*op);
    else
      valid = false;
  }
  if (!valid || !result.isValid(entry.sizes.size()))
    fail("expected " + quote(key) +
         " to be a number, or numbers, sizes and operators in postfix order");
  return result;
}

void MetadataReader::readId(const json &root, Metadata &result) {
  std::string hex = text(root, "id");
  if (hex.size() != 2 * result.id.size() ||
      !std::all_of(hex.begin(), hex.end(),
                   [](unsigned char c) { return std::isxdigit(c); }))
    return fail("expected 'id' to be 64 hexadecimal digits");
  for (size_t i = 0; i < result.id.size(); ++i)
    result.id[i] =
        static_cast<uint8_t>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
}

void MetadataReader::readTarget(const json &target, Metadata &result) {
  // Those without it are older than other kinds.
  result.kind = target.contains("kind") ? text(target, "kind") : "cpu";
  result.triple = text(target, "triple");
  result.cpu = text(target, "cpu");
  result.features = text(target, "features");
  result.requiredFeatures = texts(target, "required_features");
}

void MetadataReader::readWeights(const json &weights, Metadata &result) {
  result.weightsBytes =
      static_cast<uint64_t>(integer(weights, "bytes", 0, INT64_MAX));
  result.weightCount = array(weights, "tensors").size();
}

void MetadataReader::readSizes(const json &object, Entry &entry) {
  for (const json &item : array(object, "sizes")) {
    NamedSize size;
    size.name = text(item, "name");
    size.min = integer(item, "min", 0, INT64_MAX);
    if (item.is_object() && item.contains("max"))
      size.max = integer(item, "max", size.min, INT64_MAX);
    if (!error.empty())
      return;
    if (size.name.empty())
      return fail("a size has an empty name");
    for (const NamedSize &other : entry.sizes)
      if (other.name == size.name)
        return fail("there are two sizes " + quote(size.name));
    entry.sizes.push_back(std::move(size));
  }
}

Dimension MetadataReader::readDimension(const json &item, const Entry &entry,
                                        const std::string &argument) {
  if (item.is_string())
    for (size_t i = 0; i < entry.sizes.size(); ++i)
      if (entry.sizes[i].name == item)
        return Dimension{0, static_cast<int32_t>(i)};
  std::optional<int64_t> value = asInteger(item);
  if (value && *value >= 0)
    return Dimension{*value};
  if (item.is_object()) {
    Dimension dimension;
    dimension.text = text(item, "text");
    dimension.derived = expression(item, "value", entry);
    if (!dimension.derived.isEmpty())
      return dimension;
  }
  fail("the argument " + quote(argument) +
       " has a dimension that is neither a number nor a size");
  return Dimension();
}

void MetadataReader::readCalling(const json &object, Argument &argument) {
  if (object.contains("aliases"))
    argument.aliases = texts(object, "aliases");
  if (object.contains("default"))
    argument.defaultValue = truth(object, "default");
  if (!object.contains("bounds"))
    return;
  const json &bounds = array(object, "bounds");
  std::vector<std::optional<int64_t>> values;
  for (const json &bound : bounds)
    values.push_back(asInteger(bound));
  if (values.size() != 2 || !values[0] || !values[1])
    return fail("the argument " + quote(argument.name) +
                " has bounds that are no two numbers");
  argument.bounds = {*values[0], *values[1]};
}

void MetadataReader::readConditions(const json &object, Entry &entry) {
  // Most entries have none.
  if (!object.is_object() || !object.contains("conditions"))
    return;
  for (const json &item : array(object, "conditions")) {
    Condition condition;
    condition.sentence = text(item, "sentence");
    condition.value = expression(item, "value", entry);
    if (condition.value.isEmpty())
      return fail("a condition has no value");
    entry.conditions.push_back(std::move(condition));
  }
}

void MetadataReader::readArgument(const json &object, Entry &entry) {
  Argument argument;
  argument.name = text(object, "name");
  std::string dtypeText = text(object, "dtype");
  argument.isOutput = truth(object, "output");
  const json &shape = array(object, "shape");
  if (!error.empty())
    return;
  if (argument.name.empty())
    return fail("an argument has an empty name");
  for (const Argument &other : entry.arguments)
    if (other.name == argument.name && other.isOutput == argument.isOutput)
      return fail("there are two arguments " + quote(argument.name));
  std::optional<DType> dtype = parseLowerName(dtypeText);
  if (!dtype)
    return fail("the argument " + quote(argument.name) +
                " has the unknown dtype " + quote(dtypeText));
  argument.dtype = *dtype;
  argument.shape.reserve(shape.size());
  for (const json &item : shape)
    argument.shape.push_back(readDimension(item, entry, argument.name));
  readCalling(object, argument);
  entry.arguments.push_back(std::move(argument));
}

void MetadataReader::readPlan(const json &object, Entry &entry) {
  for (const json &item : array(object, "buffers")) {
    Buffer buffer;
    buffer.name = text(item, "name");
    buffer.bytes = expression(item, "bytes", entry);
    buffer.first = integer(item, "first", 0, INT32_MAX);
    buffer.last = integer(item, "last", buffer.first, INT32_MAX);
    buffer.perWorker = truth(item, "per_worker");
    entry.buffers.push_back(std::move(buffer));
  }
  for (const json &item : array(object, "phases")) {
    Phase phase;
    phase.name = text(item, "name");
    phase.tasks = expression(item, "tasks", entry);
    phase.times = expression(item, "times", entry);
    phase.flop = expression(item, "flop", entry);
    entry.phases.push_back(std::move(phase));
  }
  entry.flop = expression(object, "flop", entry);
}

void MetadataReader::readEntry(const json &object, Metadata &result) {
  Entry entry;
  entry.name = text(object, "name");
  entry.symbol = text(object, "symbol");
  entry.index = static_cast<int32_t>(integer(object, "index", 0, INT32_MAX));
  readSizes(object, entry);
  for (const json &argument : array(object, "arguments"))
    readArgument(argument, entry);
  readConditions(object, entry);
  readPlan(object, entry);
  if (!error.empty())
    return;
  for (const Entry &other : result.entries)
    if (other.name == entry.name || other.index == entry.index)
      return fail("there are two entries " + quote(entry.name) +
                  " or with the index " + std::to_string(entry.index));
  result.entries.push_back(std::move(entry));
}

void MetadataReader::readDeviceCode(const json &root, Metadata &result) {
  for (const json &item : array(root, "images")) {
    Image image;
    image.arch = integer(item, "arch", 0, INT32_MAX);
    image.kind = text(item, "kind");
    image.bytes = integer(item, "bytes", 0, INT64_MAX);
    result.images.push_back(std::move(image));
  }
  for (const json &item : array(root, "kernels")) {
    Kernel kernel;
    kernel.name = text(item, "name");
    kernel.launches = optionalInteger(item, "launches");
    for (const json &each : array(item, "images")) {
      KernelFigures figures;
      figures.arch = integer(each, "arch", 0, INT32_MAX);
      figures.kind = text(each, "kind");
      figures.sharedBytes = integer(each, "shared_bytes", 0, INT64_MAX);
      figures.registers = optionalInteger(each, "registers");
      figures.spillBytes = optionalInteger(each, "spill_bytes");
      kernel.images.push_back(std::move(figures));
    }
    result.kernels.push_back(std::move(kernel));
  }
}

void MetadataReader::read(const json &root, Metadata &result) {
  int64_t schema = integer(root, "schema", 0, INT64_MAX);
  if (error.empty() && schema != kMetadataSchema) {
    auto compiler = root.find("compiler");
    error = "the metadata has version " + std::to_string(schema) +
            ", but this program reads version " +
            std::to_string(kMetadataSchema);
    if (compiler != root.end() && compiler->is_string())
      error += "; the model was made by compiler " +
               quote(compiler->get<std::string>());
    return;
  }
  result.model = text(root, "model");
  result.prefix = text(root, "prefix");
  result.compiler = text(root, "compiler");
  if (error.empty() && !isIdentifier(result.prefix))
    return fail("the prefix " + quote(result.prefix) + " is no identifier");
  readId(root, result);
  const auto object = json::value_t::object;
  readTarget(member(root, "target", object, "an object"), result);
  readWeights(member(root, "weights", object, "an object"), result);
  for (const json &entry : array(root, "entries"))
    readEntry(entry, result);
  if (result.kind == "cuda")
    readDeviceCode(root, result);
  result.fusionLog = texts(root, "fusion_log");
}
