//===- ArtifactCudaTest.cpp - Running a linked model on a device ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArtifactTestModel.h"

#include "lib/Artifact/ArtifactNames.h"

#include "gmock/gmock.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

/// The model with its files, and the emulated device.
struct CudaArtifact : testing::Test {
  using Model = struct toy_model;

  void write(const ArtifactDescription &artifact) {
    Bytes linked = linkArtifact(artifact, toyDeviceCode());
    writeFile(directory.file("toy.so"),
              llvm::StringRef(linked.data(), linked.size()));
    writeFile(directory.file("toy.weights"), toyWeights(artifact));
  }

  std::string takeFindings() {
    std::string lines(4096, 0);
    emulator.get<int(char *, size_t)>("perceiverEmulatorFindings")(
        lines.data(), lines.size());
    emulator.get<void()>("perceiverEmulatorReset")();
    return lines.c_str();
  }

  /// Load, run with two rows and free.
  std::vector<float> runOnce() {
    Library library(directory.file("toy.so"));
    auto *lastError = library.get<const char *()>("toy_last_error");
    auto *load = library.get<perceiver_status(
        const char *, const perceiver_cuda_options *, Model **)>(
        "toy_load_cuda");
    perceiver_cuda_options options = {};
    options.struct_bytes = sizeof options;
    options.driver_path = PERCEIVER_TEST_EMULATOR;
    Model *model = nullptr;
    EXPECT_EQ(load(nullptr, &options, &model), PERCEIVER_OK) << lastError();
    size_t bytes = 0;
    EXPECT_EQ(
        library
            .get<perceiver_status(const Model *, int64_t, int32_t, size_t *)>(
                "toy_run_workspace_size")(model, 2, 1, &bytes),
        PERCEIVER_OK)
        << lastError();
    EXPECT_GT(bytes, 0u);
    std::vector<float> image = {1, 2, 3, 4, 5, 6, 7, 8}, scaled(8);
    auto *run = library.get<perceiver_status(
        const Model *, int64_t, const float *, float *, void *, size_t,
        const perceiver_pool *)>("toy_run");
    EXPECT_EQ(run(model, 2, image.data(), scaled.data(), nullptr, 0, nullptr),
              PERCEIVER_OK)
        << lastError();
    // Only memory of the device can be enqueued.
    EXPECT_EQ(
        library.get<perceiver_status(const Model *, int64_t, const float *,
                                     float *, void *, size_t, void *)>(
            "toy_run_enqueue")(model, 2, image.data(), scaled.data(), nullptr,
                               bytes, nullptr),
        PERCEIVER_INVALID_ARGUMENT);
    EXPECT_THAT(lastError(), HasSubstr("the workspace is null"));
    library.get<void(Model *)>("toy_free")(model);
    return scaled;
  }

  TemporaryDirectory directory;
  Library emulator{PERCEIVER_TEST_EMULATOR};
};

TEST_F(CudaArtifact, Runs) {
  write(toyDeviceDescription());
  EXPECT_THAT(runOnce(), ElementsAre(2, 8, 18, 32, 10, 24, 42, 64));
  EXPECT_EQ(takeFindings(), "");
}

TEST_F(CudaArtifact, FaultIsFound) {
  ArtifactDescription artifact = toyDeviceDescription();
  std::string &ptx = artifact.images[0].data;
  ptx.replace(ptx.find("[%d4+0]"), 7, "[%d4+4]");
  write(artifact);
  runOnce();
  std::string findings = takeFindings();
  EXPECT_THAT(findings,
              AllOf(StartsWith("out-of-bounds kernel=scaled "),
                    HasSubstr(" block=1,0,0 "), HasSubstr("=buffer_1+32 ")));
  EXPECT_EQ(llvm::StringRef(findings).count('\n'), 1u) << findings;
}

TEST_F(CudaArtifact, ShowsItsFunctionsAndNeedsNoDriver) {
  ArtifactDescription artifact = toyDeviceDescription();
  SharedObjectFacts facts = inspect(linkArtifact(artifact, toyDeviceCode()));
  EXPECT_THAT(facts.defined,
              testing::UnorderedElementsAreArray(exportedSymbols(artifact)));
  for (const std::string &library : facts.needed)
    EXPECT_TRUE(library == "libc.so.6" ||
                llvm::StringRef(library).starts_with("ld-linux"))
        << library;
}

} // namespace
