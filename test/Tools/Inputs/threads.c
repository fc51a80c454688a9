// Runs the digits model for CUDA devices on 16 threads at once: half of them
// run it with arrays of the host, half of them enqueue it with a stream, a
// workspace and arrays of their own. All get the same bits.

#include "digits.h"
#include "lib/Emulator/DriverApi.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 16, BATCH = 3 };

static digits_model *model;
static CUcontext context;
static float images[BATCH * 64], expected[BATCH * 10];

static void check(int result, const char *what) {
  if (result == 0)
    return;
  printf("%s: %d, %s\n", what, result, digits_last_error());
  exit(1);
}

static void enqueue(float *logits) {
  CUdeviceptr inputs, outputs, workspace;
  CUstream stream;
  size_t bytes;
  check(cuCtxPushCurrent_v2(context), "push");
  check(cuStreamCreate(&stream, 1), "stream");
  check(digits_run_workspace_size(model, BATCH, 1, &bytes), "size");
  check(cuMemAlloc_v2(&inputs, sizeof images), "inputs");
  check(cuMemAlloc_v2(&outputs, sizeof expected), "outputs");
  check(cuMemAlloc_v2(&workspace, bytes), "workspace");
  check(cuMemcpyHtoDAsync_v2(inputs, images, sizeof images, stream), "upload");
  for (int i = 0; i < 2; ++i)
    check(digits_run_enqueue(model, BATCH, (float *)inputs, (float *)outputs,
                             (void *)workspace, bytes, stream),
          "enqueue");
  check(cuMemcpyDtoHAsync_v2(logits, outputs, sizeof expected, stream), "copy");
  check(cuStreamSynchronize(stream), "wait");
  check(cuMemFree_v2(inputs), "free");
  check(cuMemFree_v2(outputs), "free");
  check(cuMemFree_v2(workspace), "free");
  check(cuStreamDestroy_v2(stream), "destroy");
  check(cuCtxPopCurrent_v2(&context), "pop");
}

static void *runThread(void *number) {
  float logits[BATCH * 10] = {0};
  if ((size_t)number % 2)
    enqueue(logits);
  else
    check(digits_run(model, BATCH, images, logits, NULL, 0, NULL), "run");
  return memcmp(logits, expected, sizeof expected) ? number : NULL;
}

int main(int argc, char **argv) {
  perceiver_cuda_options options = {.struct_bytes = sizeof options,
                                    .driver_path = argv[1]};
  pthread_t threads[THREADS];
  int different = 0;
  if (argc != 2)
    return 2;
  for (int i = 0; i < BATCH * 64; ++i)
    images[i] = (float)(i % 17) / 16;
  check(digits_load_cuda(NULL, &options, &model), "load");
  check(cuDevicePrimaryCtxRetain(&context, 0), "context");
  check(digits_run(model, BATCH, images, expected, NULL, 0, NULL), "run");
  for (size_t i = 0; i < THREADS; ++i)
    check(pthread_create(&threads[i], NULL, runThread, (void *)(i + 1)),
          "thread");
  for (size_t i = 0; i < THREADS; ++i) {
    void *result;
    pthread_join(threads[i], &result);
    different += result != NULL;
  }
  digits_free(model);
  check(cuDevicePrimaryCtxRelease_v2(0), "release");
  char lines[1 << 12];
  int findings = perceiverEmulatorFindings(lines, sizeof lines);
  printf("%s%d different, %d findings\n", lines, different, findings);
  return different + findings != 0;
}
