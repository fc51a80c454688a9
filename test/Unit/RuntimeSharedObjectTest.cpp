//===- RuntimeSharedObjectTest.cpp - The runtime in shared objects --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Loads RuntimeTestModel.c twice under different names, as two models in one
// program: each has a runtime of its own.

#include "RuntimeTestSupport.h"

#include "lib/Runtime/checksum.h"

#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Library {
  explicit Library(const std::string &path)
      : handle(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!handle) {
      ADD_FAILURE() << dlerror();
      return;
    }
    get(load, "scale_load");
    get(free, "scale_free");
    get(lastError, "scale_last_error");
    get(run, "scale_run");
    get(poolCreate, "scale_pool_create");
    get(poolDestroy, "scale_pool_destroy");
  }
  ~Library() {
    if (handle)
      dlclose(handle);
  }

  template <typename Function>
  void get(Function &function, const char *name) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    ASSERT_NE(function, nullptr) << name;
  }

  void *handle;
  perceiver_status (*load)(const char *, perceiver_model **) = nullptr;
  void (*free)(perceiver_model *) = nullptr;
  const char *(*lastError)() = nullptr;
  perceiver_status (*run)(perceiver_model *, const float *, float *, int64_t,
                          const perceiver_pool *) = nullptr;
  perceiver_status (*poolCreate)(int32_t, perceiver_pool **) = nullptr;
  perceiver_status (*poolDestroy)(perceiver_pool *) = nullptr;
};

class RuntimeSharedObject : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "perceiver-models-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory = pattern;
    for (const char *name : {"/a.so", "/b.so"})
      fs::copy_file(PERCEIVER_RUNTIME_TEST_MODEL, directory + name);
  }

  void TearDown() override { fs::remove_all(directory); }

  void writeWeights(const std::string &path, float factor) {
    float data[4] = {factor, factor, factor, factor};
    perceiver_weights_header header = {};
    std::memcpy(header.magic, PERCEIVER_WEIGHTS_MAGIC, sizeof header.magic);
    std::memcpy(header.id, "scale", 5);
    header.format_version = PERCEIVER_WEIGHTS_VERSION;
    header.header_bytes = sizeof header;
    header.directory_offset = sizeof header;
    header.directory_checksum = perceiver_checksum(nullptr, 0);
    header.data_offset = PERCEIVER_WEIGHTS_DATA_ALIGNMENT;
    header.data_bytes = sizeof data;
    header.data_checksum = perceiver_checksum(data, sizeof data);
    header.file_bytes = header.data_offset + header.data_bytes;
    header.header_checksum = perceiver_rt_header_checksum(&header);
    std::string content(header.file_bytes, '\0');
    std::memcpy(&content[0], &header, sizeof header);
    std::memcpy(&content[header.data_offset], data, sizeof data);
    std::ofstream(path, std::ios::binary) << content;
    ASSERT_OK(perceiver_rt_check_weights(path.c_str(), nullptr, nullptr));
  }

  std::string directory;
};

TEST_F(RuntimeSharedObject, OnlyTheModelsOwnSymbolsAreVisible) {
  Library library(directory + "/a.so");
  ASSERT_NE(library.handle, nullptr);
  for (const char *name : {"perceiver_rt_load", "perceiver_rt_run",
                           "perceiver_rt_pool_create", "perceiver_checksum"})
    EXPECT_EQ(dlsym(library.handle, name), nullptr) << name;
}

TEST_F(RuntimeSharedObject, WeightsStandBesideTheLibrary) {
  Library library(directory + "/a.so");
  perceiver_model *model = nullptr;
  EXPECT_EQ(library.load(nullptr, &model), PERCEIVER_FILE_NOT_FOUND);
  EXPECT_EQ(library.lastError(), "cannot open " + directory +
                                     "/a.weights: No such file or directory");
  writeWeights(directory + "/a.weights", 3);
  ASSERT_EQ(library.load(nullptr, &model), PERCEIVER_OK) << library.lastError();
  library.free(model);
}

TEST_F(RuntimeSharedObject, TwoModelsShareOnePool) {
  writeWeights(directory + "/a.weights", 3);
  writeWeights(directory + "/b.weights", 5);
  Library a(directory + "/a.so"), b(directory + "/b.so");
  ASSERT_NE(a.load, b.load);
  perceiver_model *modelA = nullptr, *modelB = nullptr;
  ASSERT_EQ(a.load(nullptr, &modelA), PERCEIVER_OK) << a.lastError();
  ASSERT_EQ(b.load(nullptr, &modelB), PERCEIVER_OK) << b.lastError();
  perceiver_pool *pool = nullptr;
  ASSERT_EQ(a.poolCreate(2, &pool), PERCEIVER_OK) << a.lastError();

  constexpr int64_t rows = 100;
  std::vector<float> inputs(4 * rows, 2), outputs(4 * rows);
  ASSERT_EQ(a.run(modelA, inputs.data(), outputs.data(), rows, pool),
            PERCEIVER_OK);
  EXPECT_EQ(outputs, std::vector<float>(4 * rows, 6));
  ASSERT_EQ(b.run(modelB, inputs.data(), outputs.data(), rows, pool),
            PERCEIVER_OK);
  EXPECT_EQ(outputs, std::vector<float>(4 * rows, 10));

  // Errors belong to the runtime that found them.
  EXPECT_EQ(b.run(modelB, inputs.data(), outputs.data(), 0, pool),
            PERCEIVER_SIZE_OUT_OF_RANGE);
  EXPECT_STREQ(b.lastError(), "entry \"run\": rows is 0, but must be between 1 "
                              "and 1048576");
  EXPECT_STREQ(a.lastError(), "");
  EXPECT_EQ(b.poolDestroy(pool), PERCEIVER_INVALID_ARGUMENT);
  EXPECT_EQ(a.poolDestroy(pool), PERCEIVER_OK);
  a.free(modelA);
  b.free(modelB);
}

} // namespace
