//===- WorkspaceCache.cpp - Workspaces for repeated runs ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/WorkspaceCache.h"

#include <algorithm>

using namespace perceiver;

WorkspaceCache::Lease::Lease(Lease &&other) noexcept
    : cache(std::exchange(other.cache, nullptr)),
      memory(std::move(other.memory)), bytes(other.bytes) {}

WorkspaceCache::Lease::~Lease() {
  if (!cache)
    return;
  std::lock_guard<std::mutex> lock(cache->mutex);
  std::vector<Unused> &unused = cache->unused;
  auto place = std::find_if(unused.begin(), unused.end(),
                            [&](const auto &it) { return it.bytes >= bytes; });
  unused.insert(place, Unused{std::move(memory), bytes});
}

Result<WorkspaceCache::Lease> WorkspaceCache::take(size_t bytes) {
  {
    std::lock_guard<std::mutex> lock(mutex);
    auto found =
        std::find_if(unused.begin(), unused.end(),
                     [&](const auto &it) { return it.bytes >= bytes; });
    if (found != unused.end()) {
      Lease lease(*this, std::move(found->memory), found->bytes);
      unused.erase(found);
      return lease;
    }
    if (!unused.empty())
      unused.erase(unused.begin());
  }
  Result<AlignedBuffer> memory =
      AlignedBuffer::allocate(bytes, "the workspace");
  if (!memory)
    return memory.error();
  return Lease(*this, std::move(*memory), bytes);
}
