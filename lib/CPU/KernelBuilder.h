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

/// Builds the code of one kernel. All vectors are `vector<lanes x f32>`.
class KernelBuilder {
public:
  KernelBuilder(OpBuilder &builder, Location loc, int64_t lanes)
      : builder(builder), loc(loc), lanes(lanes) {}

  OpBuilder &builder;
  Location loc;
  /// Elements of a vector register.
  int64_t lanes;

  VectorType vectorType() {
    return VectorType::get({lanes}, builder.getF32Type());
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
  /// Size of a dimension: a constant if it is static.
  Value dim(Value memref, int64_t dim);
  Value loadScalar(Value memref, ValueRange indices);
  void storeScalar(Value value, Value memref, ValueRange indices);

  //===--------------------------------------------------------------------===//
  // Vectors
  //===--------------------------------------------------------------------===//

  Value splat(double value);
  Value splat(Value scalar);
  /// Vectors that `count` elements fill, the last one perhaps in part.
  int64_t vectorsFor(int64_t count) const {
    return (count + lanes - 1) / lanes;
  }
  /// The same for a block of `blocks`: one, if its size is known at run time
  /// only.
  int64_t vectorsFor(Value count);
  /// Load a vector; of its elements only the first `count` exist, the others
  /// are zero. `count >= lanes` loads all.
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

  /// Visit `size` rows in tiles of at most `tile` rows: equal ones in a loop,
  /// then the rest, as one tile if its height is static, else row by row.
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
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_KERNELBUILDER_H
