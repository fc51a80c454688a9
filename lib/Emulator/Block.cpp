//===- Block.cpp - A block of threads that runs ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Block.h"

#include "lib/Emulator/BlockOwner.h"
#include "lib/Emulator/Lanes.h"

#include <algorithm>
#include <cstring>

using namespace perceiver::emulator;

/// Write a value to all lanes of a slot.
static void fill(uint8_t *slot, const Constant &constant) {
  for (unsigned lane = 0; lane < kLanes; ++lane)
    if (constant.isWide)
      memcpy(slot + 8 * lane, &constant.bits, 8);
    else
      memcpy(slot + 4 * lane, &constant.bits, 4);
}

Block::Block(LaunchContext &context)
    : context(context), kernel(*context.request.kernel),
      checks(context.settings.checks) {
  const LaunchRequest &request = context.request;
  uint64_t threads =
      uint64_t(request.threads[0]) * request.threads[1] * request.threads[2];
  unsigned count = (threads + kLanes - 1) / kLanes;
  warps.resize(count);
  size_t warpBytes = size_t(kernel.slots) * kSlotBytes;
  // Slots are aligned for vectors.
  registerStorage.resize(count * warpBytes + kSlotBytes);
  predicateStorage.resize(size_t(count) * kernel.predicates);
  uint8_t *first = registerStorage.data();
  first += (kSlotBytes - reinterpret_cast<uintptr_t>(first) % kSlotBytes) %
           kSlotBytes;
  for (unsigned i = 0; i < count; ++i) {
    Warp &warp = warps[i];
    warp.registers = first + i * warpBytes;
    warp.predicates = predicateStorage.data() + size_t(i) * kernel.predicates;
    warp.block = this;
    warp.index = i;
    for (const Constant &constant : kernel.constants)
      fill(warp.registers + constant.slot * kSlotBytes, constant);
  }
  shared.resize(kernel.dynamicSharedOffset + request.dynamicSharedBytes);
  if (checks)
    sharedWords.resize((shared.size() + 3) / 4);
  patterns.resize(kernel.patterns);
}

uint32_t Block::specialValue(SpecialSlot::Kind kind, uint64_t thread,
                             unsigned warp) const {
  using Kind = SpecialSlot::Kind;
  const uint32_t *threads = context.request.threads;
  switch (kind) {
  case Kind::ThreadX:
    return thread % threads[0];
  case Kind::ThreadY:
    return thread / threads[0] % threads[1];
  case Kind::ThreadZ:
    return thread / threads[0] / threads[1];
  case Kind::ThreadsX:
  case Kind::ThreadsY:
  case Kind::ThreadsZ:
    return threads[unsigned(kind) - unsigned(Kind::ThreadsX)];
  case Kind::BlockX:
  case Kind::BlockY:
  case Kind::BlockZ:
    return position[unsigned(kind) - unsigned(Kind::BlockX)];
  case Kind::BlocksX:
  case Kind::BlocksY:
  case Kind::BlocksZ:
    return context.request.grid[unsigned(kind) - unsigned(Kind::BlocksX)];
  case Kind::Lane:
    return thread % kLanes;
  case Kind::Warp:
    return warp;
  case Kind::Warps:
    return warps.size();
  case Kind::DynamicSharedBytes:
    return context.request.dynamicSharedBytes;
  case Kind::TotalSharedBytes:
    return shared.size();
  }
  return 0;
}

void Block::prepareWarp(Warp &warp, uint64_t firstThread, uint64_t threads) {
  uint64_t rest = threads - firstThread;
  warp.existing = rest >= kLanes ? ~0u : (1u << rest) - 1;
  warp.live = warp.active = warp.existing;
  warp.position = 0;
  warp.parked.clear();
  warp.nextParked = UINT32_MAX;
  warp.barrier = -1;
  warp.budget = context.settings.steps;
  forgetCopies(warp);
  memset(warp.predicates, 0, kernel.predicates * sizeof(uint32_t));
  warp.predicates[0] = ~0u;
  for (const SpecialSlot &special : kernel.specials)
    for (unsigned lane = 0; lane < kLanes; ++lane)
      warp.slot<uint32_t>(special.slot)[lane] =
          specialValue(special.kind, firstThread + lane, warp.index);
}

