//===- ArtifactTest.cpp - Running a linked model --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArtifactTestModel.h"

#include "lib/Artifact/ArtifactNames.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <cstdlib>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::Contains;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsSubsetOf;
using testing::StartsWith;

namespace {

/// The toy model with its files, through the functions that its header
/// declares.
struct ToyTest : testing::Test {
  using Model = struct toy_model;

  static void SetUpTestSuite() {
    directory = new TemporaryDirectory;
    ArtifactDescription artifact = toyDescription();
    Bytes linked = linkArtifact(artifact, toyCode());
    writeFile(directory->file("toy.so"),
              llvm::StringRef(linked.data(), linked.size()));
    writeFile(directory->file("toy.weights"), toyWeights(artifact));
  }
  static void TearDownTestSuite() { delete directory; }

  ToyTest() : library(directory->file("toy.so")) {
    load = library.get<perceiver_status(const char *, Model **)>("toy_load");
    free = library.get<void(Model *)>("toy_free");
    lastError = library.get<const char *()>("toy_last_error");
    createPool = library.get<perceiver_status(int32_t, perceiver_pool **)>(
        "toy_pool_create");
    destroyPool =
        library.get<perceiver_status(perceiver_pool *)>("toy_pool_destroy");
    workspaceSize =
        library.get<perceiver_status(const Model *, int32_t, const int64_t *,
                                     int32_t, size_t *)>("toy_workspace_size");
    invoke = library.get<perceiver_status(
        const Model *, int32_t, const int64_t *, void *const *, void *, size_t,
        const perceiver_pool *)>("toy_invoke");
    run = library.get<perceiver_status(const Model *, int64_t, const float *,
                                       float *, void *, size_t,
                                       const perceiver_pool *)>("toy_run");
    runWorkspaceSize =
        library
            .get<perceiver_status(const Model *, int64_t, int32_t, size_t *)>(
                "toy_run_workspace_size");
    masked = library.get<perceiver_status(
        const Model *, const uint8_t *, const int64_t *, float *, void *,
        size_t, const perceiver_pool *)>("toy_masked");
    EXPECT_EQ(load(nullptr, &model), PERCEIVER_OK) << lastError();
  }
  ~ToyTest() override {
    free(model);
    std::free(workspace);
  }

  /// A workspace for so many rows and workers.
  void allocate(int64_t batch, int32_t workers) {
    std::free(workspace);
    ASSERT_EQ(runWorkspaceSize(model, batch, workers, &workspaceBytes),
              PERCEIVER_OK)
        << lastError();
    workspace =
        std::aligned_alloc(PERCEIVER_WORKSPACE_ALIGNMENT, workspaceBytes);
  }

  static TemporaryDirectory *directory;

  Library library;
  perceiver_status (*load)(const char *, Model **);
  void (*free)(Model *);
  const char *(*lastError)();
  perceiver_status (*createPool)(int32_t, perceiver_pool **);
  perceiver_status (*destroyPool)(perceiver_pool *);
  perceiver_status (*workspaceSize)(const Model *, int32_t, const int64_t *,
                                    int32_t, size_t *);
  perceiver_status (*invoke)(const Model *, int32_t, const int64_t *,
                             void *const *, void *, size_t,
                             const perceiver_pool *);
  perceiver_status (*run)(const Model *, int64_t, const float *, float *,
                          void *, size_t, const perceiver_pool *);
  perceiver_status (*runWorkspaceSize)(const Model *, int64_t, int32_t,
                                       size_t *);
  perceiver_status (*masked)(const Model *, const uint8_t *, const int64_t *,
                             float *, void *, size_t, const perceiver_pool *);

  Model *model = nullptr;
  void *workspace = nullptr;
  size_t workspaceBytes = 0;
};

TemporaryDirectory *ToyTest::directory = nullptr;

/// image * (1, 2, 3, 4) + image
std::vector<float> expectedRows(llvm::ArrayRef<float> image) {
  std::vector<float> result;
  for (size_t i = 0; i < image.size(); ++i)
    result.push_back(image[i] * float(i % 4 + 1) + image[i]);
  return result;
}

TEST_F(ToyTest, RunsOnTheCallingThread) {
  allocate(/*batch=*/2, /*workers=*/1);
  std::vector<float> image = {1, 2, 3, 4, 5, 6, 7, 8}, scaled(8);
  ASSERT_EQ(run(model, 2, image.data(), scaled.data(), workspace,
                workspaceBytes, nullptr),
            PERCEIVER_OK)
      << lastError();
  EXPECT_THAT(scaled, ElementsAreArray(expectedRows(image)));
}

TEST_F(ToyTest, RunsOnAPool) {
  perceiver_pool *pool = nullptr;
  ASSERT_EQ(createPool(3, &pool), PERCEIVER_OK) << lastError();
  EXPECT_EQ(pool->worker_count, 3);
  allocate(/*batch=*/64, pool->worker_count);
  std::vector<float> image(256), scaled(256);
  for (size_t i = 0; i < image.size(); ++i)
    image[i] = float(i);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::fill(scaled.begin(), scaled.end(), -1.0f);
    ASSERT_EQ(run(model, 64, image.data(), scaled.data(), workspace,
                  workspaceBytes, pool),
              PERCEIVER_OK)
        << lastError();
    EXPECT_THAT(scaled, ElementsAreArray(expectedRows(image)));
  }
  EXPECT_EQ(destroyPool(pool), PERCEIVER_OK);
}

