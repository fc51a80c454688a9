//===- PTXAssembler.h - From PTX to machine code of GPUs --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NVIDIA's assembler is a program of its own, `ptxas`; nothing of it is linked.
//
// Tests: test/GPU/emit-code.test, test/Unit/TargetPTXAssemblerTest.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_PTXASSEMBLER_H
#define PERCEIVER_LIB_TARGET_PTXASSEMBLER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mlir::perceiver {

/// What a kernel takes, as the assembler reports it.
struct KernelResources {
  /// 32-bit registers of a thread.
  int32_t registers = 0;
  /// Bytes of registers that a thread stores to memory for want of room.
  int32_t spillBytes = 0;
};

/// Machine code for one architecture.
struct Cubin {
  int64_t architecture = 0;
  std::string data;
  llvm::StringMap<KernelResources> kernels;
};

/// Assemble `ptx` for each of `architectures` with the program at `assembler`,
/// several at a time. Fails if the program cannot be run, with its message if
/// it fails.
llvm::Expected<std::vector<Cubin>>
assemble(llvm::StringRef assembler, llvm::StringRef ptx,
         llvm::ArrayRef<int64_t> architectures);

/// What `ptxas -v` says of the kernels that it assembled.
llvm::StringMap<KernelResources> parseResources(llvm::StringRef report);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_PTXASSEMBLER_H
