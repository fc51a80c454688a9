//===- SizeInference.cpp - Sizes in a description -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Conversion/verify-description-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SizeInference.h"

#include "dialect/AttributeNames.h"
#include "dialect/Model/PerceiverDialect.h"
#include "dialect/SizeText.h"
#include "lib/Analysis/EntrySizes.h"
#include "lib/Analysis/SizeConversion.h"
#include "lib/Conversion/ConversionInterfaces.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Sizes of values
//===----------------------------------------------------------------------===//

static SizeExpr makeSize(unsigned number, bool isOffset) {
  return isOffset ? SizeExpr::offset(number) : SizeExpr::size(number);
}

SizeExpr SizeInference::getNamed(StringRef name, bool isOffset) {
  auto [found, isNew] = numbers.try_emplace(name, names.size());
  if (isNew)
    names.push_back(name.str());
  return makeSize(found->second, isOffset);
}

SizeExpr SizeInference::makeNameless(bool isOffset) {
  names.push_back("");
  return makeSize(names.size() - 1, isOffset);
}

FailureOr<Size>
SizeInference::evaluate(Operation *op, StringRef text,
                        function_ref<std::optional<Size>(StringRef)> lookUp) {
  SmallVector<StringRef> symbols;
  AffineExpr expr = parseSizeText(text, symbols, op->getContext());
  SmallVector<SizeExpr> values;
  for (StringRef symbol : symbols) {
    std::optional<Size> value = lookUp(symbol);
    if (!value)
      return op->emitOpError("expected '")
             << kSizesAttrName << "' of names that arguments have, but got '"
             << symbol << "' in '" << text << "'";
    // A batch that is none yet is that of whoever has one.
    if (!*value)
      return Size();
    values.push_back(**value);
  }
  return Size(fromAffine(expr, /*dims=*/{}, values));
}

/// Whether a product has a size without a name.
static bool hasNameless(const SizeExpr &size, ArrayRef<std::string> names) {
  for (const auto &[product, factor] : size.getTerms())
    for (const SizeFactor &each : product)
      if (each.getKind() == SizeFactor::Kind::Size
              ? names[each.getNumber()].empty()
              : llvm::any_of(each.getOperands(), [&](const SizeExpr &operand) {
                  return hasNameless(operand, names);
                }))
        return true;
  return false;
}

std::string SizeInference::describe(const SizeExpr &size) {
  if (!size.isKnown())
    return "a size of more than 64 bits";
  return hasNameless(size, names) ? "a size without a name"
                                  : "'" + size.str(names) + "'";
}

SizeExpr SizeInference::getProduct(ArrayRef<Size> sizes) {
  SizeExpr product(1);
  for (const Size &size : sizes)
    product *= size ? *size : makeNameless();
  return product;
}

Sizes SizeInference::getSizes(Type type, function_ref<Size()> dynamic) {
  Sizes sizes;
  for (int64_t size : cast<RankedTensorType>(type).getShape())
    sizes.push_back(ShapedType::isDynamic(size) ? dynamic() : SizeExpr(size));
  return sizes;
}

void SizeInference::setSizes(Value value, ArrayRef<Size> sizes) {
  const Size *next = sizes.begin();
  tensors[value] = getSizes(value.getType(), [&] { return *next++; });
}

SizeExpr SizeInference::getSize(OpFoldResult size) {
  if (std::optional<int64_t> number = getConstantIntValue(size))
    return SizeExpr(*number);
  auto [found, isNew] = indices.try_emplace(cast<Value>(size));
  if (isNew)
    found->second = makeNameless();
  return found->second;
}

LogicalResult SizeInference::expectEqual(Operation *op, const Size &lhs,
                                         const Size &rhs) {
  if (!lhs || !rhs || facts.isKnownToHold(*lhs, SizeRelation::Equal, *rhs))
    return success();
  InFlightDiagnostic error =
      op->emitOpError("expected sizes that are known to be equal, but got ");
  error << describe(*lhs) << " and " << describe(*rhs);
  if (isNamed(*lhs) && isNamed(*rhs))
    error << "; sizes that are equal have one name in '" << kSizesAttrName
          << "'";
  return error;
}

LogicalResult SizeInference::expectEqual(Operation *op, ArrayRef<Size> lhs,
                                         ArrayRef<Size> rhs) {
  for (auto [a, b] : llvm::zip_equal(lhs, rhs))
    if (failed(expectEqual(op, a, b)))
      return failure();
  return success();
}

