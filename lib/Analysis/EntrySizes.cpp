//===- EntrySizes.cpp - Sizes of tensors by the entry's names -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/EntrySizes.h"

#include "dialect/PerceiverDialect.h"
#include "lib/Analysis/TypeSize.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;

/// The names of the dynamic sizes of an argument, one for each.
static ArrayAttr getNamesOf(func::FuncOp entry, unsigned argument) {
  return entry.getArgAttrOfType<ArrayAttr>(argument, kSizesAttrName);
}

SmallVector<StringRef> perceiver::getSizeNames(func::FuncOp entry) {
  SmallVector<StringRef> names;
  for (unsigned i = 0; i < entry.getNumArguments(); ++i)
    if (ArrayAttr sizes = getNamesOf(entry, i))
      for (StringRef name : sizes.getAsValueRange<StringAttr>())
        if (!llvm::is_contained(names, name))
          names.push_back(name);
  return names;
}

EntrySizes::EntrySizes(func::FuncOp entry)
    : entry(entry), names(getSizeNames(entry)) {}

SizePolynomial EntrySizes::getArgumentSize(BlockArgument argument,
                                           int64_t dim) const {
  Operation *owner = argument.getOwner()->getParentOp();
  if (auto loop = dyn_cast<scf::ForOp>(owner)) {
    OpOperand *init = loop.getTiedLoopInit(argument);
    return init ? getSize(init->get(), dim) : SizePolynomial::unknown();
  }
  if (owner != entry)
    return SizePolynomial::unknown();
  ArrayAttr sizes = getNamesOf(entry, argument.getArgNumber());
  auto type = cast<RankedTensorType>(argument.getType());
  if (!sizes || sizes.size() != static_cast<size_t>(type.getNumDynamicDims()))
    return SizePolynomial::unknown();
  StringRef name =
      cast<StringAttr>(sizes[type.getDynamicDimIndex(dim)]).getValue();
  return SizePolynomial::size(llvm::find(names, name) - names.begin());
}

SizePolynomial EntrySizes::getSize(Value tensor, int64_t dim) const {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  // To ask for a dimension that is none is undefined, but valid IR.
  if (!type || dim < 0 || dim >= type.getRank())
    return SizePolynomial::unknown();
  if (!type.isDynamicDim(dim))
    return SizePolynomial(type.getDimSize(dim));
  if (auto argument = dyn_cast<BlockArgument>(tensor))
    return getArgumentSize(argument, dim);
  auto result = cast<OpResult>(tensor);
  return llvm::TypeSwitch<Operation *, SizePolynomial>(result.getOwner())
      .Case([&](DestinationStyleOpInterface op) {
        return getSize(op.getTiedOpOperand(result)->get(), dim);
      })
      .Case([&](scf::ForOp loop) {
        return getSize(loop.getTiedLoopInit(result)->get(), dim);
      })
      .Case([&](tensor::CollapseShapeOp collapse) {
        SizePolynomial product(1);
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
      .Default([](Operation *) { return SizePolynomial::unknown(); });
}

SizePolynomial EntrySizes::getIndex(OpFoldResult index) const {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return SizePolynomial(*constant);
  auto value = dyn_cast<Value>(index);
  Operation *op = value ? value.getDefiningOp() : nullptr;
  if (auto dim = dyn_cast_or_null<tensor::DimOp>(op))
    if (std::optional<int64_t> number = dim.getConstantIndex())
      return getSize(dim.getSource(), *number);
  if (isa_and_nonnull<arith::MulIOp>(op))
    return getIndex(op->getOperand(0)) * getIndex(op->getOperand(1));
  if (isa_and_nonnull<arith::AddIOp>(op))
    return getIndex(op->getOperand(0)) + getIndex(op->getOperand(1));
  return SizePolynomial::unknown();
}

SizePolynomial EntrySizes::getProduct(Value tensor, int64_t first,
                                      int64_t last) const {
  SizePolynomial product(1);
  for (int64_t dim = first; dim < last; ++dim)
    product *= getSize(tensor, dim);
  return product;
}

SizePolynomial EntrySizes::getBytes(Value tensor) const {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type || !type.getElementType().isIntOrFloat())
    return SizePolynomial::unknown();
  SizePolynomial bytes = getProduct(tensor, 0, type.getRank());
  return bytes *= getElementBytes(type);
}
