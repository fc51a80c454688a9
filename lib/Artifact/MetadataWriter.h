//===- MetadataWriter.h - What tools read from artefacts --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Artefacts carry a JSON text in a section of their own, which tools read
// (lib/Artifact) without executing anything, on any machine:
//
//   {"schema": 1, "model": "digits", "prefix": "digits", "compiler": "0.1.0",
//    "id": "<64 hexadecimal digits>",
//    "target": {"kind": "cpu", "triple", "cpu", "tune_cpu", "features",
//    "opt_level",
//               "required_features": ["avx2", ...]},
//    "weights": {"bytes": 4096, "tensors": [
//      {"name", "dtype", "shape", "layout", "offset", "bytes"}]},
//    "entries": [
//      {"name": "run", "symbol": "digits_run", "index": 0,
//       "sizes": [{"name": "batch", "min": 1, "max": 64}],
//       "arguments": [{"name": "image", "dtype": "f32",
//                      "shape": ["batch", 8, 8, 1], "output": false}],
//       "buffers": [{"name", "bytes": SIZE, "first", "last", "per_worker"}],
//       "phases": [{"name", "tasks": SIZE, and, where they are known,
//                   "times": SIZE, "flop": SIZE}],
//       "flop": SIZE or null}],
//    "fusion_log": ["...", ...],
//    and, for CUDA devices (where "kind" is "cuda"),
//    "images": [{"arch": 80, "kind": "ptx" or "cubin", "bytes"}],
//    "kernels": [{"name", "launches", "images": [
//      {"arch", "kind", "threads", "shared_bytes", "registers",
//       "spill_bytes"}]}],
//    "checksum": "16 hexadecimal digits"}
//
// The checksum comes last and covers the text up to the comma before it.
// An unlimited size has no "max". A SIZE is a number, or a list in postfix
// order of numbers, {"size": i} for the entry's i-th size, and "+", "*",
// "floordiv", "ceildiv", "mod", "min", "max": [{"size": 0}, 256, "*"] is 256
// times the first size. What is not known of kernels is null. Readers ignore
// members that they do not know; "schema" changes when the meaning of a member
// does.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ARTIFACT_METADATAWRITER_H
#define PERCEIVER_LIB_ARTIFACT_METADATAWRITER_H

#include "lib/Artifact/ArtifactDescription.h"

#include "llvm/ADT/StringRef.h"

#include <string>

namespace mlir::perceiver {

constexpr int64_t kMetadataSchema = 1;
constexpr llvm::StringLiteral kMetadataSection = ".perceiver.meta";

/// The metadata of an artefact as one line of JSON.
std::string writeMetadata(const ArtifactDescription &artifact);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ARTIFACT_METADATAWRITER_H
