//===- AnalysisSizeExprTest.cpp - The algebra of sizes --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AnalysisTestSupport.h"

#include "lib/Analysis/SizeConversion.h"
#include "lib/Analysis/SizeRelation.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {

const SizeExpr n = SizeExpr::size(0);
const SizeExpr m = SizeExpr::size(1);
const std::vector<std::string> kNames = {"n", "m", "k"};

SizeExpr number(int64_t value) { return SizeExpr(value); }

/// The text of a quotient by a constant.
std::string floorDiv(const SizeExpr &dividend, int64_t divisor) {
  return SizeExpr::floorDiv(dividend, number(divisor)).str(kNames);
}

std::string ceilDiv(const SizeExpr &dividend, int64_t divisor) {
  return SizeExpr::ceilDiv(dividend, number(divisor)).str(kNames);
}

} // namespace

//===----------------------------------------------------------------------===//
// Sums and products
//===----------------------------------------------------------------------===//

TEST(SizeExpr, AddsAndMultiplies) {
  SizeExpr figure = (n + number(3)) * (m - number(2));
  EXPECT_EQ(figure.str(kNames), "n * m - n * 2 + m * 3 - 6");
  EXPECT_EQ(n * m, m * n);
  // It may be combined with itself.
  SizeExpr twice = n;
  twice += twice;
  EXPECT_EQ(twice, n * number(2));
  twice *= twice;
  EXPECT_EQ(twice, n * n * number(4));
  twice -= twice;
  EXPECT_TRUE(twice.isZero());
}

TEST(SizeExpr, ForgetsTermsThatVanish) {
  EXPECT_TRUE((n * number(-1) + n).isZero());
  EXPECT_TRUE((n * number(0)).isZero());
  EXPECT_TRUE(SizeExpr().isZero());
  EXPECT_FALSE(number(1).isZero());
}

TEST(SizeExpr, IsUnknownBeyond64Bits) {
  SizeExpr large(INT64_MAX);
  EXPECT_TRUE(large.isKnown());
  EXPECT_FALSE((large + number(1)).isKnown());
  EXPECT_FALSE((large * number(2)).isKnown());
  EXPECT_FALSE((number(INT64_MIN) * number(-1)).isKnown());
  EXPECT_FALSE((number(0) - number(INT64_MIN)).isKnown());
  EXPECT_EQ(number(INT64_MIN).str(kNames), "-9223372036854775808");
  EXPECT_EQ(floorDiv(n * number(INT64_MIN), 3),
            "-n * 3074457345618258603 + n floordiv 3");
}

TEST(SizeExpr, UnknownStaysSoAndEqualsNothing) {
  SizeExpr unknown = SizeExpr::unknown();
  EXPECT_FALSE((unknown + number(1)).isKnown());
  EXPECT_FALSE((unknown * number(0)).isKnown());
  EXPECT_FALSE(SizeExpr::floorDiv(unknown, n).isKnown());
  EXPECT_FALSE(SizeExpr::min(n, unknown).isKnown());
  EXPECT_FALSE(unknown == unknown);
  EXPECT_EQ(unknown.str(kNames), "?");
}

TEST(SizeExpr, IsGivenUpWhereItGetsTooLong) {
  SizeExpr power = n + number(1);
  for (int i = 0; i < 6; ++i)
    power *= power + m;
  EXPECT_FALSE(power.isKnown());
  SizeExpr nested = n;
  for (int i = 0; i < 300; ++i)
    nested = SizeExpr::floorDiv(nested * m + number(1), m + number(1));
  EXPECT_FALSE(nested.isKnown());
}

TEST(SizeExpr, IsWrittenAsPeopleDo) {
  EXPECT_EQ(SizeExpr().str(kNames), "0");
  EXPECT_EQ((number(5) + n * number(2)).str(kNames), "n * 2 + 5");
  EXPECT_EQ((number(5) - n).str(kNames), "-n + 5");
  EXPECT_EQ((m * n * number(4) + n).str(kNames), "n * m * 4 + n");
  SizeExpr blocks = SizeExpr::ceilDiv(n, number(64));
  EXPECT_EQ(blocks.str(kNames), "n ceildiv 64");
  EXPECT_EQ((blocks * m * number(3)).str(kNames), "m * (n ceildiv 64) * 3");
  EXPECT_EQ(SizeExpr::min(n * m, number(8)).str(kNames), "min(n * m, 8)");
  EXPECT_EQ((n * number(2000))
                .str(kNames,
                     [](uint64_t value) {
                       return std::to_string(value / 1000) + "k";
                     }),
            "n * 2k");
}

//===----------------------------------------------------------------------===//
// Divisions and extremes
//===----------------------------------------------------------------------===//

