//===- WeightsWriter.cpp - Compute and write weight files -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/WeightsWriter.h"

#include "dialect/AttributeNames.h"
#include "lib/Analysis/TypeSize.h"
#include "lib/Artifact/ElementTypes.h"
#include "lib/Runtime/checksum.h"
#include "lib/Runtime/weights_format.h"
#include "lib/Transforms/Transforms.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"

#include <cstddef>
#include <cstring>

using namespace mlir;
using namespace mlir::perceiver;

static_assert(kWeightAlignment == PERCEIVER_WEIGHTS_TENSOR_ALIGNMENT);
static_assert(kWeightsFormatVersion == PERCEIVER_WEIGHTS_VERSION);

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

/// How the elements of a weight lie: row-major, or as a layout says.
static std::string getLayoutName(block::WeightOp weight) {
  WeightLayoutAttrInterface layout = weight.getLayoutAttr();
  return layout ? layout.describe() : "dense";
}

/// Add the members of one weight to the layout.
static LogicalResult addWeight(block::WeightOp weight, WeightsLayout &layout) {
  auto type = cast<RankedTensorType>(weight.getType());
  std::optional<perceiver_dtype> dtype = toDType(type.getElementType());
  if (!dtype || !isHostElementType(type.getElementType()))
    return weight.emitOpError("expected elements of f16, bf16, f32 or f64, but "
                              "got ")
           << type.getElementType();
  std::optional<int64_t> bytes = getStaticBytes(type);
  if (!bytes)
    return weight.emitOpError("expected a weight of less than 2^63 bytes");
  if (!weight.getOffset())
    return weight.emitOpError("expected a place in the weight file");
  WeightDescription member;
  member.dtype = *dtype;
  member.shape = type.getShape().vec();
  member.layout = getLayoutName(weight);
  member.bytes = *bytes;
  uint64_t end = layout.tensors.empty() ? 0
                                        : layout.tensors.back().offset +
                                              layout.tensors.back().bytes;
  uint64_t offset = *weight.getOffset(), stride = *weight.getStride();
  uint64_t count = weight.getMemberCount();
  if (offset < end || stride < member.bytes || layout.bytes < member.bytes ||
      offset > layout.bytes - member.bytes ||
      (count - 1) > (layout.bytes - member.bytes - offset) / stride ||
      offset % kWeightAlignment || stride % kWeightAlignment)
    return weight.emitOpError("expected weights one after the other within ")
           << layout.bytes << " bytes, each aligned to " << kWeightAlignment
           << ", but got offset " << offset << " and stride " << stride;
  for (uint64_t i = 0; i < count; ++i) {
    member.name = weight.getSymName().str();
    if (weight.getCount())
      member.name += "." + std::to_string(i);
    member.offset = offset + i * stride;
    layout.tensors.push_back(member);
  }
  return success();
}

FailureOr<WeightsLayout> perceiver::getWeightsLayout(ModuleOp module) {
  WeightsLayout layout;
  auto bytes = module->getAttrOfType<IntegerAttr>(kWeightsBytesAttrName);
  auto id = module->getAttrOfType<StringAttr>(kWeightsIdAttrName);
  std::string idBytes;
  if (!bytes || bytes.getInt() < 0 || bytes.getInt() % kWeightAlignment ||
      !id || !llvm::tryGetFromHex(id.getValue(), idBytes) ||
      idBytes.size() != layout.id.size())
    return module.emitError("expected the size and the identifier of the "
                            "weight file as attributes of the module");
  std::memcpy(layout.id.data(), idBytes.data(), idBytes.size());
  layout.bytes = bytes.getInt();
  for (auto weight : module.getOps<block::WeightOp>())
    if (failed(addWeight(weight, layout)))
      return failure();
  return layout;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

static std::string writeDirectory(const WeightsLayout &layout) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream);
  json.array([&] {
    for (const WeightDescription &tensor : layout.tensors)
      json.object([&] {
        json.attribute("name", tensor.name);
        json.attribute("dtype", dtypeName(tensor.dtype));
        json.attributeArray("shape", [&] {
          for (int64_t size : tensor.shape)
            json.value(size);
        });
        json.attribute("layout", tensor.layout);
        json.attribute("offset", static_cast<int64_t>(tensor.offset));
        json.attribute("bytes", static_cast<int64_t>(tensor.bytes));
      });
  });
  return text;
}

