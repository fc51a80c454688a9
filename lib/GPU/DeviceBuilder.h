//===- DeviceBuilder.h - Code of one block of threads -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels are written with a builder of scalar code: what one thread does. It
// makes operations of the dialects arith, math, scf, llvm and nvvm alone, so
// nothing is left to choose on the way to PTX.
//
//   DeviceBuilder kernel(rewriter, loc, function);
//   kernel.setThreads(128);
//   SharedArray tile = kernel.allocateShared(64 * 16);
//   Value k = kernel.thread();
//   kernel.storeShared(kernel.load(x, {row, k}), tile, k);
//   kernel.barrier();
//
// Indices are 32 bit wide: the memory that one block touches around its base
// address has less than 2^31 elements, or the base moves (advance).
//
// Test: test/GPU/lower-kernels.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_DEVICEBUILDER_H
#define PERCEIVER_LIB_GPU_DEVICEBUILDER_H

#include "lib/GPU/DeviceArray.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {

/// Threads of a warp.
inline constexpr int64_t kWarpSize = 32;

/// float32 elements of a block's shared memory, from a byte on.
struct SharedArray {
  int64_t offset = 0;
  int64_t elements = 0;
};

/// An array with its address in registers.
struct DevicePointer {
  /// `!llvm.ptr<1>`, of the view's first element.
  Value base;
  DeviceArray array;
};

class DeviceBuilder {
public:
  /// Code for `kernel` at the insertion point of `rewriter`.
  DeviceBuilder(RewriterBase &rewriter, Location loc, func::FuncOp kernel)
      : rewriter(rewriter), loc(loc), kernel(kernel) {}

  RewriterBase &rewriter;
  Location loc;
  func::FuncOp kernel;

  //===--------------------------------------------------------------------===//
  // Threads
  //===--------------------------------------------------------------------===//

  /// Say how many threads a block has: once, a multiple of kWarpSize.
  void setThreads(int64_t threads);
  int64_t getThreads() const;
  /// Number of this thread in its block, of its warp in the block, and of the
  /// thread in the warp. i32.
  Value thread();
  Value warp();
  Value lane();
  /// Wait for all threads of the block; all of them must get here.
  void barrier();
  /// The f32 or i32 `value` of lane `lane() xor mask`.
  Value shuffleXor(Value value, int64_t mask);
  /// Sum or maximum over groups of `lanes` consecutive lanes, a power of two;
  /// each lane gets it. Always added up in the same order.
  Value sumOverLanes(Value value, int64_t lanes = kWarpSize);
  Value maxOverLanes(Value value, int64_t lanes = kWarpSize);

  //===--------------------------------------------------------------------===//
  // Integers (i32) and truth values (i1)
  //===--------------------------------------------------------------------===//

  Value i32(int64_t value);
  Value add(Value lhs, Value rhs);
  Value add(Value lhs, int64_t rhs) { return add(lhs, i32(rhs)); }
  Value sub(Value lhs, Value rhs);
  Value mul(Value lhs, Value rhs);
  Value mul(Value lhs, int64_t rhs) { return mul(lhs, i32(rhs)); }
  /// Of values that are not negative. A power of two becomes a shift or a mask.
  Value floorDiv(Value lhs, int64_t rhs);
  Value rem(Value lhs, int64_t rhs);
  Value floorDiv(Value lhs, Value rhs);
  Value rem(Value lhs, Value rhs);
  /// The smaller and the larger number, signed, of any width.
  Value minimum(Value lhs, Value rhs);
  Value maximum(Value lhs, Value rhs);
  /// lhs < rhs, signed.
  Value less(Value lhs, Value rhs);
  Value equal(Value lhs, Value rhs);
  Value both(Value lhs, Value rhs);
  Value bitXor(Value lhs, Value rhs);
  Value bitXor(Value lhs, int64_t rhs) { return bitXor(lhs, i32(rhs)); }
  /// Zero, or a vector of zeros.
  Value zero(Type type);
  /// `condition ? yes : no`, of any type.
  Value select(Value condition, Value yes, Value no);
  /// A size or stride as i32, with which no element of the tile is out of
  /// reach.
  Value toI32(OpFoldResult index);

  //===--------------------------------------------------------------------===//
  // float32
  //===--------------------------------------------------------------------===//

  Value f32(double value);
  Value addF(Value lhs, Value rhs);
  Value subF(Value lhs, Value rhs);
  Value negF(Value x);
  Value mulF(Value lhs, Value rhs);
  Value fma(Value a, Value b, Value c);
  /// The larger number; NaN only if both are.
  Value maxF(Value lhs, Value rhs);
  /// 2^x to 2 ulp; 0 where that is below the normal numbers.
  Value exp2(Value x);
  /// 2^x, exactly, of an integer below 128; 0 where that is below the normal
  /// numbers.
  Value powerOfTwo(Value x);
  /// 1 / x to 1 ulp, where both are normal.
  Value reciprocal(Value x);
  /// lhs / rhs, rounded as IEEE says.
  Value divF(Value lhs, Value rhs);
  /// ceil(x).
  Value ceil(Value x);
  /// lhs == rhs, false if one is NaN.
  Value equalF(Value lhs, Value rhs);

