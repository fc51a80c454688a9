//===- BlockOwner.h - Which block wrote a byte ------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// 64 bits beside each word: the block that read it in this launch, the one
/// that wrote it, whether it has ever been written, whether a non-coherent load
/// read it, and the launch that all of this is about. Blocks have no order, so
/// a word that one block writes and another one touches is a race, in whatever
/// order they ran here.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_BLOCKOWNER_H
#define PERCEIVER_LIB_EMULATOR_BLOCKOWNER_H

#include "lib/Emulator/Vectors.h"

namespace perceiver::emulator {

class BlockOwner {
public:
  explicit BlockOwner(uint64_t bits = 0) : bits(bits) {}

  /// Return the number that stands for a block. Two blocks of a very large grid
  /// may share one, which can hide a race but not invent one.
  static uint64_t number(uint64_t block) { return block % (kSeveral - 1) + 1; }
  static constexpr uint64_t several() { return kSeveral; }
  static constexpr uint64_t kLaunches = 1 << 14;

  uint64_t raw() const { return bits; }
  uint64_t reader() const { return bits & kSeveral; }
  uint64_t writer() const { return bits >> 24 & kSeveral; }
  bool isInitialised() const { return bits & kInitialised; }
  bool isReadNonCoherently() const { return bits & kNonCoherent; }

  /// Return it with nothing of other launches.
  BlockOwner in(uint64_t launch) const {
    if (bits >> 50 == launch)
      return *this;
    return BlockOwner((bits & kInitialised) | launch << 50);
  }
  BlockOwner withReader(uint64_t block, bool nonCoherent) const {
    uint64_t old = reader();
    uint64_t now = old == 0 || old == block ? block : kSeveral;
    return BlockOwner((bits & ~kSeveral) | now |
                      (nonCoherent ? kNonCoherent : 0));
  }
  BlockOwner withWriter(uint64_t block) const {
    return BlockOwner((bits & ~(kSeveral << 24)) | block << 24 | kInitialised);
  }
  BlockOwner initialised() const { return BlockOwner(bits | kInitialised); }

  // What `in`, `withReader` and `withWriter` do, of words beside each other.

  /// Note that a block reads them. Return whether all are initialised and have
  /// no writer.
  static EMULATOR_INLINE bool noteReads(uint64_t *words, unsigned count,
                                        uint64_t launch, uint64_t block,
                                        bool nonCoherent) {
    const uint64_t added = nonCoherent ? kNonCoherent : 0;
    Longs4 suspect = {};
    unsigned i = 0;
    for (; i + 4 <= count; i += 4) {
      Longs4 owner;
      loadVector(owner, words + i);
      bringTo(launch, owner);
      Longs4 reader = owner & kSeveral;
      Longs4 alone = Longs4(reader == 0) | Longs4(reader == block);
      suspect |= (owner & kWriter) | (~owner & kInitialised);
      owner = (owner & ~kSeveral) | (alone & block) | (~alone & kSeveral);
      storeVector(words + i, owner | added);
    }
    bool isSuspect = isAnySet(suspect);
    for (; i < count; ++i) {
      BlockOwner owner = BlockOwner(words[i]).in(launch);
      isSuspect |= owner.writer() || !owner.isInitialised();
      words[i] = owner.withReader(block, nonCoherent).raw();
    }
    return !isSuspect;
  }

  /// Note that a block writes them, unless another one accesses one of them, or
  /// one is read non-coherently. Return whether that is so.
  static EMULATOR_INLINE bool noteWrites(uint64_t *words, unsigned count,
                                         uint64_t launch, uint64_t block) {
    bool isSuspect = false;
    for (unsigned i = 0; i < count; ++i) {
      BlockOwner owner = BlockOwner(words[i]).in(launch);
      isSuspect |= (owner.writer() && owner.writer() != block) ||
                   (owner.reader() && owner.reader() != block) ||
                   owner.isReadNonCoherently();
    }
    if (isSuspect)
      return false;
    for (unsigned i = 0; i < count; ++i)
      words[i] = BlockOwner(words[i]).in(launch).withWriter(block).raw();
    return true;
  }

private:
  static constexpr uint64_t kSeveral = (1 << 24) - 1;
  static constexpr uint64_t kInitialised = uint64_t(1) << 48;
  static constexpr uint64_t kNonCoherent = uint64_t(1) << 49;
  static constexpr uint64_t kWriter = kSeveral << 24;

  static EMULATOR_INLINE void bringTo(uint64_t launch, Longs4 &owners) {
    Longs4 same = Longs4(owners >> 50 == launch);
    owners = (owners & (same | kInitialised)) | launch << 50;
  }

  uint64_t bits;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_BLOCKOWNER_H
