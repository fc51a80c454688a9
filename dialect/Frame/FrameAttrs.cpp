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
    else if constexpr (std::is_same_v<T, StringAttr>)
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

static ParseResult parseArgument(AsmParser &parser, std::string &name,
                                 RankedTensorType &type,
                                 SmallVector<int64_t> &sizes, bool &output) {
  output = false;
  auto parseName = [&] { return parser.parseString(&name); };
  auto parseType = [&] { return parser.parseType(type); };
  auto parseSizes = [&] { return parseList(parser, sizes); };
  auto parseOutput = [&] { return parseBool(parser, output); };
  return parseFields(parser, {{"name", parseName},
                              {"type", parseType},
                              {"sizes", parseSizes, /*isOptional=*/true},
                              {"output", parseOutput, /*isOptional=*/true}});
}

static void printArgument(AsmPrinter &printer, StringRef name,
                          RankedTensorType type, ArrayRef<int64_t> sizes,
                          bool output) {
  printer << "name = ";
  printer.printString(name);
  printer << ", type = " << type;
  if (!sizes.empty()) {
    printer << ", ";
    printList(printer, "sizes", sizes);
  }
  if (output)
    printer << ", output = true";
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
                              SmallVector<ArgumentAttr> &arguments,
                              bool &planned, SmallVector<BufferAttr> &buffers) {
  planned = false;
  auto parseSizes = [&] { return parseList(parser, sizes); };
  auto parseArguments = [&] { return parseList(parser, arguments); };
  auto parseBuffers = [&] {
    planned = true;
    return parseList(parser, buffers);
  };
  return parseFields(parser, {{"sizes", parseSizes},
                              {"arguments", parseArguments},
                              {"buffers", parseBuffers, /*isOptional=*/true}});
}

static void printEntry(AsmPrinter &printer, ArrayRef<StringAttr> sizes,
                       ArrayRef<ArgumentAttr> arguments, bool planned,
                       ArrayRef<BufferAttr> buffers) {
  printList(printer, "sizes", sizes);
  printer << ", ";
  printList(printer, "arguments", arguments);
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
                                   ArrayRef<int64_t> sizes, bool) {
  if (sizes.size() != static_cast<size_t>(type.getNumDynamicDims()))
    return emitError() << "expected a size for each of the "
                       << type.getNumDynamicDims() << " dynamic dimensions of "
                       << type << ", but got " << sizes.size();
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
                                ArrayRef<ArgumentAttr> arguments, bool,
                                ArrayRef<BufferAttr>) {
  for (ArgumentAttr argument : arguments)
    for (int64_t size : argument.getSizes())
      if (size < 0 || size >= static_cast<int64_t>(sizes.size()))
        return emitError() << "expected '" << argument.getName()
                           << "' with some of the " << sizes.size()
                           << " sizes of the entry, but got number " << size;
  return success();
}

EntryAttr EntryAttr::withPlan(ArrayRef<BufferAttr> buffers) const {
  return get(getContext(), getSizes(), getArguments(), /*planned=*/true,
             buffers);
}

EntryAttr EntryAttr::of(Operation *op) {
  return op->getAttrOfType<EntryAttr>(kFrameEntryAttrName);
}