  //===--------------------------------------------------------------------===//
  // Control
  //===--------------------------------------------------------------------===//

  using LoopBody = function_ref<SmallVector<Value>(Value iv, ValueRange args)>;
  /// `for iv = lower to upper step step` (i32), carrying `inits`; never
  /// unrolled.
  SmallVector<Value> loop(Value lower, Value upper, int64_t step,
                          ValueRange inits, LoopBody body);
  void loop(Value lower, Value upper, int64_t step,
            function_ref<void(Value iv)> body);
  void ifTrue(Value condition, function_ref<void()> body);
  /// The values of `yes` where `condition` holds, else those of `no`.
  SmallVector<Value> ifElse(Value condition,
                            function_ref<SmallVector<Value>()> yes,
                            function_ref<SmallVector<Value>()> no);

  //===--------------------------------------------------------------------===//
  // Memory of the device
  //===--------------------------------------------------------------------===//

  /// The array behind an operand of the operation. Null, after a diagnostic, if
  /// it cannot be followed.
  FailureOr<DevicePointer> pointer(Value memref);
  /// The pointer `steps` (i32, not negative) further along dimension `dim`, in
  /// 64 bits.
  DevicePointer advance(const DevicePointer &pointer, int64_t dim, Value steps);
  /// The array at `index` of dimension `dim`, which it lacks.
  DevicePointer slice(const DevicePointer &pointer, int64_t dim, Value index);
  /// Where `indices` (i32) stand, in elements: i32.
  Value linearIndex(const DevicePointer &pointer, ValueRange indices);
  /// The address of the element at `indices`, which need not exist, and what
  /// load gives there.
  Value address(const DevicePointer &pointer, ValueRange indices);
  Value loadAt(Value address, Type elementType, int64_t count = 1);
  /// The address `elements` (i32) of a type further along.
  Value moveBy(Value address, Type elementType, Value elements);
  /// The element at `indices`, or `count` of them in the last dimension as
  /// vector<count x T>: no more than the pointer's vectorWidth, from a multiple
  /// of that on.
  Value load(const DevicePointer &pointer, ValueRange indices,
             int64_t count = 1);
  void store(Value value, const DevicePointer &pointer, ValueRange indices);
  /// Whether the truth value at `indices` is true: the byte is not 0.
  Value isTrue(const DevicePointer &pointer, ValueRange indices);
  /// load where `condition` holds, else zeros; memory is not touched then.
  Value loadIf(Value condition, const DevicePointer &pointer,
               ValueRange indices, int64_t count = 1);

  //===--------------------------------------------------------------------===//
  // Shared memory, float32
  //===--------------------------------------------------------------------===//

  /// Take `elements` of the block's shared memory, aligned to 16 bytes.
  SharedArray allocateShared(int64_t elements);
  /// `count` (1, 2, 4) elements from `index` (i32), a multiple of count, on.
  Value loadShared(SharedArray array, Value index, int64_t count = 1);
  void storeShared(Value value, SharedArray array, Value index);
  /// The address of an element of shared memory, one `elements` further along,
  /// and what loadShared gives there: for loops that move many addresses by the
  /// same distance.
  Value sharedAddress(SharedArray array, Value index);
  Value moveShared(Value address, Value elements);
  Value loadSharedAt(Value address, int64_t count = 1);
  /// Start to copy `bytes` (4, 8 or 16) from the address `source` to shared
  /// memory; if `present` (i32) is given only as many, with zeros after them.
  void copyAsync(SharedArray array, Value index, Value source, int64_t bytes,
                 Value present = Value()) {
    copyAsync(sharedAddress(array, index), source, bytes, present);
  }
  void copyAsync(Value target, Value source, int64_t bytes,
                 Value present = Value());
  /// Make a group of the copies started since the last call, and wait for all
  /// of this thread's groups but the `latest` ones. Other threads see what was
  /// copied after a barrier.
  void commitCopies();
  void waitForCopies(int64_t latest);

  //===--------------------------------------------------------------------===//
  // Short vectors
  //===--------------------------------------------------------------------===//

  /// Element `number` of a value of load (itself if it is no vector), and back.
  Value element(Value vector, int64_t number);
  Value vector(ValueRange elements);

private:
  Value constant(TypedAttr value);
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_DEVICEBUILDER_H
