//===- LowerLayouts.cpp - Moving elements ---------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// transpose and concat_rows. A transposition is loops over the dimensions of
// the result; what is inside of them depends on its last dimension:
//
// * it is the last one of the input: vectors are copied;
// * it has a vector of elements or more: squares of registers are transposed;
// * else elements are copied one by one, each time a few side by side.
//
// Test: test/CPU/lower-layouts.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/LayoutOps.h"
#include "lib/CPU/OperationModels.h"
#include "lib/CPU/RowLoops.h"
#include "lib/CPU/Transpose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Transpositions
//===----------------------------------------------------------------------===//

namespace {
/// One transposition being lowered.
class TransposeKernel {
public:
  TransposeKernel(RewriterBase &rewriter, block::TransposeOp op,
                  const VectorTarget &target)
      : kernel(rewriter, op.getLoc(), target.lanes), input(op.getInput()),
        init(op.getInit()), permutation(op.getPermutation()),
        last(memrefTypeOf(init).getRank() - 1), indices(last + 1) {}

  void run() {
    MemRefType type = memrefTypeOf(init);
    if (!type.getElementType().isF32() || !type.isLastDimUnitStride() ||
        !memrefTypeOf(input).isLastDimUnitStride())
      return forEach(0, std::nullopt, [&] { copyElements(); });
    if (permutation[last] == last)
      return forEach(0, std::nullopt, [&] { copyVectors(); });
    if (!type.isDynamicDim(last) && type.getDimSize(last) < kernel.lanes)
      return forEach(0, std::nullopt, [&] { copyElements(); });
    int64_t contiguous = llvm::find(permutation, last) - permutation.begin();
    forEach(0, contiguous, [&] { transposeSquares(contiguous); });
  }

private:
  /// Loops over the dimensions of the result from `dim` on but for the last one
  /// and for `left`.
  void forEach(int64_t dim, std::optional<int64_t> left,
               function_ref<void()> body) {
    if (dim == last)
      return body();
    if (dim == left)
      return forEach(dim + 1, left, body);
    kernel.loop(kernel.index(0), kernel.dim(init, dim), 1, [&](Value index) {
      indices[dim] = index;
      forEach(dim + 1, left, body);
    });
  }

  /// The place in the input of a place in the result.
  SmallVector<Value> inInput(ArrayRef<Value> place) {
    SmallVector<Value> result(place.size());
    for (auto [from, index] : llvm::zip_equal(permutation, place))
      result[from] = index;
    return result;
  }

  void copyElements() {
    kernel.loop(kernel.index(0), kernel.dim(init, last), 1, [&](Value index) {
      indices[last] = index;
      kernel.storeScalar(kernel.loadScalar(input, inInput(indices)), init,
                         indices);
    });
  }

  void copyVectors() {
    kernel.blocks(kernel.dim(init, last), kernel.lanes,
                  [&](Value first, Value count) {
                    indices[last] = first;
                    kernel.store(kernel.load(input, inInput(indices), count),
                                 init, indices, count);
                  });
  }

  /// The last dimension of the input is `contiguous` in the result.
  void transposeSquares(int64_t contiguous) {
    auto place = [&](Value row, Value column) {
      SmallVector<Value> result = indices;
      result[last] = row;
      result[contiguous] = column;
      return result;
    };
    Transposition transposition;
    transposition.rows = kernel.dim(init, last);
    transposition.columns = kernel.dim(init, contiguous);
    transposition.source = input;
    transposition.destination = init;
    auto sourceAt = [&](Value row, Value column) {
      return inInput(place(row, column));
    };
    auto destinationAt = [&](Value column, Value row) {
      return place(row, column);
    };
    auto map = [](Value vector, Value) { return vector; };
    transposition.sourceAt = sourceAt;
    transposition.destinationAt = destinationAt;
    transposition.map = map;
    emitTranspose(kernel, transposition);
  }

  KernelBuilder kernel;
  Value input, init;
  ArrayRef<int64_t> permutation;
  int64_t last;
  /// Of the loops so far.
  SmallVector<Value> indices;
};
} // namespace

