//===- KernelBuilder.cpp - Loops and vectors of kernels -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Rows of a tile up to which each number of rows that may be left over has a
/// tile of its own. Higher tiles are followed by ones of this height: code for
/// thirteen numbers of rows would be large.
static constexpr int64_t kMostHeights = 6;

/// Alignment of a scratch buffer: a cache line, the widest vector.
static constexpr int64_t kScratchAlignment = 64;

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

Value KernelBuilder::index(int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value KernelBuilder::f32(double value) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getF32FloatAttr(value));
}

/// Folds as it builds: kernels are easier to read when `i + 0` is `i`, and
/// static trip counts stay visible to the loops built on them.
static Value foldOr(OpBuilder &builder, Location loc, Value lhs, Value rhs,
                    function_ref<int64_t(int64_t, int64_t)> fold,
                    function_ref<Value()> build) {
  std::optional<int64_t> l = getConstantIntValue(lhs);
  std::optional<int64_t> r = getConstantIntValue(rhs);
  if (l && r)
    return arith::ConstantIndexOp::create(builder, loc, fold(*l, *r));
  return build();
}

Value KernelBuilder::add(Value lhs, Value rhs) {
  if (isZeroInteger(lhs))
    return rhs;
  if (isZeroInteger(rhs))
    return lhs;
  return foldOr(
      builder, loc, lhs, rhs, [](int64_t a, int64_t b) { return a + b; },
      [&]() -> Value { return arith::AddIOp::create(builder, loc, lhs, rhs); });
}

Value KernelBuilder::add(Value lhs, int64_t rhs) {
  return rhs == 0 ? lhs : add(lhs, index(rhs));
}

Value KernelBuilder::sub(Value lhs, Value rhs) {
  if (isZeroInteger(rhs))
    return lhs;
  return foldOr(
      builder, loc, lhs, rhs, [](int64_t a, int64_t b) { return a - b; },
      [&]() -> Value { return arith::SubIOp::create(builder, loc, lhs, rhs); });
}

Value KernelBuilder::mul(Value lhs, int64_t rhs) {
  if (rhs == 1)
    return lhs;
  Value factor = index(rhs);
  return foldOr(
      builder, loc, lhs, factor, [](int64_t a, int64_t b) { return a * b; },
      [&]() -> Value {
        return arith::MulIOp::create(builder, loc, lhs, factor);
      });
}

Value KernelBuilder::floorDiv(Value lhs, int64_t rhs) {
  if (rhs == 1)
    return lhs;
  Value divisor = index(rhs);
  return foldOr(
      builder, loc, lhs, divisor, [](int64_t a, int64_t b) { return a / b; },
      [&]() -> Value {
        return arith::DivUIOp::create(builder, loc, lhs, divisor);
      });
}

Value KernelBuilder::rem(Value lhs, int64_t rhs) {
  if (rhs == 1)
    return index(0);
  Value divisor = index(rhs);
  return foldOr(
      builder, loc, lhs, divisor, [](int64_t a, int64_t b) { return a % b; },
      [&]() -> Value {
        return arith::RemUIOp::create(builder, loc, lhs, divisor);
      });
}

Value KernelBuilder::minimum(Value lhs, Value rhs) {
  return foldOr(
      builder, loc, lhs, rhs,
      [](int64_t a, int64_t b) { return std::min(a, b); },
      [&]() -> Value {
        return arith::MinSIOp::create(builder, loc, lhs, rhs);
      });
}

Value KernelBuilder::maximum(Value lhs, Value rhs) {
  return foldOr(
      builder, loc, lhs, rhs,
      [](int64_t a, int64_t b) { return std::max(a, b); },
      [&]() -> Value {
        return arith::MaxSIOp::create(builder, loc, lhs, rhs);
      });
}

Value KernelBuilder::dim(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return index(type.getDimSize(dim));
  return memref::DimOp::create(builder, loc, memref, dim);
}

Value KernelBuilder::loadScalar(Value memref, ValueRange indices) {
  return memref::LoadOp::create(builder, loc, memref, indices);
}

void KernelBuilder::storeScalar(Value value, Value memref, ValueRange indices) {
  memref::StoreOp::create(builder, loc, value, memref, indices);
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

Value KernelBuilder::splat(double value) {
  return splat(value, builder.getF32Type());
}

Value KernelBuilder::splat(double value, FloatType element) {
  Attribute attribute = builder.getFloatAttr(element, value);
  return arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(vectorOf(element), attribute));
}

Value KernelBuilder::convert(Value vector, FloatType element) {
  unsigned from =
      getElementTypeOrSelf(vector.getType()).getIntOrFloatBitWidth();
  if (element.getWidth() > from)
    return arith::ExtFOp::create(builder, loc, vectorOf(element), vector);
  if (element.getWidth() < from)
    return arith::TruncFOp::create(builder, loc, vectorOf(element), vector);
  return vector;
}

