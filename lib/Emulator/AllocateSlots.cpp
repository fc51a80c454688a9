//===- AllocateSlots.cpp - Slots for the registers of a kernel ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"

using namespace perceiver::emulator;

std::vector<uint32_t>
perceiver::emulator::allocateSlots(const std::vector<Draft> &drafts,
                                   const std::vector<bool> &isWide,
                                   uint32_t registers, unsigned &slots) {
  (void)drafts;
  (void)registers;
  std::vector<uint32_t> first;
  slots = 0;
  for (bool wide : isWide) {
    first.push_back(slots);
    slots += wide ? 2 : 1;
  }
  return first;
}
