//===- LoaderRunTest.cpp - Around the run of a model ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Benchmark.h"
#include "lib/Loader/Binding.h"
#include "lib/Loader/Comparison.h"
#include "test/Unit/LoaderTestSupport.h"
#include "test/Unit/TensorFileTestSupport.h"

#include <algorithm>
#include <cmath>
#include <sys/mman.h>

using namespace perceiver;
using namespace perceiver::test;

#if defined(__has_feature)
static constexpr bool kAddressSanitizer = __has_feature(address_sanitizer);
#else
static constexpr bool kAddressSanitizer = false;
#endif

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

namespace {

/// The entry of metadataText() and inputs that fit it.
class BindingTest : public ::testing::Test {
protected:
  void SetUp() override {
    Result<Metadata> metadata = parseMetadata(metadataText());
    ASSERT_TRUE(metadata);
    entry = metadata->entries[0];
  }

  Result<Binding> bind(const BindOptions &options = {}) {
    TensorSet set;
    for (const TensorView &view : inputs)
      EXPECT_TRUE(set.add(view));
    return bindArguments(entry, set, options);
  }

  std::string error() {
    Result<Binding> result = bind();
    return result ? "" : result.error().str();
  }

  Entry entry;
  std::vector<float> values = std::vector<float>(100);
  std::vector<uint8_t> truths = std::vector<uint8_t>(100);
  TensorView floats = viewOf("inputs", DType::F32, {2, 4, 3}, values);
  TensorView mask = viewOf("mask", DType::BOOL, {2, 4}, truths);
  std::vector<TensorView> inputs = {sized(floats), sized(mask)};

  static TensorView sized(TensorView view) {
    view.bytes = *tensorBytes(view.dtype, view.shape);
    return view;
  }
};

} // namespace

TEST_F(BindingTest, BindsByName) {
  std::swap(inputs[0], inputs[1]);
  Result<Binding> result = bind();
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(result->sizes, std::vector<int64_t>({2, 4}));
  ASSERT_EQ(result->arguments.size(), 3u);
  EXPECT_EQ(result->arguments[0], values.data());
  EXPECT_EQ(result->arguments[1], truths.data());
  ASSERT_EQ(result->outputs.size(), 1u);
  EXPECT_EQ(result->outputs[0].shape, std::vector<int64_t>({2, 2}));
  EXPECT_EQ(result->outputs[0].data, result->arguments[2]);
}

TEST_F(BindingTest, PoisonsOutputsOnlyWhereAsked) {
  // The pages of a large output come when they are first written.
  inputs[0].shape[0] = inputs[1].shape[0] = int64_t(1) << 22;
  inputs[0].bytes = inputs[1].bytes = 0;
  auto residentPages = [](const Binding &binding) {
    std::vector<unsigned char> resident((binding.outputs[0].bytes >> 12) + 1);
    auto begin = reinterpret_cast<uintptr_t>(binding.outputs[0].data) & ~4095ul;
    EXPECT_EQ(::mincore(reinterpret_cast<void *>(begin),
                        binding.outputs[0].bytes, resident.data()),
              0);
    return std::count_if(resident.begin(), resident.end(),
                         [](unsigned char page) { return page & 1; });
  };
  Result<Binding> untouched = bind();
  ASSERT_TRUE(untouched) << untouched.error().str();
  EXPECT_LT(residentPages(*untouched), 3);
  Result<Binding> poisoned = bind({/*poisonOutputs=*/true});
  ASSERT_TRUE(poisoned) << poisoned.error().str();
  const TensorView &output = poisoned->outputs[0];
  EXPECT_TRUE(std::isnan(output.element(0)));
  EXPECT_TRUE(std::isnan(output.element(output.elementCount() - 1)));
}

TEST_F(BindingTest, CopiesMisalignedInputs) {
  values[0] = 2.5f;
  std::vector<float> shifted(101);
  inputs[0].data = reinterpret_cast<uint8_t *>(shifted.data()) + 1;
  std::memcpy(const_cast<uint8_t *>(inputs[0].data), values.data(), 400);
  ASSERT_FALSE(inputs[0].isAligned());
  Result<Binding> result = bind();
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_NE(result->arguments[0], inputs[0].data);
  EXPECT_EQ(*static_cast<float *>(result->arguments[0]), 2.5f);
}

TEST_F(BindingTest, RefusesWrongNames) {
  const std::string takes = " (it takes 'inputs': f32 [batch, keys, 3], "
                            "'mask': bool [batch, keys])";
  inputs[1].name = "masc";
  EXPECT_EQ(error(),
            "entry 'run' has no input 'masc'; did you mean 'mask'?" + takes);
  inputs[1].name = "mask";
  inputs.push_back(inputs[1]);
  inputs[2].name = "input";
  EXPECT_EQ(error(),
            "entry 'run' has no input 'input'; did you mean 'inputs'?" + takes);
  inputs[2].name = "logits";
  EXPECT_EQ(error(), "entry 'run' has no input 'logits'" + takes);
  inputs = {sized(floats)};
  EXPECT_EQ(error(),
            "entry 'run' needs an input 'mask', but got 'inputs'" + takes);
  inputs = {};
  EXPECT_EQ(error(),
            "entry 'run' needs an input 'inputs', but got nothing" + takes);
}

