//===- ParseFields.cpp - Fields of attributes: `columns = 48` -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/ParseFields.h"

#include "dialect/ParseChoice.h"

using namespace mlir;
using namespace mlir::perceiver;

ParseResult perceiver::parseFields(AsmParser &parser, ArrayRef<Field> fields,
                                   bool goOn) {
  SmallVector<StringRef> names, seen;
  for (const Field &field : fields)
    names.push_back(field.name);
  if (goOn && failed(parser.parseOptionalComma()))
    return success();
  do {
    SMLoc loc = parser.getCurrentLocation();
    FailureOr<unsigned> number = parseWord(parser, names);
    if (failed(number))
      return failure();
    const Field &field = fields[*number];
    if (llvm::is_contained(seen, field.name))
      return parser.emitError(loc) << "expected '" << field.name << "' once";
    seen.push_back(field.name);
    if (parser.parseEqual() || field.parse())
      return failure();
  } while (succeeded(parser.parseOptionalComma()));
  for (const Field &field : fields)
    if (!field.isOptional && !llvm::is_contained(seen, field.name))
      return parser.emitError(parser.getCurrentLocation())
             << "expected '" << field.name << "' as well";
  return success();
}

ParseResult perceiver::parseBool(AsmParser &parser, bool &value) {
  FailureOr<unsigned> number = parseWord(parser, {"false", "true"});
  if (failed(number))
    return failure();
  value = *number == 1;
  return success();
}

ParseResult perceiver::parseInteger(AsmParser &parser, int64_t &value) {
  SMLoc loc = parser.getCurrentLocation();
  OptionalParseResult result = parser.parseOptionalInteger(value);
  if (result.has_value())
    return *result;
  return parser.emitError(loc, "expected a whole number");
}
