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
#include "lib/Analysis/EntrySizes.h"
#include "lib/Analysis/SizeConversion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

static LogicalResult inferSizes(tensor::ExpandShapeOp expand,
                                SizeInference &sizes) {
  for (OpFoldResult size : expand.getMixedOutputShape())
    if (failed(sizes.expectPositive(expand, size)))
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
  for (OpFoldResult size : slice.getMixedSizes())
    if (failed(sizes.expectPositive(slice, size)))
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

/// Look names up among those that have a size.
static auto getLookUp(const llvm::StringMap<Size> &bound) {
  return [&bound](StringRef name) -> std::optional<Size> {
    auto found = bound.find(name);
    return found == bound.end() ? std::nullopt
                                : std::optional<Size>(found->second);
  };
}

/// The sizes of what a call passes, by how the callee writes them.
static SmallVector<std::pair<StringRef, Size>>
getPassedSizes(func::CallOp call, func::FuncOp callee, SizeInference &sizes) {
  SmallVector<std::pair<StringRef, Size>> passed;
  for (auto [index, operand] : llvm::enumerate(call.getOperands())) {
    if (operand.getType().isIndex()) {
      if (StringRef name = getIndexName(callee, index); !name.empty())
        passed.emplace_back(name, sizes.getSize(operand));
      continue;
    }
    Sizes actual = dynamicSizes(operand.getType(), sizes.sizesOf(operand));
    for (auto [text, size] :
         llvm::zip(getSizeTexts(callee.getArgAttrOfType<ArrayAttr>(
                       index, kSizesAttrName)),
                   actual))
      passed.emplace_back(text, size);
  }
  return passed;
}

/// Bind the names of the callee's sizes, and check that expressions of them are
/// what is passed.
static LogicalResult bindPassedSizes(func::CallOp call, func::FuncOp callee,
                                     SizeInference &sizes,
                                     llvm::StringMap<Size> &bound) {
  auto passed = getPassedSizes(call, callee, sizes);
  for (const auto &[text, size] : passed) {
    if (!isIdentifier(text))
      continue;
    auto [entry, isNew] = bound.try_emplace(text, size);
    if (!isNew && failed(sizes.expectEqual(call, entry->second, size)))
      return failure();
  }
  for (const auto &[text, size] : passed) {
    if (isIdentifier(text))
      continue;
    FailureOr<Size> written = sizes.evaluate(call, text, getLookUp(bound));
    if (failed(written) || failed(sizes.expectEqual(call, *written, size)))
      return failure();
  }
  return success();
}

static LogicalResult inferSizes(func::CallOp call, SizeInference &sizes) {
  auto callee = sizes.symbols.lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  llvm::StringMap<Size> bound;
  if (failed(bindPassedSizes(call, callee, sizes, bound)))
    return failure();
  for (auto [index, result] : llvm::enumerate(call.getResults())) {
    SmallVector<StringRef> texts = getSizeTexts(
        callee.getResultAttrOfType<ArrayAttr>(index, kSizesAttrName));
    Sizes actual;
    for (StringRef text : texts) {
      if (isIdentifier(text)) {
        actual.push_back(
            bound.try_emplace(text, sizes.makeNameless()).first->second);
        continue;
      }
      FailureOr<Size> size = sizes.evaluate(call, text, getLookUp(bound));
      if (failed(size))
        return failure();
      actual.push_back(*size);
    }
    sizes.setSizes(result, actual);
  }
  return success();
}

static LogicalResult inferSizes(func::ReturnOp returnOp, SizeInference &sizes) {
  auto function = returnOp->getParentOfType<func::FuncOp>();
  llvm::StringMap<Size> bound;
  for (StringRef name : getSizeNames(function))
    bound.try_emplace(name, sizes.getNamed(name, isOffset(function, name)));
  for (auto [index, operand] : llvm::enumerate(returnOp.getOperands())) {
    Sizes actual = dynamicSizes(operand.getType(), sizes.sizesOf(operand));
    SmallVector<StringRef> texts = getSizeTexts(
        function.getResultAttrOfType<ArrayAttr>(index, kSizesAttrName));
    for (auto [text, size] : llvm::zip(texts, actual)) {
      // A name that no argument has stands for what the result turns out to be.
      if (isIdentifier(text))
        bound.try_emplace(text, size);
      FailureOr<Size> known = sizes.evaluate(returnOp, text, getLookUp(bound));
      if (failed(known) || failed(sizes.expectEqual(returnOp, *known, size)))
        return failure();
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LogicalResult inferNumber(OpTy op, SizeInference &sizes) {
  auto get = [&](Value operand) { return sizes.getSize(operand); };
  sizes.setIndex(op.getResult(), getArithmetic(op, get));
  return success();
}

template <typename... Ops>
static void attachNumbers(MLIRContext *context) {
  (Ops::template attachInterface<SizesModel<Ops, inferNumber<Ops>>>(*context),
   ...);
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
  registry.addExtension(+[](MLIRContext *context, arith::ArithDialect *) {
    attachNumbers<arith::AddIOp, arith::SubIOp, arith::MulIOp,
                  arith::FloorDivSIOp, arith::CeilDivSIOp>(context);
  });
  registry.addExtension(+[](MLIRContext *context, func::FuncDialect *) {
    attach<func::CallOp>(context);
    attach<func::ReturnOp>(context);
  });
}
