//===- RuntimeConditionsTest.cpp - What must hold of sizes ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeTestSupport.h"

#include <cstring>
#include <vector>

namespace {

/// y[rows * 4] from a mask [rows] that may be left out: 1 where it is true.
void runMask(const perceiver_frame *frame) {
  const auto *mask = static_cast<const int64_t *>(frame->arguments[0]);
  auto *output = static_cast<float *>(frame->arguments[1]);
  for (int64_t i = 0; i < frame->sizes[0] * 4; ++i)
    output[i] = mask[i / 4] != 0;
  std::memset(frame->workspace + frame->buffers[0], 0xff, 100);
}

constexpr int64_t kMaskDims[] = {-1};
constexpr int64_t kOutputDims[] = {-1 - 2}; // rows and first, then derived.
constexpr perceiver_argument kArguments[] = {
    {"mask", kMaskDims, 1, PERCEIVER_I64, 0, PERCEIVER_FILL_TRUE, nullptr},
    {"outputs", kOutputDims, 1, PERCEIVER_F32, 1, 0, nullptr}};
constexpr perceiver_symbol kSymbols[] = {{"rows", 1, INT64_MAX},
                                         {"first", 0, INT64_MAX}};
constexpr perceiver_size_instruction kBytes[] = {
    {PERCEIVER_SIZE_CONSTANT, 100}};
constexpr perceiver_buffer kBuffers[] = {{kBytes, 1, 0, 0, 0}};
constexpr perceiver_size_instruction kFourRows[] = {
    {PERCEIVER_SIZE_SYMBOL, 0},
    {PERCEIVER_SIZE_CONSTANT, 4},
    {PERCEIVER_SIZE_MUL, 0}};
constexpr perceiver_derived_size kDerived[] = {{"rows * 4", kFourRows, 3, 0}};
/// 8 - rows - first >= 0.
constexpr perceiver_size_instruction kRoom[] = {
    {PERCEIVER_SIZE_CONSTANT, 8},  {PERCEIVER_SIZE_SYMBOL, 0},
    {PERCEIVER_SIZE_CONSTANT, -1}, {PERCEIVER_SIZE_MUL, 0},
    {PERCEIVER_SIZE_ADD, 0},       {PERCEIVER_SIZE_SYMBOL, 1},
    {PERCEIVER_SIZE_CONSTANT, -1}, {PERCEIVER_SIZE_MUL, 0},
    {PERCEIVER_SIZE_ADD, 0}};
/// -(first mod 2) >= 0.
constexpr perceiver_size_instruction kEven[] = {{PERCEIVER_SIZE_SYMBOL, 1},
                                                {PERCEIVER_SIZE_CONSTANT, 2},
                                                {PERCEIVER_SIZE_MOD, 0},
                                                {PERCEIVER_SIZE_CONSTANT, -1},
                                                {PERCEIVER_SIZE_MUL, 0}};
constexpr perceiver_condition kConditions[] = {
    {"the rows lie within 8", kRoom, 9, 0}, {"first is even", kEven, 5, 0}};

class Conditions : public testing::Test {
protected:
  void SetUp() override {
    artifact.abi_version = PERCEIVER_ABI_VERSION;
    artifact.size = sizeof(artifact);
    artifact.entry_count = 1;
    artifact.model_name = "test";
    artifact.compiler_version = "0";
    artifact.entries = &entry;
    ASSERT_OK(perceiver_rt_load(&artifact, nullptr, nullptr, &model));
  }
  void TearDown() override { perceiver_rt_free(model); }

  perceiver_status measure(int64_t rows, int64_t first) {
    int64_t sizes[] = {rows, first};
    return perceiver_rt_workspace_size(&artifact, 0, sizes, 1, &bytes);
  }

  perceiver_status run(int64_t rows, int64_t first, const int64_t *mask) {
    int64_t sizes[] = {rows, first};
    output.assign(rows * 4, -1);
    void *arguments[] = {const_cast<int64_t *>(mask), output.data()};
    std::vector<char> memory(bytes + PERCEIVER_WORKSPACE_ALIGNMENT);
    void *workspace = memory.data();
    size_t room = memory.size();
    std::align(PERCEIVER_WORKSPACE_ALIGNMENT, bytes, workspace, room);
    return perceiver_rt_run(model, 0, sizes, arguments, workspace, bytes,
                            nullptr);
  }

