//===- DeviceMemory.cpp - The memory of the emulated device ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DeviceMemory.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

using namespace perceiver::emulator;

// Between allocations, and the alignment of each.
constexpr uint64_t kGap = 256;

static uint64_t roundUp(uint64_t bytes) {
  return (bytes + kGap - 1) & ~(kGap - 1);
}

static void *reserveBytes(uint64_t bytes) {
  void *address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return address == MAP_FAILED ? nullptr : address;
}

bool DeviceMemory::reserve(uint64_t wanted) {
  release();
  capacity = roundUp(wanted);
  bytes = static_cast<uint8_t *>(reserveBytes(capacity));
  auto *owners = static_cast<uint64_t *>(reserveBytes(2 * capacity));
  map.place(owners, kDeviceBase);
  if (bytes && owners)
    return true;
  release();
  return false;
}

void DeviceMemory::release() {
  if (bytes)
    munmap(bytes, capacity);
  if (uint64_t *owners = map.data())
    munmap(owners, 2 * capacity);
  bytes = nullptr;
  map.place(nullptr, kDeviceBase);
  capacity = used = launch = 0;
  fresh = kDeviceBase;
  sizes.clear();
  named.clear();
  sorted.clear();
}

uint64_t DeviceMemory::allocate(uint64_t wanted) {
  if (wanted > capacity)
    return 0;
  uint64_t space = roundUp(wanted) + kGap;
  uint64_t address = kDeviceBase;
  for (const auto &[begin, size] : sizes) {
    if (begin - address >= space)
      break;
    address = begin + roundUp(size) + kGap;
  }
  if (address + space > kDeviceBase + capacity)
    return 0;
  sizes[address] = wanted;
  used += space;
  isSorted = false;
  poison(address, roundUp(wanted));
  fresh = std::max(fresh, address + space);
  return address;
}

bool DeviceMemory::free(uint64_t address) {
  auto found = sizes.find(address);
  if (found == sizes.end())
    return false;
  uint64_t space = roundUp(found->second);
  // Whole pages go back to the host.
  constexpr uint64_t page = 4096;
  uint8_t *begin = host(address);
  uint64_t skipped = (page - (begin - bytes) % page) % page;
  if (space > skipped + page)
    madvise(begin + skipped, (space - skipped) & ~(page - 1), MADV_DONTNEED);
  used -= space + kGap;
  sizes.erase(found);
  named.erase(address);
  isSorted = false;
  return true;
}

bool DeviceMemory::contains(uint64_t address, uint64_t size) const {
  auto after = sizes.upper_bound(address);
  if (after == sizes.begin())
    return false;
  auto [begin, whole] = *std::prev(after);
  return address - begin <= whole && size <= whole - (address - begin);
}

void DeviceMemory::annotate(uint64_t address, uint64_t size,
                            const std::string &name, bool readOnly) {
  auto after = sizes.upper_bound(address);
  if (after == sizes.begin() || !contains(address, size))
    return;
  auto &parts = named[std::prev(after)->first];
  auto part = parts.lower_bound(address);
  if (part != parts.begin() && std::prev(part)->second.end > address)
    --part;
  while (part != parts.end() && part->first < address + size)
    part = parts.erase(part);
  parts[address] = {address + size, name, readOnly};
  isSorted = false;
}

void DeviceMemory::endAnnotation(uint64_t address) {
  for (auto allocation = named.begin(); allocation != named.end();
       ++allocation) {
    if (!allocation->second.erase(address))
      continue;
    isSorted = false;
    // Without any name left, all of it may be accessed again.
    if (allocation->second.empty())
      named.erase(allocation);
    return;
  }
}

void DeviceMemory::poison(uint64_t address, uint64_t size) {
  memset(host(address), 0xff, size);
  uint64_t end = std::min(address + size, fresh);
  if (address < end)
    std::fill(map.at(address), map.at(end + 3), 0);
}

void DeviceMemory::copy(uint64_t target, uint64_t source, uint64_t size) {
  std::vector<bool> written;
  for (uint64_t word = 0; word < size; word += 4) {
    BlockOwner state(*map.at(source + word));
    written.push_back(state.isInitialised());
  }
  memmove(host(target), host(source), size);
  for (size_t i = 0; i < written.size(); ++i)
    if (written[i])
      markInitialised(target + 4 * i, std::min<uint64_t>(4, size - 4 * i));
}

uint64_t DeviceMemory::findUninitialised(uint64_t address,
                                         uint64_t size) const {
  for (uint64_t word = address; word < address + size; word += 4) {
    BlockOwner state(*map.at(word));
    if (!state.isInitialised())
      return word;
  }
  return address + size;
}

void DeviceMemory::markInitialised(uint64_t address, uint64_t size) {
  uint64_t end = address + size;
  for (uint64_t word = address & ~uint64_t(3); word < end; word += 4) {
    uint64_t *entry = map.at(word);
    *entry = BlockOwner(*entry).initialised().raw();
  }
}

const std::vector<Region> &DeviceMemory::regions() {
  if (isSorted)
    return sorted;
  sorted.clear();
  for (const auto &[address, size] : sizes) {
    auto parts = named.find(address);
    if (parts == named.end()) {
      char name[32];
      snprintf(name, sizeof name, "0x%llx",
               static_cast<unsigned long long>(address));
      sorted.push_back({address, address + size, name, false});
      continue;
    }
    for (const auto &[begin, part] : parts->second)
      sorted.push_back({begin, part.end, part.name, part.readOnly});
  }
  isSorted = true;
  return sorted;
}

uint64_t DeviceMemory::nextLaunch() {
  if (++launch < BlockOwner::kLaunches)
    return launch;
  // The numbers begin again: forget all but what is initialised.
  for (const auto &[address, size] : sizes)
    for (uint64_t word = 0; word < size; word += 4) {
      uint64_t *entry = map.at(address + word);
      *entry = BlockOwner(*entry).in(0).raw();
    }
  return launch = 1;
}

std::string perceiver::emulator::nameOf(const std::vector<Region> &regions,
                                        uint64_t address) {
  auto after = std::upper_bound(
      regions.begin(), regions.end(), address,
      [](uint64_t at, const Region &region) { return at < region.begin; });
  const Region *before =
      after == regions.begin() ? nullptr : &*std::prev(after);
  constexpr uint64_t near = 1 << 20;
  if (!before || (address >= before->end && address - before->end >= near)) {
    char text[32];
    snprintf(text, sizeof text, "0x%llx+0",
             static_cast<unsigned long long>(address));
    return text;
  }
  return before->name + "+" + std::to_string(address - before->begin);
}
