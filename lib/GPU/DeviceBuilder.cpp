//===- DeviceBuilder.cpp - Code of one block of threads ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/DeviceBuilder.h"

#include "dialect/AttributeNames.h"
#include "lib/Execution/Passes.h"
#include "lib/GPU/KernelAttributes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Threads
//===----------------------------------------------------------------------===//

void DeviceBuilder::setThreads(int64_t threads) {
  assert(threads % kWarpSize == 0 && "blocks are of whole warps");
  assert(!kernel->hasAttr(kThreadsAttrName) && "a kernel has one operation");
  kernel->setAttr(kThreadsAttrName, rewriter.getI64IntegerAttr(threads));
}

int64_t DeviceBuilder::getThreads() const {
  return kernel->getAttrOfType<IntegerAttr>(kThreadsAttrName).getInt();
}

Value DeviceBuilder::thread() {
  auto range =
      LLVM::ConstantRangeAttr::get(rewriter.getContext(), 32, 0, getThreads());
  return NVVM::ThreadIdXOp::create(rewriter, loc, rewriter.getI32Type(), range);
}

Value DeviceBuilder::warp() { return floorDiv(thread(), kWarpSize); }

Value DeviceBuilder::lane() { return rem(thread(), kWarpSize); }

void DeviceBuilder::barrier() { NVVM::BarrierOp::create(rewriter, loc); }

Value DeviceBuilder::shuffleXor(Value value, int64_t mask) {
  return NVVM::ShflOp::create(rewriter, loc, value.getType(), i32(-1), value,
                              i32(mask), i32(kWarpSize - 1),
                              NVVM::ShflKind::bfly, UnitAttr());
}

Value DeviceBuilder::sumOverLanes(Value value, int64_t lanes) {
  for (int64_t mask = lanes / 2; mask > 0; mask /= 2)
    value = addF(value, shuffleXor(value, mask));
  return value;
}

Value DeviceBuilder::maxOverLanes(Value value, int64_t lanes) {
  for (int64_t mask = lanes / 2; mask > 0; mask /= 2)
    value = maxF(value, shuffleXor(value, mask));
  return value;
}

//===----------------------------------------------------------------------===//
// Integers and truth values
//===----------------------------------------------------------------------===//

/// Indices of a tile do not wrap, which lets constants become offsets in
/// instructions.
static constexpr arith::IntegerOverflowFlags kNoWrap =
    arith::IntegerOverflowFlags::nsw;

Value DeviceBuilder::constant(TypedAttr value) {
  return arith::ConstantOp::create(rewriter, loc, value);
}

Value DeviceBuilder::i32(int64_t value) {
  return constant(rewriter.getI32IntegerAttr(value));
}

Value DeviceBuilder::add(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::AddIOp>(loc, lhs, rhs, kNoWrap);
}

Value DeviceBuilder::sub(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::SubIOp>(loc, lhs, rhs, kNoWrap);
}

Value DeviceBuilder::mul(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::MulIOp>(loc, lhs, rhs, kNoWrap);
}

Value DeviceBuilder::floorDiv(Value lhs, int64_t rhs) {
  if (llvm::isPowerOf2_64(rhs))
    return rewriter.createOrFold<arith::ShRUIOp>(loc, lhs,
                                                 i32(llvm::Log2_64(rhs)));
  return floorDiv(lhs, i32(rhs));
}

Value DeviceBuilder::rem(Value lhs, int64_t rhs) {
  if (llvm::isPowerOf2_64(rhs))
    return rewriter.createOrFold<arith::AndIOp>(loc, lhs, i32(rhs - 1));
  return rem(lhs, i32(rhs));
}

Value DeviceBuilder::floorDiv(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::DivUIOp>(loc, lhs, rhs);
}

Value DeviceBuilder::rem(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::RemUIOp>(loc, lhs, rhs);
}

Value DeviceBuilder::minimum(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::MinSIOp>(loc, lhs, rhs);
}

Value DeviceBuilder::maximum(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::MaxSIOp>(loc, lhs, rhs);
}

Value DeviceBuilder::less(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::slt,
                                              lhs, rhs);
}

Value DeviceBuilder::equal(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq,
                                              lhs, rhs);
}

Value DeviceBuilder::both(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::AndIOp>(loc, lhs, rhs);
}

Value DeviceBuilder::bitXor(Value lhs, Value rhs) {
  return rewriter.createOrFold<arith::XOrIOp>(loc, lhs, rhs);
}

Value DeviceBuilder::zero(Type type) {
  return constant(cast<TypedAttr>(rewriter.getZeroAttr(type)));
}