namespace {

/// Writes the data from its beginning on and adds up its checksum.
class DataWriter {
public:
  explicit DataWriter(llvm::raw_ostream &output) : output(output) {}

  /// Write what begins at `offset`; zeros fill the gap before it. `data` is a
  /// multiple of 64 bytes long.
  void write(uint64_t offset, ArrayRef<char> data) {
    output.write_zeros(offset - position);
    output.write(data.data(), data.size());
    sum += perceiver_checksum_part(data.data(), data.size(), offset);

    addZeros(position, offset);
    position = offset + data.size();
  }

  uint64_t finish(uint64_t bytes) {
    output.write_zeros(bytes - position);
    addZeros(position, bytes);
    position = bytes;
    return perceiver_checksum_finish(sum, bytes);
  }

private:
  /// Zeros have terms, too, as they depend on the place.
  void addZeros(uint64_t begin, uint64_t end) {
    const char zeros[kWeightAlignment] = {};
    for (; begin < end; begin += sizeof(zeros))
      sum += perceiver_checksum_part(zeros, sizeof(zeros), begin);
  }

  llvm::raw_ostream &output;
  uint64_t position = 0, sum = 0;
};

} // namespace

/// Compute and write all weights; return the checksum of the data.
static FailureOr<uint64_t> writeData(ModuleOp module,
                                     ParameterSource &parameters,
                                     const WeightsLayout &layout,
                                     llvm::raw_ostream &output) {
  DataWriter data(output);
  std::vector<char> buffer;
  for (auto weight : module.getOps<block::WeightOp>()) {
    auto type = cast<RankedTensorType>(weight.getType());
    uint64_t bytes = *getStaticBytes(type);
    buffer.assign(llvm::alignTo(bytes, kWeightAlignment), 0);
    for (int64_t member = 0; member < weight.getMemberCount(); ++member) {
      FailureOr<HostTensor> value = evaluateWeight(weight, member, parameters);
      if (failed(value))
        return failure();
      value->round(type.getElementType(), buffer.data());
      data.write(*weight.getOffset() + member * *weight.getStride(), buffer);
    }
  }
  return data.finish(layout.bytes);
}

static uint64_t getChecksum(StringRef data) {
  return perceiver_checksum(data.data(), data.size());
}

LogicalResult perceiver::writeWeights(ModuleOp module,
                                      ParameterSource &parameters,
                                      llvm::raw_pwrite_stream &output) {
  FailureOr<WeightsLayout> layout = getWeightsLayout(module);
  if (failed(layout))
    return failure();
  std::string directory = writeDirectory(*layout);
  perceiver_weights_header header = {};
  static_assert(sizeof(PERCEIVER_WEIGHTS_MAGIC) == sizeof(header.magic));
  std::memcpy(header.magic, PERCEIVER_WEIGHTS_MAGIC, sizeof(header.magic));
  header.format_version = PERCEIVER_WEIGHTS_VERSION;
  header.header_bytes = sizeof(header);
  llvm::copy(layout->id, header.id);
  header.directory_offset = sizeof(header);
  header.directory_bytes = directory.size();
  header.directory_checksum = getChecksum(directory);
  header.data_offset =
      llvm::alignTo(header.directory_offset + header.directory_bytes,
                    PERCEIVER_WEIGHTS_DATA_ALIGNMENT);
  header.data_bytes = layout->bytes;
  header.file_bytes = header.data_offset + header.data_bytes;

  // The header goes to its place when the data's checksum is known.
  uint64_t start = output.tell();
  output.write_zeros(sizeof(header));
  output << directory;
  output.write_zeros(header.data_offset - (output.tell() - start));
  FailureOr<uint64_t> checksum = writeData(module, parameters, *layout, output);
  if (failed(checksum))
    return failure();
  header.data_checksum = *checksum;
  header.header_checksum = perceiver_checksum(
      &header, offsetof(perceiver_weights_header, header_checksum));
  output.pwrite(reinterpret_cast<const char *>(&header), sizeof(header), start);
  return success();
}
