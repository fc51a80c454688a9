/*===- program.c - A program that compiles and runs a model -------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* program DESCRIPTION WEIGHTS OUTPUT: prints the versions of the compiler, and
   the scores of a grey image, one to a line. */

#include "digits.h"
#include "lib/CAPI/perceiver_compiler.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const char *text) {
  fprintf(stderr, "%s\n", text);
  return EXIT_FAILURE;
}

static void print(void *user, const perceiver_diagnostic *diagnostic) {
  (void)user;
  fprintf(stderr, "%s\n", diagnostic->message);
}

int main(int argc, char **argv) {
  if (argc != 4)
    return fail("expected a description, weights and an output");
  printf("version %s, package %s\n", perceiver_compiler_version(), PACKAGE);
  perceiver_compile_options options = {0};
  options.size = sizeof options;
  options.version = PERCEIVER_COMPILER_API_VERSION;
  options.source_file = argv[1];
  options.weights_file = argv[2];
  options.output_file = argv[3];
  options.on_diagnostic = print;
  if (perceiver_compile(&options) != PERCEIVER_COMPILE_OK)
    return EXIT_FAILURE;

  void *library = dlopen(argv[3], RTLD_NOW);
  if (!library)
    return fail(dlerror());
#define FIND(name)                                                             \
  __typeof__(&name) find_##name = (__typeof__(&name))dlsym(library, #name);    \
  if (!find_##name)                                                            \
    return fail(dlerror());
  FIND(digits_load);
  FIND(digits_pool_create);
  FIND(digits_run_workspace_size);
  FIND(digits_run);
  FIND(digits_last_error);
  digits_model *model;
  perceiver_pool *pool;
  size_t bytes;
  if (find_digits_load(NULL, &model) || find_digits_pool_create(1, &pool) ||
      find_digits_run_workspace_size(model, 1, pool->worker_count, &bytes))
    return fail(find_digits_last_error());
  float image[8 * 8], scores[10];
  for (int i = 0; i < 8 * 8; ++i)
    image[i] = 0.5f;
  void *workspace = aligned_alloc(PERCEIVER_WORKSPACE_ALIGNMENT, bytes);
  if (find_digits_run(model, 1, image, scores, workspace, bytes, pool))
    return fail(find_digits_last_error());
  for (int i = 0; i < 10; ++i)
    printf("%f\n", scores[i]);
  free(workspace);
  return EXIT_SUCCESS;
}
