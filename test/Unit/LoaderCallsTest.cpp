//===- LoaderCallsTest.cpp - Calls as users make them ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Binding.h"
#include "lib/Loader/Description.h"
#include "test/Unit/LoaderTestSupport.h"
#include "test/Unit/TensorFileTestSupport.h"

using namespace perceiver;
using namespace perceiver::test;

namespace {

/// The entry of metadataText() with ids, a mask that may be left out, numbers,
/// a result whose size follows from them, and conditions.
std::string callsText() {
  std::string text =
      replaced(metadataText(), R"({"name": "keys", "min": 2, "max": 8})",
               R"({"name": "keys", "min": 2, "max": 8},
                                 {"name": "first", "min": 0})");
  text = replaced(
      text,
      R"({"name": "inputs", "dtype": "f32", "shape": ["batch", "keys", 3],
       "output": false})",
      R"({"name": "inputs", "dtype": "i64", "shape": ["batch", "keys"],
       "output": false, "aliases": ["input_ids", "ids"], "bounds": [0, 262]})");
  text = replaced(text, R"("dtype": "bool", "shape": ["batch", "keys"],)",
                  R"("dtype": "i64", "shape": ["batch", "keys"],
       "default": true,)");
  text = replaced(text, R"("shape": ["batch", 2])",
                  R"("shape": ["batch", {"text": "keys * 16",
                                         "value": [{"size": 1}, 16, "*"]}])");
  return replaced(text, R"("buffers":)", R"("conditions": [
      {"sentence": "first is one of the keys",
       "value": [{"size": 1}, {"size": 2}, -1, "*", "+", -1, "+"]},
      {"sentence": "first is even",
       "value": [{"size": 2}, 2, "mod", -1, "*"]}],
    "buffers":)");
}

class CallsTest : public ::testing::Test {
protected:
  void SetUp() override {
    Result<Metadata> read = parseMetadata(callsText());
    ASSERT_TRUE(read) << read.error().str();
    metadata = std::move(*read);
  }

  Result<Binding> bind() {
    TensorSet set;
    for (const TensorView &view : inputs)
      EXPECT_TRUE(set.add(view));
    return bindArguments(metadata.entries[0], set, options);
  }

  std::string error() {
    Result<Binding> result = bind();
    return result ? "" : result.error().str();
  }

  static const int64_t *integers(const Binding &binding, size_t argument) {
    return static_cast<const int64_t *>(binding.arguments[argument]);
  }

  Metadata metadata;
  std::vector<int64_t> values = {0, 1, 2, 3, 4, 5, 6, 261};
  TensorView ids = viewOf("inputs", DType::I64, {2, 4}, values);
  std::vector<TensorView> inputs = {ids};
  BindOptions options = {/*poisonOutputs=*/false, {{"first", 0}}};
};

} // namespace

TEST_F(CallsTest, NeedNoMaskAndTakeNumbers) {
  options.sizes = {{"first", 2}, {"batch", 2}};
  Result<Binding> result = bind();
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(result->sizes, std::vector<int64_t>({2, 4, 2}));
  EXPECT_EQ(result->arguments[1], nullptr);
  EXPECT_EQ(result->outputs[0].shape, std::vector<int64_t>({2, 64}));
}

TEST_F(CallsTest, RefuseWrongNumbers) {
  options.sizes = {};
  EXPECT_EQ(error(), "no input of entry 'run' determines the size 'first'; "
                     "pass it as a number");
  options.sizes = {{"frist", 0}};
  EXPECT_EQ(error(), "entry 'run' has no size 'frist'; did you mean 'first'?");
  options.sizes = {{"first", 0}, {"keys", 5}};
  EXPECT_EQ(error(), "size keys is 5, but 4 in input 'inputs'");
  options.sizes = {{"first", -1}};
  EXPECT_EQ(error(), "size first is -1, expected 0 or more");
  options.sizes = {{"first", 0}, {"first", 2}};
  EXPECT_EQ(error(), "size first is 2, but 0 as it is passed");
}

