//===- FrameAttrs.cpp - What the frame of an entry holds ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Dialect/Frame/invalid-attributes.mlir,
// test/Dialect/roundtrip-attributes.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Frame/FrameAttrs.h"

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameDialect.h"
#include "dialect/ParseFields.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::frame;

/// Parse values in brackets. Those of our own attributes begin with `<`.
template <typename T>
static ParseResult parseList(AsmParser &parser, SmallVector<T> &values) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    if constexpr (std::is_same_v<T, int64_t>)
      return parser.parseInteger(values.emplace_back());
    else if constexpr (std::is_same_v<T, StringAttr> ||
                       std::is_same_v<T, AffineMapAttr>)
      return parser.parseAttribute(values.emplace_back());
    else
      return parser.parseCustomAttributeWithFallback(values.emplace_back());
  });
}

template <typename T>
static void printList(AsmPrinter &printer, StringRef name, ArrayRef<T> values) {
  printer << name << " = [";
  llvm::interleaveComma(values, printer, [&](T value) {
    if constexpr (std::is_same_v<T, int64_t>)
      printer << value;
    else
      printer.printStrippedAttrOrType(value);
  });
  printer << "]";
}

/// Print ", name = [..]" if there are values.
template <typename T>
static void printOptionalList(AsmPrinter &printer, StringRef name,
                              ArrayRef<T> values) {
  if (values.empty())
    return;
  printer << ", ";
  printList(printer, name, values);
}

static ParseResult parseArgument(AsmParser &parser, std::string &name,
                                 RankedTensorType &type,
                                 SmallVector<int64_t> &sizes, bool &output,
                                 SmallVector<StringAttr> &aliases,
                                 SmallVector<int64_t> &bounds,
                                 BoolAttr &defaultValue) {
  output = false;
  auto parseName = [&] { return parser.parseString(&name); };
  auto parseType = [&] { return parser.parseType(type); };
  auto parseSizes = [&] { return parseList(parser, sizes); };
  auto parseOutput = [&] { return parseBool(parser, output); };
  auto parseAliases = [&] { return parseList(parser, aliases); };
  auto parseBounds = [&] { return parseList(parser, bounds); };
  auto parseDefault = [&] { return parser.parseAttribute(defaultValue); };
  return parseFields(parser, {{"name", parseName},
                              {"type", parseType},
                              {"sizes", parseSizes, /*isOptional=*/true},
                              {"output", parseOutput, /*isOptional=*/true},
                              {"aliases", parseAliases, /*isOptional=*/true},
                              {"bounds", parseBounds, /*isOptional=*/true},
                              {"default", parseDefault, /*isOptional=*/true}});
}

static void printArgument(AsmPrinter &printer, StringRef name,
                          RankedTensorType type, ArrayRef<int64_t> sizes,
                          bool output, ArrayRef<StringAttr> aliases,
                          ArrayRef<int64_t> bounds, BoolAttr defaultValue) {
  printer << "name = ";
  printer.printString(name);
  printer << ", type = " << type;
  printOptionalList(printer, "sizes", sizes);
  if (output)
    printer << ", output = true";
  printOptionalList(printer, "aliases", aliases);
  printOptionalList(printer, "bounds", bounds);
  if (defaultValue)
    printer << ", default = " << defaultValue;
}

static ParseResult parseBuffer(AsmParser &parser, int64_t &first, int64_t &last,
                               SmallVector<int64_t> &size, bool &perWorker) {
  perWorker = false;
  auto parseFirst = [&] { return parseInteger(parser, first); };
  auto parseLast = [&] { return parseInteger(parser, last); };
  auto parseSize = [&] { return parseList(parser, size); };
  auto parsePerWorker = [&] { return parseBool(parser, perWorker); };
  return parseFields(parser,
                     {{"first", parseFirst},
                      {"last", parseLast},
                      {"size", parseSize},
                      {"per_worker", parsePerWorker, /*isOptional=*/true}});
}

static void printBuffer(AsmPrinter &printer, int64_t first, int64_t last,
                        ArrayRef<int64_t> size, bool perWorker) {
  printer << "first = " << first << ", last = " << last << ", ";
  printList(printer, "size", size);
  if (perWorker)
    printer << ", per_worker = true";
}

