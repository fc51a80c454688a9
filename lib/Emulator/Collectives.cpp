//===- Collectives.cpp - Votes, shuffles and barriers of a warp ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/LaneAccess.h"

using namespace perceiver::emulator;

static uint32_t membersOf(Warp &warp, const Operation &operation) {
  if (operation.members == kAllLanes)
    return warp.live;
  const auto *mask = warp.slot<uint32_t>(operation.slots[operation.members]);
  return mask[__builtin_ctz(warp.exec)];
}

uint32_t perceiver::emulator::requiredLanes(Warp &warp,
                                            const Operation &operation) {
  return membersOf(warp, operation) & warp.live;
}

/// Report lanes that take part without being members.
static void checkMembers(Warp &warp, const Operation &operation) {
  uint32_t strangers = warp.exec & ~membersOf(warp, operation);
  if (strangers && warp.block->checks)
    warp.block->report(FindingKind::PartialMask, warp, operation, strangers,
                       "-", "-",
                       "lanes execute it that its member mask does not name");
}

namespace {
enum class ShuffleMode : uint8_t { Up, Down, Butterfly, Index };

/// slots: d, a, b, c, members; predicates[0] tells whether the source is
/// inside.
template <ShuffleMode mode>
struct Shuffle {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    checkMembers(warp, operation);
    const auto *a = warp.slot<uint32_t>(operation.slots[1]);
    const auto *b = warp.slot<uint32_t>(operation.slots[2]);
    const auto *c = warp.slot<uint32_t>(operation.slots[3]);
    uint32_t result[kLanes], inside = 0;
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      uint32_t distance = b[lane] & 31, clamp = c[lane] & 31;
      uint32_t segment = c[lane] >> 8 & 31;
      uint32_t last = (lane & segment) | (clamp & ~segment);
      uint32_t first = lane & segment;
      uint32_t source;
      bool valid;
      if (mode == ShuffleMode::Up) {
        source = lane - distance;
        valid = int32_t(source) >= int32_t(last);
      } else if (mode == ShuffleMode::Down) {
        source = lane + distance;
        valid = source <= last;
      } else if (mode == ShuffleMode::Butterfly) {
        source = lane ^ distance;
        valid = source <= last;
      } else {
        source = first | (distance & ~segment);
        valid = source <= last;
      }
      source = valid ? source & 31 : lane;
      // What a lane that does not take part holds is undefined.
      result[lane] = warp.exec >> source & 1 ? a[source] : UINT32_MAX;
      inside |= uint32_t(valid) << lane;
    }
    writeSlot(warp, operation.slots[0], result);
    warp.setPredicate(operation.predicates[0], inside);
  }
};

enum class VoteMode : uint8_t { All, Any, Uniform, Ballot };

/// predicates[2] is what each lane says. slots: d for a ballot, members.
template <VoteMode mode>
struct Vote {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    checkMembers(warp, operation);
    uint32_t yes = warp.predicate(operation, 2) & warp.exec;
    if (mode == VoteMode::Ballot) {
      uint32_t result[kLanes];
      for (uint32_t &lane : result)
        lane = yes;
      return writeSlot(warp, operation.slots[0], result);
    }
    bool all = yes == warp.exec, any = yes != 0;
    bool result = mode == VoteMode::All   ? all
                  : mode == VoteMode::Any ? any
                                          : all || !any;
    warp.setPredicate(operation.predicates[0], result ? ~0u : 0);
  }
};

struct ActiveMask {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    uint32_t result[kLanes];
    for (uint32_t &lane : result)
      lane = warp.exec;
    writeSlot(warp, operation.slots[0], result);
  }
};

/// bar.warp.sync: what the warp's lanes wrote is seen by all of them.
struct WarpBarrier {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    checkMembers(warp, operation);
    ++warp.epoch;
  }
};
} // namespace