TEST(SizeExpr, DividesByConstants) {
  EXPECT_EQ(floorDiv(number(-7), 2), "-4");
  EXPECT_EQ(ceilDiv(number(-7), 2), "-3");
  EXPECT_EQ(floorDiv(n * number(12) + m + number(70), 8),
            "n + (n * 4 + m + 6) floordiv 8 + 8");
  EXPECT_EQ(floorDiv(n * number(6) + number(5), 8), "(n * 3 + 2) floordiv 4");
  EXPECT_EQ(floorDiv(n * number(6) + number(5), 3), "n * 2 + 1");
  EXPECT_EQ(floorDiv(n + number(63), 64), "n ceildiv 64");
  EXPECT_EQ(ceilDiv(n + number(1), 64), "n floordiv 64 + 1");
  EXPECT_EQ(ceilDiv(n * number(6), 8), "(n * 3) ceildiv 4");
  EXPECT_EQ(floorDiv(SizeExpr::floorDiv(n, number(3)), 5), "n floordiv 15");
  EXPECT_EQ(ceilDiv(SizeExpr::ceilDiv(n, number(3)), 5), "n ceildiv 15");
  EXPECT_EQ(SizeExpr::mod(n * number(3) + number(8), number(4)).str(kNames),
            "n * 3 - ((n * 3) floordiv 4) * 4");
  EXPECT_TRUE(SizeExpr::mod(n * number(8), number(4)).isZero());
  EXPECT_EQ(floorDiv(n, 1), "n");
}

TEST(SizeExpr, DividesByWhatIsNotPositiveNever) {
  for (int64_t divisor : {INT64_MIN, int64_t(-1), int64_t(0)}) {
    EXPECT_FALSE(SizeExpr::floorDiv(n, number(divisor)).isKnown());
    EXPECT_FALSE(SizeExpr::ceilDiv(number(6), number(divisor)).isKnown());
    EXPECT_FALSE(SizeExpr::mod(n, number(divisor)).isKnown());
  }
  // What may be no divisor stays as it was written.
  EXPECT_EQ(SizeExpr::floorDiv(n - number(1), n - number(1)).str(kNames),
            "(n - 1) floordiv (n - 1)");
}

TEST(SizeExpr, DividesBySizes) {
  auto divide = [](const SizeExpr &lhs, const SizeExpr &rhs) {
    return SizeExpr::floorDiv(lhs, rhs).str(kNames);
  };
  SizeExpr k = SizeExpr::size(2);
  EXPECT_EQ(divide(n * m, m), "n");
  EXPECT_EQ(divide(n * m + number(3) * m, m), "n + 3");
  EXPECT_EQ(divide(n * m * number(4), n * number(16)), "m floordiv 4");
  EXPECT_EQ(divide(n * k + n, n * m), "(k + 1) floordiv m");
  EXPECT_EQ(divide(number(5), n * number(8)), "0");
  EXPECT_EQ(divide(number(-5), n * number(8)), "-1");
  EXPECT_EQ(SizeExpr::ceilDiv(n, m).str(kNames), "n ceildiv m");
  EXPECT_EQ(SizeExpr::ceilDiv(n + m, m).str(kNames), "n ceildiv m + 1");
  EXPECT_EQ(SizeExpr::floorDiv(n + m - number(1), m), SizeExpr::ceilDiv(n, m));
  EXPECT_EQ(divide(n + m, n + m), "1");
}

TEST(SizeExpr, ChoosesExtremesWhereItCan) {
  EXPECT_EQ(SizeExpr::min(n, n + number(1)), n);
  EXPECT_EQ(SizeExpr::max(n, number(1)), n);
  EXPECT_EQ(SizeExpr::max(n * m, n), n * m);
  SizeExpr least = SizeExpr::min(SizeExpr::min(m, n), number(8));
  EXPECT_EQ(least.str(kNames), "min(n, m, 8)");
  EXPECT_EQ(least, SizeExpr::min(SizeExpr::min(number(8), n),
                                 SizeExpr::min(n + number(2), m)));
  EXPECT_EQ(SizeExpr::max(least, number(9)), number(9));
}

//===----------------------------------------------------------------------===//
// Relations
//===----------------------------------------------------------------------===//

TEST(SizeRelation, IsDecidedForAllSizes) {
  auto equal = SizeRelation::Equal, atMost = SizeRelation::AtMost;
  auto multipleOf = SizeRelation::MultipleOf;
  EXPECT_EQ(decide(n * m, equal, m * n), true);
  EXPECT_EQ(decide(n, equal, n + number(1)), false);
  EXPECT_EQ(decide(n * m + number(1), equal, number(1)), false);
  EXPECT_EQ(decide(n, equal, m), std::nullopt);
  EXPECT_EQ(decide(number(1), atMost, n), true);
  EXPECT_EQ(decide(n, atMost, n * m), true);
  EXPECT_EQ(decide(n + m, atMost, n * m + number(1)), true);
  EXPECT_EQ(decide(n + number(1), atMost, n), false);
  EXPECT_EQ(decide(number(2), atMost, n), std::nullopt);
  EXPECT_EQ(decide(SizeExpr::min(n, number(8)), atMost, number(8)), true);
  EXPECT_EQ(decide(n * number(12), multipleOf, number(4)), true);
  EXPECT_EQ(decide(n * number(12) + number(2), multipleOf, number(4)), false);
  EXPECT_EQ(decide(n, multipleOf, number(4)), std::nullopt);
  EXPECT_EQ(decide(n * m, multipleOf, m), true);
  EXPECT_EQ(decide(n, multipleOf, number(0)), std::nullopt);
  EXPECT_EQ(decide(SizeExpr::unknown(), equal, SizeExpr::unknown()),
            std::nullopt);
  EXPECT_TRUE(isKnownToHold(number(1), atMost, n));
  EXPECT_FALSE(isKnownToHold(number(2), atMost, n));
}

