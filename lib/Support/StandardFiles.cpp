//===- StandardFiles.cpp - Descriptors 0, 1 and 2 -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/StandardFiles.h"

#include <fcntl.h>
#include <unistd.h>

using namespace perceiver;

StandardFiles::StandardFiles() {
  // The system gives the lowest descriptor that is free.
  for (;;) {
    int descriptor = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
      return;
    if (descriptor > STDERR_FILENO) {
      ::close(descriptor);
      return;
    }
    isOurs[descriptor] = true;
  }
}

StandardFiles::~StandardFiles() {
  for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor)
    if (isOurs[descriptor])
      ::close(descriptor);
}