Value DeviceBuilder::select(Value condition, Value yes, Value no) {
  return rewriter.createOrFold<arith::SelectOp>(loc, condition, yes, no);
}

Value DeviceBuilder::toI32(OpFoldResult index) {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return i32(*constant);
  return arith::IndexCastOp::create(rewriter, loc, rewriter.getI32Type(),
                                    cast<Value>(index));
}

//===----------------------------------------------------------------------===//
// float32
//===----------------------------------------------------------------------===//

Value DeviceBuilder::f32(double value) {
  return constant(rewriter.getF32FloatAttr(value));
}

Value DeviceBuilder::addF(Value lhs, Value rhs) {
  return arith::AddFOp::create(rewriter, loc, lhs, rhs);
}

Value DeviceBuilder::subF(Value lhs, Value rhs) {
  return arith::SubFOp::create(rewriter, loc, lhs, rhs);
}

Value DeviceBuilder::negF(Value x) {
  return arith::NegFOp::create(rewriter, loc, x);
}

Value DeviceBuilder::mulF(Value lhs, Value rhs) {
  return arith::MulFOp::create(rewriter, loc, lhs, rhs);
}

Value DeviceBuilder::divF(Value lhs, Value rhs) {
  return arith::DivFOp::create(rewriter, loc, lhs, rhs);
}

Value DeviceBuilder::fma(Value a, Value b, Value c) {
  return math::FmaOp::create(rewriter, loc, a, b, c);
}

Value DeviceBuilder::maxF(Value lhs, Value rhs) {
  return arith::MaxNumFOp::create(rewriter, loc, lhs, rhs);
}

Value DeviceBuilder::ceil(Value x) {
  return math::CeilOp::create(rewriter, loc, x);
}

Value DeviceBuilder::equalF(Value lhs, Value rhs) {
  return arith::CmpFOp::create(rewriter, loc, arith::CmpFPredicate::OEQ, lhs,
                               rhs);
}

Value DeviceBuilder::exp2(Value x) {
  // llvm.exp2 selects the form without .ftz, which costs four instructions.
  return LLVM::CallIntrinsicOp::create(
             rewriter, loc, rewriter.getF32Type(),
             rewriter.getStringAttr("llvm.nvvm.ex2.approx.ftz.f32"),
             ValueRange{x})
      .getResult(0);
}

Value DeviceBuilder::powerOfTwo(Value x) {
  constexpr int64_t bias = 127, mantissaBits = 23;
  Type type = rewriter.getI32Type();
  Value least = maxF(x, f32(-bias));
  Value exponent = arith::FPToSIOp::create(rewriter, loc, type, least);
  Value bits = rewriter.createOrFold<arith::ShLIOp>(loc, add(exponent, bias),
                                                    i32(mantissaBits));
  return arith::BitcastOp::create(rewriter, loc, rewriter.getF32Type(), bits);
}

Value DeviceBuilder::reciprocal(Value x) {
  Value guess =
      NVVM::RcpApproxFtzF32Op::create(rewriter, loc, rewriter.getF32Type(), x);
  Value miss = fma(negF(x), guess, f32(1));
  return fma(guess, miss, guess);
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

/// LLVM unrolls loops of unknown length by 8, the assembler by 4; what should
/// be unrolled is unrolled by who writes a kernel.
static void keepRolled(scf::ForOp loop) {
  MLIRContext *context = loop.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/BoolAttr::get(context, true), {}, {}, {}, {}, {},
      {});
  loop->setAttr(kLoopAnnotationAttrName,
                LLVM::LoopAnnotationAttr::get(context, {}, {}, {}, unroll, {},
                                              {}, {}, {}, {}, {}, {}, {}, {},
                                              {}, {}));
}

SmallVector<Value> DeviceBuilder::loop(Value lower, Value upper, int64_t step,
                                       ValueRange inits, LoopBody body) {
  auto loop =
      scf::ForOp::create(rewriter, loc, lower, upper, i32(step), inits,
                         [&](OpBuilder &, Location, Value iv, ValueRange args) {
                           scf::YieldOp::create(rewriter, loc, body(iv, args));
                         });
  keepRolled(loop);
  return llvm::to_vector_of<Value>(loop.getResults());
}

void DeviceBuilder::loop(Value lower, Value upper, int64_t step,
                         function_ref<void(Value iv)> body) {
  loop(lower, upper, step, {}, [&](Value iv, ValueRange) {
    body(iv);
    return SmallVector<Value>();
  });
}

void DeviceBuilder::ifTrue(Value condition, function_ref<void()> body) {
  auto op = scf::IfOp::create(rewriter, loc, condition);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(op.thenBlock());
  body();
}