bool perceiver::emulator::decodeShuffle(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Operation &operation = decoder.current().operation;
  Handler run = nullptr;
  if (form.take("up"))
    run = handler<Shuffle<ShuffleMode::Up>>();
  else if (form.take("down"))
    run = handler<Shuffle<ShuffleMode::Down>>();
  else if (form.take("bfly"))
    run = handler<Shuffle<ShuffleMode::Butterfly>>();
  else if (form.take("idx"))
    run = handler<Shuffle<ShuffleMode::Index>>();
  if (!run || !form.take("sync") || !form.take("b32"))
    return decoder.unknown();
  if (!decoder.expectOperands(form, 5))
    return false;
  bool pair = operands[0].kind == Operand::Kind::Pair;
  const Operand &target = pair ? operands[0].elements[0] : operands[0];
  if (!decoder.write(target, 32) ||
      (pair && !decoder.writePredicate(operands[0].elements[1], 0)))
    return false;
  for (size_t i = 1; i < 5; ++i)
    if (!decoder.readBits(operands[i], 32))
      return false;
  operation.flow = Flow::Collective;
  operation.members = 4;
  return decoder.emit(form, OperationClass::Collective, run);
}

bool perceiver::emulator::decodeVote(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Operation &operation = decoder.current().operation;
  if (form.instruction.opcode == "activemask")
    return form.take("b32") ? decoder.expectOperands(form, 1) &&
                                  decoder.write(operands[0], 32) &&
                                  decoder.emit(form, OperationClass::Collective,
                                               handler<ActiveMask>())
                            : decoder.unknown();
  if (!form.take("sync"))
    return decoder.unknown();
  bool isBallot = form.take("ballot");
  Handler run = isBallot           ? handler<Vote<VoteMode::Ballot>>()
                : form.take("all") ? handler<Vote<VoteMode::All>>()
                : form.take("any") ? handler<Vote<VoteMode::Any>>()
                : form.take("uni") ? handler<Vote<VoteMode::Uniform>>()
                                   : nullptr;
  if (!run || !form.take(isBallot ? "b32" : "pred"))
    return decoder.unknown();
  if (!decoder.expectOperands(form, 3) ||
      !(isBallot ? decoder.write(operands[0], 32)
                 : decoder.writePredicate(operands[0], 0)) ||
      !decoder.readPredicate(operands[1], 2) ||
      !decoder.readBits(operands[2], 32))
    return false;
  operation.flow = Flow::Collective;
  operation.members = isBallot ? 1 : 0;
  return decoder.emit(form, OperationClass::Collective, run);
}

bool perceiver::emulator::decodeBarrier(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Operation &operation = decoder.current().operation;
  if (form.take("warp")) {
    if (!form.take("sync"))
      return decoder.unknown();
    if (!decoder.expectOperands(form, 1) || !decoder.readBits(operands[0], 32))
      return false;
    operation.flow = Flow::Collective;
    operation.members = 0;
    return decoder.emit(form, OperationClass::Barrier, handler<WarpBarrier>());
  }
  // A barrier of part of the block would be a second argument.
  uint64_t number = 0;
  form.take("cta");
  form.take("aligned");
  if (!form.take("sync") || operands.size() != 1)
    return decoder.unknown();
  if (!decoder.readImmediate(operands[0], number))
    return false;
  if (number > 15)
    return decoder.refuse("expected a barrier from 0 to 15, but got " +
                          std::to_string(number));
  operation.flow = Flow::Barrier;
  operation.detail = number;
  return decoder.emit(form, OperationClass::Barrier, nullptr);
}

bool perceiver::emulator::decodeBranch(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  form.take("uni");
  if (!decoder.expectOperands(form, 1))
    return false;
  if (operands[0].kind != Operand::Kind::Target)
    return decoder.refuse("expected a label");
  decoder.current().operation.flow = Flow::Branch;
  decoder.current().operation.target = operands[0].index;
  return decoder.emit(form, OperationClass::Control, nullptr);
}

bool perceiver::emulator::decodeExit(Decoder &decoder, Form &form) {
  form.take("uni");
  if (!decoder.expectOperands(form, 0))
    return false;
  decoder.current().operation.flow = Flow::Exit;
  return decoder.emit(form, OperationClass::Control, nullptr);
}
