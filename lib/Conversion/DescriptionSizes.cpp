//===- DescriptionSizes.cpp - Names of dynamic sizes ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each size of each tensor gets an expression (lib/Analysis/SizeExpr.h): of the
// sizes that arguments name, and of sizes without a name, where nothing is
// known.
//
// Test: test/Conversion/verify-description-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/DescriptionSizes.h"

#include "dialect/AttributeNames.h"
#include "dialect/Model/AttentionOps.h"
#include "dialect/Model/InputOps.h"
#include "dialect/Model/ProcessOps.h"
#include "dialect/Model/RowOps.h"
#include "lib/Analysis/SizeRelation.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Nothing is a size that equals any other: the batch of a state that has none
/// yet.
using Size = std::optional<SizeExpr>;
using Sizes = SmallVector<Size>;

namespace {
class SizeChecker {
public:
  explicit SizeChecker(SymbolTableCollection &symbols) : symbols(symbols) {}

  LogicalResult check(func::FuncOp function);

private:
  LogicalResult check(Block &block);
  LogicalResult check(Operation *op);
  LogicalResult check(AttentionBlockOpInterface block);
  LogicalResult check(ProcessOp process);
  LogicalResult check(AttendOp attend);
  LogicalResult check(ConcatOp concat);
  LogicalResult check(tensor::ExpandShapeOp expand);
  LogicalResult check(tensor::CollapseShapeOp collapse);
  LogicalResult check(tensor::ExtractSliceOp slice);
  LogicalResult check(tensor::DimOp dim);
  LogicalResult check(func::CallOp call);
  LogicalResult check(func::ReturnOp returnOp);

  /// Reports an error at `op` unless the sizes are equal.
  LogicalResult expectEqual(Operation *op, const Size &lhs, const Size &rhs);
  LogicalResult expectEqual(Operation *op, ArrayRef<Size> lhs,
                            ArrayRef<Size> rhs);

  /// The size that has this name. Its number is its place in `names`.
  SizeExpr getNamed(StringRef name);
  SizeExpr makeNameless();
  SizeExpr getProduct(ArrayRef<Size> sizes);
  /// A size that is a constant or a value.
  SizeExpr getSize(OpFoldResult size);
  /// "'batch * 4'".
  std::string describe(const SizeExpr &size);
  /// Whether what a slice takes of a dimension is known to lie within it. The
  /// operation verifies only numbers that are attributes.
  bool isWithin(OpFoldResult offset, OpFoldResult size, OpFoldResult stride,
                const Size &limit);
  /// Whether it is a size with a name and nothing else.
  bool isNamed(const SizeExpr &size) const {
    return size.getSize() && !names[*size.getSize()].empty();
  }
  /// Reports an error at `op` if one of the sizes is a constant below 1.
  LogicalResult expectPositive(Operation *op, ArrayRef<OpFoldResult> sizes);
  /// The static sizes of a type; for the dynamic ones what `dynamic` returns.
  Sizes getSizes(Type type, function_ref<Size()> dynamic);
  ArrayRef<Size> sizesOf(Value value) { return tensors[value]; }
  /// Static sizes are those of the type; the dynamic ones are taken from
  /// `sizes`, which has as many.
  void setSizes(Value value, ArrayRef<Size> sizes);

  SymbolTableCollection &symbols;
  DenseMap<Value, Sizes> tensors;
  DenseMap<Value, SizeExpr> indices;
  /// Empty for sizes without a name.
  std::vector<std::string> names;
  llvm::StringMap<unsigned> numbers;
};
} // namespace

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

SizeExpr SizeChecker::getNamed(StringRef name) {
  auto [found, isNew] = numbers.try_emplace(name, names.size());
  if (isNew)
    names.push_back(name.str());
  return SizeExpr::size(found->second);
}

