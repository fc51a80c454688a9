//===- DriverMemory.cpp - Memory and copies -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DriverCall.h"

#include <cstring>
#include <functional>
#include <initializer_list>

using namespace perceiver::emulator;

EMULATOR_EXPORT CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes) {
  EMULATOR_CALL(call, Needs::Context);
  if (!address || !bytes)
    return CUDA_ERROR_INVALID_VALUE;
  *address = call->memory.allocate(bytes);
  return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EMULATOR_EXPORT CUresult cuMemFree_v2(CUdeviceptr address) {
  EMULATOR_CALL(call, Needs::Context);
  if (!address)
    return CUDA_SUCCESS;
  call->synchronizeAll();
  if (!call->memory.free(address))
    return CUDA_ERROR_INVALID_VALUE;
  return call->stickyError;
}

/// The address of a byte that the host sees; 0 if the device does not know it.
static CUdeviceptr addressOf(const DeviceMemory &memory, const void *host) {
  auto begin = reinterpret_cast<uintptr_t>(memory.host(kDeviceBase));
  CUdeviceptr address =
      kDeviceBase + (reinterpret_cast<uintptr_t>(host) - begin);
  return memory.contains(address, 1) ? address : 0;
}

// Memory of the host that the device reaches is memory of the device that the
// host reaches. Who writes and reads there at once is not noticed.
EMULATOR_EXPORT CUresult cuMemHostAlloc(void **memory, size_t bytes,
                                        unsigned flags) {
  EMULATOR_CALL(call, Needs::Context);
  if (!memory || !bytes || (flags & ~7u))
    return CUDA_ERROR_INVALID_VALUE;
  CUdeviceptr address = call->memory.allocate(bytes);
  if (!address)
    return CUDA_ERROR_OUT_OF_MEMORY;
  call->memory.markInitialised(address, bytes);
  *memory = call->memory.host(address);
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr *address,
                                                      void *memory,
                                                      unsigned flags) {
  EMULATOR_CALL(call, Needs::Context);
  if (!address || flags)
    return CUDA_ERROR_INVALID_VALUE;
  *address = addressOf(call->memory, memory);
  return *address ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

EMULATOR_EXPORT CUresult cuMemFreeHost(void *memory) {
  EMULATOR_CALL(call, Needs::Context);
  call->synchronizeAll();
  CUdeviceptr address = addressOf(call->memory, memory);
  return address && call->memory.free(address) ? call->stickyError
                                               : CUDA_ERROR_INVALID_VALUE;
}

EMULATOR_EXPORT CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
  EMULATOR_CALL(call, Needs::Context);
  if (free)
    *free = call->memory.freeBytes();
  if (total)
    *total = call->memory.totalBytes();
  return CUDA_SUCCESS;
}

/// Queue work on device memory: `bytes` from each of `addresses`. It is done
/// later, and nothing is done to no bytes.
static CUresult enqueue(Device &device, CUstream stream,
                        std::initializer_list<CUdeviceptr> addresses,
                        size_t bytes, std::function<void()> work) {
  CUstream resolved;
  if (!resolveStream(device, stream, resolved))
    return CUDA_ERROR_INVALID_HANDLE;
  if (!bytes)
    return CUDA_SUCCESS;
  for (CUdeviceptr address : addresses)
    if (!device.memory.contains(address, bytes))
      return CUDA_ERROR_INVALID_VALUE;
  device.enqueue(resolved, std::move(work));
  return CUDA_SUCCESS;
}

/// The source is read when the copy runs: it has to stay until then.
static CUresult enqueueUpload(Device &device, CUstream stream,
                              CUdeviceptr target, const void *source,
                              size_t bytes) {
  if (bytes && !source)
    return CUDA_ERROR_INVALID_VALUE;
  return enqueue(device, stream, {target}, bytes,
                 [&device, target, source, bytes] {
                   memcpy(device.memory.host(target), source, bytes);
                   device.memory.markInitialised(target, bytes);
                 });
}

static void reportUninitialised(Device &device, CUdeviceptr source,
                                size_t bytes) {
  uint64_t empty = device.memory.findUninitialised(source, bytes);
  if (empty >= source + bytes)
    return;
  Finding finding;
  finding.kind = FindingKind::Uninitialised;
  finding.buffer = nameOf(device.memory.regions(), empty);
  finding.sentence = "memory is copied to the host that nobody has written";
  finding.order[0] = UINT64_MAX;
  device.findings.add(std::move(finding));
}

static CUresult enqueueDownload(Device &device, CUstream stream, void *target,
                                CUdeviceptr source, size_t bytes) {
  if (bytes && !target)
    return CUDA_ERROR_INVALID_VALUE;
  return enqueue(device, stream, {source}, bytes,
                 [&device, target, source, bytes] {
                   memcpy(target, device.memory.host(source), bytes);
                   if (device.settings.checks)
                     reportUninitialised(device, source, bytes);
                 });
}

/// Wait for work on the default stream that has just been queued.
static CUresult finish(Device &device, CUresult queued) {
  if (queued != CUDA_SUCCESS)
    return queued;
  device.synchronize(nullptr);
  return device.stickyError;
}

EMULATOR_EXPORT CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target,
                                              const void *source, size_t bytes,
                                              CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  return enqueueUpload(*call, stream, target, source, bytes);
}

