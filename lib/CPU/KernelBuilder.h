//===- KernelBuilder.h - Loops and vectors of kernels -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every kernel is written with: index arithmetic, counted loops and
// vector access to memrefs whose last dimension is contiguous.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_KERNELBUILDER_H
#define PERCEIVER_LIB_CPU_KERNELBUILDER_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>

namespace mlir::perceiver {

/// The most float32 additions in a row that a sum is left to. The error of a
/// sum of n random terms grows with sqrt(n), of n equal ones with n: 64 of them
/// are off by 1e-6. A product of matrices, whose terms cancel, may take longer
/// chains: ending one costs it some thirty loads and stores.
inline constexpr int64_t kLongestSum = 64;
inline constexpr int64_t kLongestProduct = 1024;

/// Builds the code of one kernel. All vectors have `lanes` elements, of float32
/// but for sums that are kept in float64.
class KernelBuilder {
public:
  KernelBuilder(OpBuilder &builder, Location loc, int64_t lanes)
      : builder(builder), loc(loc), lanes(lanes) {}

  OpBuilder &builder;
  Location loc;
  /// Elements of a vector register.
  int64_t lanes;

  VectorType vectorType() { return vectorOf(builder.getF32Type()); }
  VectorType vectorOf(Type element) {
    return VectorType::get({lanes}, element);
  }

  //===--------------------------------------------------------------------===//
  // Scalars
  //===--------------------------------------------------------------------===//

  Value index(int64_t value);
  Value f32(double value);
  Value add(Value lhs, Value rhs);
  Value add(Value lhs, int64_t rhs);
  Value sub(Value lhs, Value rhs);
  Value mul(Value lhs, int64_t rhs);
  Value floorDiv(Value lhs, int64_t rhs);
  Value rem(Value lhs, int64_t rhs);
  Value minimum(Value lhs, Value rhs);
  Value maximum(Value lhs, Value rhs);
  /// Size of a dimension: a constant if it is static.
  Value dim(Value memref, int64_t dim);
  Value loadScalar(Value memref, ValueRange indices);
  void storeScalar(Value value, Value memref, ValueRange indices);

  //===--------------------------------------------------------------------===//
  // Vectors
  //===--------------------------------------------------------------------===//

  /// A float32 vector.
  Value splat(double value);
  Value splat(double value, FloatType element);
  Value splat(Value scalar);
  /// `vector` with elements of `element`, rounded if that has fewer bits.
  Value convert(Value vector, FloatType element);
  /// Vectors that `count` elements fill, the last one perhaps in part.
  int64_t vectorsFor(int64_t count) const {
    return (count + lanes - 1) / lanes;
  }
  /// The same for a block of `blocks`: one, if its size is known at run time
  /// only.
  int64_t vectorsFor(Value count);
  /// Load a vector of the array's elements, of which only the first `count`
  /// exist; the others are zero. `count >= lanes` loads all.
  Value load(Value memref, ValueRange indices, int64_t count);
  Value load(Value memref, ValueRange indices) {
    return load(memref, indices, lanes);
  }
  void store(Value vector, Value memref, ValueRange indices, int64_t count);
  void store(Value vector, Value memref, ValueRange indices) {
    store(vector, memref, indices, lanes);
  }
  /// The same with an index as count, perhaps known at run time only; memory
  /// from there on is not accessed.
  Value load(Value memref, ValueRange indices, Value count);
  void store(Value vector, Value memref, ValueRange indices, Value count);
  /// Zero the elements of `vector` from `count` on.
  Value keepFirst(Value vector, int64_t count);
  Value addF(Value lhs, Value rhs);
  Value subF(Value lhs, Value rhs);
  Value mulF(Value lhs, Value rhs);
  Value divF(Value lhs, Value rhs);
  Value fma(Value a, Value b, Value c);
  /// The larger element; `rhs` where one is NaN. One instruction on x86.
  Value max(Value lhs, Value rhs);
  Value reduceAdd(Value vector);

  //===--------------------------------------------------------------------===//
  // Loops
  //===--------------------------------------------------------------------===//

  using LoopBody = function_ref<SmallVector<Value>(Value iv, ValueRange args)>;
  /// `for iv = lower to upper step step`, carrying `inits`. A loop of one
  /// static iteration is no loop.
  SmallVector<Value> loop(Value lower, Value upper, int64_t step,
                          ValueRange inits, LoopBody body);
  void loop(Value lower, Value upper, int64_t step,
            function_ref<void(Value iv)> body);

  /// A loop from 0 on that carries `count` sums of float32 vectors, 0 before
  /// the first step. Chains of at most `longest` additions are summed, in
  /// float64 if there may be many, so that rounding does not show in sums of
  /// many terms. `most` bounds the number of steps, if it is known when `upper`
  /// is not.
  SmallVector<Value> sums(Value upper, int64_t step, int64_t count,
                          int64_t longest, LoopBody body,
                          std::optional<int64_t> most = std::nullopt);

  /// Visit `size` rows in tiles of at most `tile` rows: equal ones in a loop,
  /// then the rest, as one tile. Where the number of rows is known at run time
  /// only, a switch chooses among tiles of all heights that the rest may have.
  void rowTiles(Value size, int64_t tile,
                function_ref<void(Value first, int64_t rows)> body);

  /// Visit `size` elements a block at a time: full blocks of `block` elements
  /// in a loop, then the rest, as one block if its size is static, else in
  /// vectors. The body gets how many elements exist from `first` on.
  void blocks(Value size, int64_t block,
              function_ref<void(Value first, Value count)> body);

  /// The most that a dimension can be, if that is known.
  std::optional<int64_t> upperBound(Value memref, int64_t dim);
  /// A new buffer for the kernel's own use.
  Value scratch(ArrayRef<int64_t> shape, Type elementType = {});

private:
  Value mask(int64_t count);
  Value mask(Value count);
  /// Visit the rows from `first` to `size`, fewer than `fewerThan`, as a tile.
  void lastRows(Value size, Value first, int64_t fewerThan,
                function_ref<void(Value first, int64_t rows)> body);
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_KERNELBUILDER_H
