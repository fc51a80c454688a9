//===- OwnerMap.h - Who accesses words of device memory --------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A `BlockOwner` for each word. Where several host threads run blocks, a page
/// is locked while its words are looked at and changed.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_OWNERMAP_H
#define PERCEIVER_LIB_EMULATOR_OWNERMAP_H

#include "lib/Emulator/BlockOwner.h"
#include "lib/Emulator/Vectors.h"

#include <atomic>
#include <thread>

namespace perceiver::emulator {

class OwnerMap {
public:
  /// Who accesses words, and how.
  struct Access {
    uint64_t launch;
    /// The block, as `BlockOwner::number` has it.
    uint64_t block;
    bool nonCoherent;
    /// Other threads may do so too.
    bool isParallel;
  };

  /// The words of an address space that begins at `base`; null if there are
  /// none.
  void place(uint64_t *words, uint64_t base) {
    owners = words;
    begin = base;
  }

  uint64_t *data() const { return owners; }
  uint64_t *at(uint64_t address) const {
    return owners + (address - begin) / 4;
  }

  /// Tell the processor that words will be looked at soon.
  EMULATOR_INLINE void prefetch(uint64_t address, unsigned count) const {
    constexpr unsigned perLine = 64 / sizeof(uint64_t);
    for (unsigned i = 0; i < count; i += perLine)
      __builtin_prefetch(at(address) + i, 1);
  }

  /// Replace a word's owner by what `change` makes of it, and return the old
  /// one.
  template <typename F>
  EMULATOR_INLINE BlockOwner update(uint64_t address, bool isParallel,
                                    F change) {
    Lock lock(*this, address, isParallel);
    uint64_t *entry = at(address);
    BlockOwner old(*entry);
    *entry = change(old).raw();
    return old;
  }

  /// Note that `count` words from `address` on are read. Return whether all are
  /// initialised, and nobody writes them in this launch.
  EMULATOR_INLINE bool noteReads(uint64_t address, unsigned count,
                                 const Access &access) {
    bool isGood = true;
    forEachPage(
        address, count, access.isParallel, [&](uint64_t *words, unsigned part) {
          isGood &= BlockOwner::noteReads(words, part, access.launch,
                                          access.block, access.nonCoherent);
        });
    return isGood;
  }

  /// The same of writes, if no other block accesses the words in this launch.
  /// Those of a page where one does are left as they were.
  EMULATOR_INLINE bool noteWrites(uint64_t address, unsigned count,
                                  const Access &access) {
    bool isGood = true;
    forEachPage(
        address, count, access.isParallel, [&](uint64_t *words, unsigned part) {
          isGood &=
              BlockOwner::noteWrites(words, part, access.launch, access.block);
        });
    return isGood;
  }

private:
  static constexpr uint64_t kPageBytes = 4096;
  static constexpr unsigned kLocks = 1024;

  class Lock {
  public:
    Lock(OwnerMap &map, uint64_t address, bool isParallel)
        : flag(isParallel ? &map.locks[address / kPageBytes % kLocks]
                          : nullptr) {
      while (flag && flag->exchange(true, std::memory_order_acquire))
        std::this_thread::yield();
    }
    ~Lock() {
      if (flag)
        flag->store(false, std::memory_order_release);
    }
    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;

  private:
    std::atomic<bool> *flag;
  };

  template <typename F>
  EMULATOR_INLINE void forEachPage(uint64_t address, unsigned count,
                                   bool isParallel, F visit) {
    while (count) {
      unsigned rest = (kPageBytes - address % kPageBytes) / 4;
      unsigned part = isParallel && rest < count ? rest : count;
      Lock lock(*this, address, isParallel);
      visit(at(address), part);
      address += 4 * part;
      count -= part;
    }
  }

  uint64_t *owners = nullptr;
  uint64_t begin = 0;
  std::atomic<bool> locks[kLocks] = {};
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_OWNERMAP_H
