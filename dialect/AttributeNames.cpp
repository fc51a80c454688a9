//===- AttributeNames.cpp - Attributes beside an operation's --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"

#include "dialect/NearestName.h"
#include "dialect/PhaseAttributeNames.h"

#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kOperationAttributes[] = {
    kTilingAttrName,         kEntryAttrName,       kFlopAttrName,
    kPrepareAttrName,        kWeightsIdAttrName,   kWeightsBytesAttrName,
    kFusionLogAttrName,      kStageAttrName,       kTargetAttrName,
    kModelAttrName,          kInModelAttrName,     kKernelAttrName,
    kThreadsAttrName,        kSharedBytesAttrName, kConditionsAttrName,
    kIgnoredTensorsAttrName, kWithoutAttrName,     kAlgebraAttrName,
    kPhasesAttrName,
};

static constexpr StringRef kFrameAttributes[] = {kFrameEntryAttrName};

static constexpr StringRef kValueAttributes[] = {
    kNameAttrName,   kSizesAttrName,   kAliasesAttrName,
    kBoundsAttrName, kDefaultAttrName,
};

ArrayRef<StringRef> perceiver::getOperationAttributeNames() {
  return kOperationAttributes;
}

ArrayRef<StringRef> perceiver::getFrameAttributeNames() {
  return kFrameAttributes;
}

ArrayRef<StringRef> perceiver::getValueAttributeNames() {
  return kValueAttributes;
}

/// The dialect of the attributes that a person writes.
static constexpr StringRef kDialect = "perceiver";

static std::string withDialect(StringRef name) {
  return (kDialect + "." + name).str();
}

bool perceiver::isIdentifier(StringRef name) {
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name, isWord);
}

bool perceiver::isDottedName(StringRef name) {
  SmallVector<StringRef> parts;
  name.split(parts, '.');
  return llvm::all_of(parts, isIdentifier);
}

/// The attributes that an operation has by its definition and that can be
/// written down.
static SmallVector<StringRef> getOwnNames(Operation *op) {
  SmallVector<StringRef> names;
  for (StringAttr name : op->getName().getAttributeNames())
    if (name != "operandSegmentSizes")
      names.push_back(name);
  return names;
}

/// "; did you mean 'x'?", or which attributes there are.
static std::string suggestName(Operation *op, StringRef name) {
  SmallVector<StringRef> own = getOwnNames(op);
  if (std::string text = didYouMean(name, own); !text.empty())
    return text;
  // Perhaps the dialect is missing.
  for (StringRef known : kOperationAttributes)
    if (known == withDialect(name))
      return ("; did you mean '" + known + "'?").str();
  if (own.empty())
    return "";
  return "; it has " + llvm::join(own, ", ");
}

LogicalResult perceiver::verifyAttributeNames(Operation *op) {
  for (NamedAttribute attribute : op->getDiscardableAttrs()) {
    StringRef name = attribute.getName();
    auto [dialect, rest] = name.split('.');
    if (rest.empty())
      return op->emitOpError("expected no attribute '")
             << name << "'" << suggestName(op, name);
    if (!attribute.getNameDialect() && !nearestName(dialect, kDialect).empty())
      return op->emitOpError("expected no attribute of an unknown dialect '")
             << name << "'" << "; did you mean '" << withDialect(rest) << "'?";
  }
  return success();
}
