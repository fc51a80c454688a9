//===- Module.cpp - A loaded PTX module -----------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Module.h"

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/Parser.h"

#include <algorithm>
#include <cstring>

using namespace perceiver::emulator;

// More is for .extern .shared.
constexpr uint64_t kMostStaticSharedBytes = 48 << 10;

bool perceiver::emulator::isBinaryImage(const char *image) {
  // Both begin with letters that no PTX begins with; a text may be shorter.
  return !strncmp(image, "\177ELF", 4) ||
         !strncmp(image, "\x50\xed\x55\xba", 4);
}

static uint64_t alignTo(uint64_t offset, uint64_t alignment) {
  return (offset + alignment - 1) & ~(alignment - 1);
}

Module::~Module() {
  for (const auto &variable : variables)
    if (variable.second.address >= kDeviceBase)
      memory.free(variable.second.address);
}

/// Give each variable of the module its place, and its first value.
bool Module::placeVariables(const ModuleSyntax &syntax, SyntaxError &error,
                            bool &outOfMemory) {
  for (const Variable &variable : syntax.constants) {
    uint64_t offset = alignTo(constants.size(), variable.alignment);
    if (variable.external || offset + variable.bytes > kMostConstantBytes) {
      error = {variable.line, "expected at most 64 KiB of constants that are "
                              "defined here"};
      return false;
    }
    constants.resize(offset + variable.bytes);
    std::copy(variable.initial.begin(), variable.initial.end(),
              constants.begin() + offset);
    variables[std::string(variable.name)] = {offset, variable.bytes};
  }
  for (const Variable &variable : syntax.globals) {
    if (variable.external) {
      error = {variable.line,
               "expected a definition of " + std::string(variable.name)};
      return false;
    }
    uint64_t address = memory.allocate(std::max<uint64_t>(variable.bytes, 1));
    if (!address) {
      outOfMemory = true;
      error = {variable.line,
               "not enough memory for " + std::string(variable.name)};
      return false;
    }
    std::string name(variable.name);
    variables[name] = {address, variable.bytes};
    memory.annotate(address, variable.bytes, name, false);
    memset(memory.host(address), 0, variable.bytes);
    std::copy(variable.initial.begin(), variable.initial.end(),
              memory.host(address));
    memory.markInitialised(address, variable.bytes);
  }
  return true;
}

/// Lay out shared memory: what the module and the kernel declare, then what is
/// sized at launch.
static bool placeShared(const ModuleSyntax &syntax, const Entry &entry,
                        Kernel &kernel, SymbolTable &symbols,
                        SyntaxError &error) {
  uint64_t offset = 0, alignment = 1;
  auto place = [&](const Variable &variable) {
    if (variable.external) {
      alignment = std::max(alignment, variable.alignment);
      return;
    }
    offset = alignTo(offset, variable.alignment);
    symbols[variable.name] = {Space::Shared, offset};
    offset += variable.bytes;
  };
  for (const Variable &variable : syntax.shared)
    place(variable);
  for (const Variable &variable : entry.shared)
    place(variable);
  if (offset > kMostStaticSharedBytes) {
    error = {entry.line, "expected at most 49152 bytes of shared memory in " +
                             std::string(entry.name) + ", but got " +
                             std::to_string(offset)};
    return false;
  }
  kernel.staticSharedBytes = offset;
  kernel.dynamicSharedOffset = alignTo(offset, alignment);
  for (const Variable &variable : syntax.shared)
    if (variable.external)
      symbols[variable.name] = {Space::Shared, kernel.dynamicSharedOffset};
  return true;
}

ModuleError Module::load(std::string text, unsigned version,
                         unsigned architecture, SyntaxError &error) {
  source = std::move(text);
  ModuleSyntax syntax;
  if (!parseModule(source, syntax, error))
    return ModuleError::InvalidPtx;
  if (syntax.version > version)
    return ModuleError::NewerVersion;
  if (syntax.architecture > architecture)
    return ModuleError::NewerArchitecture;
  bool outOfMemory = false;
  if (!placeVariables(syntax, error, outOfMemory))
    return outOfMemory ? ModuleError::OutOfMemory : ModuleError::InvalidPtx;
  SymbolTable common;
  for (const Variable &variable : syntax.constants)
    common[variable.name] = {Space::Constant,
                             variables[std::string(variable.name)].address};
  for (const Variable &variable : syntax.globals)
    common[variable.name] = {Space::Global,
                             variables[std::string(variable.name)].address};
  for (const Entry &entry : syntax.entries) {
    Kernel kernel;
    kernel.name = entry.name;
    SymbolTable symbols = common;
    if (!placeShared(syntax, entry, kernel, symbols, error))
      return ModuleError::InvalidPtx;
    for (const Variable &parameter : entry.parameters) {
      symbols[parameter.name] = {Space::Parameter, parameter.offset};
      kernel.parameters.push_back(
          {uint32_t(parameter.offset), uint32_t(parameter.bytes)});
    }
    kernel.parameterBytes = entry.parameterBytes;
    std::copy(entry.requiredThreads, entry.requiredThreads + 3,
              kernel.requiredThreads);
    kernel.maximalThreads = entry.maximalThreads;
    if (!Decoder(entry, symbols, error).decode(kernel))
      return ModuleError::InvalidPtx;
    kernels[kernel.name] = std::move(kernel);
  }
  return ModuleError::None;
}
