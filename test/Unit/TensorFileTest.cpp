//===- TensorFileTest.cpp - Element types, names and texts ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/Result.h"
#include "lib/TensorFile/NearestName.h"
#include "lib/TensorFile/Utf8.h"
#include "test/Unit/TensorFileTestSupport.h"

#include <cmath>

using namespace perceiver;
using namespace perceiver::test;

TEST(TensorTest, KnowsItsTypes) {
  EXPECT_EQ(supportedDTypes(),
            "F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL");
  EXPECT_EQ(parseDType("BF16"), DType::BF16);
  EXPECT_EQ(parseDType("F8_E4M3"), std::nullopt);
  EXPECT_EQ(dtypeName(DType::I8), "I8");
  EXPECT_EQ(dtypeSize(DType::F16), 2u);
  EXPECT_EQ(tensorBytes(DType::F32, {2, 3}), 24u);
  EXPECT_EQ(tensorBytes(DType::F32, {}), 4u);
  EXPECT_EQ(tensorBytes(DType::F32, {0, 3}), 0u);
  EXPECT_EQ(tensorBytes(DType::F32, {-1}), std::nullopt);
  EXPECT_EQ(tensorBytes(DType::F64, {int64_t(1) << 60}), std::nullopt);
  EXPECT_EQ(shapeToString({}), "[]");
  EXPECT_EQ(shapeToString({2, 3}), "[2, 3]");
}

/// Return element 1 of a misaligned tensor with these two elements.
template <typename T>
static double element(DType dtype, T value) {
  std::string bytes = "x" + bytesOf(std::vector<T>{T(0), value});
  TensorView view{"t",
                  dtype,
                  {2},
                  reinterpret_cast<const uint8_t *>(bytes.data()) + 1,
                  bytes.size() - 1};
  EXPECT_EQ(view.elementCount(), 2u);
  return view.element(1);
}

TEST(TensorTest, ReadsElementsOfEveryType) {
  EXPECT_EQ(element<double>(DType::F64, -0.1), -0.1);
  EXPECT_EQ(element<float>(DType::F32, 0.5f), 0.5);
  EXPECT_EQ(element<int64_t>(DType::I64, -(int64_t(1) << 40)), -0x1p40);
  EXPECT_EQ(element<int32_t>(DType::I32, -5), -5.0);
  EXPECT_EQ(element<int16_t>(DType::I16, -5), -5.0);
  EXPECT_EQ(element<int8_t>(DType::I8, -5), -5.0);
  EXPECT_EQ(element<uint8_t>(DType::U8, 200), 200.0);
  EXPECT_EQ(element<uint8_t>(DType::BOOL, 1), 1.0);
  EXPECT_EQ(element<uint16_t>(DType::BF16, 0xc040), -3.0);
  EXPECT_EQ(element<uint16_t>(DType::F16, 0xc200), -3.0);
  EXPECT_EQ(element<uint16_t>(DType::F16, 0x7bff), 65504.0);
  EXPECT_EQ(element<uint16_t>(DType::F16, 0x0001), 0x1p-24);
  EXPECT_EQ(element<uint16_t>(DType::F16, 0x83ff), -1023 * 0x1p-24);
  EXPECT_EQ(element<uint16_t>(DType::F16, 0x0400), 0x1p-14);
  EXPECT_EQ(element<uint16_t>(DType::F16, 0xfc00), -INFINITY);
  EXPECT_TRUE(std::isnan(element<uint16_t>(DType::F16, 0x7e00)));
  EXPECT_TRUE(std::signbit(element<uint16_t>(DType::F16, 0x8000)));
}

TEST(NearestNameTest, FindsWhatWasMeant) {
  std::vector<std::string> names = {"inputs", "attention_mask", "logits"};
  EXPECT_EQ(nearestName("input", names), "inputs");
  EXPECT_EQ(nearestName("inptus", names), "inputs");
  EXPECT_EQ(nearestName("attention-mask", names), "attention_mask");
  EXPECT_EQ(nearestName("logits", names), "logits");
  EXPECT_EQ(nearestName("pixel_values", names), "");
  EXPECT_EQ(nearestName("", names), "");
  EXPECT_EQ(nearestName("x", {"y", ""}), "");
  EXPECT_EQ(nearestName("x", {}), "");
  EXPECT_EQ(nearestName("encoder.layer.0.query.weight",
                        {"perceiver.encoder.layer.0.query.weight",
                         "perceiver.encoder.layer.1.query.weight"}),
            "perceiver.encoder.layer.0.query.weight");
  // The first of equals.
  EXPECT_EQ(nearestName("layer.2", {"layer.0", "layer.1"}), "layer.0");
  EXPECT_EQ(listNames(nearestFirst("logit", {"state", "used", "logits"})),
            "'logits', 'state', 'used'");
  EXPECT_EQ(listNames(std::vector<std::string>(10, "x")),
            "'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x' and 2 more");
  EXPECT_EQ(nearestName(std::string(100'000, 'a'), {std::string(99'999, 'a')}),
            std::string(99'999, 'a'));
  EXPECT_EQ(didYouMean("logit", names), "; did you mean 'logits'?");
  EXPECT_EQ(didYouMean("x", names), "");
}

TEST(ErrorTest, FitsOnOneLine) {
  EXPECT_EQ((Error{"is bad", "file", "a\n'b'\x7f", 5}.str()),
            "file: tensor 'a\\x0a\\x27b\\x27\\x7f': is bad (at byte 5)");
  EXPECT_EQ((Error{"is bad"}.str()), "is bad");
  EXPECT_EQ(quote(std::string(300, 'a')), "'" + std::string(200, 'a') + "...'");
}

TEST(Utf8Test, AcceptsOnlyWellFormedText) {
  for (const char *good : {"", "abc", "\xc2\x80", "\xe2\x82\xac",
                           "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(isValidUtf8(good)) << good;
  for (const char *bad :
       {"\x80", "\xc0\x80", "\xc2", "\xe0\x80\x80", "\xed\xa0\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xc2\x41"})
    EXPECT_FALSE(isValidUtf8(bad)) << bad;
}