SmallVector<Value>
DeviceBuilder::ifElse(Value condition, function_ref<SmallVector<Value>()> yes,
                      function_ref<SmallVector<Value>()> no) {
  auto yield = [&](function_ref<SmallVector<Value>()> values) {
    return [this, values](OpBuilder &, Location) {
      scf::YieldOp::create(rewriter, loc, values());
    };
  };
  auto op = scf::IfOp::create(rewriter, loc, condition, yield(yes), yield(no));
  return llvm::to_vector_of<Value>(op.getResults());
}

//===----------------------------------------------------------------------===//
// Memory of the device
//===----------------------------------------------------------------------===//

static int64_t getBytes(Type element) {
  return std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8);
}

/// Truth values are bytes, of which 0 is false. Code knows no unsigned types.
static Type getStoredType(Type element) {
  return element.isInteger(1) || element.isUnsignedInteger(8)
             ? IntegerType::get(element.getContext(), 8)
             : element;
}

/// Elements from `base` on. Constants in the index become part of the
/// instruction.
static Value getAddress(RewriterBase &rewriter, Location loc, Value base,
                        Type element, Value index) {
  return LLVM::GEPOp::create(rewriter, loc, base.getType(), element, base,
                             ArrayRef<LLVM::GEPArg>{index});
}

FailureOr<DevicePointer> DeviceBuilder::pointer(Value memref) {
  FailureOr<DeviceArray> array = getDeviceArray(rewriter, memref);
  if (failed(array))
    return failure();
  DevicePointer pointer;
  pointer.array = *array;
  pointer.base = array->memory;
  if (!isZeroInteger(array->offset)) {
    Value offset =
        getValueOrCreateConstantIndexOp(rewriter, loc, array->offset);
    offset = arith::IndexCastOp::create(rewriter, loc, rewriter.getI64Type(),
                                        offset);
    pointer.base = getAddress(rewriter, loc, pointer.base,
                              getStoredType(array->elementType), offset);
  }
  return pointer;
}

DevicePointer DeviceBuilder::advance(const DevicePointer &pointer, int64_t dim,
                                     Value steps) {
  DevicePointer result = pointer;
  Type i64 = rewriter.getI64Type();
  Value wide = arith::ExtUIOp::create(rewriter, loc, i64, steps);
  Value stride = arith::IndexCastOp::create(
      rewriter, loc, i64,
      getValueOrCreateConstantIndexOp(rewriter, loc,
                                      pointer.array.strides[dim]));
  Value distance =
      rewriter.createOrFold<arith::MulIOp>(loc, wide, stride, kNoWrap);
  result.base = getAddress(rewriter, loc, pointer.base,
                           getStoredType(pointer.array.elementType), distance);
  result.array.alignment =
      std::gcd(pointer.array.alignment,
               getBytes(pointer.array.elementType) * getKnownDivisor(steps) *
                   getKnownDivisor(pointer.array.strides[dim]));
  return result;
}

DevicePointer DeviceBuilder::slice(const DevicePointer &pointer, int64_t dim,
                                   Value index) {
  DevicePointer result = advance(pointer, dim, index);
  result.array.sizes.erase(result.array.sizes.begin() + dim);
  result.array.strides.erase(result.array.strides.begin() + dim);
  return result;
}

Value DeviceBuilder::linearIndex(const DevicePointer &pointer,
                                 ValueRange indices) {
  assert(indices.size() == pointer.array.strides.size());
  Value sum = i32(0);
  for (auto [index, stride] : llvm::zip(indices, pointer.array.strides))
    sum = add(mul(index, toI32(stride)), sum);
  return sum;
}

Value DeviceBuilder::address(const DevicePointer &pointer, ValueRange indices) {
  return getAddress(rewriter, loc, pointer.base,
                    getStoredType(pointer.array.elementType),
                    linearIndex(pointer, indices));
}

Value DeviceBuilder::loadAt(Value address, Type elementType, int64_t count) {
  Type element = getStoredType(elementType);
  Type type = count == 1 ? element : VectorType::get({count}, element);
  return LLVM::LoadOp::create(rewriter, loc, type, address,
                              getBytes(element) * count);
}

Value DeviceBuilder::moveBy(Value address, Type elementType, Value elements) {
  return getAddress(rewriter, loc, address, getStoredType(elementType),
                    elements);
}

Value DeviceBuilder::load(const DevicePointer &pointer, ValueRange indices,
                          int64_t count) {
  return loadAt(address(pointer, indices), pointer.array.elementType, count);
}