TEST_F(CallsTest, MeetTheConditions) {
  options.sizes = {{"first", 4}};
  EXPECT_EQ(error(), "entry 'run': first is one of the keys (keys is 4, first "
                     "is 4)");
  options.sizes = {{"first", 1}};
  EXPECT_EQ(error(), "entry 'run': first is even (first is 1)");
  options.sizes = {{"first", INT64_MAX}};
  EXPECT_EQ(error(), "entry 'run': first is one of the keys (keys is 4, first "
                     "is 9223372036854775807)");
}

TEST_F(CallsTest, TakeOtherNames) {
  for (const char *name : {"input_ids", "ids", "inputs"}) {
    inputs[0].name = name;
    EXPECT_EQ(error(), "");
  }
  inputs.push_back(ids);
  inputs[1].name = "ids";
  EXPECT_EQ(error(), "input 'inputs' is given twice, as 'inputs' and as 'ids'");
  inputs = {};
  EXPECT_EQ(error(), "entry 'run' needs an input 'inputs', but got nothing (it "
                     "takes 'inputs': i64 [batch, keys], 'mask': i64 [batch, "
                     "keys])");
  inputs = {ids, ids};
  inputs[1].name = "input_idx";
  EXPECT_EQ(error(), "entry 'run' has no input 'input_idx'; did you mean "
                     "'input_ids'? (it takes 'inputs': i64 [batch, keys], "
                     "'mask': i64 [batch, keys])");
}

TEST_F(CallsTest, ConvertMasksAndShorterIntegers) {
  std::vector<uint8_t> bytes = {1, 0, 0, 1, 255, 0, 7, 0};
  std::vector<float> floats = {1, 0, -0.0f, 0.5f, NAN, 0, 1e-40f, 0};
  std::vector<uint8_t> truths = {1, 0, 0, 1, 1, 0, 1, 0};
  for (const TensorView &mask : {viewOf("mask", DType::U8, {2, 4}, bytes),
                                 viewOf("mask", DType::F32, {2, 4}, floats),
                                 viewOf("mask", DType::BOOL, {2, 4}, truths)}) {
    inputs = {ids, mask};
    Result<Binding> result = bind();
    ASSERT_TRUE(result) << result.error().str();
    for (size_t i = 0; i < 8; ++i)
      EXPECT_EQ(integers(*result, 1)[i], truths[i]) << i;
  }
  std::vector<uint8_t> small = {0, 1, 2, 3, 4, 5, 6, 255};
  std::vector<int8_t> negative = {0, 1, 2, 3, 4, 5, 6, -1};
  inputs = {viewOf("inputs", DType::U8, {2, 4}, small)};
  Result<Binding> result = bind();
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(integers(*result, 0)[7], 255);
  inputs = {viewOf("inputs", DType::I8, {2, 4}, negative)};
  result = bind();
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(integers(*result, 0)[7], -1);
  inputs = {viewOf("inputs", DType::F32, {2, 4}, floats)};
  EXPECT_EQ(error(), "input 'inputs': expected i64 [batch, keys], but got f32 "
                     "[2, 4]");
}

TEST_F(CallsTest, ConvertMasksToAnyType) {
  std::vector<float> floats = {NAN, 0};
  struct {
    DType dtype;
    std::vector<uint8_t> one;
  } cases[] = {{DType::F64, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}},
               {DType::F32, {0, 0, 0x80, 0x3f}},
               {DType::F16, {0, 0x3c}},
               {DType::BF16, {0x80, 0x3f}},
               {DType::I16, {1, 0}},
               {DType::U8, {1}}};
  // A batch of one with two keys.
  std::vector<int64_t> few = {0, 1};
  for (const auto &[dtype, one] : cases) {
    metadata.entries[0].arguments[1].dtype = dtype;
    DType given = dtype == DType::F32 ? DType::BOOL : DType::F32;
    std::vector<uint8_t> truths = {1, 0};
    inputs = {viewOf("inputs", DType::I64, {1, 2}, few),
              given == DType::F32 ? viewOf("mask", given, {1, 2}, floats)
                                  : viewOf("mask", given, {1, 2}, truths)};
    Result<Binding> result = bind();
    ASSERT_TRUE(result) << result.error().str();
    std::vector<uint8_t> expected = one;
    expected.resize(2 * one.size());
    auto *bytes = static_cast<const uint8_t *>(result->arguments[1]);
    EXPECT_EQ(std::vector<uint8_t>(bytes, bytes + expected.size()), expected)
        << dtypeName(dtype);
  }
}

