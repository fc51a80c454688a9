//===- SafetensorsWriter.cpp - Write .safetensors files -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/OutputFiles.h"
#include "lib/TensorFile/Safetensors.h"
#include "lib/TensorFile/Utf8.h"

#include "nlohmann/json.hpp"

#include <algorithm>
#include <cstring>
#include <set>

using namespace perceiver;

/// The data starts at a multiple of this, the largest element size.
constexpr size_t kAlignment = 8;

/// Check what the reader would refuse.
static Status checkTensor(const TensorView &view) {
  if (view.name.empty())
    return Error{"a tensor has an empty name"};
  if (view.name == "__metadata__")
    return Error{"the name is reserved by the format", "", view.name};
  if (view.name.find('\0') != std::string::npos)
    return Error{"the name holds a NUL byte", "", view.name};
  if (!isValidUtf8(view.name))
    return Error{"the name is not valid UTF-8", "", view.name};
  std::optional<size_t> bytes = tensorBytes(view.dtype, view.shape);
  if (!bytes || *bytes != view.bytes)
    return Error{"the shape " + shapeToString(view.shape) +
                     " does not fit its " + std::to_string(view.bytes) +
                     " bytes",
                 "", view.name};
  return success();
}

/// Return the JSON of the header, padded so that the data is aligned.
static Result<std::string>
buildHeader(const std::vector<const TensorView *> &order,
            const std::map<std::string, std::string> &metadata) {
  using nlohmann::json;
  std::string text = "{";
  if (!metadata.empty()) {
    for (const auto &[key, value] : metadata)
      if (!isValidUtf8(key) || !isValidUtf8(value))
        return Error{"the metadata of " + quote(key) + " is not valid UTF-8"};
    text += "\"__metadata__\":" + json(metadata).dump();
  }
  uint64_t offset = 0;
  std::set<std::string_view> names;
  for (const TensorView *view : order) {
    if (Status checked = checkTensor(*view); !checked)
      return checked.error();
    if (!names.insert(view->name).second)
      return Error{"there are two tensors with this name", "", view->name};
    uint64_t end = offset + view->bytes;
    text += (text.size() > 1 ? "," : "") + json(view->name).dump() +
            ":{\"dtype\":\"" + std::string(dtypeName(view->dtype)) +
            "\",\"shape\":" + json(view->shape).dump() + ",\"data_offsets\":[" +
            std::to_string(offset) + "," + std::to_string(end) + "]}";
    offset = end;
  }
  text += "}";
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');
  return text;
}

Status perceiver::writeSafetensors(
    const std::string &path, const std::vector<TensorView> &tensors,
    const std::map<std::string, std::string> &metadata) {
  std::vector<const TensorView *> order;
  order.reserve(tensors.size());
  for (const TensorView &view : tensors)
    order.push_back(&view);
  std::sort(order.begin(), order.end(),
            [](const TensorView *a, const TensorView *b) {
              size_t sizeA = dtypeSize(a->dtype);
              size_t sizeB = dtypeSize(b->dtype);
              return sizeA != sizeB ? sizeA > sizeB : a->name < b->name;
            });
  Result<std::string> header = buildHeader(order, metadata);
  if (!header) {
    Error error = header.error();
    error.file = path;
    return error;
  }
  return writeFileAtomically(path, [&](OutputFile &file) -> Status {
    uint64_t length = header->size();
    if (Status status = file.write(&length, sizeof(length)); !status)
      return status;
    if (Status status = file.write(*header); !status)
      return status;
    for (const TensorView *view : order)
      if (Status status = file.write(view->data, view->bytes); !status)
        return status;
    return success();
  });
}
