//===- Findings.cpp - What the checks have found --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Findings.h"

#include <algorithm>
#include <cstdio>
#include <tuple>
#include <vector>

using namespace perceiver::emulator;

// More of them say nothing new.
constexpr size_t kMostFindings = 1000;

static const char *nameOf(FindingKind kind) {
  switch (kind) {
  case FindingKind::OutOfBounds:
    return "out-of-bounds";
  case FindingKind::Misaligned:
    return "misaligned";
  case FindingKind::ReadOnly:
    return "read-only";
  case FindingKind::Uninitialised:
    return "uninitialised";
  case FindingKind::RaceShared:
    return "race-shared";
  case FindingKind::RaceLanes:
    return "race-lanes";
  case FindingKind::RaceBlocks:
    return "race-blocks";
  case FindingKind::PendingCopy:
    return "pending-copy";
  case FindingKind::NcWritten:
    return "nc-written";
  case FindingKind::PartialMask:
    return "partial-mask";
  case FindingKind::DivergentBarrier:
    return "divergent-barrier";
  case FindingKind::ExitedLanes:
    return "exited-lanes";
  case FindingKind::Deadlock:
    return "deadlock";
  case FindingKind::StepLimit:
    return "step-limit";
  case FindingKind::Leak:
    return "leak";
  }
  return "";
}

void Findings::add(Finding finding) {
  std::string key = std::string(nameOf(finding.kind)) +
                    " kernel=" + finding.kernel +
                    " line=" + std::to_string(finding.line);
  // Memory that leaks has no instruction.
  if (finding.kind == FindingKind::Leak)
    key += finding.buffer;
  std::lock_guard<std::mutex> lock(mutex);
  auto found = findings.find(key);
  if (found == findings.end()) {
    if (findings.size() < kMostFindings)
      findings.emplace(key, std::move(finding));
    return;
  }
  const auto &a = finding.order, &b = found->second.order;
  if (std::lexicographical_compare(a, a + 3, b, b + 3))
    found->second = std::move(finding);
}

std::string Findings::text() const {
  std::lock_guard<std::mutex> lock(mutex);
  std::vector<const Finding *> sorted;
  sorted.reserve(findings.size());
  for (const auto &entry : findings)
    sorted.push_back(&entry.second);
  std::sort(sorted.begin(), sorted.end(),
            [](const Finding *a, const Finding *b) {
              return std::tie(a->order[0], a->order[1], a->order[2], a->line,
                              a->kind, a->buffer) <
                     std::tie(b->order[0], b->order[1], b->order[2], b->line,
                              b->kind, b->buffer);
            });
  std::string text;
  for (const Finding *finding : sorted) {
    char where[96];
    snprintf(where, sizeof where, " line=%u block=%u,%u,%u lanes=0x%08x",
             finding->line, finding->block[0], finding->block[1],
             finding->block[2], finding->lanes);
    text += std::string(nameOf(finding->kind)) + " kernel=" + finding->kernel +
            where + " buffer=" + finding->buffer + " other=" + finding->other +
            ": " + finding->sentence + "\n";
  }
  return text;
}

size_t Findings::count() const {
  std::lock_guard<std::mutex> lock(mutex);
  return findings.size();
}

void Findings::clear() {
  std::lock_guard<std::mutex> lock(mutex);
  findings.clear();
}