TEST_F(CallsTest, RefuseDerivedSizesBelowOne) {
  metadata.entries[0].arguments[2].shape[1].text = "first floordiv 2";
  SizeExpression half;
  half.push(PERCEIVER_SIZE_SYMBOL, 2);
  half.push(PERCEIVER_SIZE_CONSTANT, 2);
  half.push(PERCEIVER_SIZE_FLOORDIV);
  metadata.entries[0].arguments[2].shape[1].derived = half;
  EXPECT_EQ(error(), "entry 'run': first floordiv 2 is 0, but must be at least "
                     "1");
}

TEST_F(CallsTest, CheckInputsOfDerivedSizes) {
  SizeExpression twice;
  twice.push(PERCEIVER_SIZE_SYMBOL, 1);
  twice.push(PERCEIVER_SIZE_CONSTANT, 2);
  twice.push(PERCEIVER_SIZE_MUL);
  Dimension &dimension = metadata.entries[0].arguments[1].shape[1];
  dimension = {};
  dimension.text = "keys * 2";
  dimension.derived = twice;
  std::vector<uint8_t> truths(16, 1);
  // Whichever comes first in the file.
  inputs = {viewOf("mask", DType::BOOL, {2, 8}, truths), ids};
  EXPECT_EQ(error(), "");
  inputs[0] = viewOf("mask", DType::BOOL, {4, 4}, truths);
  EXPECT_EQ(error(), "input 'mask': batch is 4, but 2 in input 'inputs'");
  truths.resize(14);
  inputs[0] = viewOf("mask", DType::BOOL, {2, 7}, truths);
  EXPECT_EQ(error(), "input 'mask': expected i64 [batch, keys * 2], where keys "
                     "* 2 is 8, but got bool [2, 7]");
}

TEST_F(CallsTest, AreDescribed) {
  std::string text = describe(metadata);
  for (const char *line :
       {"  input  inputs (or input_ids, ids): i64 [batch, keys], 0 to 261\n",
        "  input  mask: i64 [batch, keys], all true if it is left out\n",
        "  output logits: f32 [batch, keys * 16]\n",
        "  size   first: 0 or more\n", "  needs  first is one of the keys\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << "in\n" << text;
}

TEST(CallsMetadataTest, RefusesWhatIsBroken) {
  auto error = [](const std::string &from, const std::string &to) {
    Result<Metadata> result = parseMetadata(replaced(callsText(), from, to));
    return result ? "" : result.error().str();
  };
  EXPECT_EQ(error(R"("bounds": [0, 262])", R"("bounds": [0])"),
            "the metadata is broken: the argument 'inputs' has bounds that are "
            "no two numbers");
  EXPECT_EQ(error(R"("default": true)", R"("default": 1)"),
            "the metadata is broken: expected 'default' to be true or false");
  EXPECT_EQ(error(R"("aliases": ["input_ids", "ids"])", R"("aliases": "ids")"),
            "the metadata is broken: expected 'aliases' to be an array");
  EXPECT_EQ(error(R"("value": [{"size": 1}, 16, "*"])", R"("value": null)"),
            "the metadata is broken: the argument 'logits' has a dimension "
            "that is neither a number nor a size");
  EXPECT_EQ(error(R"("value": [{"size": 2}, 2, "mod", -1, "*"])",
                  R"("value": ["mod"])"),
            "the metadata is broken: expected 'value' to be a number, or "
            "numbers, sizes and operators in postfix order");
}
