//===- Module.h - A loaded PTX module --------------------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_MODULE_H
#define PERCEIVER_LIB_EMULATOR_MODULE_H

#include "lib/Emulator/DeviceMemory.h"
#include "lib/Emulator/Program.h"
#include "lib/Emulator/Syntax.h"

#include <memory>

namespace perceiver::emulator {

/// Why a module was not loaded.
enum class ModuleError : uint8_t {
  None,
  InvalidPtx,
  NewerVersion,
  NewerArchitecture,
  OutOfMemory,
};

struct ModuleVariable {
  uint64_t address, bytes;
};

/// Whether an image is no text, but a cubin or a fat binary.
bool isBinaryImage(const char *image);

/// Kernels, with the memory of their variables.
class Module {
public:
  explicit Module(DeviceMemory &memory) : memory(memory) {}
  ~Module();
  Module(const Module &) = delete;
  Module &operator=(const Module &) = delete;

  /// Load PTX that `version` (90 of 9.0) and the device's `architecture` allow.
  ModuleError load(std::string text, unsigned version, unsigned architecture,
                   SyntaxError &error);

  std::map<std::string, Kernel> kernels;
  std::map<std::string, ModuleVariable> variables;
  std::vector<uint8_t> constants;

private:
  bool placeVariables(const ModuleSyntax &syntax, SyntaxError &error,
                      bool &outOfMemory);

  DeviceMemory &memory;
  std::string source;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_MODULE_H
