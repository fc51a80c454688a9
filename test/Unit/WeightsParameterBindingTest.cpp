//===- WeightsParameterBindingTest.cpp - Checkpoints and parameters -------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightsTestSupport.h"

#include "lib/Weights/ParameterBinding.h"

#include <cmath>
#include <deque>
#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

using ::perceiver::DType;
using ::perceiver::TensorSet;
using ::perceiver::TensorView;

namespace {

class BindingTest : public PrepareTest {
protected:
  template <typename T>
  void add(const std::string &name, DType dtype, std::vector<int64_t> shape,
           const std::vector<T> &values, size_t misalignment = 0) {
    size_t bytes = values.size() * sizeof(T);
    memory.emplace_back(bytes + misalignment);
    uint8_t *data = memory.back().data() + misalignment;
    std::memcpy(data, values.data(), bytes);
    ASSERT_TRUE(checkpoint.add(TensorView{name, dtype, shape, data, bytes}));
  }
  void add(const std::string &name, std::vector<int64_t> shape,
           const std::vector<float> &values) {
    add(name, DType::F32, std::move(shape), values);
  }

  FailureOr<BoundParameters> bind(StringRef text, bool strict = false) {
    ModuleOp op = parse(text);
    BindParametersOptions options;
    options.strict = strict;
    return bindParameters(op, checkpoint, "m.safetensors", options);
  }

  SmallVector<double> get(FailureOr<BoundParameters> &bound, StringRef symbol,
                          int64_t member = 0) {
    if (failed(bound)) {
      ADD_FAILURE() << diagnostics.front();
      return {};
    }
    auto value =
        bound->getParameter(module->lookupSymbol<ParameterOp>(symbol), member);
    EXPECT_TRUE(succeeded(value));
    return value->toVector();
  }

