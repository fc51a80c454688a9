//===- LowerLayerNorm.cpp - The kernel of layer normalisation ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A warp has a row. Its lanes hold vectors of it in turn, in registers where
// the row fits, and otherwise read it again for each of
//
//   about  = sum(x) / C                    // close to the mean
//   shift  = sum(x - about) / C            // what is missing
//   scale  = 1 / sqrt(sum((x - about)^2) / C - shift^2 + epsilon)
//   y      = (x - about - shift) * scale * gain + bias
//
// Each lane adds up its own elements in order, then lanes in pairs.
//
// Where a row of the input is wider than what is normalised, the last vector
// may hold more than counts: that is replaced by zeros as soon as it is loaded.
//
// Test: test/GPU/lower-rows.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/RowOps.h"
#include "lib/GPU/DeviceBuilder.h"
#include "lib/GPU/OperationModels.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Rows that are worked on at once.
static constexpr int64_t kWarps = 8;
static constexpr int64_t kWidest = 4;
/// Elements of a row that a lane holds at most.
static constexpr int64_t kHeld = 64;
/// Additions in a row before a sum is added to another.
static constexpr int64_t kLongestSum = 64;

namespace {
/// Columns of a row, a vector for each lane of a warp at a time.
class LaneColumns {
public:
  LaneColumns(DeviceBuilder &kernel, int64_t channels, int64_t width)
      : kernel(kernel), channels(channels), width(width) {}

  int64_t step() const { return kWarpSize * width; }
  /// Columns that vectors hold.
  int64_t held() const { return llvm::alignTo(channels, width); }
  /// Vectors that all lanes have; some have one more.
  int64_t whole() const { return held() / step(); }
  bool hasRest() const { return held() % step() != 0; }
  /// Elements of the row's last vector that do not count.
  int64_t excess() const { return held() - channels; }

  /// The first column of this lane's vector `number`.
  Value column(Value number) {
    return kernel.add(kernel.mul(number, step()),
                      kernel.mul(kernel.lane(), width));
  }
  /// Whether this lane has a vector after the last whole one.
  Value isInside(Value column) {
    return kernel.less(column, kernel.i32(held()));
  }

  DeviceBuilder &kernel;
  int64_t channels, width;
};

/// Consecutive elements of a row in one lane.
struct LaneVector {
  Value column;
  SmallVector<Value> elements;
  /// Of each element whether it counts; null where it does for certain. Those
  /// that do not are zeros.
  SmallVector<Value> counts;
};

/// The normalisation of one row.
struct RowNorm {
  /// Adds the elements of a vector to sums.
  using Terms =
      function_ref<void(const LaneVector &vector, SmallVector<Value> &sums)>;

  LaneColumns columns;
  DevicePointer input;
  SmallVector<Value> row;
  /// This lane's vectors, where they are in registers.
  SmallVector<LaneVector> vectors;

  SmallVector<Value> at(Value column) {
    SmallVector<Value> indices = row;
    indices.push_back(column);
    return indices;
  }

  /// A vector of the row; zeros where `isInside` is given and false. `isLast`
  /// says whether it may be the row's last one.
  LaneVector load(Value column, Value isInside, bool isLast) {
    DeviceBuilder &kernel = columns.kernel;
    Value vector =
        isInside ? kernel.loadIf(isInside, input, at(column), columns.width)
                 : kernel.load(input, at(column), columns.width);
    LaneVector result = {column, {}, {}};
    int64_t certain = columns.width - (isLast ? columns.excess() : 0);
    for (int64_t i = 0; i < columns.width; ++i) {
      Value element = kernel.element(vector, i), counts = isInside;
      if (i >= certain) {
        counts =
            kernel.less(kernel.add(column, i), kernel.i32(columns.channels));
        element = kernel.select(counts, element, kernel.f32(0.0));
      }
      result.elements.push_back(element);
      result.counts.push_back(counts);
    }
    return result;
  }

  /// The vector `number` of those that all lanes have.
  LaneVector loadWhole(Value number, bool isLast) {
    return load(columns.column(number), Value(), isLast && !columns.hasRest());
  }
  /// The one that some lanes have; with `isInside` all may ask for it.
  LaneVector loadRest(bool mayLack) {
    Value column = columns.column(columns.kernel.i32(columns.whole()));
    return load(column, mayLack ? columns.isInside(column) : Value(), true);
  }