Value KernelBuilder::splat(Value scalar) {
  return vector::BroadcastOp::create(
      builder, loc, VectorType::get({lanes}, scalar.getType()), scalar);
}

Value KernelBuilder::mask(int64_t count) {
  return vector::ConstantMaskOp::create(
      builder, loc, VectorType::get({lanes}, builder.getI1Type()),
      builder.getDenseI64ArrayAttr({count}));
}

Value KernelBuilder::mask(Value count) {
  return vector::CreateMaskOp::create(
      builder, loc, VectorType::get({lanes}, builder.getI1Type()), count);
}

int64_t KernelBuilder::vectorsFor(Value count) {
  std::optional<int64_t> elements = getConstantIntValue(count);
  return elements ? vectorsFor(*elements) : 1;
}

Value KernelBuilder::load(Value memref, ValueRange indices, int64_t count) {
  auto element = cast<FloatType>(getElementTypeOrSelf(memref.getType()));
  if (count >= lanes)
    return vector::LoadOp::create(builder, loc, vectorOf(element), memref,
                                  indices);
  return vector::MaskedLoadOp::create(builder, loc, vectorOf(element), memref,
                                      indices, mask(count),
                                      splat(0.0, element));
}

void KernelBuilder::store(Value vector, Value memref, ValueRange indices,
                          int64_t count) {
  if (count >= lanes)
    vector::StoreOp::create(builder, loc, vector, memref, indices);
  else
    vector::MaskedStoreOp::create(builder, loc, memref, indices, mask(count),
                                  vector);
}

Value KernelBuilder::load(Value memref, ValueRange indices, Value count) {
  if (std::optional<int64_t> elements = getConstantIntValue(count))
    return load(memref, indices, *elements);
  auto element = cast<FloatType>(getElementTypeOrSelf(memref.getType()));
  return vector::MaskedLoadOp::create(builder, loc, vectorOf(element), memref,
                                      indices, mask(count),
                                      splat(0.0, element));
}

void KernelBuilder::store(Value vector, Value memref, ValueRange indices,
                          Value count) {
  if (std::optional<int64_t> elements = getConstantIntValue(count))
    return store(vector, memref, indices, *elements);
  vector::MaskedStoreOp::create(builder, loc, memref, indices, mask(count),
                                vector);
}

Value KernelBuilder::keepFirst(Value vector, int64_t count) {
  if (count >= lanes)
    return vector;
  return arith::SelectOp::create(builder, loc, mask(count), vector, splat(0.0));
}

Value KernelBuilder::addF(Value lhs, Value rhs) {
  return arith::AddFOp::create(builder, loc, lhs, rhs);
}

Value KernelBuilder::subF(Value lhs, Value rhs) {
  return arith::SubFOp::create(builder, loc, lhs, rhs);
}

Value KernelBuilder::mulF(Value lhs, Value rhs) {
  return arith::MulFOp::create(builder, loc, lhs, rhs);
}

Value KernelBuilder::divF(Value lhs, Value rhs) {
  return arith::DivFOp::create(builder, loc, lhs, rhs);
}

Value KernelBuilder::fma(Value a, Value b, Value c) {
  return math::FmaOp::create(builder, loc, a, b, c);
}

Value KernelBuilder::max(Value lhs, Value rhs) {
  Value greater =
      arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, lhs, rhs);
  return arith::SelectOp::create(builder, loc, greater, lhs, rhs);
}

