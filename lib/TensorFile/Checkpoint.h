//===- Checkpoint.h - The files of a checkpoint -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A checkpoint is a .safetensors file, several of them, or a folder as people
/// download it. An index, `model.safetensors.index.json`, lists the shards of
/// one that was too large for a file:
///
///   {"metadata": {"total_size": 96},
///    "weight_map": {"latents": "model-00001-of-00002.safetensors", ..}}
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_CHECKPOINT_H
#define PERCEIVER_LIB_TENSORFILE_CHECKPOINT_H

#include "lib/TensorFile/TensorSet.h"

namespace perceiver {

struct Checkpoint {
  TensorSet tensors;
  /// What was opened: shards, too.
  std::vector<std::string> files;
};

/// Open all files of a checkpoint, where they lie; no data is read. A path is a
/// .safetensors file, an index (*.json), or a folder with `model.safetensors`
/// or, without that, `model.safetensors.index.json`; other files of a folder
/// are no weights. Refused: one tensor in two files, an index that says what is
/// not so, shards outside of the index's folder.
Result<Checkpoint> openCheckpoint(const std::vector<std::string> &paths);

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_CHECKPOINT_H
