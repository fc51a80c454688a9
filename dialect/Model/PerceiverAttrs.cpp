//===- PerceiverAttrs.cpp - Attributes that levels share ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembly and verifiers of the attributes in PerceiverAttrs.td.
//
// Tests: test/Dialect/invalid-attributes.mlir,
// test/Dialect/roundtrip-attributes.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/PerceiverAttrs.h"

#include "dialect/Model/PerceiverDialect.h"
#include "dialect/ParseChoice.h"
#include "dialect/ParseFields.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/Model/PerceiverEnums.cpp.inc"

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral kGated = "gated";

ParseResult perceiver::parseActivation(AsmParser &parser,
                                       Activation &activation) {
  SmallVector<StringRef> choices = getChoices<ActivationFunction>();
  unsigned gated = choices.size();
  choices.push_back(kGated);
  FailureOr<unsigned> choice = parseWord(parser, choices);
  if (failed(choice))
    return failure();
  activation.hasGates = *choice == gated;
  if (activation.hasGates)
    return failure(parser.parseLParen() ||
                   parseChoice(parser, activation.function) ||
                   parser.parseRParen());
  activation.function = static_cast<ActivationFunction>(*choice);
  return success();
}

void perceiver::printActivation(AsmPrinter &printer, Activation activation) {
  if (activation.hasGates)
    printer << kGated << '(';
  printer << stringifyActivationFunction(activation.function);
  if (activation.hasGates)
    printer << ')';
}

ParseResult perceiver::parseActivation(OpAsmParser &parser,
                                       ActivationAttr &attribute) {
  Activation activation;
  if (parseActivation(static_cast<AsmParser &>(parser), activation))
    return failure();
  attribute = ActivationAttr::get(parser.getContext(), activation);
  return success();
}

void perceiver::printActivation(OpAsmPrinter &printer, Operation *,
                                ActivationAttr attribute) {
  printActivation(static_cast<AsmPrinter &>(printer), attribute.getValue());
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
/// `, inner = [..], key_split = 256, merge = [1, 0, 64], root = true`.
static ParseResult parseTilingOptions(AsmParser &parser, ArrayAttr &inner,
                                      int64_t &keySplit,
                                      SmallVector<int64_t> &merge, bool &root) {
  auto parseTilings = [&] { return parseInner(parser, inner); };
  auto parseSplit = [&] { return parseInteger(parser, keySplit); };
  auto parseMerge = [&] { return parseSizes(parser, merge); };
  auto parseRoot = [&] { return parseBool(parser, root); };
  return parseFields(parser,
                     {{"inner", parseTilings, /*isOptional=*/true},
                      {"key_split", parseSplit, /*isOptional=*/true},
                      {"merge", parseMerge, /*isOptional=*/true},
                      {"root", parseRoot, /*isOptional=*/true}},
                     /*goOn=*/true);
}

static void printTilingOptions(AsmPrinter &printer, ArrayAttr inner,
                               int64_t keySplit, ArrayRef<int64_t> merge,
                               bool root) {
  if (inner)
    printer << ", inner = " << inner;
  if (keySplit != 0)
    printer << ", key_split = " << keySplit;
  if (!merge.empty()) {
    printer << ", merge = ";
    printSizes(printer, merge);
  }
  if (root)
    printer << ", root = true";
}

#define GET_ATTRDEF_CLASSES
#include "dialect/Model/PerceiverAttrs.cpp.inc"

void PerceiverDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/Model/PerceiverAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Verifier
//===----------------------------------------------------------------------===//

LogicalResult TilingAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> task, ArrayAttr inner,
                                 int64_t keySplit, ArrayRef<int64_t> merge,
                                 bool root) {
  auto isNegative = [](int64_t size) { return size < 0; };
  if (llvm::any_of(task, isNegative))
    return emitError() << "expected task sizes that are not negative";
  if (keySplit < 0)
    return emitError() << "expected a key split that is not negative, but got "
                       << keySplit;
  if (llvm::any_of(merge, isNegative))
    return emitError() << "expected merge sizes that are not negative";
  if (!merge.empty() && keySplit == 0)
    return emitError() << "expected merge sizes with a key split only";
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