void Block::run(uint64_t number) {
  const LaunchRequest &request = context.request;
  blockNumber = number;
  owner = BlockOwner::number(number);
  position[0] = number % request.grid[0];
  position[1] = number / request.grid[0] % request.grid[1];
  position[2] = number / request.grid[0] / request.grid[1];
  firstEpoch = ++epoch;
  std::fill(shared.begin(), shared.end(), 0xff);
  uint64_t threads =
      uint64_t(request.threads[0]) * request.threads[1] * request.threads[2];
  for (Warp &warp : warps)
    prepareWarp(warp, uint64_t(warp.index) * kLanes, threads);
  // Any warp may be the first one.
  size_t first = (seed() * 7 + number) % warps.size() * (seed() != 0);
  bool running = true;
  while (running && !context.stop) {
    running = false;
    for (size_t i = 0; i < warps.size() && !context.stop; ++i) {
      Warp &warp = warps[(first + i) % warps.size()];
      if (!warp.live || warp.barrier >= 0)
        continue;
      running = true;
      if (runWarp(warp) == Stop::Abandon)
        return;
    }
    running |= openBarriers();
    bool waits = std::any_of(warps.begin(), warps.end(),
                             [](const Warp &warp) { return warp.live != 0; });
    if (!running && waits)
      return reportDeadlock();
  }
  for (Warp &warp : warps) {
    for (unsigned kind = 0; kind < kOperationClasses; ++kind)
      count.instructions[kind] += warp.counts[kind];
    std::fill(std::begin(warp.counts), std::end(warp.counts), 0);
    count.matrixProducts += warp.matrixProducts;
    warp.matrixProducts = 0;
  }
}

/// Return the lanes of the running group that the guard lets run.
static EMULATOR_INLINE uint32_t guardedLanes(const Warp &warp,
                                             const Operation &operation) {
  return warp.active & (warp.predicates[operation.guard] ^ operation.guardFlip);
}

/// Bring the lanes together that a collective operation needs. False if they
/// have to wait for others, which go on.
bool Block::assemble(Warp &warp, const Operation &operation) {
  gather(warp);
  warp.exec = guardedLanes(warp, operation);
  uint32_t required = requiredLanes(warp, operation);
  uint32_t missing = required & ~warp.active;
  if (!missing) {
    if (required & ~warp.exec)
      report(operation.flow == Flow::Barrier ? FindingKind::DivergentBarrier
                                             : FindingKind::PartialMask,
             warp, operation, warp.exec, "-", "-",
             "a predicate keeps lanes from an instruction that needs them");
    return true;
  }
  uint32_t here = warp.position, lanes = warp.active;
  if (parkWaiting(warp))
    return false;
  // All wait for each other: these go on alone.
  std::string other;
  for (LaneGroup &group : warp.parked) {
    group.waits = group.position != here;
    if (group.waits && group.lanes & missing)
      other = "line=" + std::to_string(kernel.operations[group.position].line);
  }
  report(FindingKind::DivergentBarrier, warp, operation, lanes, "-", other,
         "lanes of a warp wait for each other at different instructions");
  switchGroup(warp);
  warp.exec = guardedLanes(warp, operation);
  return true;
}

