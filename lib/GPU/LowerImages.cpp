//===- LowerImages.cpp - Kernels of windows of images ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// windows and max_pool: each element of the result finds its window, and the
// pixels of that which lie in the image.
//
// Test: test/GPU/lower-images.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/ImageOps.h"
#include "dialect/Windows.h"
#include "lib/GPU/OperationModels.h"
#include "lib/GPU/RowsKernel.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// The pixels of windows.
class WindowPixels {
public:
  WindowPixels(DeviceBuilder &kernel, const DevicePointer &image,
               ArrayRef<AxisWindows> axes, Value offset)
      : kernel(kernel), image(image), axes(axes), offset(offset) {}

  /// Where a window begins: a pixel that may lie outside.
  struct Window {
    Value batch, top, left;
  };
  Window find(ArrayRef<Value> row);

  /// `count` channels of pixel (u, v) of a window, zeros outside, and whether
  /// it is in the image.
  std::pair<Value, Value> load(const Window &window, Value u, Value v,
                               Value channel, int64_t count);

private:
  Value length(int64_t axis) {
    return kernel.toI32(image.array.sizes[axis + 1]);
  }
  Value count(int64_t axis);
  Value low(int64_t axis);

  DeviceBuilder &kernel;
  const DevicePointer &image;
  ArrayRef<AxisWindows> axes;
  Value offset;
};
} // namespace

Value WindowPixels::count(int64_t number) {
  const AxisWindows &axis = axes[number];
  if (axis.isSame)
    return kernel.floorDiv(kernel.add(length(number), axis.stride - 1),
                           axis.stride);
  Value reach = kernel.add(length(number), axis.low + axis.high - axis.size);
  return kernel.add(kernel.floorDiv(reach, axis.stride), 1);
}

Value WindowPixels::low(int64_t number) {
  const AxisWindows &axis = axes[number];
  if (!axis.isSame)
    return kernel.i32(axis.low);
  Value last = kernel.mul(kernel.add(count(number), -1), axis.stride);
  Value reach = kernel.sub(kernel.add(last, axis.size), length(number));
  return kernel.floorDiv(kernel.maximum(reach, kernel.i32(0)), 2);
}

WindowPixels::Window WindowPixels::find(ArrayRef<Value> row) {
  Value number = kernel.add(row.back(), offset), across = count(1);
  Value i = kernel.floorDiv(number, across), j = kernel.rem(number, across);
  return {row.front(), kernel.sub(kernel.mul(i, axes[0].stride), low(0)),
          kernel.sub(kernel.mul(j, axes[1].stride), low(1))};
}

std::pair<Value, Value> WindowPixels::load(const Window &window, Value u,
                                           Value v, Value channel,
                                           int64_t count) {
  Value y = kernel.add(window.top, u), x = kernel.add(window.left, v);
  auto isInside = [&](Value place, int64_t axis) {
    return kernel.both(kernel.less(kernel.i32(-1), place),
                       kernel.less(place, length(axis)));
  };
  Value inside = kernel.both(isInside(y, 0), isInside(x, 1));
  return {kernel.loadIf(inside, image, {window.batch, y, x, channel}, count),
          inside};
}

/// The rows that `op` fills and the image that it reads, in vectors of
/// channels.
template <typename OpTy>
static FailureOr<std::pair<RowsKernel, DevicePointer>>
prepare(OpTy op, DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  FailureOr<DevicePointer> image = rows->getInput(
      op.getInput(), cast<MemRefType>(op.getInput().getType()).getDimSize(3));
  if (failed(image))
    return failure();
  return std::pair(std::move(*rows), *image);
}

static LogicalResult lowerWindows(block::WindowsOp op, DeviceBuilder &kernel) {
  auto prepared = prepare(op, kernel);
  if (failed(prepared))
    return failure();
  RowsKernel &rows = prepared->first;
  DevicePointer &image = prepared->second;
  SmallVector<AxisWindows, 2> axes =
      getWindows(op.getSize(), op.getStride(), op.getPaddingAttr());
  Value offset = op.getOffset() ? kernel.toI32(op.getOffset()) : kernel.i32(0);
  WindowPixels pixels(kernel, image, axes, offset);
  int64_t channels = *image.array.staticSize(3), width = rows.width;
  rows.emit([&](ArrayRef<Value> row, Value column) {
    Value pixel = kernel.floorDiv(column, channels);
    return pixels
        .load(pixels.find(row), kernel.floorDiv(pixel, axes[1].size),
              kernel.rem(pixel, axes[1].size), kernel.rem(column, channels),
              width)
        .first;
  });
  return success();
}

/// The larger number, or NaN if there is one.
static Value larger(DeviceBuilder &kernel, Value a, Value b) {
  auto compare = [&](arith::CmpFPredicate predicate, Value x,
                     Value y) -> Value {
    return arith::CmpFOp::create(kernel.rewriter, kernel.loc, predicate, x, y);
  };
  Value isLarger = compare(arith::CmpFPredicate::OGT, b, a);
  Value isNaN = compare(arith::CmpFPredicate::UNO, b, b);
  Value takes =
      arith::OrIOp::create(kernel.rewriter, kernel.loc, isLarger, isNaN);
  return kernel.select(takes, b, a);
}

static LogicalResult lowerMaxPool(block::MaxPoolOp op, DeviceBuilder &kernel) {
  auto prepared = prepare(op, kernel);
  if (failed(prepared))
    return failure();
  RowsKernel &rows = prepared->first;
  DevicePointer &image = prepared->second;
  SmallVector<AxisWindows, 2> axes =
      getWindows(op.getSize(), op.getStride(), op.getPaddingAttr());
  Value offset = op.getOffset() ? kernel.toI32(op.getOffset()) : kernel.i32(0);
  WindowPixels pixels(kernel, image, axes, offset);
  Value least = kernel.f32(-std::numeric_limits<double>::infinity());
  int64_t width = rows.width;
  rows.emit([&](ArrayRef<Value> row, Value column) {
    WindowPixels::Window window = pixels.find(row);
    auto visit = [&](Value u, Value v, ValueRange largest) {
      auto [vector, isInside] = pixels.load(window, u, v, column, width);
      SmallVector<Value> results;
      for (int64_t i = 0; i < width; ++i) {
        Value element =
            kernel.select(isInside, kernel.element(vector, i), least);
        results.push_back(larger(kernel, largest[i], element));
      }
      return results;
    };
    using Values = SmallVector<Value>;
    Value zero = kernel.i32(0);
    return kernel.vector(kernel.loop(
        zero, kernel.i32(axes[0].size), 1, Values(width, least),
        [&](Value u, ValueRange outer) -> Values {
          return kernel.loop(zero, kernel.i32(axes[1].size), 1, outer,
                             [&](Value v, ValueRange inner) -> Values {
                               return visit(u, v, inner);
                             });
        }));
  });
  return success();
}

void perceiver::attachGPUImageKernels(MLIRContext *context) {
  using namespace block;
  MaxPoolOp::attachInterface<GPUKernel<MaxPoolOp, lowerMaxPool>,
                             GPUStrategyOf<MaxPoolOp, chooseGPURows>>(*context);
  WindowsOp::attachInterface<GPUKernel<WindowsOp, lowerWindows>,
                             GPUStrategyOf<WindowsOp, chooseGPURows>>(*context);
}