  void hold() {
    DeviceBuilder &kernel = columns.kernel;
    for (int64_t number = 0; number < columns.whole(); ++number)
      vectors.push_back(
          loadWhole(kernel.i32(number), number + 1 == columns.whole()));
    if (columns.hasRest())
      vectors.push_back(loadRest(/*mayLack=*/true));
  }

  /// Visit this lane's vectors, in order. `body` may read and write more where
  /// they are.
  void visit(function_ref<void(const LaneVector &)> body) {
    DeviceBuilder &kernel = columns.kernel;
    bool isHeld = !vectors.empty();
    if (isHeld)
      for (int64_t number = 0; number < columns.whole(); ++number)
        body(vectors[number]);
    else
      kernel.loop(kernel.i32(0), kernel.i32(columns.whole()), 1,
                  [&](Value number) { body(loadWhole(number, true)); });
    if (!columns.hasRest())
      return;
    Value column = columns.column(kernel.i32(columns.whole()));
    kernel.ifTrue(columns.isInside(column), [&] {
      body(isHeld ? vectors.back() : loadRest(/*mayLack=*/false));
    });
  }

  /// Sums over the row, of which `terms` adds those of a vector.
  SmallVector<Value> sum(int64_t count, Terms terms) {
    DeviceBuilder &kernel = columns.kernel;
    SmallVector<Value> sums(count, kernel.f32(0.0));
    for (const LaneVector &vector : vectors)
      terms(vector, sums);
    if (vectors.empty()) {
      sums = sumInMemory(sums, terms);
      if (columns.hasRest())
        terms(loadRest(/*mayLack=*/true), sums);
    }
    for (Value &value : sums)
      value = kernel.sumOverLanes(value);
    return sums;
  }

private:
  /// Of the whole vectors of a row that is not held.
  SmallVector<Value> sumInMemory(ArrayRef<Value> zeros, Terms terms) {
    DeviceBuilder &kernel = columns.kernel;
    int64_t chain = kLongestSum / columns.width;
    Value whole = kernel.i32(columns.whole());
    return kernel.loop(kernel.i32(0), whole, chain, zeros,
                       [&](Value first, ValueRange totals) {
                         SmallVector<Value> parts = kernel.loop(
                             first,
                             kernel.minimum(kernel.add(first, chain), whole), 1,
                             zeros, [&](Value number, ValueRange carried) {
                               auto sums = llvm::to_vector_of<Value>(carried);
                               terms(loadWhole(number, true), sums);
                               return sums;
                             });
                         for (auto [part, total] : llvm::zip(parts, totals))
                           part = kernel.addF(total, part);
                         return parts;
                       });
  }
};
} // namespace

/// `1 / sqrt(variance + epsilon)` of what was added up about a number that is
/// `shift` away from the mean.
static Value getScale(DeviceBuilder &kernel, Value squares, Value shift,
                      double epsilon) {
  Value variance = kernel.subF(squares, kernel.mulF(shift, shift));
  // Equal values far from zero leave rounding errors of either sign. A NaN
  // stays one.
  variance = arith::MaximumFOp::create(kernel.rewriter, kernel.loc, variance,
                                       kernel.f32(0.0));
  Value deviation = math::SqrtOp::create(
      kernel.rewriter, kernel.loc, kernel.addF(variance, kernel.f32(epsilon)));
  return kernel.divF(kernel.f32(1.0), deviation);
}

namespace {
/// The arrays of the operation. Gain and bias are there or not.
struct NormArrays {
  DevicePointer input, init;
  std::optional<DevicePointer> gain, bias;
};
} // namespace