Value KernelBuilder::reduceAdd(Value vector) {
  return vector::ReductionOp::create(builder, loc, vector::CombiningKind::ADD,
                                     vector);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> KernelBuilder::loop(Value lower, Value upper, int64_t step,
                                       ValueRange inits, LoopBody body) {
  std::optional<int64_t> first = getConstantIntValue(lower);
  std::optional<int64_t> end = getConstantIntValue(upper);
  if (first && end) {
    if (*end <= *first)
      return SmallVector<Value>(inits);
    if (*end - *first <= step)
      return body(lower, inits);
  }
  auto forOp =
      scf::ForOp::create(builder, loc, lower, upper, index(step), inits);
  OpBuilder::InsertionGuard guard(builder);
  Block *block = forOp.getBody();
  builder.setInsertionPointToStart(block);
  SmallVector<Value> results =
      body(forOp.getInductionVar(), forOp.getRegionIterArgs());
  // Without carried values the builder of scf.for has made the terminator.
  if (!inits.empty())
    scf::YieldOp::create(builder, loc, results);
  return SmallVector<Value>(forOp.getResults());
}

void KernelBuilder::loop(Value lower, Value upper, int64_t step,
                         function_ref<void(Value iv)> body) {
  loop(lower, upper, step, ValueRange(),
       [&](Value iv, ValueRange) -> SmallVector<Value> {
         body(iv);
         return {};
       });
}

SmallVector<Value> KernelBuilder::sums(Value upper, int64_t step, int64_t count,
                                       int64_t longest, LoopBody body,
                                       std::optional<int64_t> most) {
  Value zero = index(0);
  SmallVector<Value> zeros(count, splat(0.0));
  std::optional<int64_t> end = getConstantIntValue(upper);
  if (end)
    most = llvm::divideCeil(*end, step);
  if (most && *most <= longest)
    return loop(zero, upper, step, zeros, body);
  // Chains of equal length, if the number of steps is known; and float32 will
  // do for few of them.
  int64_t chain = longest;
  FloatType totalType = builder.getF64Type();
  if (most) {
    int64_t chains = llvm::divideCeil(*most, longest);
    chain = llvm::divideCeil(*most, chains);
    if (chains <= kLongestSum)
      totalType = builder.getF32Type();
  }
  chain *= step;
  SmallVector<Value> totals(count, splat(0.0, totalType));
  totals =
      loop(zero, upper, chain, totals, [&](Value first, ValueRange carried) {
        Value last = add(first, chain);
        if (!end || *end % chain != 0)
          last = minimum(last, upper);
        SmallVector<Value> parts = loop(first, last, step, zeros, body);
        SmallVector<Value> result;
        for (auto [total, part] : llvm::zip_equal(carried, parts))
          result.push_back(addF(total, convert(part, totalType)));
        return result;
      });
  return llvm::map_to_vector(totals, [&](Value total) {
    return convert(total, builder.getF32Type());
  });
}

void KernelBuilder::rowTiles(Value size, int64_t tile,
                             function_ref<void(Value, int64_t)> body) {
  Value zero = index(0);
  if (std::optional<int64_t> rows = getConstantIntValue(size)) {
    // Tiles of equal height, as few as before: 8 and 8 rows, not 14 and 2. A
    // low tile has too few independent sums to keep the FMA units busy.
    if (*rows > 0)
      tile = llvm::divideCeil(*rows, llvm::divideCeil(*rows, tile));
    int64_t full = *rows / tile * tile;
    loop(zero, index(full), tile, [&](Value first) { body(first, tile); });
    if (full != *rows)
      body(index(full), *rows - full);
    return;
  }
  auto fullTiles = [&](Value from, int64_t height) {
    Value end = add(from, mul(floorDiv(sub(size, from), height), height));
    loop(from, end, height, [&](Value first) { body(first, height); });
    return end;
  };
  Value end = fullTiles(zero, tile);
  if (tile > kMostHeights)
    end = fullTiles(end, kMostHeights);
  lastRows(size, end, std::min(tile, kMostHeights), body);
}

void KernelBuilder::lastRows(Value size, Value first, int64_t fewerThan,
                             function_ref<void(Value, int64_t)> body) {
  if (fewerThan <= 1)
    return;
  auto heights = llvm::to_vector(llvm::seq<int64_t>(1, fewerThan));
  auto choice =
      scf::IndexSwitchOp::create(builder, loc, TypeRange(), sub(size, first),
                                 heights, /*caseRegionsCount=*/heights.size());
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&choice.getDefaultRegion());
  scf::YieldOp::create(builder, loc);
  for (auto [height, region] : llvm::zip(heights, choice.getCaseRegions())) {
    builder.createBlock(&region);
    body(first, height);
    scf::YieldOp::create(builder, loc);
  }
}

void KernelBuilder::blocks(Value size, int64_t block,
                           function_ref<void(Value, Value)> body) {
  Value zero = index(0);
  if (std::optional<int64_t> elements = getConstantIntValue(size)) {
    int64_t full = *elements / block * block;
    loop(zero, index(full), block,
         [&](Value first) { body(first, index(block)); });
    if (full != *elements)
      body(index(full), index(*elements - full));
    return;
  }
  Value full = mul(floorDiv(size, block), block);
  loop(zero, full, block, [&](Value first) { body(first, index(block)); });
  loop(full, size, lanes, [&](Value first) { body(first, sub(size, first)); });
}

std::optional<int64_t> KernelBuilder::upperBound(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return type.getDimSize(dim);
  FailureOr<int64_t> bound = ValueBoundsConstraintSet::computeConstantBound(
      presburger::BoundType::UB,
      ValueBoundsConstraintSet::Variable(memref, dim),
      /*stopCondition=*/nullptr, /*closedUB=*/true);
  if (failed(bound))
    return std::nullopt;
  return *bound;
}

Value KernelBuilder::scratch(ArrayRef<int64_t> shape, Type elementType) {
  auto type =
      MemRefType::get(shape, elementType ? elementType : builder.getF32Type());
  return memref::AllocOp::create(builder, loc, type, ValueRange(),
                                 builder.getI64IntegerAttr(kScratchAlignment));
}
