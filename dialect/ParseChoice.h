//===- ParseChoice.h - One of a few words -----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_PARSECHOICE_H
#define PERCEIVER_DIALECT_PARSECHOICE_H

#include "mlir/IR/OpImplementation.h"

namespace mlir::perceiver {

/// Parse one of `choices` and say which one. What else stands there is refused
/// with the list of them.
FailureOr<unsigned> parseWord(AsmParser &parser, ArrayRef<StringRef> choices);

/// The names of an enumeration whose values are numbered from 0 on.
template <typename Enum>
SmallVector<StringRef> getChoices() {
  SmallVector<StringRef> choices;
  for (StringRef name = stringifyEnum(Enum(0)); !name.empty();
       name = stringifyEnum(static_cast<Enum>(choices.size())))
    choices.push_back(name);
  return choices;
}

/// Parse a value of such an enumeration.
template <typename Enum>
ParseResult parseChoice(AsmParser &parser, Enum &value) {
  FailureOr<unsigned> number = parseWord(parser, getChoices<Enum>());
  if (failed(number))
    return failure();
  value = static_cast<Enum>(*number);
  return success();
}

template <typename Enum>
void printChoice(AsmPrinter &printer, Enum value) {
  printer << stringifyEnum(value);
}

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_PARSECHOICE_H
