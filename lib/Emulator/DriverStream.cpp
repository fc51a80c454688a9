//===- DriverStream.cpp - Streams and events ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DriverCall.h"

using namespace perceiver::emulator;

constexpr unsigned kNonBlocking = 1;
constexpr unsigned kMostEventFlags = 7;

EMULATOR_EXPORT CUresult cuStreamCreate(CUstream *stream, unsigned flags) {
  EMULATOR_CALL(call, Needs::Context);
  if (!stream || flags > kNonBlocking)
    return CUDA_ERROR_INVALID_VALUE;
  *stream = new CUstream_st{flags != kNonBlocking};
  call->streams.insert(*stream);
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuStreamDestroy_v2(CUstream stream) {
  EMULATOR_CALL(call, Needs::Context);
  if (!call->streams.count(stream))
    return CUDA_ERROR_INVALID_HANDLE;
  // Its work is still done; here that may as well be now.
  call->synchronize(stream);
  call->streams.erase(stream);
  delete stream;
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuStreamSynchronize(CUstream stream) {
  EMULATOR_CALL(call, Needs::Context);
  CUstream resolved;
  if (!resolveStream(*call, stream, resolved))
    return CUDA_ERROR_INVALID_HANDLE;
  call->synchronize(resolved);
  return call->stickyError;
}

EMULATOR_EXPORT CUresult cuEventCreate(CUevent *event, unsigned flags) {
  EMULATOR_CALL(call, Needs::Context);
  if (!event || flags > kMostEventFlags)
    return CUDA_ERROR_INVALID_VALUE;
  *event = new CUevent_st;
  call->events.insert(*event);
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuEventDestroy_v2(CUevent event) {
  EMULATOR_CALL(call, Needs::Context);
  if (!call->events.count(event))
    return CUDA_ERROR_INVALID_HANDLE;
  if (event->isPending)
    call->synchronizeAll();
  call->events.erase(event);
  delete event;
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuEventRecord(CUevent event, CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  CUstream resolved;
  if (!call->events.count(event) || !resolveStream(*call, stream, resolved))
    return CUDA_ERROR_INVALID_HANDLE;
  event->isPending = true;
  call->enqueue(
      resolved,
      [event] {
        event->isPending = false;
        event->isRecorded = true;
        event->time = std::chrono::steady_clock::now();
      },
      event);
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuEventSynchronize(CUevent event) {
  EMULATOR_CALL(call, Needs::Context);
  if (!call->events.count(event))
    return CUDA_ERROR_INVALID_HANDLE;
  call->synchronize(nullptr, event);
  return call->stickyError;
}

EMULATOR_EXPORT CUresult cuEventElapsedTime(float *milliseconds, CUevent start,
                                            CUevent end) {
  EMULATOR_CALL(call, Needs::Context);
  if (!milliseconds)
    return CUDA_ERROR_INVALID_VALUE;
  if (!call->events.count(start) || !call->events.count(end))
    return CUDA_ERROR_INVALID_HANDLE;
  if (start->isPending || end->isPending)
    return CUDA_ERROR_NOT_READY;
  if (!start->isRecorded || !end->isRecorded)
    return CUDA_ERROR_INVALID_HANDLE;
  *milliseconds =
      std::chrono::duration<float, std::milli>(end->time - start->time).count();
  return CUDA_SUCCESS;
}
