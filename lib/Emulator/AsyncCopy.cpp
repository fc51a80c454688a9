//===- AsyncCopy.cpp - cp.async -------------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A copy may happen at any time until its group is waited for. Here it happens
// then, and until then the destination is poisoned: what does not wait sees it.
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/GlobalAccess.h"
#include "lib/Emulator/SharedAccess.h"

#include <numeric>

using namespace perceiver::emulator;

/// Call `visit` with the number of bytes of a copy, as a constant.
template <typename F>
static EMULATOR_INLINE void visitBytes(unsigned bytes, F visit) {
  if (bytes == 16)
    visit(std::integral_constant<unsigned, 16>());
  else if (bytes == 8)
    visit(std::integral_constant<unsigned, 8>());
  else
    visit(std::integral_constant<unsigned, 4>());
}

static EMULATOR_INLINE void
setWriteEpochs(Block &block, const PendingCopy &copy, uint32_t epoch) {
  visitBytes(copy.bytes, [&](auto bytes) {
    forEachLane(copy.lanes, [&](unsigned lane) {
      block.sharedWords.setWriteEpochs(copy.destinations[lane] / 4, bytes / 4,
                                       epoch);
    });
  });
}

void perceiver::emulator::forgetCopies(Warp &warp) {
  if (warp.block->checks)
    for (const PendingCopy &copy : warp.copies)
      setWriteEpochs(*warp.block, copy, 0);
  warp.copies.clear();
  warp.groups.clear();
}

/// Copy what there is of a source, and zeros.
static void performPart(Block &block, const PendingCopy &copy, unsigned lane) {
  uint8_t *to = block.shared.data() + copy.destinations[lane];
  unsigned bytes = copy.sourceBytes[lane];
  if (bytes)
    memcpy(to, block.context.memory.host(copy.sources[lane]), bytes);
  memset(to + bytes, 0, copy.bytes - bytes);
}

static EMULATOR_INLINE void perform(Warp &warp, const PendingCopy &copy) {
  Block &block = *warp.block;
  const DeviceMemory &memory = block.context.memory;
  const SharedShadow::Moment now = {block.firstEpoch, block.epoch, warp.index,
                                    uint16_t(warp.epoch), copy.line};
  visitBytes(copy.bytes, [&](auto bytes) {
    forEachLane(copy.lanes, [&](unsigned lane) {
      if (copy.sourceBytes[lane] == bytes)
        memcpy(block.shared.data() + copy.destinations[lane],
               memory.host(copy.sources[lane]), bytes);
      else
        performPart(block, copy, lane);
      if (block.checks)
        block.sharedWords.noteWrites(copy.destinations[lane] / 4, bytes / 4,
                                     now, lane, bytes / 4);
    });
  });
}

/// Perform the copies of all but the last `remaining` groups.
static EMULATOR_INLINE void complete(Warp &warp, size_t remaining) {
  if (warp.groups.size() <= remaining)
    return;
  auto end = warp.groups.end() - remaining;
  size_t count = std::accumulate(warp.groups.begin(), end, size_t(0));
  for (size_t i = 0; i < count; ++i)
    perform(warp, warp.copies[i]);
  warp.copies.erase(warp.copies.begin(), warp.copies.begin() + count);
  warp.groups.erase(warp.groups.begin(), end);
}

static void commit(Warp &warp) {
  size_t committed =
      std::accumulate(warp.groups.begin(), warp.groups.end(), size_t(0));
  warp.groups.push_back(warp.copies.size() - committed);
}

/// Return the lanes that may read what there is of their sources, which is less
/// than a copy moves: nothing else is touched.
static uint32_t admitParts(Warp &warp, const Operation &operation,
                           const PendingCopy &copy, uint32_t lanes) {
  uint32_t good = lanes;
  // Ask for `bytes` from where a lane's offset is, if it is in what there is.
  auto ask = [&](unsigned bytes, auto offsetOf) {
    LaneAddresses addresses = {};
    uint32_t asking = 0;
    forEachLane(lanes, [&](unsigned lane) {
      unsigned size = copy.sourceBytes[lane], offset = offsetOf(size);
      addresses[lane] = copy.sources[lane] + offset;
      asking |= uint32_t(offset + bytes <= size) << lane;
    });
    if (asking)
      good &= ~asking | admitGlobal<false>({warp, operation, addresses, asking,
                                            bytes, LaneRequest::Second});
  };
  for (unsigned first = 0; first < copy.bytes; first += 4)
    ask(4, [&](unsigned) { return first; });
  for (unsigned byte = 0; byte < 3; ++byte)
    ask(1, [&](unsigned size) { return size / 4 * 4 + byte; });
  return good;
}

