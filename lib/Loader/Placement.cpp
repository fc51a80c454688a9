//===- Placement.cpp - Where a model runs ---------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Placement.h"

#include "lib/Loader/Metadata.h"

#include <charconv>

using namespace perceiver;

std::string Device::str() const {
  switch (kind) {
  case Kind::CPU:
    return "cpu";
  case Kind::CUDA:
    return "cuda:" + std::to_string(ordinal);
  case Kind::Emulated:
    return "emulated";
  }
  return "";
}

Result<Device> perceiver::parseDevice(const std::string &text) {
  if (text == "cpu")
    return Device{Device::Kind::CPU};
  if (text == "emulated")
    return Device{Device::Kind::Emulated};
  Device device{Device::Kind::CUDA};
  const std::string prefix = "cuda:";
  if (text == "cuda")
    return device;
  if (text.compare(0, prefix.size(), prefix) == 0) {
    const char *begin = text.data() + prefix.size();
    const char *end = text.data() + text.size();
    auto [rest, error] = std::from_chars(begin, end, device.ordinal);
    if (error == std::errc() && rest == end && device.ordinal >= 0)
      return device;
  }
  return Error{"expected cpu, cuda, cuda:N or emulated, but got " +
               quote(text)};
}

Result<Device> perceiver::chooseDevice(const Metadata &metadata,
                                       const Placement &placement) {
  if (metadata.kind == "cpu") {
    if (placement.device && placement.device->kind != Device::Kind::CPU)
      return Error{"the model is for the CPU, and cannot run on " +
                   quote(placement.device->str()) +
                   "; the compiler makes one for devices with the target "
                   "'cuda'"};
    if (placement.synchronizeLaunches || placement.separateBuffers)
      return Error{
          "the model is for the CPU, and launches nothing on a device"};
    return Device{Device::Kind::CPU};
  }
  if (metadata.kind != "cuda")
    return Error{"the model is for the kind of device " + quote(metadata.kind) +
                 ", which is unknown here"};
  if (placement.device && placement.device->kind == Device::Kind::CPU)
    return Error{"the model is for CUDA devices, and cannot run on 'cpu'" +
                 placement.withoutDriver};
  return placement.device.value_or(Device{Device::Kind::CUDA});
}
