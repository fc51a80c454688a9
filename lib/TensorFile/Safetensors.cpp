//===- Safetensors.cpp - Read .safetensors files --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Safetensors.h"

#include "lib/TensorFile/MappedFile.h"

#include "nlohmann/json.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

using namespace perceiver;

constexpr size_t kLengthBytes = 8;
/// As in the safetensors library.
constexpr uint64_t kLargestHeader = 100'000'000;

namespace {

/// A type of the format that the compiler has no use for. Known, so that the
/// tensor's size can be checked as every other's.
struct ForeignDType {
  std::string_view name;
  uint64_t bits;
};

/// A tensor's entry in the header.
struct Entry {
  TensorView view;
  uint64_t begin = 0;
  uint64_t end = 0;
  /// Its type as the file spells it; where it is none that can be read, only
  /// the name of `view` counts.
  std::string dtypeName;
  bool isRead = true;
};

/// Characters for the JSON parser that remember how far it has read.
class TrackedCharacter {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char *;
  using reference = const char &;

  TrackedCharacter(const char *at, const char **reached)
      : at(at), reached(reached) {}
  reference operator*() const { return *at; }
  TrackedCharacter &operator++() {
    *reached = ++at;
    return *this;
  }
  TrackedCharacter operator++(int) {
    TrackedCharacter before = *this;
    ++*this;
    return before;
  }
  bool operator==(const TrackedCharacter &other) const {
    return at == other.at;
  }
  bool operator!=(const TrackedCharacter &other) const {
    return at != other.at;
  }

private:
  const char *at;
  const char **reached;
};

/// Receives the header's JSON piece by piece and accepts what the safetensors
/// library accepts, but for tensors and metadata that are given twice, of which
/// the library would hide one. Keys that it does not know are skipped, however
/// deep what they hold.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
public:
  HeaderReader(const uint8_t *file, const char *const &reached)
      : file(file), reached(reached) {}

  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;
  std::optional<Error> error;

  bool null() override {
    // Metadata may be left out in this way, too.
    return (depth == 1 && inMetadata) || unexpected();
  }
  bool boolean(bool) override { return unexpected(); }
  bool number_integer(number_integer_t) override { return unexpected(); }
  bool number_float(number_float_t, const string_t &) override {
    return unexpected();
  }
  bool binary(binary_t &) override { return unexpected(); }

  bool number_unsigned(number_unsigned_t value) override {
    if (depth != 3)
      return unexpected();
    numbers.push_back(value);
    return true;
  }

  bool string(string_t &value) override {
    if (depth == 2 && inMetadata) {
      metadata[field] = value;
      return true;
    }
    if (depth != 2 || field != "dtype")
      return unexpected();
    std::optional<DType> dtype = parseDType(value);
    current.dtypeName = value;
    current.isRead = dtype.has_value();
    current.view.dtype = dtype.value_or(DType::U8);
    return true;
  }

  bool start_object(size_t) override {
    if (skipped) {
      ++skipped;
      return true;
    }
    if (depth >= 2)
      return unexpected();
    ++depth;
    return true;
  }

  bool end_object() override {
    if (endsSkipped())
      return true;
    if (--depth == 0 || inMetadata)
      return true;
    for (const char *name : {"dtype", "shape", "data_offsets"})
      if (std::find(fields.begin(), fields.end(), name) == fields.end())
        return fail("the entry has no " + quote(name));
    entries.push_back(std::move(current));
    return true;
  }

  bool key(string_t &name) override {
    if (skipped)
      return true;
    if (depth == 2) {
      field = name;
      if (std::find(fields.begin(), fields.end(), name) != fields.end() ||
          (inMetadata && metadata.count(name)))
        return fail("duplicate key " + quote(name));
      if (inMetadata)
        return true;
      if (name == "dtype" || name == "shape" || name == "data_offsets")
        fields.push_back(name);
      else
        skipped = 1;
      return true;
    }
    current = Entry();
    current.view.name = name;
    fields.clear();
    inMetadata = name == "__metadata__";
    return names.emplace(name, 0).second ||
           fail("there are two entries with this name");
  }

  bool start_array(size_t) override {
    if (skipped) {
      ++skipped;
      return true;
    }
    if (depth != 2 || inMetadata ||
        (field != "shape" && field != "data_offsets"))
      return unexpected();
    ++depth;
    numbers.clear();
    return true;
  }

