//===- RuntimeArchive.cpp - The runtime inside the compiler ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/RuntimeArchive.h"

using namespace mlir;

// EmbeddedFiles.S
extern "C" const char perceiver_embedded_runtime[];
extern "C" const char perceiver_embedded_runtime_end[];
extern "C" const char perceiver_embedded_abi_header[];
extern "C" const char perceiver_embedded_abi_header_end[];
extern "C" const char perceiver_embedded_cuda_header[];
extern "C" const char perceiver_embedded_cuda_header_end[];

#if defined(__x86_64__)
static constexpr llvm::Triple::ArchType kRuntimeArch = llvm::Triple::x86_64;
#elif defined(__aarch64__)
static constexpr llvm::Triple::ArchType kRuntimeArch = llvm::Triple::aarch64;
#else
#error "the compiler runs on 64-bit x86 and AArch64"
#endif

llvm::Expected<llvm::MemoryBufferRef>
perceiver::runtimeArchive(const llvm::Triple &triple) {
  if (triple.getArch() != kRuntimeArch || !triple.isOSLinux())
    return llvm::createStringError(
        llvm::inconvertibleErrorCode(),
        "cannot link a shared object for '" + triple.str() +
            "': this compiler has a runtime for " +
            llvm::Triple::getArchTypeName(kRuntimeArch) +
            " Linux only; emit an object and link it on the target");
  return llvm::MemoryBufferRef(llvm::StringRef(perceiver_embedded_runtime,
                                               perceiver_embedded_runtime_end -
                                                   perceiver_embedded_runtime),
                               "runtime.a");
}

llvm::StringRef perceiver::abiHeaderText() {
  return llvm::StringRef(perceiver_embedded_abi_header,
                         perceiver_embedded_abi_header_end -
                             perceiver_embedded_abi_header);
}

llvm::StringRef perceiver::cudaHeaderText() {
  return llvm::StringRef(perceiver_embedded_cuda_header,
                         perceiver_embedded_cuda_header_end -
                             perceiver_embedded_cuda_header);
}