TEST_F(BindingTest, RefusesWrongTypesAndShapes) {
  inputs[0].dtype = DType::I32;
  EXPECT_EQ(error(), "input 'inputs': expected f32 [batch, keys, 3], but got "
                     "i32 [2, 4, 3]");
  inputs[0].dtype = DType::F32;
  inputs[1].shape = {2, 4, 1};
  EXPECT_EQ(error(), "input 'mask': expected bool [batch, keys], but got bool "
                     "[2, 4, 1]");
  inputs[1].shape = {2, 4};
  inputs[0].shape = {2, 4, 4};
  EXPECT_EQ(error(), "input 'inputs': expected f32 [batch, keys, 3], but got "
                     "f32 [2, 4, 4]");
  inputs[0].shape = {4, 4};
  EXPECT_EQ(error(), "input 'inputs': expected f32 [batch, keys, 3], but got "
                     "f32 [4, 4]");
  inputs[0].shape = {4, 3};
  EXPECT_EQ(error(), "input 'inputs': expected f32 [batch, keys, 3], but got "
                     "f32 [4, 3]; a batch of one is [1, 4, 3]");
}

TEST_F(BindingTest, RefusesWrongSizes) {
  inputs[1].shape = {3, 4};
  EXPECT_EQ(error(), "input 'mask': batch is 3, but 2 in input 'inputs'");
  inputs[0].shape = {0, 4, 3};
  EXPECT_EQ(error(), "input 'inputs': batch is 0, expected 1 or more");
  inputs[0].shape = {2, 9, 3};
  EXPECT_EQ(error(), "input 'inputs': keys is 9, expected 2 to 8");
  entry.sizes.push_back(NamedSize{"queries"});
  inputs = {sized(floats), sized(mask)};
  EXPECT_EQ(error(), "no input of entry 'run' determines the size 'queries'; "
                     "pass it as a number");
}

TEST_F(BindingTest, RefusesTruthValuesBesideZeroAndOne) {
  truths[5] = 2;
  EXPECT_EQ(error(), "input 'mask': element 5 is 2, expected truth values of 0 "
                     "and 1");
}

TEST_F(BindingTest, RefusesOutputsThatDoNotFit) {
  entry.arguments[2].shape[1].value = INT64_MAX;
  EXPECT_EQ(error(), "output 'logits': the shape [2, 9223372036854775807] is "
                     "too large for a 64-bit size");
}

