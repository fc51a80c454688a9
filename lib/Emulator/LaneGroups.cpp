//===- LaneGroups.cpp - Lanes of a warp that have gone different ways -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Block.h"

#include <algorithm>

using namespace perceiver::emulator;

static void updateNext(Warp &warp) {
  warp.nextParked = UINT32_MAX;
  for (const LaneGroup &group : warp.parked)
    if (!group.waits)
      warp.nextParked = std::min(warp.nextParked, group.position);
}

bool perceiver::emulator::switchGroup(Warp &warp) {
  if (warp.active)
    warp.parked.push_back({warp.position, warp.active, false});
  warp.active = 0;
  updateNext(warp);
  if (warp.nextParked == UINT32_MAX)
    return false;
  warp.position = warp.nextParked;
  gather(warp);
  return true;
}

void perceiver::emulator::gather(Warp &warp) {
  if (warp.parked.empty())
    return;
  auto here = [&](const LaneGroup &group) {
    if (group.position != warp.position)
      return false;
    warp.active |= group.lanes;
    return true;
  };
  warp.parked.erase(
      std::remove_if(warp.parked.begin(), warp.parked.end(), here),
      warp.parked.end());
  updateNext(warp);
}

void perceiver::emulator::branch(Warp &warp, uint32_t taken, uint32_t target) {
  uint32_t others = warp.active & ~taken;
  if (!taken) {
    ++warp.position;
    return;
  }
  if (others) {
    warp.parked.push_back({warp.position + 1, others, false});
    warp.active = taken;
  }
  warp.position = target;
  updateNext(warp);
}

void perceiver::emulator::exitLanes(Warp &warp, uint32_t leaving) {
  warp.live &= ~leaving;
  warp.active &= ~leaving;
  // Those that wait need fewer lanes now.
  for (LaneGroup &group : warp.parked)
    group.waits = false;
  updateNext(warp);
}

bool perceiver::emulator::parkWaiting(Warp &warp) {
  warp.parked.push_back({warp.position, warp.active, true});
  warp.active = 0;
  return switchGroup(warp);
}
