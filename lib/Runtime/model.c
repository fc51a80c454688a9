/*===- model.c - Loading a model ----------------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/runtime_internal.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static perceiver_status check_artifact(const perceiver_artifact *artifact,
                                       perceiver_kind kind) {
  if (artifact->abi_version != PERCEIVER_ABI_VERSION)
    return perceiver_rt_fail(
        PERCEIVER_VERSION_MISMATCH,
        "model \"%s\" (compiled by %s) has version %u of the binary interface, "
        "but its runtime has version %d",
        artifact->model_name, artifact->compiler_version, artifact->abi_version,
        PERCEIVER_ABI_VERSION);
  size_t expected = artifact->kind == PERCEIVER_KIND_CPU
                        ? offsetof(perceiver_artifact, kernels)
                        : sizeof(perceiver_artifact);
  if (artifact->size != expected &&
      artifact->size != sizeof(perceiver_artifact))
    return perceiver_rt_fail(
        PERCEIVER_VERSION_MISMATCH,
        "model \"%s\" (compiled by %s) has a descriptor of %u bytes, but its "
        "runtime expects %zu",
        artifact->model_name, artifact->compiler_version, artifact->size,
        expected);
  if (artifact->kind != (int32_t)kind)
    return perceiver_rt_fail(
        PERCEIVER_VERSION_MISMATCH,
        "model \"%s\" (compiled by %s) is for devices of kind %d, but its "
        "runtime expects kind %d",
        artifact->model_name, artifact->compiler_version, artifact->kind, kind);
  for (int32_t i = 0; i < artifact->entry_count; ++i) {
    const perceiver_entry *entry = &artifact->entries[i];
    if (entry->buffer_count > PERCEIVER_RT_MAX_BUFFERS ||
        entry->argument_count > PERCEIVER_RT_MAX_ARGUMENTS ||
        entry->symbol_count > PERCEIVER_RT_MAX_SYMBOLS)
      return perceiver_rt_fail(
          PERCEIVER_INVALID_ARGUMENT,
          "entry \"%s\" has %d buffers, %d arguments and %d dynamic sizes, but "
          "%d, %d and %d are possible",
          entry->name, entry->buffer_count, entry->argument_count,
          entry->symbol_count, PERCEIVER_RT_MAX_BUFFERS,
          PERCEIVER_RT_MAX_ARGUMENTS, PERCEIVER_RT_MAX_SYMBOLS);
  }
  return PERCEIVER_OK;
}

/* "dir/model.weights" for the "dir/model.so" that contains `code_address`. */
static perceiver_status default_path(const perceiver_artifact *artifact,
                                     const void *code_address,
                                     char path[PATH_MAX]) {
  static const char old_suffix[] = ".so", new_suffix[] = ".weights";
  Dl_info info;
  size_t length = 0;
  if (dladdr(code_address, &info) && info.dli_fname)
    length = strlen(info.dli_fname);
  size_t stem = length - (sizeof old_suffix - 1);
  if (length < sizeof old_suffix ||
      strcmp(info.dli_fname + stem, old_suffix) != 0)
    return perceiver_rt_fail(
        PERCEIVER_INVALID_ARGUMENT,
        "model \"%s\" is not in a file named *.so: pass the path of its "
        "weights file",
        artifact->model_name);
  if (stem + sizeof new_suffix > PATH_MAX)
    return perceiver_rt_fail(PERCEIVER_FILE_NOT_FOUND,
                             "the path of model \"%s\" is too long",
                             artifact->model_name);
  memcpy(path, info.dli_fname, stem);
  memcpy(path + stem, new_suffix, sizeof new_suffix);
  return PERCEIVER_OK;
}

perceiver_status perceiver_rt_open_artifact(const perceiver_artifact *artifact,
                                            perceiver_kind kind,
                                            const char *weights_path,
                                            const void *code_address,
                                            perceiver_mapping *weights) {
  *weights = (perceiver_mapping){.address = NULL};
  perceiver_status status = check_artifact(artifact, kind);
  if (status == PERCEIVER_OK)
    status =
        perceiver_rt_check_cpu(artifact->cpu_features, artifact->model_name);
  if (status != PERCEIVER_OK || !artifact->weights_bytes)
    return status;
  char beside[PATH_MAX];
  if (!weights_path) {
    status = default_path(artifact, code_address, beside);
    weights_path = beside;
  }
  if (status == PERCEIVER_OK)
    status = perceiver_rt_map_weights(weights_path, artifact, weights);
  return status;
}

perceiver_status perceiver_rt_load(const perceiver_artifact *artifact,
                                   const char *weights_path,
                                   const void *code_address,
                                   perceiver_model **model) {
  if (!model)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "the place for the model is null");
  *model = NULL;
  perceiver_mapping weights;
  perceiver_status status = perceiver_rt_open_artifact(
      artifact, PERCEIVER_KIND_CPU, weights_path, code_address, &weights);
  if (status != PERCEIVER_OK)
    return status;
  perceiver_model *loaded = malloc(sizeof *loaded);
  if (!loaded) {
    perceiver_rt_unmap_weights(&weights);
    return perceiver_rt_fail(PERCEIVER_OUT_OF_MEMORY,
                             "no memory to load model \"%s\"",
                             artifact->model_name);
  }
  loaded->artifact = artifact;
  loaded->weights = weights;
  *model = loaded;
  return PERCEIVER_OK;
}

void perceiver_rt_free(perceiver_model *model) {
  if (!model)
    return;
  perceiver_rt_unmap_weights(&model->weights);
  free(model);
}
