//===- SharedObjectLinker.h - From objects to a shared object ---*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Links with LLD, which is part of the compiler: no tool chain has to be
// installed.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_SHAREDOBJECTLINKER_H
#define PERCEIVER_LIB_TARGET_SHAREDOBJECTLINKER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/TargetParser/Triple.h"

#include <string>
#include <vector>

namespace mlir::perceiver {

struct LinkOptions {
  llvm::Triple triple;

  /// What the dynamic linker knows the result by, as "model.so".
  std::string soname;

  /// The symbols that others may see; everything else is hidden. Each must
  /// exist.
  std::vector<std::string> exports;

  /// Add what the objects use of lib/Runtime.
  bool withRuntime = true;

  /// What to do if the target's C library is not on this machine, as when
  /// linking for another architecture. True: leave its symbols open; the result
  /// then names no library, and resolves in programs that have loaded a C
  /// library. False: an error.
  bool allowMissingLibc = false;
};

/// Link `objects` (ELF; the identifiers appear in errors) to a shared object.
///
/// The result names only those of the C library's shared objects that it needs
/// and nothing else, is position independent with read-only relocations and
/// without executable stack, holds no unused sections, no debug information and
/// no path, and is the same for the same input and C library. Symbols that
/// neither the objects nor the C library define are an error. Files appear in
/// the system's directory for temporary files, and vanish in all cases. May be
/// called from several threads; one links at a time.
///
/// LLD resets the values of LLVM's own command line options (llvm::cl) in this
/// process: callers copy what they need from there beforehand.
llvm::Expected<llvm::SmallVector<char, 0>>
linkSharedObject(llvm::ArrayRef<llvm::MemoryBufferRef> objects,
                 const LinkOptions &options);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_SHAREDOBJECTLINKER_H
