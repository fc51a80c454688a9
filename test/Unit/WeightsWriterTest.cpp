//===- WeightsWriterTest.cpp - Weight files -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightsTestSupport.h"

#include "lib/Runtime/perceiver_runtime.h"
#include "lib/Runtime/weights_format.h"
#include "lib/Transforms/Transforms.h"
#include "lib/Weights/WeightsWriter.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"

#include <cstring>

using namespace mlir;
using namespace mlir::perceiver;

namespace {

constexpr StringRef kModel = R"mlir(
  perceiver.parameter @w : tensor<3x5xf32> key "w.{}" count 3 transpose
  perceiver.parameter @b : tensor<17xf32> key "b"
  func.func @f(%i: index, %x: tensor<4x3xf32>) -> (tensor<4x5xf32>, tensor<17xf32>) {
    %w = perceiver.get_parameter @w[%i] : tensor<3x5xf32>
    %e = tensor.empty() : tensor<2x3x4xf32>
    %p = block.pack_weight ins(%w : tensor<3x5xf32>) outs(%e : tensor<2x3x4xf32>)
        layout = #block.panels<columns = 4, lanes = 4> -> tensor<2x3x4xf32>
    %i0 = tensor.empty() : tensor<4x5xf32>
    %y = block.linear ins(%x, %p : tensor<4x3xf32>, tensor<2x3x4xf32>) outs(%i0 : tensor<4x5xf32>)
        {layout = #block.panels<columns = 4, lanes = 4>} -> tensor<4x5xf32>
    %b = perceiver.get_parameter @b : tensor<17xf32>
    return %y, %b : tensor<4x5xf32>, tensor<17xf32>
  })mlir";

class WeightsWriterTest : public PrepareTest {
protected:
  void SetUp() override {
    parse(kModel);
    ASSERT_TRUE(succeeded(splitPrepare(*module)));
    ASSERT_TRUE(succeeded(assignWeightOffsets(*module)));
    ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("perceiver", "weights",
                                                    descriptor, path));
  }
  void TearDown() override { llvm::sys::fs::remove(path); }

  std::string write(ModuleOp op) {
    llvm::SmallString<0> bytes;
    llvm::raw_svector_ostream memory(bytes);
    EXPECT_TRUE(succeeded(writeWeights(op, parameters, memory)));
    llvm::raw_fd_ostream file(descriptor, /*shouldClose=*/true);
    EXPECT_TRUE(succeeded(writeWeights(op, parameters, file)));
    return bytes.str().str();
  }

  int descriptor = -1;
  SmallString<64> path;
};

TEST_F(WeightsWriterTest, TheRuntimeReadsTheFile) {
  std::string bytes = write(*module);
  perceiver_weights_header header;
  ASSERT_EQ(perceiver_rt_check_weights(path.c_str(), nullptr, &header),
            PERCEIVER_OK)
      << perceiver_rt_last_error();
  ASSERT_EQ(bytes.size(), header.file_bytes);
  EXPECT_EQ(std::memcmp(bytes.data(), &header, sizeof(header)), 0);
  EXPECT_EQ(header.data_offset, 4096u);
  EXPECT_EQ(header.data_bytes, 3u * 128 + 128);
  auto layout = getWeightsLayout(*module);
  ASSERT_TRUE(succeeded(layout));
  EXPECT_EQ(std::memcmp(header.id, layout->id.data(), sizeof(header.id)), 0);

  // Member 2, second panel, row 1: column 4 and padding.
  HostTensor w = TestParameters::random({3, 5}, "w2");
  float lanes[4];
  std::memcpy(lanes, bytes.data() + 4096 + 2 * 128 + (1 * 3 + 1) * 16,
              sizeof(lanes));
  EXPECT_EQ(lanes[0], static_cast<float>(w.at({1, 4})));
  EXPECT_EQ(lanes[1], 0.0f);
  float last;
  std::memcpy(&last, bytes.data() + 4096 + 3 * 128 + 16 * 4, sizeof(last));
  EXPECT_EQ(last,
            static_cast<float>(TestParameters::random({17}, "b0").at({16})));
}

TEST_F(WeightsWriterTest, TheDirectoryListsEachMember) {
  std::string bytes = write(*module);
  perceiver_weights_header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  auto directory = llvm::json::parse(
      StringRef(bytes).substr(header.directory_offset, header.directory_bytes));
  ASSERT_TRUE(static_cast<bool>(directory));
  auto expected = llvm::json::parse(R"json([
    {"name": "weight_0.0", "dtype": "f32", "shape": [2, 3, 4],
     "layout": "panels of 4 columns in 4 lanes", "offset": 0, "bytes": 96},
    {"name": "weight_0.1", "dtype": "f32", "shape": [2, 3, 4],
     "layout": "panels of 4 columns in 4 lanes", "offset": 128, "bytes": 96},
    {"name": "weight_0.2", "dtype": "f32", "shape": [2, 3, 4],
     "layout": "panels of 4 columns in 4 lanes", "offset": 256, "bytes": 96},
    {"name": "weight_1", "dtype": "f32", "shape": [17], "layout": "dense",
     "offset": 384, "bytes": 68}
  ])json");
  ASSERT_TRUE(static_cast<bool>(expected));
  EXPECT_EQ(*directory, *expected);
}

TEST_F(WeightsWriterTest, TheClonedModuleWritesTheSameFile) {
  std::string before = write(*module);
  OwningOpRef<ModuleOp> prepare = clonePrepare(*module);
  ASSERT_TRUE(succeeded(verify(*prepare)));
  // The module keeps what has been copied.
  EXPECT_FALSE(module->getOps<ParameterOp>().empty());
  llvm::SmallString<0> after;
  llvm::raw_svector_ostream memory(after);
  ASSERT_TRUE(succeeded(writeWeights(*prepare, parameters, memory)));
  EXPECT_EQ(after.str(), before);
}

TEST_F(WeightsWriterTest, OverlappingWeightsAreRefused) {
  auto weight = module->lookupSymbol<block::WeightOp>("weight_1");
  for (int64_t offset : {64, 320, 385, 512, 1024}) {
    weight.setOffset(offset);
    EXPECT_TRUE(failed(getWeightsLayout(*module))) << offset;
  }
  ASSERT_EQ(diagnostics.size(), 5u);
  EXPECT_NE(diagnostics[0].find(
                "'block.weight' op expected weights one after the other "
                "within 512 bytes, each aligned to 64, but got offset 64 and "
                "stride 128"),
            std::string::npos)
      << diagnostics[0];
}

} // namespace