//===----------------------------------------------------------------------===//
// Affine expressions
//===----------------------------------------------------------------------===//

TEST(SizeConversion, IsAnExpressionOfSymbols) {
  MLIRContext context;
  auto write = [&](const SizeExpr &expr) {
    std::string text;
    llvm::raw_string_ostream(text)
        << AffineMap::get(0, 2, toAffine(expr, &context));
    return text;
  };
  EXPECT_EQ(write(n * m * number(12)), "()[s0, s1] -> ((s0 * s1) * 12)");
  EXPECT_EQ(write(SizeExpr::ceilDiv(n, number(64)) + number(2)),
            "()[s0, s1] -> (s0 ceildiv 64 + 2)");
  EXPECT_FALSE(toAffine(SizeExpr::unknown(), &context));
  EXPECT_FALSE(toAffine(SizeExpr::min(n, m) + number(1), &context));
  EXPECT_FALSE(fromAffine(getAffineDimExpr(1, &context), {n}, {m}).isKnown());
}

//===----------------------------------------------------------------------===//
// Anything
//===----------------------------------------------------------------------===//

TEST(SizeExpr, HasTheValueOfWhatItWasMadeFrom) {
  RandomSizes random(/*seed=*/1);
  MLIRContext context;
  int equal = 0;
  for (int round = 0; round < 3000; ++round) {
    SizeTree first = random.makeTree(/*depth=*/3);
    SizeTree second = random.makeTree(/*depth=*/2);
    SizeExpr lhs = first.normalize(), rhs = second.normalize();
    SizeExpr again = lhs;
    if (AffineExpr affine = toAffine(lhs, &context))
      again = fromAffine(affine, {}, {n, m});
    std::optional<int64_t> low = getLowerBound(lhs), high = getUpperBound(lhs);
    std::optional<bool> isEqual = decide(lhs, SizeRelation::Equal, rhs);
    std::optional<bool> isAtMost = decide(lhs, SizeRelation::AtMost, rhs);
    std::optional<bool> isMultiple = decide(lhs, SizeRelation::MultipleOf, rhs);
    equal += lhs == rhs;
    for (int64_t a : {1, 2, 3, 5, 8})
      for (int64_t b : {1, 2, 7, 12}) {
        std::optional<int64_t> value = first.evaluate({a, b});
        std::optional<int64_t> other = second.evaluate({a, b});
        SCOPED_TRACE(first.str() + " at " + std::to_string(a) + ", " +
                     std::to_string(b) + " is " + lhs.str(kNames));
        if (!value)
          continue;
        EXPECT_EQ(evaluate(lhs, {a, b}), *value);
        EXPECT_EQ(evaluate(again, {a, b}), *value);
        EXPECT_LE(low.value_or(INT64_MIN), *value);
        EXPECT_GE(high.value_or(INT64_MAX), *value);
        if (!other)
          continue;
        EXPECT_EQ(isEqual.value_or(*value == *other), *value == *other);
        EXPECT_EQ(isAtMost.value_or(*value <= *other), *value <= *other);
        if (*other > 0 && isMultiple)
          EXPECT_EQ(*isMultiple, *value % *other == 0);
        EXPECT_TRUE(lhs != rhs || *value == *other) << rhs.str(kNames);
      }
  }
  // It was no test of expressions that all differ.
  EXPECT_GT(equal, 20);
}

TEST(SizeExpr, IsEqualForEqualPolynomials) {
  RandomSizes random(/*seed=*/2);
  int equal = 0;
  for (int round = 0; round < 4000; ++round) {
    SizeTree first = random.makePolynomial(/*depth=*/2);
    SizeTree second = random.makePolynomial(/*depth=*/2);
    // Polynomials of a degree of at most 4 are equal if they are in 5 points
    // in each direction.
    bool isSame = true;
    for (int64_t a = 1; a <= 5; ++a)
      for (int64_t b = 1; b <= 5; ++b)
        isSame &= first.evaluate({a, b}) == second.evaluate({a, b});
    EXPECT_EQ(first.normalize() == second.normalize(), isSame)
        << first.str() << " and " << second.str();
    equal += isSame;
  }
  EXPECT_GT(equal, 20);
}