Block::Stop Block::runWarp(Warp &warp) {
  const Operation *operations = kernel.operations.data();
  for (; warp.budget; --warp.budget) {
    if (warp.position >= warp.nextParked)
      switchGroup(warp);
    const Operation &operation = operations[warp.position];
    uint32_t exec =
        warp.active & (warp.predicates[operation.guard] ^ operation.guardFlip);
    ++warp.counts[unsigned(operation.kind)];
    switch (operation.flow) {
    case Flow::Next:
      warp.exec = exec;
      if (exec)
        operation.run(warp, operation);
      ++warp.position;
      break;
    case Flow::Branch:
      branch(warp, exec, operation.target);
      break;
    case Flow::Exit:
      exitLanes(warp, exec);
      if (warp.active)
        ++warp.position;
      else if (!warp.live)
        return Stop::Exit;
      else
        switchGroup(warp);
      break;
    case Flow::Collective:
    case Flow::Barrier:
      if (exec && !assemble(warp, operation))
        break;
      if (exec && operation.run)
        operation.run(warp, operation);
      ++warp.position;
      if (exec && operation.flow == Flow::Barrier) {
        warp.barrier = operation.detail;
        return Stop::Barrier;
      }
      break;
    }
  }
  report(FindingKind::StepLimit, warp, operations[warp.position], warp.active,
         "-", "-",
         "a warp has executed " + std::to_string(context.settings.steps) +
             " instructions");
  abandon(LaunchEnd::StepLimit);
  return Stop::Abandon;
}

bool Block::openBarriers() {
  int number = -1;
  for (const Warp &warp : warps)
    if (warp.live) {
      if (warp.barrier < 0 || (number >= 0 && warp.barrier != number))
        return false;
      number = warp.barrier;
    }
  if (number < 0)
    return false;
  ++epoch;
  ++count.barriers;
  for (Warp &warp : warps) {
    if (warp.live && checks)
      checkExited(warp);
    warp.barrier = -1;
    ++warp.epoch;
  }
  return true;
}

/// Report lanes of the block that exited before the barrier at which `warp` is.
void Block::checkExited(const Warp &warp) {
  for (const Warp &other : warps)
    if (uint32_t exited = other.existing & ~other.live) {
      report(FindingKind::ExitedLanes, warp,
             kernel.operations[warp.position - 1], exited, "-",
             "warp=" + std::to_string(other.index),
             "lanes have exited before a barrier of their block");
      return;
    }
}

void Block::reportDeadlock() {
  const Warp *first = nullptr, *second = nullptr;
  for (const Warp &warp : warps)
    if (warp.live && !first)
      first = &warp;
    else if (warp.live && warp.barrier != first->barrier)
      second = &warp;
  auto at = [&](const Warp &warp) -> const Operation & {
    return kernel.operations[warp.position ? warp.position - 1 : 0];
  };
  std::string other = "-";
  if (second)
    other = "warp=" + std::to_string(second->index) +
            ",line=" + std::to_string(at(*second).line);
  report(FindingKind::Deadlock, *first, at(*first), first->live, "-", other,
         "warps of a block wait for each other at different barriers");
  abandon(LaunchEnd::Deadlock);
}

void Block::abandon(LaunchEnd end) {
  context.end = end;
  context.stop = true;
}

void Block::report(FindingKind kind, const Warp &warp,
                   const Operation &operation, uint32_t lanes,
                   std::string buffer, std::string other,
                   std::string sentence) {
  if (!checks && kind != FindingKind::Deadlock &&
      kind != FindingKind::StepLimit && kind != FindingKind::OutOfBounds &&
      kind != FindingKind::Misaligned)
    return;
  Finding finding;
  finding.kind = kind;
  finding.kernel = kernel.name;
  finding.line = operation.line;
  std::copy(position, position + 3, finding.block);
  finding.lanes = lanes;
  finding.buffer = std::move(buffer);
  finding.other = std::move(other);
  finding.sentence =
      std::move(sentence) + " (warp " + std::to_string(warp.index) + ")";
  finding.order[0] = context.sequence;
  finding.order[1] = blockNumber;
  finding.order[2] = warp.index;
  context.findings.add(std::move(finding));
}
