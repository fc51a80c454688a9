//===- EntrySizes.cpp - Sizes of tensors by the entry's names -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/EntrySizes.h"

#include "dialect/AttributeNames.h"
#include "dialect/SizeText.h"
#include "lib/Analysis/SizeConversion.h"
#include "lib/Analysis/TypeSize.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;

/// The dynamic sizes of an argument as people write them, one for each.
static ArrayAttr getTextsOf(func::FuncOp entry, unsigned argument) {
  return entry.getArgAttrOfType<ArrayAttr>(argument, kSizesAttrName);
}

StringRef perceiver::getIndexName(func::FuncOp entry, unsigned argument) {
  auto name = entry.getArgAttrOfType<StringAttr>(argument, kNameAttrName);
  bool isIndex = entry.getArgumentTypes()[argument].isIndex();
  return isIndex && name ? name.getValue() : StringRef();
}

SmallVector<StringRef> perceiver::getSizeNames(func::FuncOp entry) {
  SmallVector<StringRef> names;
  auto add = [&](StringRef name) {
    if (!llvm::is_contained(names, name))
      names.push_back(name);
  };
  for (unsigned i = 0; i < entry.getNumArguments(); ++i) {
    // An expression is made of names that other sizes have.
    if (ArrayAttr sizes = getTextsOf(entry, i))
      llvm::for_each(llvm::make_filter_range(
                         sizes.getAsValueRange<StringAttr>(), isIdentifier),
                     add);
    if (StringRef name = getIndexName(entry, i); !name.empty())
      add(name);
  }
  return names;
}

bool perceiver::isOffset(func::FuncOp entry, StringRef name) {
  auto has = [&](ArrayAttr sizes) {
    return sizes &&
           llvm::is_contained(sizes.getAsValueRange<StringAttr>(), name);
  };
  for (unsigned i = 0; i < entry.getNumArguments(); ++i)
    if (has(getTextsOf(entry, i)))
      return false;
  for (unsigned i = 0; i < entry.getNumResults(); ++i)
    if (has(entry.getResultAttrOfType<ArrayAttr>(i, kSizesAttrName)))
      return false;
  return true;
}

SizeExpr perceiver::getEntrySize(func::FuncOp entry, StringRef name,
                                 unsigned number) {
  return isOffset(entry, name) ? SizeExpr::offset(number)
                               : SizeExpr::size(number);
}

EntrySizes::EntrySizes(func::FuncOp entry, bool areTilesEqual)
    : entry(entry), areTilesEqual(areTilesEqual), names(getSizeNames(entry)) {}

SizeExpr EntrySizes::getNamed(StringRef name) const {
  unsigned number = llvm::find(names, name) - names.begin();
  return number < names.size() ? getEntrySize(entry, name, number)
                               : SizeExpr::unknown();
}

SizeExpr EntrySizes::getWritten(StringRef text) const {
  SmallVector<StringRef> used;
  AffineExpr expr = parseSizeText(text, used, entry->getContext());
  if (!expr)
    return SizeExpr::unknown();
  return fromAffine(expr, /*dims=*/{},
                    llvm::map_to_vector(
                        used, [&](StringRef name) { return getNamed(name); }));
}

SizeExpr EntrySizes::getArgumentSize(BlockArgument argument,
                                     int64_t dim) const {
  Operation *owner = argument.getOwner()->getParentOp();
  if (auto loop = dyn_cast<scf::ForOp>(owner)) {
    OpOperand *init = loop.getTiedLoopInit(argument);
    return init ? getSize(init->get(), dim) : SizeExpr::unknown();
  }
  if (auto tasks = dyn_cast<scf::ForallOp>(owner)) {
    bool isOutput = argument.getArgNumber() >= tasks.getRank();
    return isOutput ? getSize(tasks.getTiedOpOperand(argument)->get(), dim)
                    : SizeExpr::unknown();
  }
  if (owner != entry)
    return SizeExpr::unknown();
  ArrayAttr sizes = getTextsOf(entry, argument.getArgNumber());
  auto type = cast<RankedTensorType>(argument.getType());
  if (!sizes || sizes.size() != static_cast<size_t>(type.getNumDynamicDims()))
    return SizeExpr::unknown();
  return getWritten(
      cast<StringAttr>(sizes[type.getDynamicDimIndex(dim)]).getValue());
}