EMULATOR_EXPORT CUresult cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source,
                                              size_t bytes, CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  CUresult result = enqueueDownload(*call, stream, target, source, bytes);
  // Who reads it before waiting sees this.
  if (result == CUDA_SUCCESS && bytes)
    memset(target, 0xff, bytes);
  return result;
}

EMULATOR_EXPORT CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target,
                                              CUdeviceptr source, size_t bytes,
                                              CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  DeviceMemory &memory = call->memory;
  return enqueue(
      *call, stream, {target, source}, bytes,
      [&memory, target, source, bytes] { memory.copy(target, source, bytes); });
}

EMULATOR_EXPORT CUresult cuMemsetD8Async(CUdeviceptr target,
                                         unsigned char value, size_t bytes,
                                         CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  DeviceMemory &memory = call->memory;
  return enqueue(*call, stream, {target}, bytes,
                 [&memory, target, value, bytes] {
                   memset(memory.host(target), value, bytes);
                   memory.markInitialised(target, bytes);
                 });
}

EMULATOR_EXPORT CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void *source,
                                         size_t bytes) {
  EMULATOR_CALL(call, Needs::Context);
  return finish(*call, enqueueUpload(*call, nullptr, target, source, bytes));
}

EMULATOR_EXPORT CUresult cuMemcpyDtoH_v2(void *target, CUdeviceptr source,
                                         size_t bytes) {
  EMULATOR_CALL(call, Needs::Context);
  return finish(*call, enqueueDownload(*call, nullptr, target, source, bytes));
}

EMULATOR_EXPORT CUresult cuPointerGetAttribute(void *data, int attribute,
                                               CUdeviceptr address) {
  EMULATOR_CALL(call, Needs::Context, true);
  if (!data || !call->memory.contains(address, 1))
    return CUDA_ERROR_INVALID_VALUE;
  switch (attribute) {
  case CU_POINTER_ATTRIBUTE_CONTEXT:
    *static_cast<CUcontext *>(data) = &call->primary;
    return CUDA_SUCCESS;
  case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
    *static_cast<unsigned *>(data) = CU_MEMORYTYPE_DEVICE;
    return CUDA_SUCCESS;
  case CU_POINTER_ATTRIBUTE_DEVICE_POINTER:
    *static_cast<CUdeviceptr *>(data) = address;
    return CUDA_SUCCESS;
  case CU_POINTER_ATTRIBUTE_IS_MANAGED:
    *static_cast<unsigned *>(data) = 0;
    return CUDA_SUCCESS;
  case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
    *static_cast<int *>(data) = 0;
    return CUDA_SUCCESS;
  }
  return CUDA_ERROR_INVALID_VALUE;
}