  bool end_array() override {
    if (endsSkipped())
      return true;
    --depth;
    if (field == "data_offsets") {
      if (numbers.size() != 2)
        return unexpectedValue();
      current.begin = numbers[0];
      current.end = numbers[1];
      return true;
    }
    for (uint64_t size : numbers) {
      if (size > static_cast<uint64_t>(INT64_MAX))
        return fail("the shape is too large for a 64-bit size");
      current.view.shape.push_back(static_cast<int64_t>(size));
    }
    return true;
  }

  bool parse_error(size_t, const std::string &,
                   const nlohmann::json::exception &) override {
    depth = 0;
    return fail("the header is not valid JSON");
  }

private:
  const uint8_t *file;
  const char *const &reached;
  int depth = 0;
  /// Not 0 within a value that is skipped: 1 and the depth in it.
  size_t skipped = 0;
  bool inMetadata = false;
  std::string field;
  std::vector<std::string> fields;
  std::vector<uint64_t> numbers;
  std::unordered_map<std::string, char> names;
  Entry current;

  bool fail(std::string message) {
    std::string tensor = depth == 0 ? "" : current.view.name;
    error = Error{std::move(message), "", std::move(tensor),
                  static_cast<uint64_t>(
                      reinterpret_cast<const uint8_t *>(reached) - file)};
    return false;
  }

  /// Return true if what ends here belongs to a skipped value.
  bool endsSkipped() {
    if (skipped == 0)
      return false;
    if (--skipped == 1)
      skipped = 0;
    return true;
  }

  /// Fail because the value is not what its place asks for, unless it is one to
  /// skip.
  bool unexpected() {
    if (skipped) {
      skipped = skipped == 1 ? 0 : skipped;
      return true;
    }
    if (depth == 0)
      return fail("expected the header to be a JSON object");
    if (depth == 1)
      return fail(inMetadata ? "expected an object of strings"
                             : "expected an object with 'dtype', 'shape' and "
                               "'data_offsets'");
    return unexpectedValue();
  }

  bool unexpectedValue() {
    if (inMetadata)
      return fail("expected " + quote(field) + " to be a string");
    if (field == "dtype")
      return fail("expected 'dtype' to be a string");
    if (field == "shape")
      return fail("expected 'shape' to be an array of integers from 0 to "
                  "2^63 - 1");
    return fail("expected 'data_offsets' to be two integers from 0 to "
                "2^64 - 1");
  }
};

} // namespace

static constexpr ForeignDType kForeignDTypes[] = {
    {"U16", 16},        {"U32", 32},    {"U64", 64},    {"C64", 64},
    {"F8_E4M3", 8},     {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
    {"F8_E5M2FNUZ", 8}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F4", 4}};

static const ForeignDType *findForeignDType(std::string_view name) {
  for (const ForeignDType &known : kForeignDTypes)
    if (name == known.name)
      return &known;
  return nullptr;
}

/// Check that the entry has as many bytes as its shape and type need; nobody
/// knows for a type that the format does not have.
static std::optional<std::string> checkSize(const Entry &entry) {
  const ForeignDType *foreign = findForeignDType(entry.dtypeName);
  if (!entry.isRead && !foreign)
    return std::nullopt;
  const std::vector<int64_t> &shape = entry.view.shape;
  std::string type = entry.dtypeName + shapeToString(shape);
  // Of a foreign type these are the elements.
  std::optional<size_t> bytes = tensorBytes(entry.view.dtype, shape);
  if (bytes && foreign) {
    uint64_t bits;
    if (__builtin_mul_overflow(*bytes, foreign->bits, &bits))
      bytes = std::nullopt;
    else if (bits % 8 != 0)
      return "expected whole bytes, but got " + std::to_string(bits) +
             " bits for " + type;
    else
      bytes = bits / 8;
  }
  if (!bytes)
    return "the shape " + shapeToString(shape) +
           " is too large for a 64-bit size";
  if (*bytes != entry.end - entry.begin)
    return "expected " + std::to_string(*bytes) + " bytes for " + type +
           ", but got " + std::to_string(entry.end - entry.begin);
  return std::nullopt;
}

/// Check that the entries, in the order of their data, fill `dataBytes` without
/// overlap or hole, and point their views into the file.
static std::optional<Error> placeEntries(std::vector<Entry> &entries,
                                         const uint8_t *file, size_t dataStart,
                                         uint64_t dataBytes) {
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
    return std::tie(a.begin, a.end, a.view.name) <
           std::tie(b.begin, b.end, b.view.name);
  });
  uint64_t covered = 0;
  for (Entry &entry : entries) {
    TensorView &view = entry.view;
    auto fail = [&](std::string message, uint64_t offset) {
      return Error{std::move(message), "", view.name, dataStart + offset};
    };
    if (entry.begin > entry.end)
      return Error{"the data ends at " + std::to_string(entry.end) +
                       " before it begins at " + std::to_string(entry.begin),
                   "", view.name};
    if (entry.end > dataBytes)
      return Error{"the data ends at " + std::to_string(entry.end) +
                       ", but the file has only " + std::to_string(dataBytes) +
                       " bytes of data; is it cut short?",
                   "", view.name};
    if (entry.begin < covered)
      return fail("the data overlaps that of another tensor", entry.begin);
    if (entry.begin > covered)
      return fail("there is a hole of " +
                      std::to_string(entry.begin - covered) +
                      " bytes before the data",
                  covered);
    if (std::optional<std::string> problem = checkSize(entry))
      return fail(std::move(*problem), entry.begin);
    view.data = file + dataStart + entry.begin;
    view.bytes = entry.end - entry.begin;
    covered = entry.end;
  }
  if (covered != dataBytes)
    return Error{std::to_string(dataBytes - covered) +
                     " bytes after the last tensor belong to none",
                 "", "", dataStart + covered};
  return std::nullopt;
}