void DeviceBuilder::store(Value value, const DevicePointer &pointer,
                          ValueRange indices) {
  Type element = getStoredType(pointer.array.elementType);
  auto vector = dyn_cast<VectorType>(value.getType());
  LLVM::StoreOp::create(rewriter, loc, value, address(pointer, indices),
                        getBytes(element) *
                            (vector ? vector.getNumElements() : 1));
}

Value DeviceBuilder::isTrue(const DevicePointer &pointer, ValueRange indices) {
  Value byte = load(pointer, indices);
  return arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::ne, byte,
                               zero(byte.getType()));
}

Value DeviceBuilder::loadIf(Value condition, const DevicePointer &pointer,
                            ValueRange indices, int64_t count) {
  Type element = getStoredType(pointer.array.elementType);
  Type type = count == 1 ? element : VectorType::get({count}, element);
  return ifElse(
      condition,
      [&] { return SmallVector<Value>{load(pointer, indices, count)}; },
      [&] { return SmallVector<Value>{zero(type)}; })[0];
}

//===----------------------------------------------------------------------===//
// Shared memory
//===----------------------------------------------------------------------===//

static constexpr int64_t kSharedAlignment = 16;

SharedArray DeviceBuilder::allocateShared(int64_t elements) {
  auto taken = kernel->getAttrOfType<IntegerAttr>(kSharedBytesAttrName);
  SharedArray array = {taken ? taken.getInt() : 0, elements};
  int64_t bytes =
      array.offset + llvm::alignTo(elements * sizeof(float), kSharedAlignment);
  kernel->setAttr(kSharedBytesAttrName, rewriter.getI64IntegerAttr(bytes));
  return array;
}

Value DeviceBuilder::sharedAddress(SharedArray array, Value index) {
  Type pointer = LLVM::LLVMPointerType::get(rewriter.getContext(), 3);
  Value memory =
      LLVM::AddressOfOp::create(rewriter, loc, pointer, kSharedMemoryName);
  Value base = LLVM::GEPOp::create(
      rewriter, loc, pointer, rewriter.getI8Type(), memory,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(array.offset)});
  return getAddress(rewriter, loc, base, rewriter.getF32Type(), index);
}

Value DeviceBuilder::moveShared(Value address, Value elements) {
  return getAddress(rewriter, loc, address, rewriter.getF32Type(), elements);
}

Value DeviceBuilder::loadSharedAt(Value address, int64_t count) {
  Type f32 = rewriter.getF32Type();
  Type type = count == 1 ? f32 : VectorType::get({count}, f32);
  return LLVM::LoadOp::create(rewriter, loc, type, address,
                              sizeof(float) * count);
}

Value DeviceBuilder::loadShared(SharedArray array, Value index, int64_t count) {
  return loadSharedAt(sharedAddress(array, index), count);
}

void DeviceBuilder::storeShared(Value value, SharedArray array, Value index) {
  auto vector = dyn_cast<VectorType>(value.getType());
  LLVM::StoreOp::create(rewriter, loc, value, sharedAddress(array, index),
                        sizeof(float) * (vector ? vector.getNumElements() : 1));
}

void DeviceBuilder::copyAsync(Value target, Value source, int64_t bytes,
                              Value present) {
  // Only what is 16 bytes long may pass the first cache by.
  auto cache = bytes == 16 ? NVVM::LoadCacheModifierKind::CG
                           : NVVM::LoadCacheModifierKind::CA;
  NVVM::CpAsyncOp::create(rewriter, loc, target, source, bytes, cache, present);
}

void DeviceBuilder::commitCopies() {
  NVVM::CpAsyncCommitGroupOp::create(rewriter, loc);
}

void DeviceBuilder::waitForCopies(int64_t latest) {
  NVVM::CpAsyncWaitGroupOp::create(rewriter, loc, latest);
}

//===----------------------------------------------------------------------===//
// Short vectors
//===----------------------------------------------------------------------===//

Value DeviceBuilder::element(Value vector, int64_t number) {
  if (!isa<VectorType>(vector.getType()))
    return vector;
  return LLVM::ExtractElementOp::create(rewriter, loc, vector, i32(number));
}

Value DeviceBuilder::vector(ValueRange elements) {
  if (elements.size() == 1)
    return elements[0];
  Value vector = LLVM::PoisonOp::create(
      rewriter, loc,
      VectorType::get({static_cast<int64_t>(elements.size())},
                      elements[0].getType()));
  for (auto [number, value] : llvm::enumerate(elements))
    vector = LLVM::InsertElementOp::create(rewriter, loc, vector, value,
                                           i32(number));
  return vector;
}
