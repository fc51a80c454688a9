/*===- LoaderTestModel.c - What a compiled model exports --------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* A model without entries, for LoaderLoadedModelTest.cpp. */

#include "lib/Runtime/perceiver_abi.h"

#include <stddef.h>
#include <stdlib.h>

#define PUBLIC __attribute__((visibility("default")))

PUBLIC perceiver_status toy_load(const char *path, void **model);
PUBLIC void toy_free(void *model);
PUBLIC const char *toy_last_error(void);
PUBLIC perceiver_status toy_workspace_size(void);
PUBLIC perceiver_status toy_invoke(void);
PUBLIC perceiver_status toy_pool_create(void);
PUBLIC perceiver_status toy_pool_destroy(void);

perceiver_status toy_load(const char *path, void **model) {
  (void)path;
  *model = malloc(1);
  return PERCEIVER_OK;
}

void toy_free(void *model) { free(model); }

const char *toy_last_error(void) { return ""; }

perceiver_status toy_workspace_size(void) { return PERCEIVER_OK; }

perceiver_status toy_invoke(void) { return PERCEIVER_OK; }

perceiver_status toy_pool_create(void) { return PERCEIVER_OK; }

perceiver_status toy_pool_destroy(void) { return PERCEIVER_OK; }
