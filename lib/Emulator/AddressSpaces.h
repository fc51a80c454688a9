//===- AddressSpaces.h - Where memories lie ---------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A generic address is told apart by range. All ranges lie beyond what hosts
/// map, so a device address that is read on the host faults.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_ADDRESSSPACES_H
#define PERCEIVER_LIB_EMULATOR_ADDRESSSPACES_H

#include <cstdint>

namespace perceiver::emulator {

constexpr uint64_t kDeviceBase = uint64_t(1) << 48;
constexpr uint64_t kMostDeviceBytes = uint64_t(1) << 44;
constexpr uint64_t kSharedBase = uint64_t(2) << 48;
constexpr uint64_t kConstantBase = uint64_t(3) << 48;
constexpr uint64_t kParameterBase = uint64_t(4) << 48;
constexpr uint64_t kWindowBytes = uint64_t(1) << 32;

/// The bytes of .const that a module may have.
constexpr uint64_t kMostConstantBytes = 64 << 10;

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_ADDRESSSPACES_H
