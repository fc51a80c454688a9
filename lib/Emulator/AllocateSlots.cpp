//===- AllocateSlots.cpp - Slots for the registers of a kernel ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A linear scan over the spans in which values are needed. What is right for
// one thread is right for a warp whose lanes are anywhere: every write is
// masked, so in each lane a slot holds what that lane's thread needs. That is
// so between values of one width: a lane of a wide value lies where a narrow
// one has two others. So slots are shared between registers of as many bits. A
// write under a predicate leaves the old value in some lanes, so it counts as a
// read.
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"

#include <algorithm>
#include <map>

using namespace perceiver::emulator;

namespace {
/// A set of values.
class ValueSet {
public:
  explicit ValueSet(size_t size) : words((size + 63) / 64) {}
  void insert(uint32_t value) { words[value / 64] |= bit(value); }
  void erase(uint32_t value) { words[value / 64] &= ~bit(value); }
  bool contains(uint32_t value) const { return words[value / 64] & bit(value); }
  /// Add `from` without `except`; return whether that changed anything.
  bool merge(const ValueSet &from, const ValueSet *except = nullptr) {
    uint64_t changed = 0;
    for (size_t i = 0; i < words.size(); ++i) {
      uint64_t added = from.words[i] & ~(except ? except->words[i] : 0);
      changed |= added & ~words[i];
      words[i] |= added;
    }
    return changed;
  }
  template <typename F>
  void forEach(F visit) const {
    for (size_t i = 0; i < words.size(); ++i)
      for (uint64_t rest = words[i]; rest; rest &= rest - 1)
        visit(uint32_t(64 * i + __builtin_ctzll(rest)));
  }

private:
  static uint64_t bit(uint32_t value) { return uint64_t(1) << value % 64; }
  std::vector<uint64_t> words;
};

/// Operations without a branch between them.
struct Stretch {
  uint32_t begin, end;
  ValueSet needed, written, neededAfter;
};

/// From the first write to the last read. Reads of operation i are at 2i, its
/// writes at 2i + 1: so a result may lie where an operand was.
struct Span {
  uint32_t begin = UINT32_MAX, end = 0;
  void include(uint32_t position) {
    begin = std::min(begin, position);
    end = std::max(end, position);
  }
};
} // namespace

static bool keepsOldValue(const Operation &operation) {
  return operation.guard != 0 || operation.guardFlip != 0;
}

static std::vector<Stretch> findStretches(const std::vector<Draft> &drafts,
                                          uint32_t registers) {
  std::vector<bool> begins(drafts.size() + 1);
  begins[0] = true;
  for (size_t i = 0; i < drafts.size(); ++i) {
    const Operation &operation = drafts[i].operation;
    if (operation.flow == Flow::Branch)
      begins[operation.target] = true;
    if (operation.flow == Flow::Branch || operation.flow == Flow::Exit)
      begins[i + 1] = true;
  }
  std::vector<Stretch> stretches;
  for (uint32_t i = 0; i < drafts.size(); ++i) {
    if (begins[i])
      stretches.push_back({i, i, ValueSet(registers), ValueSet(registers),
                           ValueSet(registers)});
    Stretch &stretch = stretches.back();
    stretch.end = i + 1;
    const Draft &draft = drafts[i];
    for (unsigned k = 0; k < draft.count; ++k) {
      uint32_t value = draft.values[k];
      bool reads = k >= draft.written || keepsOldValue(draft.operation);
      if (value < registers && reads && !stretch.written.contains(value))
        stretch.needed.insert(value);
    }
    for (unsigned k = 0; k < draft.written; ++k)
      if (draft.values[k] < registers && !keepsOldValue(draft.operation))
        stretch.written.insert(draft.values[k]);
  }
  return stretches;
}

/// Compute what each stretch and those after it need, until nothing changes.
static void propagate(const std::vector<Draft> &drafts,
                      std::vector<Stretch> &stretches) {
  std::vector<uint32_t> stretchAt(drafts.size());
  for (uint32_t i = 0; i < stretches.size(); ++i)
    stretchAt[stretches[i].begin] = i;
  bool changed = true;
  while (changed) {
    changed = false;
    for (uint32_t i = stretches.size(); i-- > 0;) {
      Stretch &stretch = stretches[i];
      const Operation &last = drafts[stretch.end - 1].operation;
      bool falls = last.flow == Flow::Next || last.flow == Flow::Collective ||
                   last.flow == Flow::Barrier || keepsOldValue(last);
      if (falls && i + 1 < stretches.size())
        changed |= stretch.neededAfter.merge(stretches[i + 1].needed);
      if (last.flow == Flow::Branch)
        changed |=
            stretch.neededAfter.merge(stretches[stretchAt[last.target]].needed);
      changed |= stretch.needed.merge(stretch.neededAfter, &stretch.written);
    }
  }
}

static std::vector<Span> findSpans(const std::vector<Draft> &drafts,
                                   uint32_t registers) {
  std::vector<Stretch> stretches = findStretches(drafts, registers);
  propagate(drafts, stretches);
  std::vector<Span> spans(registers);
  for (const Stretch &stretch : stretches) {
    stretch.needed.forEach(
        [&](uint32_t value) { spans[value].include(2 * stretch.begin); });
    stretch.neededAfter.forEach(
        [&](uint32_t value) { spans[value].include(2 * stretch.end - 1); });
  }
  for (uint32_t i = 0; i < drafts.size(); ++i)
    for (unsigned k = 0; k < drafts[i].count; ++k)
      if (drafts[i].values[k] < registers)
        spans[drafts[i].values[k]].include(2 * i +
                                           (k < drafts[i].written ? 1 : 0));
  return spans;
}

std::vector<uint32_t> perceiver::emulator::allocateSlots(
    const std::vector<Draft> &drafts, const std::vector<bool> &isWide,
    const std::vector<unsigned> &registerBits, unsigned &slots) {
  const uint32_t registers = registerBits.size();
  std::vector<uint32_t> first(isWide.size());
  slots = 0;
  auto take = [&](uint32_t value) {
    first[value] = slots;
    slots += isWide[value] ? 2 : 1;
  };
  for (uint32_t value = registers; value < isWide.size(); ++value)
    take(value);
  std::vector<Span> spans = findSpans(drafts, registers);
  std::vector<uint32_t> order;
  for (uint32_t value = 0; value < registers; ++value)
    if (spans[value].begin != UINT32_MAX)
      order.push_back(value);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return spans[a].begin < spans[b].begin;
  });
  // By bits: the last register to have a slot, of each slot.
  std::map<unsigned, std::vector<uint32_t>> owners;
  for (uint32_t value : order) {
    std::vector<uint32_t> &kind = owners[registerBits[value]];
    auto free = std::find_if(kind.begin(), kind.end(), [&](uint32_t owner) {
      return spans[owner].end < spans[value].begin;
    });
    if (free == kind.end()) {
      take(value);
      kind.push_back(value);
      continue;
    }
    first[value] = first[*free];
    *free = value;
  }
  return first;
}
