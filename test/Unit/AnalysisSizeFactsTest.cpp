//===- AnalysisSizeFactsTest.cpp - Sizes of which something is known ------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AnalysisTestSupport.h"

#include "lib/Analysis/SizeFacts.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {

const SizeExpr n = SizeExpr::size(0);
const SizeExpr m = SizeExpr::size(1);
const SizeExpr first = SizeExpr::offset(2);
constexpr auto Equal = SizeRelation::Equal;
constexpr auto AtMost = SizeRelation::AtMost;
constexpr auto MultipleOf = SizeRelation::MultipleOf;

SizeExpr number(int64_t value) { return SizeExpr(value); }

TEST(SizeFacts, KnowNothingAtFirst) {
  SizeFacts facts;
  EXPECT_FALSE(facts.isKnownToHold(n, AtMost, number(2048)));
  EXPECT_TRUE(facts.isKnownToHold(n, AtMost, n * m));
  // An offset may be 0.
  EXPECT_FALSE(facts.isKnownToHold(n, AtMost, n * first));
  EXPECT_FALSE(facts.isKnownToHold(number(1), AtMost, first));
  EXPECT_TRUE(facts.isKnownToHold(number(0), AtMost, first));
}

TEST(SizeFacts, UseBounds) {
  SizeFacts facts;
  facts.assume(n, AtMost, number(2048));
  facts.assume(first + m, AtMost, n);
  EXPECT_TRUE(facts.isKnownToHold(n, AtMost, number(2048)));
  EXPECT_TRUE(facts.isKnownToHold(n * number(3), AtMost, number(6144)));
  EXPECT_FALSE(facts.isKnownToHold(n, AtMost, number(2047)));
  EXPECT_FALSE(facts.isKnownToHold(number(2048), AtMost, n));
  // Two facts and the least that a size is.
  EXPECT_TRUE(facts.isKnownToHold(first, AtMost, number(2047)));
  EXPECT_FALSE(facts.isKnownToHold(n + first, AtMost, number(2048)));
}

TEST(SizeFacts, DivideWhatIsAMultiple) {
  SizeFacts facts;
  SizeExpr sixteenth = SizeExpr::floorDiv(n, number(16));
  EXPECT_FALSE(facts.isKnownToHold(sixteenth * number(16), Equal, n));
  facts.assume(n, MultipleOf, number(16));
  EXPECT_TRUE(facts.isKnownToHold(sixteenth * number(16), Equal, n));
  EXPECT_TRUE(facts.isKnownToHold(number(1), AtMost, sixteenth));
  EXPECT_TRUE(facts.isKnownToHold(number(16), AtMost, n));
  EXPECT_TRUE(facts.isKnownToHold(n * m, MultipleOf, number(8)));
  EXPECT_FALSE(facts.isKnownToHold(n, MultipleOf, number(24)));
  facts.assume(n, MultipleOf, number(24));
  EXPECT_TRUE(facts.isKnownToHold(n, MultipleOf, number(48)));
}

TEST(SizeFacts, DivideByMultiplesOfSizes) {
  SizeFacts facts;
  facts.assume(n, MultipleOf, m);
  EXPECT_TRUE(facts.isKnownToHold(SizeExpr::floorDiv(n, m) * m, Equal, n));
  EXPECT_TRUE(facts.isKnownToHold(m, AtMost, n));
  facts.assume(first, MultipleOf, number(4));
  // 0 is a multiple, too.
  EXPECT_FALSE(facts.isKnownToHold(number(4), AtMost, first));
  SizeFacts sums;
  sums.assume(n + m, MultipleOf, number(8));
  EXPECT_TRUE(sums.isKnownToHold(m + n, MultipleOf, number(8)));
  EXPECT_FALSE(sums.isKnownToHold(n, MultipleOf, number(8)));
}

TEST(SizeFacts, ReplaceEqualSizes) {
  SizeFacts facts;
  facts.assume(n, Equal, m);
  EXPECT_TRUE(facts.isKnownToHold(n * n, Equal, n * m));
  facts.assume(m, Equal, number(224));
  EXPECT_TRUE(facts.isKnownToHold(n, Equal, number(224)));
  SizeFacts sums;
  sums.assume(n, Equal, first + number(1));
  EXPECT_TRUE(sums.isKnownToHold(first, Equal, n - number(1)));
  // That a size is 1 or more is still known where it is replaced.
  sums.assume(first, AtMost, number(7));
  EXPECT_TRUE(sums.isKnownToHold(n, AtMost, number(8)));
  // No size of these stands alone.
  SizeFacts products;
  products.assume(n * m, Equal, number(64));
  EXPECT_TRUE(products.isKnownToHold(n * m, AtMost, number(64)));
  EXPECT_TRUE(products.isKnownToHold(number(64), AtMost, n * m));
}

} // namespace
