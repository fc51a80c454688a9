//===- DriverMemory.cpp - Memory and copies -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DriverCall.h"

#include <cstring>

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

EMULATOR_EXPORT CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
  EMULATOR_CALL(call, Needs::Context);
  if (free)
    *free = call->memory.freeBytes();
  if (total)
    *total = call->memory.totalBytes();
  return CUDA_SUCCESS;
}

static void copyToHost(Device &device, void *target, CUdeviceptr source,
                       size_t bytes) {
  memcpy(target, device.memory.host(source), bytes);
  uint64_t end = source + bytes;
  uint64_t empty = device.settings.checks
                       ? device.memory.findUninitialised(source, bytes)
                       : end;
  if (empty >= end)
    return;
  Finding finding;
  finding.kind = FindingKind::Uninitialised;
  finding.buffer = nameOf(device.memory.regions(), empty);
  finding.sentence = "memory is copied to the host that nobody has written";
  finding.order[0] = UINT64_MAX;
  device.findings.add(std::move(finding));
}

static void copyToDevice(Device &device, CUdeviceptr target, const void *source,
                         size_t bytes) {
  memcpy(device.memory.host(target), source, bytes);
  device.memory.markInitialised(target, bytes);
}

EMULATOR_EXPORT CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target,
                                              const void *source, size_t bytes,
                                              CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  Device &device = Device::get();
  CUstream resolved;
  if (!resolveStream(device, stream, resolved))
    return CUDA_ERROR_INVALID_HANDLE;
  if (!bytes)
    return CUDA_SUCCESS;
  if (!source || !call->memory.contains(target, bytes))
    return CUDA_ERROR_INVALID_VALUE;
  // The source is read when the copy runs: it has to stay until then.
  call->enqueue(resolved, [&device, target, source, bytes] {
    copyToDevice(device, target, source, bytes);
  });
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source,
                                              size_t bytes, CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  Device &device = Device::get();
  CUstream resolved;
  if (!resolveStream(device, stream, resolved))
    return CUDA_ERROR_INVALID_HANDLE;
  if (!bytes)
    return CUDA_SUCCESS;
  if (!target || !call->memory.contains(source, bytes))
    return CUDA_ERROR_INVALID_VALUE;
  // Who reads it before waiting sees this.
  memset(target, 0xff, bytes);
  call->enqueue(resolved, [&device, target, source, bytes] {
    copyToHost(device, target, source, bytes);
  });
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target,
                                              CUdeviceptr source, size_t bytes,
                                              CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  Device &device = Device::get();
  CUstream resolved;
  if (!resolveStream(device, stream, resolved))
    return CUDA_ERROR_INVALID_HANDLE;
  if (!bytes)
    return CUDA_SUCCESS;
  if (!call->memory.contains(target, bytes) ||
      !call->memory.contains(source, bytes))
    return CUDA_ERROR_INVALID_VALUE;
  call->enqueue(resolved, [&device, target, source, bytes] {
    device.memory.copy(target, source, bytes);
  });
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuMemsetD8Async(CUdeviceptr target,
                                         unsigned char value, size_t bytes,
                                         CUstream stream) {
  EMULATOR_CALL(call, Needs::Context, true);
  Device &device = Device::get();
  CUstream resolved;
  if (!resolveStream(device, stream, resolved))
    return CUDA_ERROR_INVALID_HANDLE;
  if (!bytes)
    return CUDA_SUCCESS;
  if (!call->memory.contains(target, bytes))
    return CUDA_ERROR_INVALID_VALUE;
  call->enqueue(resolved, [&device, target, value, bytes] {
    memset(device.memory.host(target), value, bytes);
    device.memory.markInitialised(target, bytes);
  });
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void *source,
                                         size_t bytes) {
  EMULATOR_CALL(call, Needs::Context);
  if (!bytes)
    return CUDA_SUCCESS;
  if (!source || !call->memory.contains(target, bytes))
    return CUDA_ERROR_INVALID_VALUE;
  Device &device = Device::get();
  call->enqueue(nullptr, [&device, target, source, bytes] {
    copyToDevice(device, target, source, bytes);
  });
  call->synchronize(nullptr);
  return call->stickyError;
}

EMULATOR_EXPORT CUresult cuMemcpyDtoH_v2(void *target, CUdeviceptr source,
                                         size_t bytes) {
  EMULATOR_CALL(call, Needs::Context);
  if (!bytes)
    return CUDA_SUCCESS;
  if (!target || !call->memory.contains(source, bytes))
    return CUDA_ERROR_INVALID_VALUE;
  Device &device = Device::get();
  call->enqueue(nullptr, [&device, target, source, bytes] {
    copyToHost(device, target, source, bytes);
  });
  call->synchronize(nullptr);
  return call->stickyError;
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