SizeExpr SizeChecker::makeNameless() {
  names.push_back("");
  return SizeExpr::size(names.size() - 1);
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

std::string SizeChecker::describe(const SizeExpr &size) {
  if (!size.isKnown())
    return "a size of more than 64 bits";
  return hasNameless(size, names) ? "a size without a name"
                                  : "'" + size.str(names) + "'";
}

SizeExpr SizeChecker::getProduct(ArrayRef<Size> sizes) {
  SizeExpr product(1);
  for (const Size &size : sizes)
    product *= size ? *size : makeNameless();
  return product;
}

Sizes SizeChecker::getSizes(Type type, function_ref<Size()> dynamic) {
  Sizes sizes;
  for (int64_t size : cast<RankedTensorType>(type).getShape())
    sizes.push_back(ShapedType::isDynamic(size) ? dynamic() : SizeExpr(size));
  return sizes;
}

void SizeChecker::setSizes(Value value, ArrayRef<Size> sizes) {
  const Size *next = sizes.begin();
  tensors[value] = getSizes(value.getType(), [&] { return *next++; });
}

SizeExpr SizeChecker::getSize(OpFoldResult size) {
  if (std::optional<int64_t> number = getConstantIntValue(size))
    return SizeExpr(*number);
  auto [found, isNew] = indices.try_emplace(cast<Value>(size));
  if (isNew)
    found->second = makeNameless();
  return found->second;
}

LogicalResult SizeChecker::expectPositive(Operation *op,
                                          ArrayRef<OpFoldResult> sizes) {
  for (OpFoldResult size : sizes)
    if (std::optional<int64_t> number = getConstantIntValue(size);
        number && *number < 1)
      return op->emitOpError("expected sizes of at least 1, but got ")
             << *number;
  return success();
}

LogicalResult SizeChecker::expectEqual(Operation *op, const Size &lhs,
                                       const Size &rhs) {
  if (!lhs || !rhs || isKnownToHold(*lhs, SizeRelation::Equal, *rhs))
    return success();
  InFlightDiagnostic error =
      op->emitOpError("expected sizes that are known to be equal, but got ");
  error << describe(*lhs) << " and " << describe(*rhs);
  if (isNamed(*lhs) && isNamed(*rhs))
    error << "; sizes that are equal have one name in '" << kSizesAttrName
          << "'";
  return error;
}

LogicalResult SizeChecker::expectEqual(Operation *op, ArrayRef<Size> lhs,
                                       ArrayRef<Size> rhs) {
  for (auto [a, b] : llvm::zip_equal(lhs, rhs))
    if (failed(expectEqual(op, a, b)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Model-level operations
//===----------------------------------------------------------------------===//

/// The sizes of `sizes` whose dimension of `type` is dynamic.
static Sizes dynamicSizes(Type type, ArrayRef<Size> sizes) {
  Sizes result;
  for (auto [dim, size] :
       llvm::zip_equal(cast<ShapedType>(type).getShape(), sizes))
    if (ShapedType::isDynamic(dim))
      result.push_back(size);
  return result;
}

LogicalResult SizeChecker::check(AttentionBlockOpInterface block) {
  Sizes query(sizesOf(block.getQuery()));
  Value source = block.getSource();
  if (!source) {
    tensors[block.getResult()] = query;
    return success();
  }
  Sizes keys(sizesOf(source));
  if (query.size() == keys.size() &&
      failed(expectEqual(block, query.front(), keys.front())))
    return failure();
  if (Value lengths = block.getLengths())
    if (failed(expectEqual(block, sizesOf(lengths).front(), keys.front())))
      return failure();
  if (Value mask = block.getMask())
    if (failed(expectEqual(block, sizesOf(mask), ArrayRef(keys).take_front(2))))
      return failure();
  Sizes result = {keys.front(), query[query.size() - 2], query.back()};
  setSizes(block.getResult(),
           dynamicSizes(block.getResult().getType(), result));
  return success();
}

LogicalResult SizeChecker::check(ProcessOp process) {
  Sizes first(sizesOf(process.getInit()));
  if (process.getInit().getType() != process.getType())
    first.insert(first.begin(), std::nullopt);
  tensors[process.getState()] = first;
  if (failed(check(*process.getBody())))
    return failure();
  Sizes last(sizesOf(process.getYielded()));
  if (failed(expectEqual(process, first, last)))
    return failure();
  tensors[process.getResult()] = last;
  return success();
}

LogicalResult SizeChecker::check(AttendOp attend) {
  Sizes query(sizesOf(attend.getQuery()));
  Sizes keys(sizesOf(attend.getKey()));
  const Size &batch = keys.front(), &queries = query[query.size() - 2];
  if (query.size() == keys.size() &&
      failed(expectEqual(attend, query.front(), batch)))
    return failure();
  if (failed(expectEqual(attend,
                         ArrayRef(sizesOf(attend.getValue())).take_front(2),
                         ArrayRef(keys).take_front(2))))
    return failure();
  if (Value lengths = attend.getLengths())
    if (failed(expectEqual(attend, sizesOf(lengths).front(), batch)))
      return failure();
  if (Value mask = attend.getMask())
    if (failed(
            expectEqual(attend, sizesOf(mask), ArrayRef(keys).take_front(2))))
      return failure();
  // [batch, queries, channels] and [batch, heads, queries]; channels and heads
  // are static.
  for (Value result : attend->getResults()) {
    SmallVector<Size> sizes = {batch, queries, queries};
    setSizes(result, dynamicSizes(result.getType(), sizes));
  }
  return success();
}

LogicalResult SizeChecker::check(ConcatOp concat) {
  Sizes widest;
  for (Value input : concat.getInputs()) {
    ArrayRef<Size> rows = sizesOf(input).drop_back();
    if (rows.size() > widest.size())
      widest = Sizes(rows);
  }
  for (Value input : concat.getInputs()) {
    ArrayRef<Size> rows = sizesOf(input).drop_back();
    if (failed(
            expectEqual(concat, ArrayRef(widest).take_back(rows.size()), rows)))
      return failure();
  }
  widest.push_back(std::nullopt);
  setSizes(concat.getResult(), dynamicSizes(concat.getType(), widest));
  return success();
}

//===----------------------------------------------------------------------===//
// Tensors and functions
//===----------------------------------------------------------------------===//

LogicalResult SizeChecker::check(tensor::ExpandShapeOp expand) {
  if (failed(expectPositive(expand, expand.getMixedOutputShape())))
    return failure();
  Sizes result;
  for (OpFoldResult size : expand.getMixedOutputShape())
    result.push_back(getSize(size));
  for (auto [group, size] : llvm::zip_equal(expand.getReassociationIndices(),
                                            sizesOf(expand.getSrc()))) {
    ArrayRef<Size> parts = ArrayRef(result).slice(group.front(), group.size());
    if (failed(expectEqual(expand, getProduct(parts), size)))
      return failure();
  }
  tensors[expand.getResult()] = result;
  return success();
}

LogicalResult SizeChecker::check(tensor::CollapseShapeOp collapse) {
  ArrayRef<Size> source = sizesOf(collapse.getSrc());
  Sizes result;
  for (ArrayRef<int64_t> group : collapse.getReassociationIndices())
    result.push_back(getProduct(source.slice(group.front(), group.size())));
  setSizes(collapse.getResult(),
           dynamicSizes(collapse.getResultType(), result));
  return success();
}

bool SizeChecker::isWithin(OpFoldResult offset, OpFoldResult size,
                           OpFoldResult stride, const Size &limit) {
  SizeExpr first = getSize(offset), step = getSize(stride);
  SizeExpr last = first + (getSize(size) - SizeExpr(1)) * step;
  return limit && isAtLeast(first, 0) && isAtLeast(step, 1) &&
         isKnownToHold(last + SizeExpr(1), SizeRelation::AtMost, *limit);
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

LogicalResult SizeChecker::check(tensor::ExtractSliceOp slice) {
  if (failed(expectPositive(slice, slice.getMixedSizes())))
    return failure();
  Sizes source(sizesOf(slice.getSource()));
  Sizes result;
  for (auto [dim, offset, size, stride] :
       llvm::enumerate(slice.getMixedOffsets(), slice.getMixedSizes(),
                       slice.getMixedStrides())) {
    if (!isWithin(offset, size, stride, source[dim]))
      return slice.emitOpError("expected a slice that is known to lie within "
                               "its source, but got dimension ")
             << dim << " of " << slice.getSourceType();
    if (slice.getStaticSizes()[dim] == ShapedType::kDynamic)
      result.push_back(getSize(size));
  }
  setSizes(slice.getResult(), result);
  return verifyContiguousRows(slice);
}

LogicalResult SizeChecker::check(tensor::DimOp dim) {
  auto type = cast<RankedTensorType>(dim.getSource().getType());
  std::optional<int64_t> index = dim.getConstantIndex();
  if (!index)
    return dim.emitOpError("expected a constant dimension");
  if (*index < 0 || *index >= type.getRank())
    return dim.emitOpError("expected a dimension of ")
           << type << ", but got " << *index;
  const Size &size = sizesOf(dim.getSource())[*index];
  indices[dim.getResult()] = size ? *size : makeNameless();
  return success();
}

/// The names of the dynamic sizes of an argument or a result.
static SmallVector<StringRef> getNames(ArrayAttr names) {
  if (!names)
    return {};
  return llvm::to_vector(names.getAsValueRange<StringAttr>());
}

LogicalResult SizeChecker::check(func::CallOp call) {
  auto callee =
      symbols.lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
  llvm::StringMap<Size> bound;
  for (auto [index, operand] : llvm::enumerate(call.getOperands())) {
    Sizes sizes = dynamicSizes(operand.getType(), sizesOf(operand));
    SmallVector<StringRef> names =
        getNames(callee.getArgAttrOfType<ArrayAttr>(index, kSizesAttrName));
    for (auto [name, size] : llvm::zip(names, sizes)) {
      auto [entry, isNew] = bound.try_emplace(name, size);
      if (!isNew && failed(expectEqual(call, entry->second, size)))
        return failure();
    }
  }
  for (auto [index, result] : llvm::enumerate(call.getResults())) {
    SmallVector<StringRef> names =
        getNames(callee.getResultAttrOfType<ArrayAttr>(index, kSizesAttrName));
    Sizes sizes;
    for (StringRef name : names)
      sizes.push_back(bound.try_emplace(name, makeNameless()).first->second);
    setSizes(result, sizes);
  }
  return success();
}

LogicalResult SizeChecker::check(func::ReturnOp returnOp) {
  auto function = returnOp->getParentOfType<func::FuncOp>();
  llvm::StringMap<Size> bound;
  for (unsigned index = 0; index < function.getNumArguments(); ++index)
    for (StringRef name :
         getNames(function.getArgAttrOfType<ArrayAttr>(index, kSizesAttrName)))
      bound.try_emplace(name, getNamed(name));
  for (auto [index, operand] : llvm::enumerate(returnOp.getOperands())) {
    Sizes sizes = dynamicSizes(operand.getType(), sizesOf(operand));
    SmallVector<StringRef> names = getNames(
        function.getResultAttrOfType<ArrayAttr>(index, kSizesAttrName));
    // A name that no argument has stands for what the result turns out to be.
    for (auto [name, size] : llvm::zip(names, sizes)) {
      const Size &known = bound.try_emplace(name, size).first->second;
      if (failed(expectEqual(returnOp, known, size)))
        return failure();
    }
  }
  return success();
}

LogicalResult SizeChecker::check(Operation *op) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<AttentionBlockOpInterface, ProcessOp, AttendOp, ConcatOp,
            tensor::ExpandShapeOp, tensor::CollapseShapeOp,
            tensor::ExtractSliceOp, tensor::DimOp, func::CallOp,
            func::ReturnOp>([&](auto known) { return check(known); })
      .Case<NormOp, ProjectOp, MeanPoolOp, EmbeddingOp>([&](auto rows) {
        // Leading sizes stay; what is between batch and channels may go.
        ArrayRef<Size> source = sizesOf(rows->getOperand(0));
        setSizes(rows.getResult(),
                 dynamicSizes(rows->getOperand(0).getType(), source));
        return success();
      })
      .Case([&](ToChannelsLastOp rows) {
        ArrayRef<Size> source = sizesOf(rows.getInput());
        Sizes result = {source[0], getProduct(source.drop_front(2)), source[1]};
        setSizes(rows.getResult(), dynamicSizes(rows.getType(), result));
        return success();
      })
      .Default([&](Operation *other) {
        for (Value result : other->getResults())
          if (isa<RankedTensorType>(result.getType()))
            tensors[result] =
                getSizes(result.getType(), [&] { return makeNameless(); });
        return success();
      });
}

LogicalResult SizeChecker::check(Block &block) {
  for (Operation &op : block)
    if (failed(check(&op)))
      return failure();
  return success();
}

LogicalResult SizeChecker::check(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments()) {
    Sizes sizes;
    for (StringRef name : getNames(function.getArgAttrOfType<ArrayAttr>(
             argument.getArgNumber(), kSizesAttrName)))
      sizes.push_back(getNamed(name));
    setSizes(argument, sizes);
  }
  return check(function.getBody().front());
}

LogicalResult perceiver::verifySizes(func::FuncOp function,
                                     SymbolTableCollection &symbols) {
  return SizeChecker(symbols).check(function);
}
