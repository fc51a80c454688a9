//===- FatalErrors.cpp - The end of the process, in one line --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/perceiver-compile/FatalErrors.h"

#include "lib/Support/RemovedOnSignal.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

/// Write one line with nothing that allocates, remove unfinished files, end.
[[noreturn]] static void endProcess(const char *text) {
  static std::atomic_flag ending = ATOMIC_FLAG_INIT;
  while (ending.test_and_set())
    ::pause(); // Another thread says it.
  static char prefix[] = "perceiver-compile: error: ", newline[] = "\n";
  struct iovec line[] = {{prefix, sizeof(prefix) - 1},
                         {const_cast<char *>(text), std::strlen(text)},
                         {newline, 1}};
  (void)!::writev(STDERR_FILENO, line, 3);
  ::perceiver::removeUnfinishedFiles();
  ::_exit(1);
}

static void onFatalError(void *, const char *reason, bool) {
  endProcess(reason);
}

static void onBadAlloc(void *, const char *, bool) {
  endProcess("not enough memory");
}

/// What ends a process whose user wants it to end.
static constexpr std::array<int, 4> kEndingSignals = {SIGHUP, SIGINT, SIGQUIT,
                                                      SIGTERM};

mlir::perceiver::KeptSignals::KeptSignals() {
  for (size_t i = 0; i < kEndingSignals.size(); ++i)
    sigaction(kEndingSignals[i], nullptr, &actions[i]);
}

void mlir::perceiver::KeptSignals::restore() const {
  for (size_t i = 0; i < kEndingSignals.size(); ++i)
    sigaction(kEndingSignals[i], &actions[i], nullptr);
}

static void onBusError(int) {
  endProcess("a file was cut short while it was read");
}

void mlir::perceiver::reportFatalErrors() {
  llvm::install_fatal_error_handler(onFatalError);
  llvm::install_bad_alloc_error_handler(onBadAlloc);
  llvm::sys::AddSignalHandler(
      [](void *) { ::perceiver::removeUnfinishedFiles(); }, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);
  // Files are mapped: the part that somebody cuts off meanwhile is no memory.
  std::signal(SIGBUS, onBusError);
}

#if defined(__GLIBC__) && !__has_feature(address_sanitizer) &&                 \
    !__has_feature(thread_sanitizer)
extern "C" void *__libc_malloc(size_t size);

// MLIR uses what malloc returns without a look at it.
extern "C" void *malloc(size_t size) {
  void *memory = __libc_malloc(size);
  if (!memory)
    endProcess("not enough memory");
  return memory;
}
#endif