TEST_F(ToyTest, RunsByNumber) {
  int64_t sizes[] = {3};
  size_t bytes = 0;
  ASSERT_EQ(workspaceSize(model, 0, sizes, 1, &bytes), PERCEIVER_OK)
      << lastError();
  allocate(/*batch=*/3, /*workers=*/1);
  EXPECT_EQ(bytes, workspaceBytes);
  std::vector<float> image(12, 2.0f), scaled(12);
  void *arguments[] = {image.data(), scaled.data()};
  ASSERT_EQ(invoke(model, 0, sizes, arguments, workspace, bytes, nullptr),
            PERCEIVER_OK)
      << lastError();
  EXPECT_THAT(scaled, ElementsAreArray(expectedRows(image)));
  EXPECT_EQ(invoke(model, 2, sizes, arguments, workspace, bytes, nullptr),
            PERCEIVER_INVALID_ARGUMENT);
  EXPECT_STREQ(lastError(), "model \"Toy model\" has no entry 2");
}

TEST_F(ToyTest, RunsWithoutSizesAndWorkspace) {
  uint8_t mask[] = {1, 0, 1};
  int64_t ids[] = {5, 6, -7};
  float result[3] = {-1, -1, -1};
  ASSERT_EQ(masked(model, mask, ids, result, nullptr, 0, nullptr), PERCEIVER_OK)
      << lastError();
  EXPECT_THAT(result, ElementsAre(5, 0, -7));
}

/// What the runtime reads from the descriptor decides these.
TEST_F(ToyTest, ChecksAgainstTheDescriptor) {
  allocate(/*batch=*/64, /*workers=*/1);
  float image[8] = {}, scaled[8];
  auto error = [&](perceiver_status status, perceiver_status expected) {
    EXPECT_EQ(status, expected);
    return std::string(lastError());
  };
  EXPECT_THAT(
      error(run(model, 65, image, scaled, workspace, workspaceBytes, nullptr),
            PERCEIVER_SIZE_OUT_OF_RANGE),
      HasSubstr("batch is 65, but must be between 1 and 64"));
  EXPECT_THAT(error(run(model, 2, image, scaled, workspace, 8, nullptr),
                    PERCEIVER_WORKSPACE_TOO_SMALL),
              HasSubstr("entry \"run\""));
  EXPECT_THAT(
      error(run(model, 2, image, nullptr, workspace, workspaceBytes, nullptr),
            PERCEIVER_INVALID_ARGUMENT),
      HasSubstr("scaled is null"));
  EXPECT_THAT(
      error(run(model, 2, image, image + 4, workspace, workspaceBytes, nullptr),
            PERCEIVER_INVALID_ARGUMENT),
      HasSubstr("scaled overlaps image"));
  int64_t ids[4];
  auto *crooked =
      reinterpret_cast<int64_t *>(reinterpret_cast<char *>(ids) + 4);
  uint8_t mask[3] = {};
  EXPECT_THAT(error(masked(model, mask, crooked, scaled, nullptr, 0, nullptr),
                    PERCEIVER_MISALIGNED),
              HasSubstr("ids is not aligned to 8 bytes"));
}

TEST_F(ToyTest, RefusesOtherWeights) {
  ArtifactDescription other = toyDescription();
  other.id[0] ^= 1;
  std::string path = directory->file("other.weights");
  writeFile(path, toyWeights(other));
  Model *loaded = nullptr;
  EXPECT_EQ(load(path.c_str(), &loaded), PERCEIVER_OTHER_MODEL);
  EXPECT_EQ(loaded, nullptr);
  EXPECT_THAT(lastError(), HasSubstr("does not belong to model \"Toy model\""));
  other = toyDescription();
  other.weightsBytes = 128;
  writeFile(path, toyWeights(other));
  EXPECT_EQ(load(path.c_str(), &loaded), PERCEIVER_OTHER_MODEL);
  EXPECT_EQ(load("/no/such.weights", &loaded), PERCEIVER_FILE_NOT_FOUND);
}

TEST(Artifact, RefusesProcessorsThatLackInstructions) {
  ArtifactDescription artifact = toyDescription();
  artifact.target.requiredFeatures = UINT64_C(1) << 63;
  Bytes linked = linkArtifact(artifact, toyCode());
  TemporaryDirectory directory;
  writeFile(directory.file("toy.so"),
            llvm::StringRef(linked.data(), linked.size()));
  Library library(directory.file("toy.so"));
  auto *load = library.get<perceiver_status(const char *, void **)>("toy_load");
  void *model;
  EXPECT_EQ(load(nullptr, &model), PERCEIVER_CPU_UNSUPPORTED);
}

