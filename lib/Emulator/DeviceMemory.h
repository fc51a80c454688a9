//===- DeviceMemory.h - The memory of the emulated device ------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One reservation, backed lazily. Allocations are 256 bytes apart and filled
/// with 0xff, which is NaN in f32, f16 and bf16. Beside each word of 4 bytes
/// stands a word of 8 that tells who wrote and read it (BlockOwner.h).
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_DEVICEMEMORY_H
#define PERCEIVER_LIB_EMULATOR_DEVICEMEMORY_H

#include "lib/Emulator/AddressSpaces.h"
#include "lib/Emulator/OwnerMap.h"

#include <map>
#include <string>
#include <vector>

namespace perceiver::emulator {

/// What may be accessed: an allocation, or a named part of one.
struct Region {
  uint64_t begin = 0, end = 0;
  std::string name;
  bool readOnly = false;
};

/// Name a byte for a finding, as NAME+OFFSET; what is beyond a region is named
/// after it.
std::string nameOf(const std::vector<Region> &regions, uint64_t address);

class DeviceMemory {
public:
  ~DeviceMemory() { release(); }

  /// Reserve address space. False if the host has none.
  bool reserve(uint64_t wanted);
  void release();

  /// Return an address, or 0.
  uint64_t allocate(uint64_t wanted);
  bool free(uint64_t address);
  uint64_t freeBytes() const { return capacity - used; }
  uint64_t totalBytes() const { return capacity; }
  /// Allocations that there are: address and bytes.
  const std::map<uint64_t, uint64_t> &allocations() const { return sizes; }
  /// Whether one allocation holds all these bytes.
  bool contains(uint64_t address, uint64_t size) const;

  /// Name a part of an allocation; from then on only named parts of it may be
  /// accessed. What it overlaps loses its name.
  void annotate(uint64_t address, uint64_t size, const std::string &name,
                bool readOnly);
  void endAnnotation(uint64_t address);
  /// Make memory uninitialised, or initialised by somebody outside.
  void poison(uint64_t address, uint64_t size);
  void markInitialised(uint64_t address, uint64_t size);
  /// Copy bytes, and which of them are initialised.
  void copy(uint64_t target, uint64_t source, uint64_t size);
  /// Return the first word that nobody has written, or the end of the range.
  uint64_t findUninitialised(uint64_t address, uint64_t size) const;

  /// Sorted by address; changes only between launches.
  const std::vector<Region> &regions();
  /// Return a number for a launch, at which all owners of words are out of
  /// date.
  uint64_t nextLaunch();

  uint8_t *host(uint64_t address) const {
    return bytes + (address - kDeviceBase);
  }
  /// Who accesses words, while a launch runs.
  OwnerMap &owners() { return map; }

private:
  struct Named {
    uint64_t end;
    std::string name;
    bool readOnly;
  };

  uint8_t *bytes = nullptr;
  OwnerMap map;
  uint64_t capacity = 0, used = 0;
  /// Beyond this nothing has been allocated yet: all owners are 0.
  uint64_t fresh = kDeviceBase;
  std::map<uint64_t, uint64_t> sizes;
  /// By allocation: an entry says that only its parts may be accessed.
  std::map<uint64_t, std::map<uint64_t, Named>> named;
  std::vector<Region> sorted;
  bool isSorted = true;
  uint64_t launch = 0;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_DEVICEMEMORY_H