  std::deque<std::vector<uint8_t>> memory;
  TensorSet checkpoint;
};

TEST_F(BindingTest, SlicesPermutationsShapesAndFamilies) {
  add("kv", {4, 2}, {0, 1, 2, 3, 4, 5, 6, 7});
  add("conv", {2, 3, 1, 1}, {1, 2, 3, 4, 5, 6});
  add("layers.1.bias", {1}, {10});
  add("layers.4.bias", {1}, {40});
  auto bound = bind(R"mlir(
    perceiver.parameter @k : tensor<2x2xf32> key "kv" slice [0:2, 0:2] of [4, 2] transpose
    perceiver.parameter @v : tensor<2x2xf32> key "kv" slice [2:4, 0:2] of [4, 2] transpose
    perceiver.parameter @c : tensor<3x2xf32> key "conv" of [2, 3, 1, 1] permutation [1, 0, 2, 3]
    perceiver.parameter @b : tensor<1xf32> key "layers.{}.bias" count 2 first 1 stride 3
  )mlir");
  expectNear(get(bound, "k"), {0, 2, 1, 3});
  expectNear(get(bound, "v"), {4, 6, 5, 7});
  expectNear(get(bound, "c"), {1, 4, 2, 5, 3, 6});
  expectNear(get(bound, "b", 0), {10});
  expectNear(get(bound, "b", 1), {40});
  EXPECT_TRUE(diagnostics.empty());
}

TEST_F(BindingTest, ElementTypes) {
  add<double>("double", DType::F64, {2}, {0.1, 1.0});
  // 1.0, -2.0 and the smallest number of each type.
  add<uint16_t>("half", DType::F16, {3}, {0x3c00, 0xc000, 0x0001});
  add<uint16_t>("brain", DType::BF16, {3}, {0x3f80, 0xc000, 0x0001});
  add<float>("moved", DType::F32, {2}, {1.5f, 2.5f}, /*misalignment=*/1);
  add("single", {1}, {1.0f + 0x1p-20f});
  auto bound = bind(R"mlir(
    perceiver.parameter @d : tensor<2xf32> key "double"
    perceiver.parameter @d64 : tensor<2xf64> key "double"
    perceiver.parameter @h : tensor<3xf32> key "half"
    perceiver.parameter @b : tensor<3xf32> key "brain"
    perceiver.parameter @m : tensor<2xf32> key "moved"
    perceiver.parameter @s : tensor<1xbf16> key "single"
  )mlir");
  EXPECT_EQ(get(bound, "d")[0], static_cast<double>(0.1f));
  EXPECT_EQ(get(bound, "d64")[0], 0.1);
  expectNear(get(bound, "h"), {1, -2, 0x1p-24}, 0);
  expectNear(get(bound, "b"), {1, -2, 0x1p-133}, 0);
  expectNear(get(bound, "m"), {1.5, 2.5}, 0);
  expectNear(get(bound, "s"), {1.0}, 0);
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(diagnostics[0].find("m.safetensors: 1 tensor is rounded from f64\n"
                                "note: 'double'"),
            std::string::npos)
      << diagnostics[0];
}

TEST_F(BindingTest, EverythingWrongInOneMessage) {
  add("encoder.query.weight", {3, 2}, {1, 2, 3, 4, 5, 6});
  add<int64_t>("ids", DType::I64, {2}, {1, 2});
  EXPECT_TRUE(failed(bind(R"mlir(
    perceiver.parameter @a : tensor<3x2xf32> key "encoder.querry.weight" loc("m.mlir":3:5)
    perceiver.parameter @b : tensor<2x2xf32> key "encoder.query.weight"
    perceiver.parameter @c : tensor<2xf32> key "ids"
    perceiver.parameter @d : tensor<2xf32> key "layers.{}.zzzz" aliases ["zzzz.{}"] count 2
  )mlir")));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0],
            "loc(\"m.mlir\":3:5): m.safetensors does not fit the model: 5 "
            "parameters\n"
            "note: 'encoder.querry.weight' is missing; did you mean "
            "'encoder.query.weight'?\n"
            "note: 'encoder.query.weight' has the shape [3, 2], but the model "
            "expects [2, 2]\n"
            "note: 'ids' has elements of I64, but the model expects "
            "floating-point numbers\n"
            "note: 'layers.0.zzzz' or 'zzzz.0' is missing\n"
            "note: 'layers.1.zzzz' or 'zzzz.1' is missing");
}

TEST_F(BindingTest, ManyErrorsAreCounted) {
  EXPECT_TRUE(failed(bind(R"mlir(
    perceiver.parameter @a : tensor<3xf32> key "{}" count 1000000
    perceiver.parameter @b : tensor<3xf32> key "b.{}" count 2
  )mlir")));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(diagnostics[0].find("does not fit the model: 1000002 parameters"),
            std::string::npos)
      << diagnostics[0];
  EXPECT_NE(diagnostics[0].find("note: '19' is missing\nnote: and 999982 more"),
            std::string::npos)
      << diagnostics[0];
}

TEST_F(BindingTest, AliasesHoldEqualBits) {
  constexpr StringRef kModel = R"mlir(
    perceiver.parameter @a : tensor<2xf32> key "a" aliases ["b", "c"]
  )mlir";
  add("b", {2}, {1, 2});
  auto bound = bind(kModel);
  expectNear(get(bound, "a"), {1, 2});
  add("c", {2}, {1, 2});
  bound = bind(kModel);
  expectNear(get(bound, "a"), {1, 2});
  EXPECT_TRUE(diagnostics.empty());
  add("a", {2}, {1, 3});
  EXPECT_TRUE(failed(bind(kModel)));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(diagnostics[0].find("note: 'a' and 'b' are names of one parameter, "
                                "but hold different bits"),
            std::string::npos)
      << diagnostics[0];
}

TEST_F(BindingTest, UnusedTensors) {
  constexpr StringRef kModel = R"mlir(
    perceiver.parameter @a : tensor<2xf32> key "a" aliases ["tied"]
  )mlir";
  add("a", {2}, {1, 2});
  add("tied", {2}, {1, 2});
  add("spare", {1}, {1});
  EXPECT_TRUE(succeeded(bind(kModel)));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(
      diagnostics[0].find(
          "m.safetensors: 1 tensor is not used by the model\nnote: 'spare'"),
      std::string::npos)
      << diagnostics[0];
  EXPECT_TRUE(failed(bind(kModel, /*strict=*/true)));
  ASSERT_EQ(diagnostics.size(), 2u);
  EXPECT_NE(diagnostics[1].find("m.safetensors: expected that the model uses "
                                "each tensor, but it does not use 1"),
            std::string::npos)
      << diagnostics[1];
  EXPECT_TRUE(succeeded(bind(R"mlir(
    module attributes {perceiver.ignored_tensors = ["spare", "absent"]} {
      perceiver.parameter @a : tensor<2xf32> key "a" aliases ["tied"]
    }
  )mlir",
                             /*strict=*/true)));
  EXPECT_EQ(diagnostics.size(), 2u);
}

