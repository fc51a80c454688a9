//===- Device.h - The emulated device and its work -------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// All state of the process: one device, its memory, streams and modules. The
/// functions of the driver take `lock` first. Work of streams is kept until
/// something waits for it, so a wait that is missing shows.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_DEVICE_H
#define PERCEIVER_LIB_EMULATOR_DEVICE_H

#include "lib/Emulator/DriverApi.h"
#include "lib/Emulator/Launch.h"
#include "lib/Emulator/Module.h"

#include <chrono>
#include <functional>
#include <list>
#include <set>

// What handles point to.
struct CUctx_st {};
struct CUstream_st {
  bool isBlocking;
};
struct CUmod_st {
  explicit CUmod_st(perceiver::emulator::DeviceMemory &memory)
      : module(memory) {}
  perceiver::emulator::Module module;
};
struct CUfunc_st {
  CUmodule module;
  const perceiver::emulator::Kernel *kernel;
  /// As cuFuncSetAttribute has raised it.
  uint32_t dynamicSharedBytes;
};
struct CUevent_st {
  bool isPending = false, isRecorded = false;
  std::chrono::steady_clock::time_point time;
};

namespace perceiver::emulator {

/// A piece of work of a stream.
struct Command {
  CUstream stream;
  /// That it records, or null.
  CUevent event;
  std::function<void()> run;
};

class Device {
public:
  static Device &get();

  std::recursive_mutex lock;
  Settings settings;
  Findings findings;
  DeviceMemory memory;
  std::map<std::string, KernelCounters> kernels;
  std::map<std::string, uint64_t> calls;
  /// Calls since each `fail=` word was given.
  std::map<std::string, uint64_t> faultCalls;
  /// What every call returns after a launch that did not end.
  CUresult stickyError = CUDA_SUCCESS;

  /// 0 before cuInit; else the process, whose children have no device.
  int process = 0;
  CUctx_st primary;
  unsigned retains = 0;
  std::set<CUstream> streams;
  std::set<CUevent> events;
  std::set<CUmodule> modules;
  std::map<CUfunction, std::unique_ptr<CUfunc_st>> functions;

  void enqueue(CUstream stream, std::function<void()> run,
               CUevent event = nullptr);
  /// Run what `stream` waits for, up to its last command, or the last one that
  /// records `event`.
  void synchronize(CUstream stream, CUevent event = nullptr);
  void synchronizeAll();
  void launch(const LaunchRequest &request);
  /// Report and release what has not been released.
  void destroyContext();

private:
  void runUpTo(std::list<Command>::iterator last);

  std::list<Command> pending;
  uint64_t launches = 0;
};

/// The contexts that this thread has pushed.
std::vector<CUcontext> &contextStack();
/// What perceiverEmulatorError returns.
std::string &lastError();

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_DEVICE_H
