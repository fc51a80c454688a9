//===- DeviceArray.cpp - Where an array's tile lies on a device ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/DeviceArray.h"

#include "dialect/Frame/FrameOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <numeric>

using namespace mlir;
using namespace mlir::perceiver;

std::optional<int64_t> DeviceArray::staticSize(int64_t dim) const {
  return getConstantIntValue(sizes[dim]);
}

std::optional<int64_t> DeviceArray::staticStride(int64_t dim) const {
  return getConstantIntValue(strides[dim]);
}

bool DeviceArray::hasSize(int64_t dim, int64_t size) const {
  return staticSize(dim) == size;
}

int64_t DeviceArray::vectorWidth(int64_t most) const {
  if (rank() == 0 || staticStride(rank() - 1) != 1)
    return 1;
  int64_t bytes = elementType.getIntOrFloatBitWidth() / 8;
  int64_t divisor = alignment / bytes;
  for (OpFoldResult stride : ArrayRef(strides).drop_back())
    divisor = std::gcd(divisor, getKnownDivisor(stride));
  int64_t width = 1;
  while (2 * width <= most && divisor % (2 * width) == 0)
    width *= 2;
  return width;
}

int64_t perceiver::getKnownDivisor(OpFoldResult value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return std::abs(*constant);
  Operation *op = cast<Value>(value).getDefiningOp();
  if (auto apply = dyn_cast_if_present<affine::AffineApplyOp>(op))
    return apply.getAffineMap().getResult(0).getLargestKnownDivisor();
  if (auto least = dyn_cast_if_present<affine::AffineMinOp>(op)) {
    int64_t divisor = 0;
    for (AffineExpr result : least.getAffineMap().getResults())
      divisor = std::gcd(divisor, result.getLargestKnownDivisor());
    return divisor;
  }
  if (auto multiply = dyn_cast_if_present<arith::MulIOp>(op))
    return getKnownDivisor(multiply.getLhs()) *
           getKnownDivisor(multiply.getRhs());
  return 1;
}

std::optional<int64_t> perceiver::getKnownBound(OpFoldResult value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return constant;
  auto least = dyn_cast_if_present<affine::AffineMinOp>(
      cast<Value>(value).getDefiningOp());
  std::optional<int64_t> bound;
  if (least)
    for (AffineExpr result : least.getAffineMap().getResults())
      if (auto constant = dyn_cast<AffineConstantExpr>(result))
        bound =
            std::min(bound.value_or(constant.getValue()), constant.getValue());
  return bound;
}

//===----------------------------------------------------------------------===//
// Arithmetic on sizes and offsets
//===----------------------------------------------------------------------===//

static OpFoldResult multiply(OpBuilder &builder, Location loc, OpFoldResult lhs,
                             OpFoldResult rhs) {
  AffineExpr l = builder.getAffineSymbolExpr(0),
             r = builder.getAffineSymbolExpr(1);
  return affine::makeComposedFoldedAffineApply(builder, loc, l * r, {lhs, rhs});
}

static OpFoldResult add(OpBuilder &builder, Location loc, OpFoldResult lhs,
                        OpFoldResult rhs) {
  AffineExpr l = builder.getAffineSymbolExpr(0),
             r = builder.getAffineSymbolExpr(1);
  return affine::makeComposedFoldedAffineApply(builder, loc, l + r, {lhs, rhs});
}

/// Of an array without gaps.
static SmallVector<OpFoldResult> getDenseStrides(OpBuilder &builder,
                                                 Location loc,
                                                 ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> strides(sizes.size());
  OpFoldResult stride = builder.getIndexAttr(1);
  for (int64_t dim = sizes.size() - 1; dim >= 0; --dim) {
    strides[dim] = stride;
    if (dim > 0)
      stride = multiply(builder, loc, stride, sizes[dim]);
  }
  return strides;
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

/// What is known of a kernel's parameter; that of an element if nothing is.
static int64_t getAlignment(Value memory, int64_t elementBytes) {
  auto argument = dyn_cast<BlockArgument>(memory);
  auto function =
      argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp())
               : func::FuncOp();
  if (!function)
    return elementBytes;
  auto alignment = function.getArgAttrOfType<IntegerAttr>(
      argument.getArgNumber(), LLVM::LLVMDialect::getAlignAttrName());
  return alignment ? std::max(alignment.getInt(), elementBytes) : elementBytes;
}