bool SafetensorsFile::isHeader(std::string_view header) {
  size_t first = header.find_first_not_of(" \t\n\r");
  return first != std::string_view::npos && header[first] == '{';
}

static UnreadTensor unreadTensor(const Entry &entry) {
  bool isForeign = findForeignDType(entry.dtypeName) != nullptr;
  return {entry.view.name,
          (isForeign ? "unsupported dtype " : "unknown dtype ") +
              quote(entry.dtypeName)};
}

Result<SafetensorsFile> SafetensorsFile::parse(const uint8_t *data, size_t size,
                                               const std::string &path) {
  if (size < kLengthBytes)
    return Error{"too short for a safetensors file: expected 8 bytes for the "
                 "length of the header, but got " +
                     std::to_string(size),
                 path};
  uint64_t length;
  std::memcpy(&length, data, sizeof(length));
  if (length > kLargestHeader)
    return Error{"the header's length of " + std::to_string(length) +
                     " bytes is above the limit of " +
                     std::to_string(kLargestHeader) +
                     "; is this a safetensors file?",
                 path, "", 0};
  if (length > size - kLengthBytes)
    return Error{"the header has " + std::to_string(length) +
                     " bytes, but the file only " + std::to_string(size) +
                     "; is it cut short?",
                 path, "", 0};
  const char *begin = reinterpret_cast<const char *>(data) + kLengthBytes;
  const char *end = begin + length;
  if (!isHeader(std::string_view(begin, length)))
    return Error{"expected the header to be a JSON object", path, "",
                 kLengthBytes};
  if (const void *nul = std::memchr(begin, 0, length))
    return Error{
        "the header holds a NUL byte", path, "",
        static_cast<uint64_t>(static_cast<const uint8_t *>(nul) - data)};

  const char *reached = begin;
  HeaderReader reader(data, reached);
  bool parsed =
      nlohmann::json::sax_parse(TrackedCharacter(begin, &reached),
                                TrackedCharacter(end, &reached), &reader);
  std::optional<Error> error = std::move(reader.error);
  if (!parsed && !error)
    error = Error{"the header is not valid JSON"};
  size_t dataStart = kLengthBytes + static_cast<size_t>(length);
  if (!error)
    error = placeEntries(reader.entries, data, dataStart, size - dataStart);
  if (error) {
    error->file = path;
    return std::move(*error);
  }
  SafetensorsFile result;
  for (Entry &entry : reader.entries) {
    Status added = entry.isRead ? result.add(std::move(entry.view))
                                : result.addUnread(unreadTensor(entry));
    if (!added)
      return added.error();
  }
  result.setMetadata(std::move(reader.metadata));
  return result;
}

Result<SafetensorsFile> SafetensorsFile::open(const std::string &path) {
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.error();
  Result<SafetensorsFile> result =
      parse((*file)->data(), (*file)->size(), path);
  if (result)
    result->keep(*file);
  return result;
}
