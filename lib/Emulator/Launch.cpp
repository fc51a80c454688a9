//===- Launch.cpp - Run a grid of blocks ----------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Launch.h"

#include "lib/Emulator/Block.h"

#include <memory>
#include <numeric>
#include <thread>

using namespace perceiver::emulator;

/// Return the number that the seed makes of another; spreads well.
static uint64_t mix(uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

namespace {
/// An order of the blocks: seed 0 is that of their numbers.
class BlockOrder {
public:
  BlockOrder(uint64_t blocks, uint64_t seed) : blocks(blocks) {
    if (!seed || blocks < 2)
      return;
    start = mix(seed) % blocks;
    step = mix(seed + 1) % blocks;
    while (std::gcd(step, blocks) != 1)
      step = step % blocks + 1;
  }
  uint64_t at(uint64_t position) const {
    return (start + static_cast<unsigned __int128>(position) * step) % blocks;
  }

private:
  uint64_t blocks, start = 0, step = 1;
};
} // namespace

static unsigned threadsFor(const Settings &settings, uint64_t blocks) {
  unsigned threads = settings.threads;
  if (!threads)
    threads = std::min(std::max(std::thread::hardware_concurrency(), 1u), 2u);
  return std::min<uint64_t>(threads, blocks);
}

LaunchEnd perceiver::emulator::runLaunch(const LaunchRequest &request,
                                         const Settings &settings,
                                         DeviceMemory &memory,
                                         Findings &findings, uint64_t sequence,
                                         KernelCounters &counters) {
  uint64_t blocks =
      uint64_t(request.grid[0]) * request.grid[1] * request.grid[2];
  LaunchContext context = {request,          settings, memory,
                           memory.regions(), findings, memory.nextLaunch(),
                           sequence};
  BlockOrder order(blocks, settings.seed);
  unsigned threads = threadsFor(settings, blocks);
  context.isParallel = threads > 1;
  std::atomic<uint64_t> next{0};
  std::vector<KernelCounters> parts(threads);
  auto work = [&](unsigned thread) {
    auto block = std::make_unique<Block>(context);
    for (uint64_t position; (position = next++) < blocks && !context.stop;)
      block->run(order.at(position));
    parts[thread] = block->counters();
  };
  std::vector<std::thread> others;
  for (unsigned thread = 1; thread < threads; ++thread)
    others.emplace_back(work, thread);
  work(0);
  for (std::thread &other : others)
    other.join();
  for (const KernelCounters &part : parts)
    counters += part;
  ++counters.launches;
  return context.end;
}