TEST_F(BindingTest, UnusedTensorsWithoutData) {
  constexpr StringRef kModel = R"mlir(
    perceiver.parameter @a : tensor<2xf32> key "a"
  )mlir";
  float values[] = {1, 2};
  auto *data = reinterpret_cast<uint8_t *>(values);
  // As in a file: what has no bytes stands where the next tensor begins.
  ASSERT_TRUE(checkpoint.add(TensorView{"none", DType::F32, {0}, data, 0}));
  ASSERT_TRUE(checkpoint.add(TensorView{"a", DType::F32, {2}, data, 8}));
  ASSERT_TRUE(checkpoint.add(TensorView{"z", DType::F32, {0, 3}, data + 8, 0}));
  EXPECT_TRUE(failed(bind(kModel, /*strict=*/true)));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(diagnostics[0].find("does not use 2\nnote: 'none'\nnote: 'z'"),
            std::string::npos)
      << diagnostics[0];
}

TEST_F(BindingTest, TensorsOfOtherTypes) {
  add("a", {2}, {1, 2});
  ASSERT_TRUE(checkpoint.addUnread({"b", "unsupported dtype 'F8_E4M3'"}));
  ASSERT_TRUE(checkpoint.addUnread({"c", "unknown dtype 'X'"}));
  EXPECT_TRUE(succeeded(bind(R"mlir(
    perceiver.parameter @a : tensor<2xf32> key "a"
  )mlir")));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(diagnostics[0].find("2 tensors are not used by the model\n"
                                "note: 'b'\nnote: 'c'"),
            std::string::npos)
      << diagnostics[0];
  EXPECT_TRUE(failed(bind(R"mlir(
    perceiver.parameter @a : tensor<2xf32> key "a" aliases ["c"]
    perceiver.parameter @b : tensor<2xf32> key "b"
  )mlir")));
  ASSERT_EQ(diagnostics.size(), 2u);
  EXPECT_NE(
      diagnostics[1].find(
          "does not fit the model: 2 parameters\n"
          "note: 'c': unknown dtype 'X', but the model expects floating-point "
          "numbers\n"
          "note: 'b': unsupported dtype 'F8_E4M3', but the model expects "
          "floating-point numbers"),
      std::string::npos)
      << diagnostics[1];
}

TEST_F(BindingTest, NumbersThatAreNotFinite) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  float infinity = std::numeric_limits<float>::infinity();
  add("a", {4}, {nan, 1, -infinity, nan});
  add("b", {2}, {1, 1e6});
  add("c", {2}, {1, 2});
  add("d", {2}, {nan, 1e6});
  EXPECT_TRUE(succeeded(bind(R"mlir(
    perceiver.parameter @a : tensor<4xf32> key "a"
    perceiver.parameter @b : tensor<2xf16> key "b"
    perceiver.parameter @c : tensor<2xf16> key "c"
    perceiver.parameter @d : tensor<2xf16> key "d"
  )mlir")));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(
      diagnostics[0].find("m.safetensors: 3 tensors are not finite\n"
                          "note: 'a' holds NaN in 2 places and infinity in 1\n"
                          "note: 'b' holds 1.000000e+06, which f16 cannot\n"
                          "note: 'd' holds NaN in 1 places and infinity in 0, "
                          "and holds 1.000000e+06, which f16 cannot"),
      std::string::npos)
      << diagnostics[0];
}

} // namespace
