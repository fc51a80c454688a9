//===- OtherAccess.h - Accesses to constants and parameters ----*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Memories of a few bytes that a launch only reads, and the generic space, in
/// which addresses tell what they belong to.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_OTHERACCESS_H
#define PERCEIVER_LIB_EMULATOR_OTHERACCESS_H

#include "lib/Emulator/LaneAccess.h"

namespace perceiver::emulator {

struct ConstantMemory {
  static uint32_t admitRead(const LaneRequest &request);
  static const uint8_t *at(const LaneRequest &request, unsigned lane);
};

struct ParameterMemory {
  static uint32_t admitRead(const LaneRequest &request);
  static const uint8_t *at(const LaneRequest &request, unsigned lane);
};

void loadGeneric(const LaneRequest &request, LaneWords &words);
void storeGeneric(const LaneRequest &request, const LaneWords &words);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_OTHERACCESS_H