static void normalise(DeviceBuilder &kernel, const NormArrays &arrays,
                      LaneColumns columns, SmallVector<Value> row,
                      double epsilon) {
  RowNorm norm = {columns, arrays.input, row, {}};
  if (columns.held() <= kHeld * kWarpSize)
    norm.hold();
  auto average = [&](Value sum) {
    return kernel.mulF(sum, kernel.f32(1.0 / double(columns.channels)));
  };
  // Elements that do not count are zeros and add nothing.
  Value about = average(
      norm.sum(1, [&](const LaneVector &vector, SmallVector<Value> &sums) {
        for (Value element : vector.elements)
          sums[0] = kernel.addF(sums[0], element);
      })[0]);
  SmallVector<Value> moments =
      norm.sum(2, [&](const LaneVector &vector, SmallVector<Value> &sums) {
        for (auto [element, counts] :
             llvm::zip_equal(vector.elements, vector.counts)) {
          Value difference = kernel.subF(element, about);
          if (counts)
            difference = kernel.select(counts, difference, kernel.f32(0.0));
          sums[0] = kernel.addF(sums[0], difference);
          sums[1] = kernel.fma(difference, difference, sums[1]);
        }
      });
  Value shift = average(moments[0]);
  Value scale = getScale(kernel, average(moments[1]), shift, epsilon);
  norm.visit([&](const LaneVector &vector) {
    Value gain, bias;
    if (arrays.gain) {
      gain = kernel.load(*arrays.gain, vector.column, columns.width);
      bias = kernel.load(*arrays.bias, vector.column, columns.width);
    }
    int64_t certain = columns.width - columns.excess();
    SmallVector<Value> results;
    for (auto [number, element] : llvm::enumerate(vector.elements)) {
      Value result =
          kernel.mulF(kernel.subF(kernel.subF(element, about), shift), scale);
      if (gain)
        result = kernel.fma(result, kernel.element(gain, number),
                            kernel.element(bias, number));
      Value counts = vector.counts[number];
      if (counts && static_cast<int64_t>(number) >= certain)
        result = kernel.select(counts, result, kernel.f32(0.0));
      results.push_back(result);
    }
    kernel.store(kernel.vector(results), arrays.init, norm.at(vector.column));
  });
  // What follows the last vector.
  int64_t end = *arrays.init.array.staticSize(arrays.init.array.rank() - 1);
  if (columns.held() == end)
    return;
  SmallVector<Value> zeros(columns.width, kernel.f32(0.0));
  kernel.loop(
      kernel.add(kernel.mul(kernel.lane(), columns.width), columns.held()),
      kernel.i32(end), columns.step(), [&](Value column) {
        kernel.store(kernel.vector(zeros), arrays.init, norm.at(column));
      });
}

static LogicalResult lowerLayerNorm(block::LayerNormOp op,
                                    DeviceBuilder &kernel) {
  NormArrays arrays;
  int64_t width = kWidest;
  auto find = [&](Value memref) {
    FailureOr<DevicePointer> pointer = kernel.pointer(memref);
    if (succeeded(pointer))
      width = std::min(width, pointer->array.vectorWidth(kWidest));
    return pointer;
  };
  FailureOr<DevicePointer> input = find(op.getInput());
  FailureOr<DevicePointer> init = find(op.getInit());
  if (failed(input) || failed(init))
    return failure();
  arrays.input = *input;
  arrays.init = *init;
  if (op.getGain()) {
    FailureOr<DevicePointer> gain = find(op.getGain());
    FailureOr<DevicePointer> bias = find(op.getBias());
    if (failed(gain) || failed(bias))
      return failure();
    arrays.gain = *gain;
    arrays.bias = *bias;
  }
  int64_t rank = init->array.rank();
  std::optional<int64_t> columns = init->array.staticSize(rank - 1);
  std::optional<int64_t> inputs = input->array.staticSize(rank - 1);
  if (!columns || !inputs)
    return op.emitOpError("expected static channels, but got ")
           << op.getInit().getType();
  // Vectors are whole in the result, and read nothing behind the input.
  int64_t channels = op.getNormalizedChannels();
  while (*columns % width != 0 ||
         llvm::alignTo(channels, width) > static_cast<uint64_t>(*inputs))
    width /= 2;

  int64_t warps = kWarps;
  if (std::optional<int64_t> rows = init->array.staticSize(rank - 2))
    warps = std::min(warps, std::max<int64_t>(*rows, 1));
  kernel.setThreads(warps * kWarpSize);
  LaneColumns lanes(kernel, channels, width);
  double epsilon = op.getEpsilon().convertToDouble();
  auto rows = [&](SmallVector<Value> batch) {
    kernel.loop(kernel.warp(), kernel.toI32(init->array.sizes[rank - 2]), warps,
                [&](Value number) {
                  SmallVector<Value> row = batch;
                  row.push_back(number);
                  normalise(kernel, arrays, lanes, row, epsilon);
                });
  };
  if (rank == 2)
    rows({});
  else
    kernel.loop(kernel.i32(0), kernel.toI32(init->array.sizes[0]), 1,
                [&](Value entry) { rows({entry}); });
  return success();
}

void perceiver::attachGPUNormKernel(MLIRContext *context) {
  using block::LayerNormOp;
  LayerNormOp::attachInterface<GPUKernel<LayerNormOp, lowerLayerNorm>,
                               GPUStrategyOf<LayerNormOp, chooseGPURows>>(
      *context);
}
