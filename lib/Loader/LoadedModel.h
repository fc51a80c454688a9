//===- LoadedModel.h - Run a compiled model ---------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_LOADEDMODEL_H
#define PERCEIVER_LIB_LOADER_LOADEDMODEL_H

#include "lib/Loader/Metadata.h"
#include "lib/Loader/Placement.h"
#include "lib/Runtime/perceiver_abi.h"
#include "lib/Runtime/perceiver_cuda.h"

#include <memory>
#include <vector>

namespace perceiver {

/// Gives a pool back to the model that made it.
struct PoolDestroyer {
  perceiver_status (*destroy)(perceiver_pool *) = nullptr;
  void operator()(perceiver_pool *pool) const { destroy(pool); }
};

/// Threads that a model made for its tasks.
using ThreadPool = std::unique_ptr<perceiver_pool, PoolDestroyer>;

/// A compiled model in this process, with its weights. Pools must be destroyed
/// before the model that made them.
class LoadedModel {
public:
  /// Load the shared object at `path`, whose metadata is `metadata`, and the
  /// weights at `weightsPath`, or, if that is empty, those beside it. This
  /// executes code of the file.
  static Result<LoadedModel> open(const std::string &path,
                                  const Metadata &metadata,
                                  const std::string &weightsPath,
                                  const Placement &placement = {});

  /// Where it runs.
  const Device &device() const { return place; }

  /// Start threads; 0: one per processor that this process may use.
  Result<ThreadPool> createPool(int threads) const;

  /// The bytes that a run of the entry needs.
  Result<size_t> workspaceSize(const Entry &entry,
                               const std::vector<int64_t> &sizes,
                               int workers) const;

  /// Run an entry; without a pool on the calling thread. On a device neither
  /// workspace nor pool are used. Of a failure, `isRefusal` says whether the
  /// model refused what it got, as ids outside of a table, before it computed
  /// anything.
  Status run(const Entry &entry, const std::vector<int64_t> &sizes,
             const std::vector<void *> &arguments, void *workspace,
             size_t workspaceBytes, const perceiver_pool *pool,
             bool *isRefusal = nullptr) const;

private:
  /// What the model exports, as the compiler's generated header declares it.
  struct Functions {
    perceiver_status (*load)(const char *, void **) = nullptr;
    /// Of models for CUDA devices.
    perceiver_status (*loadCuda)(const char *, const perceiver_cuda_options *,
                                 void **) = nullptr;
    void (*free)(void *) = nullptr;
    const char *(*lastError)() = nullptr;
    perceiver_status (*workspaceSize)(const void *, int32_t, const int64_t *,
                                      int32_t, size_t *) = nullptr;
    perceiver_status (*invoke)(const void *, int32_t, const int64_t *,
                               void *const *, void *, size_t,
                               const perceiver_pool *) = nullptr;
    perceiver_status (*poolCreate)(int32_t, perceiver_pool **) = nullptr;
    perceiver_status (*poolDestroy)(perceiver_pool *) = nullptr;
  };

  Status lookUp(const std::string &prefix);
  Error lastError() const;
  /// Load on `place`.
  perceiver_status load(const char *weightsPath, const Placement &placement,
                        void **model) const;

  std::string path;
  Device place;
  Functions functions;
  std::shared_ptr<void> library;
  /// Keeps the library, whose code frees it.
  std::shared_ptr<void> model;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_LOADEDMODEL_H