  perceiver_entry entry = {"run",       runMask, kArguments, kSymbols, kBuffers,
                           2,           2,       1,          1,        kDerived,
                           kConditions, 2,       0};
  perceiver_artifact artifact = {};
  perceiver_model *model = nullptr;
  size_t bytes = 0;
  std::vector<float> output;
};

TEST_F(Conditions, AreCheckedWhereverSizesAre) {
  const char *room =
      "entry \"run\": the rows lie within 8 (rows is 5, first is "
      "4)";
  EXPECT_FAILS(measure(5, 4), PERCEIVER_SIZE_OUT_OF_RANGE, room);
  ASSERT_OK(measure(5, 2));
  std::vector<int64_t> mask(9, 1);
  EXPECT_FAILS(run(5, 4, mask.data()), PERCEIVER_SIZE_OUT_OF_RANGE, room);
  EXPECT_FAILS(run(5, 1, mask.data()), PERCEIVER_SIZE_OUT_OF_RANGE,
               "entry \"run\": first is even (first is 1)");
  // What leaves 64 bits meets nothing.
  EXPECT_FAILS(measure(INT64_MAX, INT64_MAX), PERCEIVER_SIZE_OUT_OF_RANGE,
               "the rows lie within 8");
  EXPECT_FAILS(measure(5, -2), PERCEIVER_SIZE_OUT_OF_RANGE,
               "first is -2, but must be at least 0");
}

TEST_F(Conditions, DerivedSizesArePositive) {
  entry.condition_count = 0;
  EXPECT_FAILS(measure(INT64_MAX / 2, 0), PERCEIVER_SIZE_OUT_OF_RANGE,
               "entry \"run\": rows * 4 does not fit into 63 bits (rows "
               "is 4611686018427387903)");
  constexpr perceiver_size_instruction even[] = {{PERCEIVER_SIZE_SYMBOL, 0},
                                                 {PERCEIVER_SIZE_CONSTANT, 2},
                                                 {PERCEIVER_SIZE_MOD, 0}};
  perceiver_derived_size derived = {"rows mod 2", even, 3, 0};
  entry.derived = &derived;
  EXPECT_FAILS(measure(4, 0), PERCEIVER_SIZE_OUT_OF_RANGE,
               "entry \"run\": rows mod 2 is 0, but must be at least 1");
  constexpr perceiver_size_instruction part[] = {{PERCEIVER_SIZE_SYMBOL, 0},
                                                 {PERCEIVER_SIZE_SYMBOL, 1},
                                                 {PERCEIVER_SIZE_FLOORDIV, 0}};
  derived = {"rows floordiv first", part, 3, 0};
  EXPECT_FAILS(measure(4, 0), PERCEIVER_SIZE_OUT_OF_RANGE,
               "entry \"run\": rows floordiv first divides by a number below "
               "1 (rows is 4, first is 0)");
}

TEST_F(Conditions, MasksStandForNull) {
  for (int64_t rows : {1, 7, 8}) {
    ASSERT_OK(measure(rows, 0));
    ASSERT_OK(run(rows, 0, nullptr));
    EXPECT_EQ(output, std::vector<float>(rows * 4, 1));
    std::vector<int64_t> mask(rows, 0);
    mask.back() = 256; // Its first byte is 0.
    ASSERT_OK(run(rows, 0, mask.data()));
    std::vector<float> expected(rows * 4, 0);
    std::fill(expected.end() - 4, expected.end(), 1);
    EXPECT_EQ(output, expected);
  }
  perceiver_argument arguments[] = {kArguments[0], kArguments[1]};
  entry.arguments = arguments;
  arguments[0].fill = PERCEIVER_FILL_FALSE;
  ASSERT_OK(run(8, 0, nullptr));
  EXPECT_EQ(output, std::vector<float>(32, 0));
  arguments[0].fill = PERCEIVER_FILL_NONE;
  EXPECT_FAILS(run(8, 0, nullptr), PERCEIVER_INVALID_ARGUMENT,
               "entry \"run\": mask is null");
}

TEST_F(Conditions, MasksHaveRoomInTheWorkspace) {
  ASSERT_OK(measure(8, 0));
  EXPECT_EQ(bytes, 64u + 64u + 128u); // placement, mask, buffer
  bytes -= 64;
  std::vector<int64_t> mask(8, 1);
  EXPECT_FAILS(run(8, 0, mask.data()), PERCEIVER_WORKSPACE_TOO_SMALL,
               "needs a workspace of 256 bytes");
}

} // namespace
