//===- TensorFile.cpp - Read and write any tensor file --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/TensorFile.h"

#include "lib/TensorFile/MappedFile.h"
#include "lib/TensorFile/Npy.h"
#include "lib/TensorFile/Npz.h"
#include "lib/TensorFile/Safetensors.h"

#include <filesystem>

using namespace perceiver;

static bool endsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() &&
         text.substr(text.size() - suffix.size()) == suffix;
}

/// Read a file whose name does not tell its format.
static Result<TensorSet> readByMagic(const std::string &path) {
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.error();
  std::string_view text(reinterpret_cast<const char *>((*file)->data()),
                        (*file)->size());
  if (text.substr(0, 6) == std::string_view("\x93NUMPY", 6))
    return readNpy(path);
  if (text.substr(0, 2) == "PK")
    return readNpz(path);
  if (text.size() > 8 && SafetensorsFile::isHeader(text.substr(8))) {
    Result<SafetensorsFile> result = SafetensorsFile::open(path);
    if (!result)
      return result.error();
    return TensorSet(std::move(*result));
  }
  return Error{"is not a .safetensors, .npz or .npy file", path};
}

Result<TensorSet> perceiver::readTensors(const std::string &path) {
  if (endsWith(path, ".npy"))
    return readNpy(path);
  if (endsWith(path, ".npz"))
    return readNpz(path);
  if (!endsWith(path, ".safetensors"))
    return readByMagic(path);
  Result<SafetensorsFile> result = SafetensorsFile::open(path);
  if (!result)
    return result.error();
  return TensorSet(std::move(*result));
}

namespace {
enum class Format { Safetensors, Npz, Npy };
} // namespace

/// The format that the name of an output asks for. What is no file, such as a
/// pipe, has no name to go by.
static Result<Format> formatOf(const std::string &path) {
  if (endsWith(path, ".safetensors"))
    return Format::Safetensors;
  if (endsWith(path, ".npz"))
    return Format::Npz;
  if (endsWith(path, ".npy"))
    return Format::Npy;
  std::error_code ignored;
  if (std::filesystem::is_other(path, ignored))
    return Format::Safetensors;
  return Error{
      "expected a name that ends in .safetensors, .npz or .npy for an output",
      path};
}

Status
perceiver::writeTensors(const std::string &path,
                        const std::vector<TensorView> &tensors,
                        const std::map<std::string, std::string> &metadata) {
  Result<Format> format = formatOf(path);
  if (!format)
    return format.error();
  if (*format == Format::Npz)
    return writeNpz(path, tensors);
  if (*format == Format::Safetensors)
    return writeSafetensors(path, tensors, metadata);
  if (tensors.size() != 1)
    return Error{"a .npy file holds one tensor, but there are " +
                     std::to_string(tensors.size()) +
                     "; use .npz or .safetensors",
                 path};
  return writeNpy(path, tensors.front());
}

Status perceiver::verifyOutput(const std::string &output,
                               const std::vector<std::string> &inputs) {
  if (output.empty())
    return success();
  std::error_code ignored;
  for (const std::string &input : inputs)
    if (std::filesystem::equivalent(output, input, ignored))
      return Error{"expected an output apart from what is read, but " + output +
                   " is " + input};
  Result<Format> format = formatOf(output);
  if (!format)
    return format.error();
  return success();
}
