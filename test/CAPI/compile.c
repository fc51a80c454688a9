/*===- compile.c - A C program that compiles a description --------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* compile DESCRIPTION WEIGHTS OUTPUT EMIT STEPS [TARGET [TASKS REWRITE..]]:
   prints diagnostics and status; cancels when it has been asked STEPS times.
   Text in place of the file: a DESCRIPTION that begins with a parenthesis. */

#include "lib/CAPI/perceiver_compiler.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(const perceiver_diagnostic *diagnostic, int depth) {
  static const char *const kNames[] = {"note", "remark", "warning", "error"};
  size_t i;
  printf("%*s%s:%u:%u: %s: %s\n", 2 * depth, "",
         diagnostic->file ? diagnostic->file : "-", (unsigned)diagnostic->line,
         (unsigned)diagnostic->column, kNames[diagnostic->severity],
         diagnostic->message);
  for (i = 0; i < diagnostic->note_count; ++i)
    print(&diagnostic->notes[i], depth + 1);
}

static void onDiagnostic(void *user, const perceiver_diagnostic *diagnostic) {
  (void)user;
  print(diagnostic, 0);
}

static int isCancelled(void *user) {
  int *steps = user;
  if (*steps > 0)
    --*steps;
  return *steps == 0;
}

static void onSignal(int number) { (void)number; }

int main(int argc, char **argv) {
  perceiver_compile_options options;
  struct {
    perceiver_compile_options known;
    int unknown;
  } newer;
  struct sigaction handler;
  int steps;
  if (argc < 6)
    return 2;
  steps = atoi(argv[5]);
  memset(&options, 0, sizeof options);
  memset(&newer, 0, sizeof newer);
  options.size = sizeof options;
  options.version = PERCEIVER_COMPILER_API_VERSION;
  if (argv[1][0] == '(') {
    options.source = argv[1];
    options.source_size = strlen(argv[1]);
  } else {
    options.source_file = argv[1];
  }
  options.weights_file = argv[2];
  options.output_file = argv[3];
  options.emit = argv[4];
  if (argc > 6)
    options.target = argv[6];
  if (argc > 7) {
    options.tasks = atoi(argv[7]);
    /* A null pointer is behind the last argument, too. */
    options.without = (const char *const *)argv + 8;
  }
  options.on_diagnostic = onDiagnostic;
  options.is_cancelled = isCancelled;
  options.user = &steps;
  signal(SIGINT, onSignal);
  printf("status %d\n", perceiver_compile(&options));
  sigaction(SIGINT, NULL, &handler);
  printf("signals %s\n", handler.sa_handler == onSignal ? "as before" : "lost");
  options.version = 99;
  printf("status %d\n", perceiver_compile(&options));
  options.version = PERCEIVER_COMPILER_API_VERSION;
  /* A newer program than the library, and one that is older than all. */
  newer.known = options;
  newer.known.size = sizeof newer;
  newer.unknown = 1;
  printf("status %d\n", perceiver_compile(&newer.known));
  options.size = offsetof(perceiver_compile_options, version);
  printf("status %d\n", perceiver_compile(&options));
  printf("version %s\n", perceiver_compiler_version());
  return 0;
}
