//===- JitModel.h - A model linked into this process ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Links a model's object against the runtime in this program, where
// lib/Target links it against a copy of the same runtime. Everything else is
// as in an artefact: it is loaded, checked and run through the functions that
// it exports, with its weights in a file. A model for CUDA devices runs on the
// emulated one.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_RUNNER_JITMODEL_H
#define PERCEIVER_TEST_RUNNER_JITMODEL_H

#include "lib/Compiler/Compiler.h"
#include "lib/Loader/EmulatedDevice.h"
#include "lib/Runtime/perceiver_abi.h"
#include "lib/Runtime/perceiver_cuda.h"
#include "lib/Target/TemporaryFile.h"
#include "test/Runner/TensorValue.h"

#include "llvm/Support/Error.h"

#include <memory>
#include <optional>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace mlir::perceiver::check {

/// A way to run an entry.
struct RunMode {
  std::string name;
  /// On the CPU: what runs its tasks.
  const perceiver_pool *pool = nullptr;
  /// On the emulated device: what it is told before the run.
  std::string words;
};

class JitModel {
public:
  using EmulatedDevice = ::perceiver::EmulatedDevice;

  /// Link `code` and load it with the weights file whose content is `weights`,
  /// to `device` if it is code for one.
  static llvm::Expected<std::unique_ptr<JitModel>>
  load(CompiledCode code, StringRef weights,
       std::optional<EmulatedDevice> device);
  ~JitModel();

  const ArtifactDescription &artifact() const { return description; }

  /// Run entry number `entry` and return its outputs, whose types are
  /// `outputs`. Inputs, outputs and workspace lie directly before memory that
  /// nobody may touch; outputs and workspace begin as NaN. What the emulated
  /// device finds is an error.
  llvm::Expected<std::vector<TensorValue>>
  run(int64_t entry, ArrayRef<int64_t> sizes, ArrayRef<TensorValue> inputs,
      ArrayRef<RankedTensorType> outputs, const RunMode &mode) const;

private:
  /// What the model exports, as its generated header declares it.
  struct Functions {
    perceiver_status (*load)(const char *, void **);
    perceiver_status (*loadCuda)(const char *, const perceiver_cuda_options *,
                                 void **);
    void (*free)(void *);
    const char *(*lastError)();
    perceiver_status (*workspaceSize)(const void *, int32_t, const int64_t *,
                                      int32_t, size_t *);
    perceiver_status (*invoke)(const void *, int32_t, const int64_t *,
                               void *const *, void *, size_t,
                               const perceiver_pool *);
  };

  JitModel();
  llvm::Error link(ArrayRef<char> object);
  llvm::Error check(perceiver_status status) const;
  llvm::Error configure(const RunMode &mode) const;
  llvm::Error checkFindings() const;

  ArtifactDescription description;
  /// Where it runs; nothing: on the CPU.
  std::optional<EmulatedDevice> device;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::optional<TemporaryFile> weightsFile;
  Functions functions = {};
  void *model = nullptr;
};

} // namespace mlir::perceiver::check

#endif // PERCEIVER_TEST_RUNNER_JITMODEL_H
