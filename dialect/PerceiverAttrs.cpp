//===- PerceiverAttrs.cpp - Attributes of the dialect ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembly and verifiers of the attributes in PerceiverAttrs.td. Tests:
// test/Dialect/invalid-attributes.mlir, test/Dialect/roundtrip-attributes.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/NearestName.h"
#include "dialect/ParseChoice.h"
#include "dialect/PerceiverDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/PerceiverEnums.cpp.inc"

//===----------------------------------------------------------------------===//
// Fields: `columns = 48, lanes = 48`
//===----------------------------------------------------------------------===//

namespace {
/// A field, and what parses its value. Optional ones have defaults.
struct Field {
  StringRef name;
  function_ref<ParseResult()> parse;
  bool isOptional = false;
};
} // namespace

/// Parse fields in any order, each at most once. With `goOn` a field came
/// before, and a comma goes before each of these.
static ParseResult parseFields(AsmParser &parser, ArrayRef<Field> fields,
                               bool goOn = false) {
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

static ParseResult parseBool(AsmParser &parser, bool &value) {
  FailureOr<unsigned> number = parseWord(parser, {"false", "true"});
  if (failed(number))
    return failure();
  value = *number == 1;
  return success();
}

static ParseResult parseInteger(AsmParser &parser, int64_t &value) {
  SMLoc loc = parser.getCurrentLocation();
  OptionalParseResult result = parser.parseOptionalInteger(value);
  if (result.has_value())
    return *result;
  return parser.emitError(loc, "expected a whole number");
}

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

static ParseResult parsePanels(AsmParser &parser, int64_t &columns,
                               int64_t &lanes, bool &gated) {
  gated = false;
  auto parseColumns = [&] { return parseInteger(parser, columns); };
  auto parseLanes = [&] { return parseInteger(parser, lanes); };
  auto parseGated = [&] { return parseBool(parser, gated); };
  return parseFields(parser, {{"columns", parseColumns},
                              {"lanes", parseLanes},
                              {"gated", parseGated, /*isOptional=*/true}});
}

static void printPanels(AsmPrinter &printer, int64_t columns, int64_t lanes,
                        bool gated) {
  printer << "columns = " << columns << ", lanes = " << lanes;
  if (gated)
    printer << ", gated = true";
}

//===----------------------------------------------------------------------===//
// Tilings
//===----------------------------------------------------------------------===//

/// Sizes in brackets, perhaps none: `[1, 64]`, `[]`.
static ParseResult parseSizes(AsmParser &parser, SmallVector<int64_t> &sizes) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    return parseInteger(parser, sizes.emplace_back());
  });
}

static void printSizes(AsmPrinter &printer, ArrayRef<int64_t> sizes) {
  printer << "[";
  llvm::interleaveComma(sizes, printer);
  printer << "]";
}

/// Tilings inside a task: `[array<i64: 0, 64>, ..]`.
static ParseResult parseInner(AsmParser &parser, ArrayAttr &inner) {
  SMLoc loc = parser.getCurrentLocation();
  OptionalParseResult result = parser.parseOptionalAttribute(inner);
  if (result.has_value())
    return *result;
  return parser.emitError(loc, "expected inner tilings in brackets");
}

/// What may follow the sizes of a task:
/// `, inner = [..], key_split = 256, root = true`.
static ParseResult parseTilingOptions(AsmParser &parser, ArrayAttr &inner,
                                      int64_t &keySplit, bool &root) {
  auto parseTilings = [&] { return parseInner(parser, inner); };
  auto parseSplit = [&] { return parseInteger(parser, keySplit); };
  auto parseRoot = [&] { return parseBool(parser, root); };
  return parseFields(parser,
                     {{"inner", parseTilings, /*isOptional=*/true},
                      {"key_split", parseSplit, /*isOptional=*/true},
                      {"root", parseRoot, /*isOptional=*/true}},
                     /*goOn=*/true);
}

static void printTilingOptions(AsmPrinter &printer, ArrayAttr inner,
                               int64_t keySplit, bool root) {
  if (inner)
    printer << ", inner = " << inner;
  if (keySplit != 0)
    printer << ", key_split = " << keySplit;
  if (root)
    printer << ", root = true";
}

#define GET_ATTRDEF_CLASSES
#include "dialect/PerceiverAttrs.cpp.inc"

void PerceiverDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/PerceiverAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult PanelsAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t columns, int64_t lanes, bool gated) {
  if (columns <= 0)
    return emitError() << "expected a positive number of columns, but got "
                       << columns;
  int64_t needed = gated ? 2 * columns : columns;
  if (lanes < needed)
    return emitError() << "expected at least " << needed
                       << " lanes for the columns of a panel, but got "
                       << lanes;
  if (gated && lanes % 2 != 0)
    return emitError()
           << "expected an even number of lanes in a gated panel, but got "
           << lanes;
  return success();
}

LogicalResult TilingAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> task, ArrayAttr inner,
                                 int64_t keySplit, bool root) {
  auto isNegative = [](int64_t size) { return size < 0; };
  if (llvm::any_of(task, isNegative))
    return emitError() << "expected task sizes that are not negative";
  if (keySplit < 0)
    return emitError() << "expected a key split that is not negative, but got "
                       << keySplit;
  if (!inner)
    return success();
  for (Attribute level : inner) {
    auto sizes = dyn_cast<DenseI64ArrayAttr>(level);
    if (!sizes)
      return emitError()
             << "expected each inner tiling to be an array of i64, but got "
             << level;
    if (llvm::any_of(sizes.asArrayRef(), isNegative))
      return emitError() << "expected inner sizes that are not negative";
  }
  return success();
}
