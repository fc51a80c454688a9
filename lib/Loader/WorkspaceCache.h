//===- WorkspaceCache.h - Workspaces for repeated runs ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_WORKSPACECACHE_H
#define PERCEIVER_LIB_LOADER_WORKSPACECACHE_H

#include "lib/Loader/Binding.h"

#include <mutex>

namespace perceiver {

/// Workspaces of a model that several threads run: each run has one of its own,
/// and the next run finds it warm. There are at most as many as runs have been
/// in progress at once.
class WorkspaceCache {
public:
  /// A workspace that goes back to its cache, which must outlive it.
  class Lease {
  public:
    Lease(WorkspaceCache &cache, AlignedBuffer memory, size_t bytes)
        : cache(&cache), memory(std::move(memory)), bytes(bytes) {}
    Lease(Lease &&other) noexcept;
    ~Lease();

    uint8_t *data() const { return memory.data(); }
    /// At least what was asked for.
    size_t size() const { return bytes; }

  private:
    WorkspaceCache *cache;
    AlignedBuffer memory;
    size_t bytes;
  };

  /// Return the smallest unused workspace that is large enough; else make one,
  /// in place of the smallest unused one if there is any.
  Result<Lease> take(size_t bytes);

private:
  struct Unused {
    AlignedBuffer memory;
    size_t bytes = 0;
  };

  std::mutex mutex;
  /// By ascending size.
  std::vector<Unused> unused;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_WORKSPACECACHE_H
