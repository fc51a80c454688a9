//===- ArtifactNames.h - Names in C -----------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What functions and parameters of an artefact are called in C. P stands for
// the artefact's prefix:
//
//   P_load P_free P_last_error P_pool_create P_pool_destroy
//   P_workspace_size P_invoke             for every entry, by number
//   P_<entry> P_<entry>_workspace_size    typed
//   P_load_cuda P_enqueue                 for every entry, on CUDA devices
//   P_<entry>_enqueue                     typed, on CUDA devices
//   P_model                               the type of a loaded model
//   P_entry_<entry>                       an entry's number
//   P__body_<entry>                       the code of an entry; not exported
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ARTIFACT_ARTIFACTNAMES_H
#define PERCEIVER_LIB_ARTIFACT_ARTIFACTNAMES_H

#include "lib/Artifact/ArtifactDescription.h"

namespace mlir::perceiver {

/// True for a name that C and C++ accept, without underscores at either end or
/// two in a row (C++ keeps such names for itself).
bool isCIdentifier(llvm::StringRef name);

/// `name` with all that C does not accept replaced: "inputs.0" -> "inputs_0",
/// "class" -> "class_".
std::string toCIdentifier(llvm::StringRef name);

/// The prefix of a model that is called `name`: "perceiver-io" ->
/// "perceiver_io", "class" -> "model_class". What C, or the runtime, keeps for
/// itself gets a "model_".
std::string toPrefix(llvm::StringRef name);

/// True for a prefix of the runtime's own names.
bool isRuntimePrefix(llvm::StringRef prefix);

/// The functions that belong to no entry. Those for CUDA devices are in
/// artefacts of that kind alone.
struct CommonSymbols {
  explicit CommonSymbols(llvm::StringRef prefix);

  std::string load, free, lastError, poolCreate, poolDestroy, workspaceSize,
      invoke;
  std::string loadCuda, enqueue;
};

/// The code of the entry called `entry`.
std::string getBodyName(llvm::StringRef prefix, llvm::StringRef entry);

/// The names that belong to an entry.
struct EntrySymbols {
  EntrySymbols(llvm::StringRef prefix, const EntryDescription &entry);

  std::string run, workspaceSize, index, body;
  /// In artefacts for CUDA devices.
  std::string enqueue;
  /// Parameters of the typed functions, without clashes.
  std::vector<std::string> sizes, arguments;
};

/// The type of a loaded model.
std::string modelTypeName(llvm::StringRef prefix);

/// The functions that an artefact exports for all of it, and for one entry.
std::vector<std::string> commonSymbols(const ArtifactDescription &artifact);
std::vector<std::string> entrySymbols(const ArtifactDescription &artifact,
                                      const EntryDescription &entry);

/// All functions that an artefact exports, as LinkOptions::exports wants them.
std::vector<std::string> exportedSymbols(const ArtifactDescription &artifact);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ARTIFACT_ARTIFACTNAMES_H
