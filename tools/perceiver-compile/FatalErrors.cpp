//===- FatalErrors.cpp - The end of the process, in one line --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/perceiver-compile/FatalErrors.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"

#include <atomic>
#include <csignal>
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
  llvm::sys::RunInterruptHandlers();
  ::_exit(1);
}

static void onFatalError(void *, const char *reason, bool) {
  endProcess(reason);
}

static void onBadAlloc(void *, const char *, bool) {
  endProcess("not enough memory");
}

void mlir::perceiver::blockIgnoredSignals() {
  sigset_t ignored;
  sigemptyset(&ignored);
  for (int signal : {SIGHUP, SIGINT, SIGTERM}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) == 0 &&
        action.sa_handler == SIG_IGN)
      sigaddset(&ignored, signal);
  }
  pthread_sigmask(SIG_BLOCK, &ignored, nullptr);
}

static void onBusError(int) {
  endProcess("a file was cut short while it was read");
}

void mlir::perceiver::reportFatalErrors() {
  llvm::install_fatal_error_handler(onFatalError);
  llvm::install_bad_alloc_error_handler(onBadAlloc);
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
