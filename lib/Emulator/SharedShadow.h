//===- SharedShadow.h - What is known of words of shared memory *- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Beside each word stands who wrote it last, and who has read it since the
/// last barrier. Epochs count the barriers that the block has passed; what is
/// older than the block's first epoch is left from another block.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_SHAREDSHADOW_H
#define PERCEIVER_LIB_EMULATOR_SHAREDSHADOW_H

#include "lib/Emulator/Vectors.h"

#include <cstddef>
#include <vector>

namespace perceiver::emulator {

/// All that is known of one word.
struct SharedWord {
  /// Of the last write and the last reads.
  uint32_t writeEpoch = 0, readEpoch = 0;
  /// PTX lines of both.
  uint32_t writeLine = 0, readLine = 0;
  /// Warps that read it in `readEpoch`, a bit for each.
  uint32_t readers = 0;
  /// The warp's own epoch when it wrote, which ends at bar.warp.sync too.
  uint16_t warpEpoch = 0;
  uint8_t warp = 0, lane = 0;
  /// Written by an access of less than a word, so by several lanes perhaps.
  bool narrow = false;
};

class SharedShadow {
public:
  /// Stands for the epoch of a write while a copy to the word is under way.
  static constexpr uint32_t kPending = UINT32_MAX;

  /// Who accesses words, and when.
  struct Moment {
    uint32_t firstEpoch, epoch;
    uint32_t warp;
    uint16_t warpEpoch;
    uint32_t line;
    uint32_t self() const { return 1u << warp; }
  };

  void resize(size_t words) {
    for (auto *each : {&writeEpochs, &writers, &writeLines, &readEpochs,
                       &readers, &readLines})
      each->resize(words);
  }

  SharedWord at(size_t word) const {
    uint32_t writer = writers[word];
    return {writeEpochs[word],
            readEpochs[word],
            writeLines[word],
            readLines[word],
            readers[word],
            uint16_t(writer >> 16),
            uint8_t(writer >> 8 & 0xff),
            uint8_t(writer >> 1 & 31),
            bool(writer & 1)};
  }

  /// Change when words were written, and nothing else.
  EMULATOR_INLINE void setWriteEpochs(size_t word, unsigned count,
                                      uint32_t epoch) {
    for (unsigned i = 0; i < count; ++i)
      writeEpochs[word + i] = epoch;
  }

  EMULATOR_INLINE void noteRead(size_t word, const Moment &now) {
    if (readEpochs[word] != now.epoch)
      readers[word] = 0;
    readEpochs[word] = now.epoch;
    readers[word] |= now.self();
    readLines[word] = now.line;
  }
  EMULATOR_INLINE void noteWrite(size_t word, const Moment &now, unsigned lane,
                                 bool narrow) {
    writeEpochs[word] = now.epoch;
    writers[word] = writer(now, lane) | uint32_t(narrow);
    writeLines[word] = now.line;
  }

  // The same of words beside each other.

  /// Note that they are read. Return whether all were written by this block
  /// before its last barrier, so that nothing can be wrong.
  EMULATOR_INLINE bool noteReads(size_t word, unsigned count,
                                 const Moment &now) {
    const uint32_t span = now.epoch - now.firstEpoch;
    Words4 suspect = {};
    unsigned i = 0;
    for (; i + 4 <= count; i += 4) {
      Words4 written, read, who;
      loadVector(written, &writeEpochs[word + i]);
      loadVector(read, &readEpochs[word + i]);
      loadVector(who, &readers[word + i]);
      suspect |= Words4(written - now.firstEpoch >= span);
      storeVector(&readers[word + i],
                  (who & Words4(read == now.epoch)) | now.self());
      storeVector(&readEpochs[word + i], Words4{} + now.epoch);
      storeVector(&readLines[word + i], Words4{} + now.line);
    }
    bool isSuspect = isAnySet(suspect);
    for (; i < count; ++i) {
      isSuspect |= writeEpochs[word + i] - now.firstEpoch >= span;
      noteRead(word + i, now);
    }
    return !isSuspect;
  }

  /// Return whether nobody else has accessed them since the last barrier, and
  /// nobody has written them.
  EMULATOR_INLINE bool areQuiet(size_t word, unsigned count,
                                const Moment &now) const {
    Words4 suspect = {};
    unsigned i = 0;
    for (; i + 4 <= count; i += 4) {
      Words4 written, read, who;
      loadVector(written, &writeEpochs[word + i]);
      loadVector(read, &readEpochs[word + i]);
      loadVector(who, &readers[word + i]);
      // kPending is later than every epoch.
      suspect |= Words4(written >= now.epoch) |
                 (Words4(read == now.epoch) & who & ~now.self());
    }
    bool isSuspect = isAnySet(suspect);
    for (; i < count; ++i)
      isSuspect |= writeEpochs[word + i] >= now.epoch ||
                   (readEpochs[word + i] == now.epoch &&
                    readers[word + i] & ~now.self());
    return !isSuspect;
  }

  /// Note that lanes from `lane` on write them, as many words each.
  EMULATOR_INLINE void noteWrites(size_t word, unsigned count,
                                  const Moment &now, unsigned lane,
                                  unsigned wordsOfLane) {
    const unsigned shift = __builtin_ctz(wordsOfLane);
    const Words4 lanes = Words4{0, 1, 2, 3} >> shift;
    unsigned i = 0;
    for (; i + 4 <= count; i += 4) {
      storeVector(&writeEpochs[word + i], Words4{} + now.epoch);
      storeVector(&writers[word + i],
                  (lanes << 1) + writer(now, lane + (i >> shift)));
      storeVector(&writeLines[word + i], Words4{} + now.line);
    }
    for (; i < count; ++i)
      noteWrite(word + i, now, lane + (i >> shift), false);
  }

private:
  static uint32_t writer(const Moment &now, unsigned lane) {
    return uint32_t(now.warpEpoch) << 16 | now.warp << 8 | lane << 1;
  }

  std::vector<uint32_t> writeEpochs, writers, writeLines;
  std::vector<uint32_t> readEpochs, readers, readLines;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_SHAREDSHADOW_H
