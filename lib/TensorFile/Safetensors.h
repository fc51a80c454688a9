//===- Safetensors.h - Read and write .safetensors files --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Layout of a file: the length N of the header (8 bytes, little-endian), N
/// bytes of JSON, then the data. The JSON gives for each tensor its name,
/// dtype, shape and the range of its bytes within the data:
///
///   {"__metadata__": {"format": "pt"},
///    "latents": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
///
/// Accepted, as by the safetensors library: tensors in any order of the header,
/// misaligned and empty tensors, any name, blanks around the JSON, null for the
/// metadata, keys that are not known. Tensors of other types are there by name
/// only (TensorSet::unread). Refused: what overlaps, leaves holes or bytes
/// over, or has two meanings (duplicate keys).
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_SAFETENSORS_H
#define PERCEIVER_LIB_TENSORFILE_SAFETENSORS_H

#include "lib/TensorFile/TensorSet.h"

namespace perceiver {

/// The tensors of a .safetensors file, all checked. `find` also resolves the
/// names of tied tensors that safetensors' `save_model` lists in the metadata.
class SafetensorsFile : public TensorSet {
public:
  /// Map and check a file. The data is not read.
  static Result<SafetensorsFile> open(const std::string &path);

  /// Return true if `header`, which follows the 8 bytes of the length, is an
  /// object by its beginning.
  static bool isHeader(std::string_view header);

  /// Check the bytes of a file, which must outlive the result. `path` is for
  /// diagnostics.
  static Result<SafetensorsFile> parse(const uint8_t *data, size_t size,
                                       const std::string &path);
};

/// Write `tensors` so that each is aligned: larger element types first, by name
/// within a type. The same tensors give the same bytes. The file appears under
/// its name only once it is complete.
Status
writeSafetensors(const std::string &path,
                 const std::vector<TensorView> &tensors,
                 const std::map<std::string, std::string> &metadata = {});

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_SAFETENSORS_H
