//===- ForeignSizes.cpp - Sizes of tensors and calls ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Conversion/verify-description-sizes.mlir,
// test/Conversion/verify-description-slices.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/AttributeNames.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// Reports an error at `op` if one of the sizes is a constant below 1.
static LogicalResult expectPositive(Operation *op,
                                    ArrayRef<OpFoldResult> sizes) {
  for (OpFoldResult size : sizes)
    if (std::optional<int64_t> number = getConstantIntValue(size);
        number && *number < 1)
      return op->emitOpError("expected sizes of at least 1, but got ")
             << *number;
  return success();
}

static LogicalResult inferSizes(tensor::ExpandShapeOp expand,
                                SizeInference &sizes) {
  if (failed(expectPositive(expand, expand.getMixedOutputShape())))
    return failure();
  Sizes result;
  for (OpFoldResult size : expand.getMixedOutputShape())
    result.push_back(sizes.getSize(size));
  for (auto [group, size] : llvm::zip_equal(expand.getReassociationIndices(),
                                            sizes.sizesOf(expand.getSrc()))) {
    ArrayRef<Size> parts = ArrayRef(result).slice(group.front(), group.size());
    if (failed(sizes.expectEqual(expand, sizes.getProduct(parts), size)))
      return failure();
  }
  sizes.setAllSizes(expand.getResult(), result);
  return success();
}

static LogicalResult inferSizes(tensor::CollapseShapeOp collapse,
                                SizeInference &sizes) {
  ArrayRef<Size> source = sizes.sizesOf(collapse.getSrc());
  Sizes result;
  for (ArrayRef<int64_t> group : collapse.getReassociationIndices())
    result.push_back(
        sizes.getProduct(source.slice(group.front(), group.size())));
  sizes.setSizes(collapse.getResult(),
                 dynamicSizes(collapse.getResultType(), result));
  return success();
}

/// Kernels read the channels of a row as vectors, so they must lie side by
/// side. Integers, such as ids and masks, are read one by one.
static LogicalResult verifyContiguousRows(tensor::ExtractSliceOp slice) {
  RankedTensorType type = slice.getSourceType();
  if (type.getRank() == 0 || !type.getElementType().isFloat())
    return success();
  int64_t last = type.getRank() - 1;
  if (isConstantIntValue(slice.getMixedStrides()[last], 1) &&
      !slice.getDroppedDims().test(last))
    return success();
  return slice.emitOpError("expected a slice that keeps the last dimension of "
                           "its source with a stride of 1, but got ")
         << slice.getType() << " of " << type;
}

static LogicalResult inferSizes(tensor::ExtractSliceOp slice,
                                SizeInference &sizes) {
  if (failed(expectPositive(slice, slice.getMixedSizes())))
    return failure();
  Sizes source(sizes.sizesOf(slice.getSource()));
  Sizes result;
  for (auto [dim, offset, size, stride] :
       llvm::enumerate(slice.getMixedOffsets(), slice.getMixedSizes(),
                       slice.getMixedStrides())) {
    if (!sizes.isWithin(offset, size, stride, source[dim]))
      return slice.emitOpError("expected a slice that is known to lie within "
                               "its source, but got dimension ")
             << dim << " of " << slice.getSourceType();
    if (slice.getStaticSizes()[dim] == ShapedType::kDynamic)
      result.push_back(sizes.getSize(size));
  }
  sizes.setSizes(slice.getResult(), result);
  return verifyContiguousRows(slice);
}

static LogicalResult inferSizes(tensor::DimOp dim, SizeInference &sizes) {
  auto type = cast<RankedTensorType>(dim.getSource().getType());
  std::optional<int64_t> index = dim.getConstantIndex();
  if (!index)
    return dim.emitOpError("expected a constant dimension");
  if (*index < 0 || *index >= type.getRank())
    return dim.emitOpError("expected a dimension of ")
           << type << ", but got " << *index;
  const Size &size = sizes.sizesOf(dim.getSource())[*index];
  sizes.setIndex(dim.getResult(), size ? *size : sizes.makeNameless());
  return success();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static LogicalResult inferSizes(func::CallOp call, SizeInference &sizes) {
  auto callee = sizes.symbols.lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  llvm::StringMap<Size> bound;
  for (auto [index, operand] : llvm::enumerate(call.getOperands())) {
    Sizes actual = dynamicSizes(operand.getType(), sizes.sizesOf(operand));
    SmallVector<StringRef> names =
        getSizeNames(callee.getArgAttrOfType<ArrayAttr>(index, kSizesAttrName));
    for (auto [name, size] : llvm::zip(names, actual)) {
      auto [entry, isNew] = bound.try_emplace(name, size);
      if (!isNew && failed(sizes.expectEqual(call, entry->second, size)))
        return failure();
    }
  }
  for (auto [index, result] : llvm::enumerate(call.getResults())) {
    SmallVector<StringRef> names = getSizeNames(
        callee.getResultAttrOfType<ArrayAttr>(index, kSizesAttrName));
    Sizes actual;
    for (StringRef name : names)
      actual.push_back(
          bound.try_emplace(name, sizes.makeNameless()).first->second);
    sizes.setSizes(result, actual);
  }
  return success();
}

static LogicalResult inferSizes(func::ReturnOp returnOp, SizeInference &sizes) {
  auto function = returnOp->getParentOfType<func::FuncOp>();
  llvm::StringMap<Size> bound;
  for (unsigned index = 0; index < function.getNumArguments(); ++index)
    for (StringRef name : getSizeNames(
             function.getArgAttrOfType<ArrayAttr>(index, kSizesAttrName)))
      bound.try_emplace(name, sizes.getNamed(name));
  for (auto [index, operand] : llvm::enumerate(returnOp.getOperands())) {
    Sizes actual = dynamicSizes(operand.getType(), sizes.sizesOf(operand));
    SmallVector<StringRef> names = getSizeNames(
        function.getResultAttrOfType<ArrayAttr>(index, kSizesAttrName));
    // A name that no argument has stands for what the result turns out to be.
    for (auto [name, size] : llvm::zip(names, actual)) {
      const Size &known = bound.try_emplace(name, size).first->second;
      if (failed(sizes.expectEqual(returnOp, known, size)))
        return failure();
    }
  }
  return success();
}

template <typename OpTy>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<SizesModel<OpTy, inferSizes>>(*context);
}

void perceiver::registerForeignSizes(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    attach<tensor::CollapseShapeOp>(context);
    attach<tensor::DimOp>(context);
    attach<tensor::ExpandShapeOp>(context);
    attach<tensor::ExtractSliceOp>(context);
  });
  registry.addExtension(+[](MLIRContext *context, func::FuncDialect *) {
    attach<func::CallOp>(context);
    attach<func::ReturnOp>(context);
  });
}
