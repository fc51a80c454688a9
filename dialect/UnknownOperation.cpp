//===- UnknownOperation.cpp - Names that no operation has -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/UnknownOperation.h"

#include "dialect/NearestName.h"

using namespace mlir;
using namespace mlir::perceiver;

/// An operation of the same name at another level, or "".
static std::string findAtOtherLevel(MLIRContext *context, StringRef mnemonic) {
  for (StringRef level : {"perceiver", "block", "frame"}) {
    std::string name = (level + "." + mnemonic).str();
    if (context->getOrLoadDialect(level) &&
        RegisteredOperationName::lookup(name, context))
      return name;
  }
  return "";
}

ParseResult perceiver::parseUnknownOperation(OpAsmParser &parser,
                                             OperationState &result) {
  MLIRContext *context = parser.getContext();
  auto [dialect, mnemonic] = result.name.getStringRef().split('.');
  InFlightDiagnostic error =
      parser.emitError(parser.getNameLoc(), "is unknown");
  if (std::string other = findAtOtherLevel(context, mnemonic); !other.empty())
    return error << "; did you mean '" << other << "'?";
  SmallVector<StringRef> names;
  for (RegisteredOperationName known : context->getRegisteredOperations())
    if (known.getDialectNamespace() == dialect)
      names.push_back(known.getStringRef());
  return error << didYouMean(result.name.getStringRef(), names);
}
