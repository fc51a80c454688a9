//===- DescriptionSignatures.cpp - Arguments and results ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Conversion/verify-description-entries.mlir,
// test/Conversion/verify-description-signatures.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/DescriptionSignatures.h"

#include "dialect/AttributeNames.h"
#include "dialect/Model/MaskOps.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::perceiver;

bool perceiver::isArrayType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || tensor.getEncoding())
    return false;
  Type element = tensor.getElementType();
  return element.isF32() || element.isSignlessInteger(64) ||
         element.isSignlessInteger(32) || element.isSignlessInteger(1);
}

bool perceiver::isInputType(Type type) {
  if (isArrayType(type))
    return true;
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || tensor.getEncoding())
    return false;
  Type element = tensor.getElementType();
  return element.isF64() || element.isF16() || element.isBF16() ||
         element.isSignlessInteger(16) || element.isSignlessInteger(8) ||
         element.isUnsignedInteger(8);
}

namespace {
/// Names of one kind, arguments or results, that are in use.
class UsedNames {
public:
  /// Take a name. Reports an error at `function` if it is in use, or if Python
  /// cannot have both it and another one in dictionaries of dictionaries.
  LogicalResult take(func::FuncOp function, StringRef name) {
    if (!names.insert(name).second)
      return function.emitError("expected different names, but got '")
             << name << "' twice";
    for (StringRef outer = name.rsplit('.').first; outer != name;
         name = outer, outer = outer.rsplit('.').first)
      if (names.contains(outer))
        return reportNested(function, outer);
      else
        outerNames.insert(outer);
    return success();
  }

  /// The same for what was taken before a name with more dots.
  LogicalResult verify(func::FuncOp function) {
    for (const auto &name : names)
      if (outerNames.contains(name.getKey()))
        return reportNested(function, name.getKey());
    return success();
  }

private:
  LogicalResult reportNested(func::FuncOp function, StringRef outer) {
    return function.emitError("expected no name that goes on from another, but "
                              "got '")
           << outer << "' and names that begin with '" << outer << ".'";
  }

  llvm::StringSet<> names, outerNames;
};
} // namespace

/// Whether nothing but `perceiver.to_mask` reads the elements of an array, also
/// in another shape, and in functions that are called with it.
static bool isReadAsMask(Value mask) {
  // Many calls may lead to one function.
  llvm::SetVector<Value> arrays;
  arrays.insert(mask);
  for (size_t next = 0; next < arrays.size(); ++next)
    for (OpOperand &use : arrays[next].getUses()) {
      Operation *user = use.getOwner();
      if (isa<ToMaskOp, tensor::DimOp>(user))
        continue;
      if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp,
              tensor::ExtractSliceOp>(user)) {
        arrays.insert(user->getResult(0));
        continue;
      }
      auto call = dyn_cast<func::CallOp>(user);
      auto callee = call ? SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
                               call, call.getCalleeAttr())
                         : func::FuncOp();
      if (!callee || callee.isExternal())
        return false;
      arrays.insert(callee.getArgument(use.getOperandNumber()));
    }
  return true;
}

/// Attributes that say how callers pass an argument.
static LogicalResult verifyCalling(func::FuncOp function, bool isEntry,
                                   unsigned number, DictionaryAttr attributes,
                                   UsedNames &names) {
  for (StringRef name : {kAliasesAttrName, kBoundsAttrName, kDefaultAttrName})
    if (!isEntry && attributes.contains(name))
      return function.emitError("expected '")
             << name << "' in entries only, but got it on argument " << number
             << " of a function without '" << kEntryAttrName << "'";
  if (auto aliases = attributes.getAs<ArrayAttr>(kAliasesAttrName))
    for (StringRef alias : aliases.getAsValueRange<StringAttr>())
      if (failed(names.take(function, alias)))
        return failure();
  if (!attributes.contains(kDefaultAttrName))
    return success();
  BlockArgument argument = function.getArgument(number);
  bool isTruth =
      cast<ShapedType>(argument.getType()).getElementType().isInteger(1);
  if (isTruth || isReadAsMask(argument))
    return success();
  return function.emitError("expected '")
         << kDefaultAttrName << "' on a mask, an array of i1 or one that "
         << "nothing but perceiver.to_mask reads, but got it on argument "
         << number << " of " << argument.getType();
}

/// One argument or result. The names of entries' are collected.
static LogicalResult verifyValue(func::FuncOp function, bool isEntry,
                                 bool isArgument, const Twine &what, Type type,
                                 DictionaryAttr attributes, UsedNames &names) {
  bool isIndex = type.isIndex() && isArgument;
  if (!isIndex && !(isArgument ? isInputType(type) : isArrayType(type)))
    return function.emitError("expected tensors of ")
           << (isArgument ? "f32, f64, f16, bf16, i64, i32, i16, i8, ui8 or i1"
                          : "f32, i64, i32 or i1")
           << " for " << what << ", but got " << type;
  if (hasZeroSize(type))
    return function.emitError("expected sizes of at least 1 for ")
           << what << ", but got " << type;
  if (auto tensor = dyn_cast<RankedTensorType>(type);
      tensor && tensor.getNumDynamicDims() != 0 &&
      !attributes.contains(kSizesAttrName))
    return function.emitError("expected '")
           << kSizesAttrName << "' of " << what << ", a name for each '?' of "
           << type;
  auto name = attributes.getAs<StringAttr>(kNameAttrName);
  if (!isEntry) {
    // Results may have the sizes that `index` arguments give.
    if (!name || isIndex)
      return success();
    return function.emitError("expected '")
           << kNameAttrName << "' in entries only, but got it on " << what
           << " of a function without '" << kEntryAttrName << "'";
  }
  if (!name)
    return function.emitError("expected '") << kNameAttrName << "' of " << what;
  return names.take(function, name);
}

LogicalResult perceiver::verifySignature(func::FuncOp function) {
  bool isEntry = function->hasAttr(kEntryAttrName);
  if (isEntry && !function.isPublic())
    return function.emitError("expected an entry to be public");
  if (!isEntry && !function.isPrivate())
    return function.emitError("expected a function that is private or has "
                              "the attribute '")
           << kEntryAttrName << "'";
  if (isEntry && !isIdentifier(function.getName()))
    return function.emitError("expected the name of an entry to be an "
                              "identifier, but got '")
           << function.getName() << "'";
  if (isEntry && function.getNumResults() == 0)
    return function.emitError("expected an entry with results");
  auto orEmpty = [&](DictionaryAttr attributes) {
    return attributes ? attributes : DictionaryAttr::get(function.getContext());
  };
  UsedNames arguments, results;
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes())) {
    DictionaryAttr attributes = orEmpty(function.getArgAttrDict(index));
    if (failed(verifyValue(function, isEntry, /*isArgument=*/true,
                           "argument " + Twine(index), type, attributes,
                           arguments)) ||
        (!function.isExternal() &&
         failed(
             verifyCalling(function, isEntry, index, attributes, arguments))))
      return failure();
  }
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    if (failed(verifyValue(
            function, isEntry, /*isArgument=*/false, "result " + Twine(index),
            type, orEmpty(function.getResultAttrDict(index)), results)))
      return failure();
  return success(succeeded(arguments.verify(function)) &&
                 succeeded(results.verify(function)));
}