static DeviceArray getWhole(OpBuilder &builder, frame::ArrayOp op) {
  auto type = cast<MemRefType>(op.getType());
  DeviceArray array;
  array.memory = op.getMemory();
  array.offset = builder.getIndexAttr(0);
  array.sizes = getMixedValues(type.getShape(), op.getSizes(), builder);
  array.strides = getDenseStrides(builder, op.getLoc(), array.sizes);
  array.elementType = type.getElementType();
  int64_t bytes =
      std::max<int64_t>(1, array.elementType.getIntOrFloatBitWidth() / 8);
  array.alignment = getAlignment(array.memory, bytes);
  return array;
}

static void takePart(OpBuilder &builder, memref::SubViewOp op,
                     DeviceArray &array) {
  Location loc = op.getLoc();
  int64_t bytes =
      std::max<int64_t>(1, array.elementType.getIntOrFloatBitWidth() / 8);
  for (auto [offset, stride] : llvm::zip(op.getMixedOffsets(), array.strides)) {
    OpFoldResult distance = multiply(builder, loc, offset, stride);
    array.offset = add(builder, loc, array.offset, distance);
    array.alignment =
        std::gcd(array.alignment,
                 bytes * getKnownDivisor(offset) * getKnownDivisor(stride));
  }
  llvm::SmallBitVector dropped = op.getDroppedDims();
  SmallVector<OpFoldResult> sizes, strides;
  for (auto [dim, size] : llvm::enumerate(op.getMixedSizes())) {
    if (dropped.test(dim))
      continue;
    sizes.push_back(size);
    strides.push_back(
        multiply(builder, loc, op.getMixedStrides()[dim], array.strides[dim]));
  }
  array.sizes = sizes;
  array.strides = strides;
}

/// Dimensions that are merged or split lie in memory without gaps.
static void collapse(OpBuilder &builder, memref::CollapseShapeOp op,
                     DeviceArray &array) {
  SmallVector<OpFoldResult> sizes, strides;
  for (ReassociationIndices group : op.getReassociationIndices()) {
    OpFoldResult size = builder.getIndexAttr(1);
    // Of a dimension of one element the stride says nothing.
    OpFoldResult stride = array.strides[group.back()];
    for (int64_t dim : group) {
      size = multiply(builder, op.getLoc(), size, array.sizes[dim]);
      if (!array.hasSize(dim, 1))
        stride = array.strides[dim];
    }
    sizes.push_back(size);
    strides.push_back(stride);
  }
  array.sizes = sizes;
  array.strides = strides;
}

static void expand(OpBuilder &builder, memref::ExpandShapeOp op,
                   DeviceArray &array) {
  SmallVector<OpFoldResult> sizes = op.getMixedOutputShape();
  SmallVector<OpFoldResult> strides(sizes.size());
  for (auto [source, group] : llvm::enumerate(op.getReassociationIndices())) {
    OpFoldResult stride = array.strides[source];
    for (int64_t dim : llvm::reverse(group)) {
      strides[dim] = stride;
      stride = multiply(builder, op.getLoc(), stride, sizes[dim]);
    }
  }
  array.sizes = sizes;
  array.strides = strides;
}

FailureOr<DeviceArray> perceiver::getDeviceArray(OpBuilder &builder,
                                                 Value memref) {
  Operation *op = memref.getDefiningOp();
  if (auto whole = dyn_cast_if_present<frame::ArrayOp>(op))
    return getWhole(builder, whole);
  if (!isa_and_present<memref::SubViewOp, memref::CollapseShapeOp,
                       memref::ExpandShapeOp, memref::CastOp>(op))
    return emitError(memref.getLoc())
           << "expected a view of an array of the kernel";
  FailureOr<DeviceArray> array = getDeviceArray(builder, op->getOperand(0));
  if (failed(array))
    return failure();
  if (auto part = dyn_cast<memref::SubViewOp>(op))
    takePart(builder, part, *array);
  else if (auto flat = dyn_cast<memref::CollapseShapeOp>(op))
    collapse(builder, flat, *array);
  else if (auto deep = dyn_cast<memref::ExpandShapeOp>(op))
    expand(builder, deep, *array);
  return array;
}
