/*===- error.c - The text of the last error -----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/runtime_internal.h"

#include <stdarg.h>
#include <stdio.h>

static _Thread_local char last_error[512];

perceiver_status perceiver_rt_fail(perceiver_status status, const char *format,
                                   ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(last_error, sizeof last_error, format, arguments);
  va_end(arguments);
  return status;
}

const char *perceiver_rt_last_error(void) { return last_error; }