TEST(Artifact, ShowsItsFunctionsAndNeedsOnlyLibc) {
  ArtifactDescription artifact = toyDescription();
  SharedObjectFacts facts = inspect(linkArtifact(artifact, toyCode()));
  EXPECT_THAT(facts.defined,
              testing::UnorderedElementsAreArray(exportedSymbols(artifact)));
  EXPECT_THAT(facts.needed, Contains("libc.so.6"));
  // The dynamic linker is part of the C library; it has __tls_get_addr.
  for (const std::string &library : facts.needed)
    EXPECT_TRUE(library == "libc.so.6" ||
                llvm::StringRef(library).starts_with("ld-linux"))
        << library;
  EXPECT_EQ(facts.soname, "toy.so");
  EXPECT_FALSE(facts.executableStack);
  EXPECT_TRUE(facts.hasRelro);
  EXPECT_THAT(facts.sections, Contains(".perceiver.meta"));
}

/// A change of this list is a change of what artefacts need.
TEST(Artifact, UsesTheseFunctionsOfLibc) {
  SharedObjectFacts facts = inspect(linkArtifact(toyDescription(), toyCode()));
  EXPECT_THAT(facts.undefined,
              testing::UnorderedElementsAre(
                  "__errno_location", "__tls_get_addr", "aligned_alloc", "bcmp",
                  "calloc", "clock_gettime", "close", "dladdr", "free",
                  "getpid", "lseek", "madvise", "malloc", "memcpy", "memmove",
                  "memset", "mmap", "munmap", "open", "prctl", "pread",
                  "pthread_create", "pthread_join", "pthread_self",
                  "pthread_sigmask", "read", "sigdelset", "sigfillset",
                  "snprintf", "strchr", "strcmp", "strcpy", "strlen", "strncmp",
                  "strrchr", "syscall", "vsnprintf"));
}

TEST(Artifact, GivesTheSameBytesTwice) {
  Bytes first = linkArtifact(toyDescription(), toyCode());
  Bytes second = linkArtifact(toyDescription(), toyCode());
  EXPECT_FALSE(first.empty());
  EXPECT_TRUE(first == second);
  llvm::StringRef bytes(first.data(), first.size());
  EXPECT_FALSE(bytes.contains("/tmp/"));
  EXPECT_FALSE(bytes.contains(".tmp"));
}

TEST(Artifact, TwoModelsLiveInOneProcess) {
  TemporaryDirectory directory;
  for (const char *prefix : {"first", "second"}) {
    ArtifactDescription artifact = toyDescription(prefix);
    Bytes linked = linkArtifact(artifact, toyCode(prefix));
    writeFile(directory.file(std::string(prefix) + ".so"),
              llvm::StringRef(linked.data(), linked.size()));
    writeFile(directory.file(std::string(prefix) + ".weights"),
              toyWeights(artifact));
  }
  Library first(directory.file("first.so")),
      second(directory.file("second.so"));
  void *models[2];
  EXPECT_EQ(first.get<perceiver_status(const char *, void **)>("first_load")(
                nullptr, &models[0]),
            PERCEIVER_OK);
  EXPECT_EQ(second.get<perceiver_status(const char *, void **)>("second_load")(
                nullptr, &models[1]),
            PERCEIVER_OK);
  // A pool of one serves the other, but belongs to its maker.
  perceiver_pool *pool = nullptr;
  EXPECT_EQ(first.get<perceiver_status(int32_t, perceiver_pool **)>(
                "first_pool_create")(2, &pool),
            PERCEIVER_OK);
  size_t bytes = 0;
  EXPECT_EQ(second.get<perceiver_status(void *, int64_t, int32_t, size_t *)>(
                "second_run_workspace_size")(models[1], 1, 2, &bytes),
            PERCEIVER_OK);
  void *workspace = std::aligned_alloc(64, bytes);
  float image[4] = {1, 1, 1, 1}, scaled[4];
  EXPECT_EQ(
      (second.get<perceiver_status(void *, int64_t, float *, float *, void *,
                                   size_t, perceiver_pool *)>("second_run")(
          models[1], 1, image, scaled, workspace, bytes, pool)),
      PERCEIVER_OK);
  EXPECT_THAT(scaled, ElementsAre(2, 3, 4, 5));
  std::free(workspace);
  EXPECT_EQ(second.get<perceiver_status(perceiver_pool *)>(
                "second_pool_destroy")(pool),
            PERCEIVER_INVALID_ARGUMENT);
  EXPECT_EQ(
      first.get<perceiver_status(perceiver_pool *)>("first_pool_destroy")(pool),
      PERCEIVER_OK);
  first.get<void(void *)>("first_free")(models[0]);
  second.get<void(void *)>("second_free")(models[1]);
}

} // namespace
