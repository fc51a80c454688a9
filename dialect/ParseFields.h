//===- ParseFields.h - Fields of attributes: `columns = 48` -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_PARSEFIELDS_H
#define PERCEIVER_DIALECT_PARSEFIELDS_H

#include "mlir/IR/OpImplementation.h"

namespace mlir::perceiver {

/// A field, and what parses its value. Optional ones have defaults.
struct Field {
  StringRef name;
  function_ref<ParseResult()> parse;
  bool isOptional = false;
};

/// Parse fields in any order, each at most once. With `goOn` a field came
/// before, and a comma goes before each of these.
ParseResult parseFields(AsmParser &parser, ArrayRef<Field> fields,
                        bool goOn = false);

/// Values of fields.
ParseResult parseBool(AsmParser &parser, bool &value);
ParseResult parseInteger(AsmParser &parser, int64_t &value);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_PARSEFIELDS_H