SizeExpr EntrySizes::getSize(Value tensor, int64_t dim) const {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  // To ask for a dimension that is none is undefined, but valid IR.
  if (!type || dim < 0 || dim >= type.getRank())
    return SizeExpr::unknown();
  if (!type.isDynamicDim(dim))
    return SizeExpr(type.getDimSize(dim));
  std::pair<Value, int64_t> key(tensor, dim);
  if (auto found = knownSizes.find(key); found != knownSizes.end())
    return found->second;
  SizeExpr size = traceSize(tensor, dim);
  knownSizes[key] = size;
  return size;
}

SizeExpr EntrySizes::traceSize(Value tensor, int64_t dim) const {
  if (auto argument = dyn_cast<BlockArgument>(tensor))
    return getArgumentSize(argument, dim);
  auto result = cast<OpResult>(tensor);
  return llvm::TypeSwitch<Operation *, SizeExpr>(result.getOwner())
      .Case([&](DestinationStyleOpInterface op) {
        return getSize(op.getTiedOpOperand(result)->get(), dim);
      })
      .Case([&](scf::ForOp loop) {
        return getSize(loop.getTiedLoopInit(result)->get(), dim);
      })
      .Case([&](scf::ForallOp tasks) {
        return getSize(tasks.getTiedOpOperand(result)->get(), dim);
      })
      .Case([&](tensor::CollapseShapeOp collapse) {
        SizeExpr product(1);
        ReassociationIndices sources = collapse.getReassociationIndices()[dim];
        for (int64_t source : sources)
          product *= getSize(collapse.getSrc(), source);
        return product;
      })
      .Case([&](tensor::CastOp cast) { return getSize(cast.getSource(), dim); })
      .Case<tensor::EmptyOp, tensor::ExtractSliceOp>(
          [&](auto op) { return getIndex(op.getMixedSizes()[dim]); })
      .Case([&](tensor::ExpandShapeOp expand) {
        return getIndex(expand.getMixedOutputShape()[dim]);
      })
      .Default([](Operation *) { return SizeExpr::unknown(); });
}

SizeExpr EntrySizes::getIndex(OpFoldResult index) const {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return SizeExpr(*constant);
  auto value = cast<Value>(index);
  if (auto found = knownIndices.find(value); found != knownIndices.end())
    return found->second;
  SizeExpr result = traceIndex(value);
  knownIndices[value] = result;
  return result;
}

/// Where a loop begins whose induction variable `argument` is, if it is one.
static std::optional<OpFoldResult> getFirstIteration(BlockArgument argument) {
  auto loop = dyn_cast<LoopLikeOpInterface>(argument.getOwner()->getParentOp());
  if (!loop)
    return std::nullopt;
  std::optional<SmallVector<Value>> variables = loop.getLoopInductionVars();
  std::optional<SmallVector<OpFoldResult>> bounds = loop.getLoopLowerBounds();
  if (!variables || !bounds)
    return std::nullopt;
  for (auto [variable, bound] : llvm::zip(*variables, *bounds))
    if (variable == argument)
      return bound;
  return std::nullopt;
}

SizeExpr EntrySizes::traceIndex(Value index) const {
  if (auto argument = dyn_cast<BlockArgument>(index)) {
    if (areTilesEqual)
      if (std::optional<OpFoldResult> first = getFirstIteration(argument))
        return getIndex(*first);
    bool isOfEntry = argument.getOwner()->getParentOp() == entry;
    return isOfEntry ? getNamed(getIndexName(entry, argument.getArgNumber()))
                     : SizeExpr::unknown();
  }
  Operation *op = index.getDefiningOp();
  if (auto dim = dyn_cast<tensor::DimOp>(op)) {
    std::optional<int64_t> number = dim.getConstantIndex();
    return number ? getSize(dim.getSource(), *number) : SizeExpr::unknown();
  }
  return getArithmetic(op, [&](Value operand) { return getIndex(operand); });
}

SizeExpr EntrySizes::getProduct(Value tensor, int64_t first,
                                int64_t last) const {
  SizeExpr product(1);
  for (int64_t dim = first; dim < last; ++dim)
    product *= getSize(tensor, dim);
  return product;
}

SizeExpr EntrySizes::getBytes(Value tensor) const {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type || !type.getElementType().isIntOrFloat())
    return SizeExpr::unknown();
  SizeExpr bytes = getProduct(tensor, 0, type.getRank());
  return bytes *= getElementBytes(type);
}