static LogicalResult lowerTranspose(RewriterBase &rewriter,
                                    block::TransposeOp op,
                                    const VectorTarget &target) {
  TransposeKernel(rewriter, op, target).run();
  rewriter.eraseOp(op);
  return success();
}

/// A task has so many rows of the result, of several sizes where one is small.
static Strategy chooseForTranspose(Operation *op, const TileTarget &target) {
  auto type =
      cast<ShapedType>(cast<block::TransposeOp>(op).getInit().getType());
  int64_t loops = type.getRank() - 1;
  std::optional<int64_t> rows;
  if (!type.isDynamicDim(loops - 1))
    rows = type.getDimSize(loops - 1);
  int64_t block = selectRowBlock(rows, target);
  SmallVector<int64_t> task(loops, 1);
  task.back() = block;
  // Small inner dimensions are whole.
  constexpr int64_t kFewest = 64;
  int64_t taken = block;
  for (int64_t dim = loops - 1; dim > 0 && rows == task[dim]; --dim) {
    int64_t wanted = kFewest / taken;
    if (wanted <= 1)
      break;
    rows = std::nullopt;
    if (!type.isDynamicDim(dim - 1))
      rows = type.getDimSize(dim - 1);
    task[dim - 1] = std::min(rows.value_or(wanted), wanted);
    taken *= task[dim - 1];
  }
  return {TilingAttr::get(op->getContext(), task),
          "a task is " + std::to_string(taken) + " rows at most"};
}

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

static LogicalResult lowerConcatRows(RewriterBase &rewriter,
                                     block::ConcatRowsOp op,
                                     const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  Value init = op.getInit();
  int64_t channels = channelsOf(init), rank = memrefTypeOf(init).getRank();
  if (ShapedType::isDynamic(channels))
    return rewriter.notifyMatchFailure(op, "expected static channels");
  Value zero = kernel.index(0);
  Value offset = op.getOffset() ? op.getOffset() : zero;
  Value end = kernel.add(offset, kernel.dim(init, rank - 2));
  auto copyEntry = [&](SmallVector<Value> batch) {
    // The number of the input's first row among all rows.
    Value begin = zero;
    for (Value input : op.getInputs()) {
      Value rows = kernel.dim(input, memrefTypeOf(input).getRank() - 2);
      Value first = arith::MaxSIOp::create(rewriter, kernel.loc,
                                           kernel.sub(offset, begin), zero);
      Value last = kernel.minimum(rows, kernel.sub(end, begin));
      kernel.loop(first, last, 1, [&](Value n) {
        SmallVector<Value> from = batch, to = batch;
        from.push_back(n);
        to.push_back(kernel.sub(kernel.add(n, begin), offset));
        forEachVector(kernel, channels, [&](Value c, int64_t count) {
          kernel.store(kernel.load(input, at(input, from, c), count), init,
                       at(init, to, c), count);
        });
      });
      begin = kernel.add(begin, rows);
    }
  };
  if (rank == 2)
    copyEntry({});
  else
    kernel.loop(zero, kernel.dim(init, 0), 1, [&](Value b) { copyEntry({b}); });
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

namespace {
struct TransposeModel
    : CPUKernelOpInterface::ExternalModel<TransposeModel, block::TransposeOp> {
  LogicalResult lower(Operation *op, RewriterBase &rewriter,
                      const VectorTarget &target) const {
    return lowerTranspose(rewriter, cast<block::TransposeOp>(op), target);
  }
  bool readsByElement(Operation *, OpOperand &) const { return true; }
  bool takesFloat(Operation *, OpOperand &, FloatType type) const {
    return type.isF64();
  }
};
} // namespace

void perceiver::attachLayoutKernels(MLIRContext *context) {
  using namespace block;
  TransposeOp::attachInterface<TransposeModel,
                               StrategyOf<TransposeOp, chooseForTranspose>>(
      *context);
  ConcatRowsOp::attachInterface<Kernel<ConcatRowsOp, lowerConcatRows>,
                                StrategyOf<ConcatRowsOp, chooseForRows>>(
      *context);
}
