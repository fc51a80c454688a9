//===- Device.cpp - The emulated device and its work ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Device.h"

using namespace perceiver::emulator;

Device &Device::get() {
  // Never destroyed: threads may call until the process ends.
  static Device *device = new Device;
  return *device;
}

std::vector<CUcontext> &perceiver::emulator::contextStack() {
  thread_local std::vector<CUcontext> stack;
  return stack;
}

std::string &perceiver::emulator::lastError() {
  thread_local std::string error;
  return error;
}

void Device::enqueue(CUstream stream, std::function<void()> run,
                     CUevent event) {
  pending.push_back({stream, event, std::move(run)});
}

/// Run `last` and, in the order of issue, all before it that it has to wait
/// for: its stream's, and across streams where one of two is the default stream
/// and the other one blocks.
void Device::runUpTo(std::list<Command>::iterator last) {
  std::set<CUstream> wanted = {last->stream};
  bool anyBlocking = last->stream && last->stream->isBlocking;
  std::list<Command> needed;
  auto command = std::next(last);
  while (command != pending.begin()) {
    auto current = std::prev(command);
    CUstream stream = current->stream;
    bool isNeeded = wanted.count(stream) || (!stream && anyBlocking) ||
                    (stream && stream->isBlocking && wanted.count(nullptr));
    if (!isNeeded) {
      command = current;
      continue;
    }
    wanted.insert(stream);
    anyBlocking |= stream && stream->isBlocking;
    needed.splice(needed.begin(), pending, current);
  }
  for (const Command &each : needed)
    if (stickyError == CUDA_SUCCESS)
      each.run();
}

void Device::synchronize(CUstream stream, CUevent event) {
  for (auto command = pending.end(); command != pending.begin();) {
    --command;
    if (event ? command->event == event : command->stream == stream)
      return runUpTo(command);
  }
}

void Device::synchronizeAll() {
  while (!pending.empty())
    runUpTo(std::prev(pending.end()));
}

void Device::launch(const LaunchRequest &request) {
  LaunchEnd end = runLaunch(request, settings, memory, findings, ++launches,
                            kernels[request.kernel->name]);
  if (end == LaunchEnd::Deadlock)
    stickyError = CUDA_ERROR_LAUNCH_FAILED;
  if (end == LaunchEnd::StepLimit)
    stickyError = CUDA_ERROR_LAUNCH_TIMEOUT;
}

void Device::destroyContext() {
  synchronizeAll();
  auto leak = [&](const std::string &what, const char *sentence) {
    Finding finding;
    finding.kind = FindingKind::Leak;
    finding.buffer = what;
    finding.sentence = sentence;
    finding.order[0] = UINT64_MAX;
    findings.add(std::move(finding));
  };
  size_t number = 0;
  for (CUmodule module : modules) {
    leak("module" + std::to_string(number++) + "+0",
         "a module was not unloaded when its context ended");
    delete module;
  }
  number = 0;
  for (CUstream stream : streams) {
    leak("stream" + std::to_string(number++) + "+0",
         "a stream was not destroyed when its context ended");
    delete stream;
  }
  number = 0;
  for (CUevent event : events) {
    leak("event" + std::to_string(number++) + "+0",
         "an event was not destroyed when its context ended");
    delete event;
  }
  modules.clear();
  streams.clear();
  events.clear();
  functions.clear();
  std::map<uint64_t, uint64_t> left = memory.allocations();
  for (const auto &[address, bytes] : left) {
    char name[32];
    snprintf(name, sizeof name, "0x%llx+0",
             static_cast<unsigned long long>(address));
    leak(name, "memory was not freed when its context ended");
    memory.free(address);
  }
}