TEST_F(BindingTest, ReportsMissingMemory) {
  if (kAddressSanitizer)
    GTEST_SKIP() << "it ends the program instead";
  entry.arguments[2].shape[1].value = INT64_MAX / 16;
  EXPECT_EQ(error(), "not enough memory for the 4611686018427387896 bytes of "
                     "output 'logits'");
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

static Difference compare(const std::vector<double> &output,
                          const std::vector<double> &golden,
                          const std::vector<int64_t> &shape) {
  return compareTensors(viewOf("t", DType::F64, shape, output),
                        viewOf("t", DType::F64, shape, golden));
}

TEST(ComparisonTest, MeasuresTheWorstRow) {
  Difference same = compare({1, 2, 3, 4}, {1, 2, 3, 4}, {2, 2});
  EXPECT_EQ(same.relativeL2, 0);
  EXPECT_TRUE(same.isWithin(0));
  Difference result = compare({3, 4, 3, 5}, {3, 4, 3, 4}, {2, 2});
  EXPECT_DOUBLE_EQ(result.relativeL2, 0.2);
  EXPECT_EQ(result.worstRow, 1);
  EXPECT_EQ(result.maxAbsolute, 1);
  EXPECT_TRUE(result.isWithin(0.21));
  EXPECT_FALSE(result.isWithin(0.19));
  EXPECT_EQ(result.str(), "t: relative L2 0.2 (worst of 2 rows: row 1), max "
                          "absolute 1");
  // Fewer than two dimensions are one row.
  EXPECT_EQ(compare({3, 4}, {3, 4}, {2}).rows, 1);
  // A golden row of zeros is compared absolutely.
  EXPECT_DOUBLE_EQ(compare({0.25, 0}, {0, 0}, {1, 2}).relativeL2, 0.25);
  EXPECT_TRUE(compare({}, {}, {0, 2}).isWithin(0));
  EXPECT_TRUE(compare({}, {}, {2, 0}).isWithin(0));
}

TEST(ComparisonTest, NeverPassesNaN) {
  for (const auto &[output, golden] :
       std::vector<std::pair<double, double>>{{NAN, 1},
                                              {1, NAN},
                                              {NAN, NAN},
                                              {INFINITY, 1},
                                              {1, INFINITY},
                                              {INFINITY, -INFINITY},
                                              {1e200, 1},
                                              {1e200, 2e200}})
    EXPECT_FALSE(compare({output, 1}, {golden, 1}, {1, 2}).isWithin(1e9))
        << output << " " << golden;
  EXPECT_TRUE(compare({INFINITY, 1}, {INFINITY, 1}, {1, 2}).isWithin(0));
}

TEST(ComparisonTest, ComparesOutputsByName) {
  std::vector<double> values = {1, 2};
  std::vector<float> floats = {1, 2};
  std::vector<TensorView> outputs = {
      viewOf("logits", DType::F32, {1, 2}, floats),
      viewOf("state", DType::F32, {2}, floats)};
  TensorSet golden, inputs;
  ASSERT_TRUE(golden.add(viewOf("logits", DType::F64, {1, 2}, values)));
  ASSERT_TRUE(golden.add(viewOf("ids", DType::F64, {2}, values)));
  Result<std::vector<Difference>> result =
      compareOutputs(outputs, golden, inputs);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().str(),
            "tensor 'ids': there is no output of this name; there are "
            "'logits', 'state'");
  ASSERT_TRUE(inputs.add(viewOf("ids", DType::F64, {2}, values)));
  result = compareOutputs(outputs, golden, inputs);
  ASSERT_TRUE(result) << result.error().str();
  ASSERT_EQ(result->size(), 1u);
  EXPECT_TRUE(result->front().isWithin(0));
  ASSERT_TRUE(golden.add(viewOf("state", DType::F64, {1, 2}, values)));
  EXPECT_EQ(compareOutputs(outputs, golden, inputs).error().str(),
            "tensor 'state': expected the shape [2] of the output, but got "
            "[1, 2]");
  TensorSet unread;
  ASSERT_TRUE(unread.addUnread({"state", "unsupported dtype 'U16'"}));
  EXPECT_EQ(compareOutputs(outputs, unread, inputs).error().str(),
            "tensor 'state': unsupported dtype 'U16'");
  EXPECT_EQ(compareOutputs(outputs, TensorSet(), inputs).error().str(),
            "there is no tensor with the name of an output");
}

static Difference compareExactly(const std::vector<double> &output,
                                 const std::vector<double> &golden,
                                 const std::vector<double> &exact) {
  return compareTensors(viewOf("t", DType::F64, {1, 2}, output),
                        viewOf("t", DType::F64, {1, 2}, golden),
                        viewOf("t", DType::F64, {1, 2}, exact));
}

TEST(ComparisonTest, AllowsTenTimesTheErrorOfTheGoldenTensor) {
  // 10 x 0.5, or 1e-5 x 200.
  Difference result = compareExactly({104, 200}, {100.5, 200}, {100, 200});
  EXPECT_DOUBLE_EQ(*result.allowed, 5);
  EXPECT_TRUE(result.isWithin(0));
  EXPECT_EQ(result.str(), "t: max absolute 4 of 5 that pass (the golden "
                          "tensor's is 0.5), relative L2 0.0179");
  EXPECT_FALSE(
      compareExactly({106, 200}, {100.5, 200}, {100, 200}).isWithin(1e9));
  result = compareExactly({100.001, 200}, {100, 200}, {100, 200});
  EXPECT_DOUBLE_EQ(*result.allowed, 0.002);
  EXPECT_TRUE(result.isWithin(0));
  EXPECT_FALSE(
      compareExactly({100.003, 200}, {100, 200}, {100, 200}).isWithin(1e9));
  // What is no number proves nothing, and is none.
  for (double none : {double(NAN), double(INFINITY)}) {
    EXPECT_FALSE(compareExactly({none, 2}, {1, 2}, {1, 2}).isWithin(1e9));
    EXPECT_FALSE(compareExactly({1, 2}, {none, 2}, {1, 2}).isWithin(1e9));
    EXPECT_FALSE(compareExactly({1, 2}, {1, 2}, {none, 2}).isWithin(1e9));
  }
  EXPECT_FALSE(compareExactly({NAN, 2}, {NAN, 2}, {NAN, 2}).isWithin(1e9));
}

