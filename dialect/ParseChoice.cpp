//===- ParseChoice.cpp - One of a few words -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/ParseChoice.h"

#include "dialect/NearestName.h"

using namespace mlir;

FailureOr<unsigned> perceiver::parseWord(AsmParser &parser,
                                         ArrayRef<StringRef> choices) {
  StringRef word;
  SMLoc loc = parser.getCurrentLocation();
  bool isWord = succeeded(parser.parseOptionalKeyword(&word));
  const auto *found = llvm::find(choices, word);
  if (isWord && found != choices.end())
    return found - choices.begin();
  InFlightDiagnostic diag = parser.emitError(loc, "expected ");
  llvm::interleave(
      choices, diag, [&](StringRef choice) { diag << choice; }, " or ");
  if (isWord)
    diag << ", but got '" << word << "'" << didYouMean(word, choices);
  return diag;
}
