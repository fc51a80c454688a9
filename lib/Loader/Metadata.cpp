//===- Metadata.cpp - What a compiled model says about itself -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Metadata.h"

#include "lib/Loader/ElfMetadata.h"
#include "lib/Loader/MetadataReader.h"
#include "lib/Runtime/checksum.h"
#include "lib/TensorFile/MappedFile.h"
#include "lib/TensorFile/NearestName.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

using namespace perceiver;
using nlohmann::json;

/// Real metadata is nested six levels deep.
constexpr int kDeepestNesting = 64;

static bool isInteger(DType type) {
  return type == DType::I64 || type == DType::I32 || type == DType::I16 ||
         type == DType::I8 || type == DType::U8;
}

bool Argument::hasName(const std::string &other) const {
  return name == other ||
         std::find(aliases.begin(), aliases.end(), other) != aliases.end();
}

bool Argument::accepts(DType other) const {
  return other == dtype || isMask() ||
         (isInteger(other) && isInteger(dtype) &&
          dtypeSize(other) < dtypeSize(dtype));
}

std::string Entry::nameOf(const Dimension &dimension) const {
  if (!dimension.derived.isEmpty())
    return dimension.text;
  return dimension.named < 0 ? std::to_string(dimension.value)
                             : sizes[static_cast<size_t>(dimension.named)].name;
}

std::string Entry::typeOf(const Argument &argument) const {
  std::string text = lowerName(argument.dtype) + " [";
  for (size_t i = 0; i < argument.shape.size(); ++i) {
    text += i ? ", " : "";
    text += nameOf(argument.shape[i]);
  }
  return text + "]";
}

Result<const Entry *> Metadata::findEntry(const std::string &name) const {
  std::vector<std::string> names;
  std::string list;
  names.reserve(entries.size());
  for (const Entry &entry : entries) {
    if (entry.name == name)
      return &entry;
    names.push_back(entry.name);
    list += (list.empty() ? "" : ", ") + quote(entry.name);
  }
  return Error{"the model has no entry " + quote(name) +
               didYouMean(name, names) + " (it has " +
               (list.empty() ? "none" : list) + ")"};
}

Result<Metadata> perceiver::parseMetadata(std::string text) {
  bool tooDeep = false;
  auto limitDepth = [&](int depth, json::parse_event_t, json &) {
    tooDeep |= depth > kDeepestNesting;
    return !tooDeep;
  };
  json root = json::parse(text, limitDepth, /*allow_exceptions=*/false);
  if (root.is_discarded() || tooDeep || !root.is_object())
    return Error{"the metadata is not a valid JSON object"};
  Metadata result;
  MetadataReader reader;
  reader.read(root, result);
  if (!reader.error.empty())
    return Error{reader.error};
  result.text = std::move(text);
  return result;
}

/// Check the text against the checksum at its end, if there is one: a model
/// that is run with other shapes than its own would read past its arguments.
static bool matchesChecksum(const std::string &text) {
  const std::string member = ",\"checksum\":\"", end = "\"}";
  constexpr size_t kDigits = 16;
  size_t length = member.size() + kDigits + end.size();
  size_t covered = text.size() - std::min(text.size(), length);
  if (text.compare(covered, member.size(), member) != 0)
    return true;
  char digits[kDigits + 1];
  std::snprintf(digits, sizeof(digits), "%016" PRIx64,
                perceiver_checksum(text.data(), covered));
  return text.compare(covered + member.size(), std::string::npos,
                      digits + end) == 0;
}

Result<Metadata> perceiver::readMetadata(const std::string &path) {
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.error();
  Result<ElfMetadata> elf =
      findElfMetadata((*file)->data(), (*file)->size(), path);
  if (!elf)
    return elf.error();
  if (!matchesChecksum(elf->text))
    return Error{"the metadata is damaged: it does not match its checksum",
                 path};
  Result<Metadata> result = parseMetadata(std::move(elf->text));
  if (!result)
    return Error{result.error().message, path};
  result->machine = elf->machine;
  result->glibc = std::move(elf->glibc);
  return result;
}