TEST(ComparisonTest, AddsTheToleranceOfTheFile) {
  std::vector<float> output = {1, 2}, golden = {1.5, 2};
  std::vector<double> exact = {2, 2}, more = {0.5}, none = {-1}, two = {1, 1};
  std::vector<TensorView> outputs = {viewOf("y", DType::F32, {2}, output)};
  auto compareWith = [&](const TensorView &tolerance, bool hasExact = true) {
    TensorSet set;
    EXPECT_TRUE(set.add(viewOf("y", DType::F32, {2}, golden)));
    if (hasExact)
      EXPECT_TRUE(set.add(viewOf("y.f64", DType::F64, {2}, exact)));
    EXPECT_TRUE(set.add(tolerance));
    return compareOutputs(outputs, set, TensorSet());
  };
  Result<std::vector<Difference>> result =
      compareWith(viewOf("y.tolerance", DType::F64, {}, more));
  ASSERT_TRUE(result) << result.error().str();
  ASSERT_EQ(result->size(), 1u);
  EXPECT_EQ(result->front().allowed, 5.5);
  EXPECT_EQ(result->front().str(),
            "y: max absolute 1 of 5.5 that pass (the golden tensor's is 0.5, "
            "the file adds 0.5), relative L2 0.354");
  output[0] = 8;
  EXPECT_EQ(compareWith(viewOf("y.tolerance", DType::F64, {1}, more))
                ->front()
                .failure(),
            "'y' (off by 6, allowed are 5.5, of which 'y.tolerance' is 0.5)");
  EXPECT_EQ(
      compareWith(viewOf("y.tolerance", DType::F64, {}, none)).error().str(),
      "tensor 'y.tolerance': expected one number, 0 or more, but got "
      "-1.000000");
  EXPECT_EQ(
      compareWith(viewOf("y.tolerance", DType::F64, {2}, two)).error().str(),
      "tensor 'y.tolerance': expected one number, 0 or more, but got the "
      "shape [2]");
  EXPECT_EQ(compareWith(viewOf("y.tolerance", DType::F64, {}, more), false)
                .error()
                .str(),
            "tensor 'y.tolerance': expected 'y' and 'y.f64' beside it");
}

TEST(ComparisonTest, FindsFloat64BesideGoldenTensors) {
  std::vector<double> values = {1, 2}, other = {1.5, 2};
  std::vector<float> floats = {1, 2};
  std::vector<TensorView> outputs = {viewOf("y.a", DType::F32, {2}, floats)};
  TensorSet golden, alone, misshapen;
  ASSERT_TRUE(golden.add(viewOf("y.a", DType::F32, {2}, floats)));
  ASSERT_TRUE(golden.add(viewOf("y.a.f64", DType::F64, {2}, other)));
  Result<std::vector<Difference>> result =
      compareOutputs(outputs, golden, TensorSet());
  ASSERT_TRUE(result) << result.error().str();
  ASSERT_EQ(result->size(), 1u);
  EXPECT_EQ(result->front().allowed, 5);
  ASSERT_TRUE(alone.add(viewOf("y.a.f64", DType::F64, {2}, values)));
  EXPECT_EQ(compareOutputs(outputs, alone, TensorSet()).error().str(),
            "tensor 'y.a.f64': expected 'y.a', in float32, beside it");
  ASSERT_TRUE(misshapen.add(viewOf("y.a", DType::F32, {2}, floats)));
  ASSERT_TRUE(misshapen.add(viewOf("y.a.f64", DType::F64, {1, 2}, values)));
  EXPECT_EQ(compareOutputs(outputs, misshapen, TensorSet()).error().str(),
            "tensor 'y.a.f64': expected the shape [2] of the output, but got "
            "[1, 2]");
}

//===----------------------------------------------------------------------===//
// Benchmark
//===----------------------------------------------------------------------===//

TEST(BenchmarkTest, CountsRounds) {
  int calls = 0;
  auto body = [&]() -> Status {
    ++calls;
    return success();
  };
  Result<RoundTimes> times = timeRounds({/*warmup=*/3, /*rounds=*/5}, body);
  ASSERT_TRUE(times);
  EXPECT_EQ(calls, 8);
  EXPECT_EQ(times->size(), 5u);
  EXPECT_TRUE(std::is_sorted(times->begin(), times->end()));
  times = timeRounds({/*warmup=*/0, /*rounds=*/0}, body);
  ASSERT_TRUE(times);
  EXPECT_EQ(times->size(), 100u);
  EXPECT_EQ(
      timeRounds({}, []() -> Status { return Error{"no"}; }).error().str(),
      "no");
}

TEST(BenchmarkTest, ComputesPercentiles) {
  EXPECT_EQ(percentile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0), 1);
  EXPECT_EQ(percentile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.5), 5.5);
  EXPECT_EQ(percentile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.9), 9);
  EXPECT_EQ(percentile({1, 2, 3}, 0.5), 2);
  EXPECT_EQ(percentile({1}, 0.9), 1);
  EXPECT_EQ(percentile({}, 0.5), 0);
  EXPECT_GT(peakResidentMiB(), 1);
}