static ParseResult parseEntry(AsmParser &parser, SmallVector<StringAttr> &sizes,
                              SmallVector<int64_t> &offsets,
                              SmallVector<AffineMapAttr> &derived,
                              SmallVector<ArgumentAttr> &arguments,
                              DictionaryAttr &conditions, bool &planned,
                              SmallVector<BufferAttr> &buffers) {
  planned = false;
  auto parseSizes = [&] { return parseList(parser, sizes); };
  auto parseOffsets = [&] { return parseList(parser, offsets); };
  auto parseDerived = [&] { return parseList(parser, derived); };
  auto parseArguments = [&] { return parseList(parser, arguments); };
  auto parseConditions = [&] { return parser.parseAttribute(conditions); };
  auto parseBuffers = [&] {
    planned = true;
    return parseList(parser, buffers);
  };
  return parseFields(parser,
                     {{"sizes", parseSizes},
                      {"offsets", parseOffsets, /*isOptional=*/true},
                      {"derived", parseDerived, /*isOptional=*/true},
                      {"arguments", parseArguments},
                      {"conditions", parseConditions, /*isOptional=*/true},
                      {"buffers", parseBuffers, /*isOptional=*/true}});
}

static void printEntry(AsmPrinter &printer, ArrayRef<StringAttr> sizes,
                       ArrayRef<int64_t> offsets,
                       ArrayRef<AffineMapAttr> derived,
                       ArrayRef<ArgumentAttr> arguments,
                       DictionaryAttr conditions, bool planned,
                       ArrayRef<BufferAttr> buffers) {
  printList(printer, "sizes", sizes);
  printOptionalList(printer, "offsets", offsets);
  printOptionalList(printer, "derived", derived);
  printer << ", ";
  printList(printer, "arguments", arguments);
  if (conditions)
    printer << ", conditions = " << conditions;
  if (planned) {
    printer << ", ";
    printList(printer, "buffers", buffers);
  }
}

#define GET_ATTRDEF_CLASSES
#include "dialect/Frame/FrameAttrs.cpp.inc"

void FrameDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/Frame/FrameAttrs.cpp.inc"
      >();
}

LogicalResult ArgumentAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   StringRef, RankedTensorType type,
                                   ArrayRef<int64_t> sizes, bool,
                                   ArrayRef<StringAttr>,
                                   ArrayRef<int64_t> bounds, BoolAttr) {
  if (sizes.size() != static_cast<size_t>(type.getNumDynamicDims()))
    return emitError() << "expected a size for each of the "
                       << type.getNumDynamicDims() << " dynamic dimensions of "
                       << type << ", but got " << sizes.size();
  if (!bounds.empty() && bounds.size() != 2)
    return emitError() << "expected a lower and an upper bound, but got "
                       << bounds.size() << " numbers";
  return success();
}

LogicalResult BufferAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t first, int64_t last,
                                 ArrayRef<int64_t> size, bool) {
  // Artefacts number steps in 32 bits.
  if (first < 0 || last < first || last > INT32_MAX)
    return emitError() << "expected the numbers of a first and a last step, "
                          "but got "
                       << first << " and " << last;
  if (size.empty() || size.size() % 2 != 0)
    return emitError() << "expected pairs of opcode and value, but got "
                       << size.size() << " numbers";
  return success();
}

LogicalResult EntryAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                ArrayRef<StringAttr> sizes,
                                ArrayRef<int64_t> offsets,
                                ArrayRef<AffineMapAttr> derived,
                                ArrayRef<ArgumentAttr> arguments,
                                DictionaryAttr conditions, bool,
                                ArrayRef<BufferAttr>) {
  auto count = static_cast<int64_t>(sizes.size());
  int64_t all = count + static_cast<int64_t>(derived.size());
  for (int64_t offset : offsets)
    if (offset < 0 || offset >= count)
      return emitError() << "expected offsets to be some of the " << count
                         << " sizes of the entry, but got number " << offset;
  for (AffineMapAttr map : derived)
    if (map.getValue().getNumResults() != 1 ||
        map.getValue().getNumDims() != 0 ||
        map.getValue().getNumSymbols() != count)
      return emitError() << "expected a derived size to be one number made of "
                         << count << " sizes, as symbols, but got " << map;
  for (ArgumentAttr argument : arguments)
    for (int64_t size : argument.getSizes())
      if (size < 0 || size >= all)
        return emitError() << "expected '" << argument.getName()
                           << "' with some of the " << all
                           << " sizes of the entry, but got number " << size;
  if (conditions)
    for (NamedAttribute condition : conditions) {
      auto map = dyn_cast<AffineMapAttr>(condition.getValue());
      if (!map || map.getValue().getNumDims() != 0 ||
          map.getValue().getNumSymbols() != count)
        return emitError() << "expected a condition to be an affine map from "
                           << count << " sizes, as symbols, but got "
                           << condition.getValue();
    }
  return success();
}

EntryAttr EntryAttr::withPlan(ArrayRef<BufferAttr> buffers) const {
  return get(getContext(), getSizes(), getOffsets(), getDerived(),
             getArguments(), getConditions(), /*planned=*/true, buffers);
}

EntryAttr EntryAttr::of(Operation *op) {
  return op->getAttrOfType<EntryAttr>(kFrameEntryAttrName);
}