namespace {
/// slots: destination, source, source size. The destination's offset stands in
/// `target`, whether it has 64 bits in `detail`.
struct AsyncCopy {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    Block &block = *warp.block;
    LaneAddresses destinations, sources;
    bool wide = operation.detail;
    computeAddresses(warp, operation, operation.slots[1], sources);
    for (unsigned lane = 0; lane < kLanes; ++lane)
      destinations[lane] =
          wide ? warp.slot<uint64_t>(operation.slots[0])[lane] +
                     int32_t(operation.target)
               : uint32_t(warp.slot<uint32_t>(operation.slots[0])[lane] +
                          operation.target);
    unsigned bytes = operation.access.elementBytes;
    const auto *sizes = warp.slot<uint32_t>(operation.slots[2]);
    PendingCopy &copy = warp.copies.emplace_back();
    copy.bytes = bytes;
    copy.line = operation.line;
    uint32_t reading = 0, whole = 0;
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      unsigned size = sizes[lane] < bytes ? sizes[lane] : bytes;
      copy.sources[lane] = sources[lane];
      copy.destinations[lane] = destinations[lane];
      copy.sourceBytes[lane] = size;
      reading |= uint32_t(size != 0) << lane;
      whole |= uint32_t(size == bytes || sources[lane] % bytes) << lane;
    }
    // What reads nothing may have any source.
    reading &= warp.exec;
    whole &= reading;
    copy.lanes = warp.exec;
    if (whole)
      copy.lanes &=
          ~whole | admitGlobal<false>({warp, operation, sources, whole, bytes,
                                       LaneRequest::Second});
    if (whole != reading)
      copy.lanes &= ~reading | whole |
                    admitParts(warp, operation, copy, reading & ~whole);
    if (copy.lanes)
      copy.lanes =
          admitSharedWrite({warp, operation, destinations, copy.lanes, bytes},
                           []() -> const LaneWords * { return nullptr; });
    if (!copy.lanes) {
      warp.copies.pop_back();
      return;
    }
    if (block.checks)
      setWriteEpochs(block, copy, SharedShadow::kPending);
    visitBytes(bytes, [&](auto constant) {
      forEachLane(copy.lanes, [&](unsigned lane) {
        memset(block.shared.data() + copy.destinations[lane], 0xff, constant);
      });
    });
  }
};

enum class AsyncStep : uint8_t { Commit, Wait, WaitAll };

template <AsyncStep step>
struct AsyncControl {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    // Groups are counted for the warp, which lanes that go alone would confuse.
    if (warp.exec != warp.live)
      warp.block->report(FindingKind::PartialMask, warp, operation, warp.exec,
                         "-", "-",
                         "only a part of the warp commits or waits for copies");
    if (step != AsyncStep::Wait)
      commit(warp);
    if (step != AsyncStep::Commit)
      complete(warp, step == AsyncStep::Wait ? operation.immediate : 0);
  }
};
} // namespace

static bool decodeCopy(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Operation &operation = decoder.current().operation;
  bool all = form.take("ca");
  for (const char *hint : {"L2::64B", "L2::128B", "L2::256B"})
    form.take(hint);
  if ((!all && !form.take("cg")) || !form.take("global") ||
      !(form.take("shared") || form.take("shared::cta")))
    return decoder.unknown();
  if (operands.size() < 3 || operands.size() > 4)
    return decoder.expectOperands(form, 3);
  uint64_t bytes;
  Access destination;
  destination.space = Space::Shared;
  operation.access.space = Space::Global;
  if (!decoder.readAddress(operands[0], destination))
    return false;
  operation.target = operation.immediate;
  operation.detail = destination.isWide;
  if (!decoder.readAddress(operands[1], operation.access) ||
      !decoder.readImmediate(operands[2], bytes))
    return false;
  if (bytes != 16 && (!all || (bytes != 4 && bytes != 8)))
    return decoder.refuse("expected 16 bytes, or 4 or 8 of a copy through all "
                          "caches, but got " +
                          std::to_string(bytes));
  operation.access.elementBytes = bytes;
  if (operands.size() == 4) {
    if (!decoder.readBits(operands[3], 32))
      return false;
  } else {
    decoder.readConstant(bytes, false);
  }
  return decoder.emit(form, OperationClass::AsyncCopy, handler<AsyncCopy>());
}

bool perceiver::emulator::decodeAsyncCopy(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Operation &operation = decoder.current().operation;
  if (!form.take("async"))
    return decoder.unknown();
  if (form.take("commit_group"))
    return decoder.expectOperands(form, 0) &&
           decoder.emit(form, OperationClass::AsyncCopy,
                        handler<AsyncControl<AsyncStep::Commit>>());
  if (form.take("wait_all"))
    return decoder.expectOperands(form, 0) &&
           decoder.emit(form, OperationClass::AsyncCopy,
                        handler<AsyncControl<AsyncStep::WaitAll>>());
  if (!form.take("wait_group"))
    return decodeCopy(decoder, form);
  uint64_t remaining;
  if (!decoder.expectOperands(form, 1) ||
      !decoder.readImmediate(operands[0], remaining))
    return false;
  operation.immediate = remaining;
  return decoder.emit(form, OperationClass::AsyncCopy,
                      handler<AsyncControl<AsyncStep::Wait>>());
}
