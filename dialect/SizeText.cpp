//===- SizeText.cpp - Sizes as people write them --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Conversion/verify-description-expressions.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/SizeText.h"

#include "dialect/AttributeNames.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// No size that anybody writes has more parentheses around each other.
static constexpr unsigned kDeepest = 64;

namespace {
/// Parses from left to right; null expressions are errors.
class SizeTextParser {
public:
  SizeTextParser(StringRef text, SmallVectorImpl<StringRef> &names,
                 MLIRContext *context)
      : rest(text), names(names), context(context) {}

  AffineExpr parse() {
    AffineExpr sum = parseSum();
    return sum && next().empty() ? sum : AffineExpr();
  }

private:
  /// The next word, number or sign; empty at the end.
  StringRef next() {
    rest = rest.ltrim();
    StringRef word =
        rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    return word.empty() ? rest.take_front(1) : word;
  }

  bool consume(StringRef token) {
    if (next() != token)
      return false;
    rest = rest.drop_front(token.size());
    return true;
  }

  AffineExpr parseSum() {
    AffineExpr sum = parseProduct();
    while (sum) {
      bool isNegative = consume("-");
      if (!isNegative && !consume("+"))
        return sum;
      AffineExpr term = parseProduct();
      if (!term)
        return {};
      sum = isNegative ? sum - term : sum + term;
    }
    return {};
  }

  AffineExpr parseProduct() {
    AffineExpr product = parseAtom();
    while (product) {
      using Apply = AffineExpr (*)(AffineExpr, AffineExpr);
      Apply apply = nullptr;
      if (consume("*"))
        apply = [](AffineExpr a, AffineExpr b) { return a * b; };
      else if (consume("/") || consume("floordiv"))
        apply = [](AffineExpr a, AffineExpr b) { return a.floorDiv(b); };
      else if (consume("ceildiv"))
        apply = [](AffineExpr a, AffineExpr b) { return a.ceilDiv(b); };
      else if (consume("mod"))
        apply = [](AffineExpr a, AffineExpr b) { return a % b; };
      else
        return product;
      AffineExpr factor = parseAtom();
      if (!factor)
        return {};
      product = apply(product, factor);
    }
    return {};
  }

  AffineExpr parseAtom() {
    if (consume("(")) {
      if (++depth > kDeepest)
        return {};
      AffineExpr sum = parseSum();
      --depth;
      return sum && consume(")") ? sum : AffineExpr();
    }
    StringRef word = next();
    int64_t number;
    if (!word.getAsInteger(10, number)) {
      consume(word);
      return getAffineConstantExpr(number, context);
    }
    if (!isIdentifier(word) || word == "floordiv" || word == "ceildiv" ||
        word == "mod")
      return {};
    consume(word);
    unsigned place = llvm::find(names, word) - names.begin();
    if (place == names.size())
      names.push_back(word);
    return getAffineSymbolExpr(place, context);
  }

  StringRef rest;
  SmallVectorImpl<StringRef> &names;
  MLIRContext *context;
  unsigned depth = 0;
};
} // namespace

AffineExpr perceiver::parseSizeText(StringRef text,
                                    SmallVectorImpl<StringRef> &names,
                                    MLIRContext *context) {
  return SizeTextParser(text, names, context).parse();
}
