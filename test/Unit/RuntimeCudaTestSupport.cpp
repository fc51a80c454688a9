//===- RuntimeCudaTestSupport.cpp - A model on the emulated device --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeCudaTestSupport.h"

#include "lib/Runtime/checksum.h"

#include <cstring>
#include <dlfcn.h>

using namespace perceiver::test;

template <typename Function>
static Function *find(const perceiver_cuda_driver &driver, const char *name) {
  return reinterpret_cast<Function *>(::dlsym(driver.library, name));
}

const char *Emulator::path() { return PERCEIVER_TEST_EMULATOR; }

/// Without starting it: tests choose the device first.
Emulator::Emulator() {
  driver.library = ::dlopen(path(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  EXPECT_NE(driver.library, nullptr) << ::dlerror();
#define FIND(name, parameters)                                                 \
  driver.name = find<CUresult parameters>(driver, #name);
  PERCEIVER_CUDA_FUNCTIONS(FIND)
#undef FIND
}

void Emulator::reset() const {
  find<void()>(driver, "perceiverEmulatorReset")();
}

void Emulator::configure(const std::string &words) const {
  auto *apply = find<int(const char *)>(driver, "perceiverEmulatorConfigure");
  EXPECT_EQ(apply(""), 0);
  EXPECT_EQ(apply(words.c_str()), 0) << words;
}

std::string Emulator::takeFindings() const {
  std::string text(1 << 16, 0);
  find<int(char *, size_t)>(driver, "perceiverEmulatorFindings")(text.data(),
                                                                 text.size());
  text.resize(strlen(text.c_str()));
  reset();
  return text;
}

std::map<std::string, int> Emulator::calls() const {
  auto *counters =
      find<size_t(char *, size_t)>(driver, "perceiverEmulatorCounters");
  std::string json(1 << 16, 0);
  counters(json.data(), json.size());
  std::map<std::string, int> result;
  size_t at = json.find("\"calls\"");
  while ((at = json.find("\"cu", at)) != std::string::npos) {
    size_t end = json.find('"', at + 1);
    result[json.substr(at + 1, end - at - 1)] =
        std::stoi(json.substr(json.find(':', end) + 1));
    at = end;
  }
  return result;
}

static const perceiver_size_instruction kRowBytes[] = {
    {PERCEIVER_SIZE_SYMBOL, 0},
    {PERCEIVER_SIZE_CONSTANT, 16},
    {PERCEIVER_SIZE_MUL, 0}};
static const perceiver_buffer kBuffers[] = {{kRowBytes, 3, 0, 1, 0},
                                            {kRowBytes, 3, 1, 2, 0}};
static const perceiver_symbol kSymbols[] = {{"rows", 1, 1 << 20}};
static const int64_t kDims[] = {-1, 4};
static const perceiver_argument kArguments[] = {
    {"x", kDims, 2, PERCEIVER_F32, 0, 0, nullptr},
    {"y", kDims, 2, PERCEIVER_F32, 1, 0, nullptr}};

static void runBody(const perceiver_frame *frame) {
  int64_t rows = frame->sizes[0], first = 0;
  void *x = frame->arguments[0], *y = frame->arguments[1];
  void *twice = frame->workspace + frame->buffers[0];
  void *copied = frame->workspace + frame->buffers[2];
  const char *weights = frame->weights;
  void *doubled[] = {&first, &x, &twice};
  frame->launcher->launch(frame, 0, 0, rows, doubled);
  frame->launcher->copy(frame, 1, copied, twice, 16 * rows);
  void *scaled[] = {&first, &copied, &weights, &y};
  frame->launcher->launch(frame, 1, 2, rows, scaled);
}

const perceiver_entry perceiver::test::kCudaEntry = {
    "run", runBody, kArguments, kSymbols, kBuffers, 2, 1,
    2,     0,       nullptr,    nullptr,  0,        0};

void CudaModelTest::SetUp() {
  FileTest::SetUp();
  options.struct_bytes = sizeof options;
  options.driver_path = Emulator::path();

  kernels[0] = {"doubled", 3, 0};
  kernels[1] = {"scaled", 4, 0};
  shapes[0] = shapes[1] = {4, 0};
  artifact.abi_version = PERCEIVER_ABI_VERSION;
  artifact.size = sizeof artifact;
  artifact.model_name = "toy";
  artifact.compiler_version = "0.1";
  artifact.entries = &kCudaEntry;
  artifact.entry_count = 1;
  artifact.kind = PERCEIVER_KIND_CUDA;
  artifact.weights_bytes = sizeof kWeights;
  artifact.kernels = kernels;
  artifact.kernel_count = 2;

  perceiver_weights_header header = {};
  memcpy(header.magic, PERCEIVER_WEIGHTS_MAGIC, sizeof header.magic);
  header.format_version = PERCEIVER_WEIGHTS_VERSION;
  header.header_bytes = header.directory_offset = sizeof header;
  header.data_offset = PERCEIVER_WEIGHTS_DATA_ALIGNMENT;
  header.data_bytes = sizeof kWeights;
  header.file_bytes = header.data_offset + header.data_bytes;
  header.header_checksum = perceiver_rt_header_checksum(&header);
  std::string file(header.file_bytes, '\0');
  memcpy(file.data(), &header, sizeof header);
  memcpy(&file[header.data_offset], kWeights, sizeof kWeights);
  weightsPath = writeFile("toy.weights", file);
}

void CudaModelTest::TearDown() {
  unload();
  emulator.configure("");
  EXPECT_EQ(emulator.takeFindings(), "");
  FileTest::TearDown();
}

std::string CudaModelTest::ptxWith(const std::string &from,
                                   const std::string &to) {
  std::string text = kCudaTestKernels;
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

perceiver_status CudaModelTest::load(uint32_t flags) {
  unload();
  if (images.empty())
    images = {{80, PERCEIVER_IMAGE_PTX, ptx.c_str(), ptx.size() + 1, shapes}};
  artifact.images = images.data();
  artifact.image_count = images.size();
  options.flags = flags;
  return perceiver_rt_load_cuda(&artifact, weightsPath.c_str(), nullptr,
                                &options, &model);
}

void CudaModelTest::unload() {
  perceiver_rt_free_cuda(model);
  model = nullptr;
}

std::vector<float> CudaModelTest::input(int64_t rows) {
  std::vector<float> x(4 * rows);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = i;
  return x;
}

std::vector<float> CudaModelTest::expected(int64_t rows) {
  std::vector<float> result = input(rows);
  for (size_t i = 0; i < result.size(); ++i)
    result[i] *= 2 * kWeights[i % 4];
  return result;
}

perceiver_status CudaModelTest::run(int64_t rows) {
  std::vector<float> x = input(rows);
  y.assign(4 * rows, -1);
  void *arguments[] = {x.data(), y.data()};
  return perceiver_rt_run_cuda(model, 0, &rows, arguments, nullptr, 0, nullptr);
}

void CudaModelTest::expectRuns(int64_t rows) {
  ASSERT_OK(run(rows));
  EXPECT_EQ(y, expected(rows));
  EXPECT_EQ(emulator.takeFindings(), "");
}
