//===- Checkpoint.cpp - The files of a checkpoint -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Checkpoint.h"

#include "lib/TensorFile/MappedFile.h"
#include "lib/TensorFile/NearestName.h"
#include "lib/TensorFile/Safetensors.h"

#include "nlohmann/json.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

using namespace perceiver;
using nlohmann::json;

/// An index of a million tensors has fewer bytes.
constexpr size_t kLargestIndex = 128'000'000;
/// An index is nested two levels deep.
constexpr int kDeepestNesting = 32;

static bool endsWith(const std::string &text, const std::string &ending) {
  return text.size() >= ending.size() &&
         text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

/// Parse JSON; an error says what is wrong.
static Result<json> parseIndex(const MappedFile &file) {
  if (file.size() > kLargestIndex)
    return Error{"the index has more than " + std::to_string(kLargestIndex) +
                 " bytes"};
  std::string twice;
  bool tooDeep = false;
  // One for each object around the place that is parsed.
  std::vector<std::set<std::string>> keys;
  auto check = [&](int depth, json::parse_event_t event, json &value) {
    tooDeep |= depth > kDeepestNesting;
    if (event == json::parse_event_t::object_start)
      keys.emplace_back();
    else if (event == json::parse_event_t::object_end)
      keys.pop_back();
    else if (event == json::parse_event_t::key &&
             !keys.back().insert(value.get<std::string>()).second)
      twice = value.get<std::string>();
    return !tooDeep;
  };
  const auto *begin = reinterpret_cast<const char *>(file.data());
  json root = json::parse(begin, begin + file.size(), check,
                          /*allow_exceptions=*/false);
  if (root.is_discarded() || tooDeep || !root.is_object())
    return Error{"the index is not a valid JSON object"};
  if (!twice.empty())
    return Error{"the index has the key " + quote(twice) + " twice"};
  return root;
}

/// Return the names of the shards in ascending order. Fails for names of files
/// that are not beside the index.
static Result<std::set<std::string>> listShards(const json &map) {
  std::set<std::string> shards;
  for (const auto &[tensor, file] : map.items()) {
    if (!file.is_string())
      return Error{"expected the name of a file, but got " + file.dump(), "",
                   tensor};
    auto name = file.get<std::string>();
    if (name.empty() || name == "." || name == ".." ||
        name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos)
      return Error{"expected a file in the folder of the index, but got " +
                       quote(name),
                   "", tensor};
    shards.insert(name);
  }
  return shards;
}

/// Whether a file has a name of torch's files or of pickles.
static bool isPickle(const std::filesystem::path &path) {
  constexpr const char *suffixes[] = {".bin",    ".pt",  ".pth",    ".ckpt",
                                      ".pickle", ".pkl", ".pystate"};
  return std::find(std::begin(suffixes), std::end(suffixes),
                   path.extension().string()) != std::end(suffixes);
}

constexpr const char *kImportFirst =
    "; torch's files and pickles are imported first: perceiver-import writes "
    "their weights to NAME.safetensors beside NAME.mlir";

static Status openFile(const std::string &path, Checkpoint &checkpoint) {
  Result<SafetensorsFile> file = SafetensorsFile::open(path);
  if (!file) {
    Error error = file.error();
    std::error_code none;
    if (isPickle(path) && std::filesystem::exists(path, none))
      error.message += kImportFirst;
    return error;
  }
  checkpoint.files.push_back(path);
  return checkpoint.tensors.merge(*file, path);
}

/// Open the shards that an index lists, and check that each tensor is in the
/// shard that it is said to be in.
static Status openIndex(const std::string &path, Checkpoint &checkpoint) {
  auto fail = [&](Error error) {
    if (error.file.empty())
      error.file = path;
    return error;
  };
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.error();
  Result<json> root = parseIndex(**file);
  if (!root)
    return fail(root.error());
  auto map = root->find("weight_map");
  if (map == root->end() || !map->is_object())
    return fail(Error{"expected an index with a \"weight_map\""});
  Result<std::set<std::string>> shards = listShards(*map);
  if (!shards)
    return fail(shards.error());
  checkpoint.files.push_back(path);
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  for (const std::string &shard : *shards) {
    Checkpoint part;
    if (Status opened = openFile((folder / shard).string(), part); !opened)
      return opened;
    for (const auto &[tensor, home] : map->items())
      if (home == shard && !part.tensors.find(tensor) &&
          !part.tensors.findUnread(tensor))
        return fail(Error{"expected it in " + quote(shard) +
                              ", where there is no such tensor",
                          "", tensor});
    if (Status merged =
            checkpoint.tensors.merge(part.tensors, part.files.front());
        !merged)
      return merged;
    checkpoint.files.push_back(part.files.front());
  }
  return success();
}

static Status openFolder(const std::string &path, Checkpoint &checkpoint) {
  std::filesystem::path folder(path);
  std::string whole = (folder / "model.safetensors").string();
  std::string index = whole + ".index.json";
  if (std::filesystem::exists(whole))
    return openFile(whole, checkpoint);
  if (std::filesystem::exists(index))
    return openIndex(index, checkpoint);
  std::vector<std::string> others;
  bool hasPickle = false;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".safetensors")
      others.push_back(entry.path().filename().string());
    hasPickle |= isPickle(entry.path());
  }
  std::sort(others.begin(), others.end());
  std::string hint = "; other weights have to be named one by one";
  if (!others.empty())
    hint += ", as " + listNames(others) + " there";
  else if (hasPickle)
    hint = kImportFirst;
  return Error{"expected a folder with model.safetensors or "
               "model.safetensors.index.json" +
                   hint,
               path};
}

Result<Checkpoint>
perceiver::openCheckpoint(const std::vector<std::string> &paths) {
  Checkpoint checkpoint;
  for (const std::string &path : paths) {
    std::error_code none;
    Status opened = std::filesystem::is_directory(path, none)
                        ? openFolder(path, checkpoint)
                    : endsWith(path, ".json") ? openIndex(path, checkpoint)
                                              : openFile(path, checkpoint);
    if (!opened)
      return opened.error();
  }
  return checkpoint;
}