LogicalResult SizeInference::expectPositive(Operation *op, OpFoldResult size) {
  std::optional<int64_t> number = getConstantIntValue(size);
  if (number && *number < 1)
    return op->emitOpError("expected sizes of at least 1, but got ") << *number;
  SizeExpr value = getSize(size);
  if (facts.isKnownToHold(SizeExpr(1), SizeRelation::AtMost, value))
    return success();
  return op->emitOpError("expected sizes that are known to be at least 1, but "
                         "got ")
         << describe(value);
}

bool SizeInference::isWithin(OpFoldResult offset, OpFoldResult size,
                             OpFoldResult stride, const Size &limit) {
  SizeExpr first = getSize(offset), step = getSize(stride);
  SizeExpr last = first + (getSize(size) - SizeExpr(1)) * step;
  auto isAtMost = [&](const SizeExpr &lhs, const SizeExpr &rhs) {
    return facts.isKnownToHold(lhs, SizeRelation::AtMost, rhs);
  };
  return limit && isAtMost(SizeExpr(0), first) && isAtMost(SizeExpr(1), step) &&
         isAtMost(last + SizeExpr(1), *limit);
}

Sizes perceiver::dynamicSizes(Type type, ArrayRef<Size> sizes) {
  Sizes result;
  for (auto [dim, size] :
       llvm::zip_equal(cast<ShapedType>(type).getShape(), sizes))
    if (ShapedType::isDynamic(dim))
      result.push_back(size);
  return result;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

SmallVector<StringRef> perceiver::getSizeTexts(ArrayAttr sizes) {
  if (!sizes)
    return {};
  return llvm::to_vector(sizes.getAsValueRange<StringAttr>());
}

void SizeInference::setNameless(Value value) {
  tensors[value] = getSizes(value.getType(), [&] { return makeNameless(); });
}

/// Whether nothing has to be known of the sizes of `op`.
static bool needsNoSizes(Operation *op) {
  return !isa_and_nonnull<PerceiverDialect>(op->getDialect()) ||
         llvm::all_of(op->getResultTypes(), [](Type type) {
           auto tensor = dyn_cast<RankedTensorType>(type);
           return !tensor || tensor.hasStaticShape();
         });
}

LogicalResult SizeInference::infer(Operation *op) {
  if (auto sized = dyn_cast<SizedOpInterface>(op))
    return sized.inferSizes(*this);
  if (!needsNoSizes(op))
    return op->emitOpError("expected an operation that knows the dynamic sizes "
                           "of its results, but it does not say them");
  for (Value result : op->getResults())
    if (isa<RankedTensorType>(result.getType()))
      setNameless(result);
  return success();
}

LogicalResult SizeInference::infer(Block &block) {
  for (Operation &op : block)
    if (failed(infer(&op)))
      return failure();
  return success();
}

LogicalResult SizeInference::setArguments(func::FuncOp function) {
  // An expression may stand before the sizes that it is made of.
  SmallVector<StringRef> given = getSizeNames(function);
  auto lookUp = [&](StringRef name) -> std::optional<Size> {
    if (!llvm::is_contained(given, name))
      return std::nullopt;
    return Size(getNamed(name, isOffset(function, name)));
  };
  for (StringRef name : given)
    lookUp(name);
  for (BlockArgument argument : function.getArguments()) {
    if (argument.getType().isIndex()) {
      StringRef name = getIndexName(function, argument.getArgNumber());
      setIndex(argument,
               name.empty() ? makeNameless(/*isOffset=*/true) : **lookUp(name));
      continue;
    }
    Sizes sizes;
    for (StringRef text : getSizeTexts(function.getArgAttrOfType<ArrayAttr>(
             argument.getArgNumber(), kSizesAttrName))) {
      FailureOr<Size> size = evaluate(function, text, lookUp);
      if (failed(size))
        return failure();
      sizes.push_back(*size);
    }
    setSizes(argument, sizes);
  }
  return success();
}

LogicalResult SizeInference::infer(func::FuncOp function) {
  if (failed(setArguments(function)))
    return failure();
  return infer(function.getBody().front());
}

LogicalResult perceiver::verifySizes(func::FuncOp function,
                                     SymbolTableCollection &symbols) {
  return SizeInference(symbols).infer(function);
}
