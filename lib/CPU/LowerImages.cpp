//===- LowerImages.cpp - Windows of images --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// windows and max_pool: a loop over the windows, each of which begins at a
// pixel that may lie outside of the image, and inside, vectors of the channels
// of its pixels, of which none exists outside.
//
// Test: test/CPU/lower-images.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/ImageOps.h"
#include "dialect/Windows.h"
#include "lib/CPU/OperationModels.h"
#include "lib/CPU/RowLoops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// The windows of an image and their pixels.
template <typename OpTy>
class WindowKernel {
public:
  WindowKernel(RewriterBase &rewriter, OpTy op, const VectorTarget &target)
      : kernel(rewriter, op.getLoc(), target.lanes), op(op),
        axes(getWindows(op.getSize(), op.getStride(), op.getPaddingAttr())) {}

  /// A pixel of a window and how many of `count` channels it has: none outside.
  struct Pixel {
    Value isInside, y, x;
  };

  /// Call `body` for each window of the destination; `pixel` then knows it.
  void forEachWindow(function_ref<void()> body);
  /// Pixel (u, v) of the window.
  Pixel pixel(Value u, Value v);
  /// Channels of a pixel from `channel` on, zeros outside.
  Value load(const Pixel &pixel, Value channel, int64_t count);

  int64_t channels() { return channelsOf(op.getInput()); }
  const AxisWindows &axis(int64_t number) { return axes[number]; }

  KernelBuilder kernel;
  /// Indices of the window's row in the destination.
  SmallVector<Value> row;

private:
  template <typename ArithOp>
  Value create(Value lhs, Value rhs) {
    return ArithOp::create(kernel.builder, kernel.loc, lhs, rhs);
  }
  Value length(int64_t axis) { return kernel.dim(op.getInput(), axis + 1); }
  /// Windows side by side along an axis.
  Value count(int64_t axis);
  /// Pixels that are missing before the first one.
  Value low(int64_t axis);

  OpTy op;
  SmallVector<AxisWindows, 2> axes;
  /// The window's first pixel.
  Value top, left;
};
} // namespace

template <typename OpTy>
Value WindowKernel<OpTy>::count(int64_t number) {
  const AxisWindows &axis = axes[number];
  if (axis.isSame)
    return kernel.floorDiv(kernel.add(length(number), axis.stride - 1),
                           axis.stride);
  Value reach = kernel.add(length(number), axis.low + axis.high - axis.size);
  return kernel.add(kernel.floorDiv(reach, axis.stride), 1);
}

template <typename OpTy>
Value WindowKernel<OpTy>::low(int64_t number) {
  const AxisWindows &axis = axes[number];
  if (!axis.isSame)
    return kernel.index(axis.low);
  // How far all windows reach beyond the axis.
  Value last = kernel.mul(kernel.add(count(number), -1), axis.stride);
  Value reach = kernel.sub(kernel.add(last, axis.size), length(number));
  return kernel.floorDiv(create<arith::MaxSIOp>(reach, kernel.index(0)), 2);
}

template <typename OpTy>
void WindowKernel<OpTy>::forEachWindow(function_ref<void()> body) {
  Value across = count(1), lowTop = low(0), lowLeft = low(1);
  forEachRow(kernel, op.getInit(), [&](ArrayRef<Value> indices) {
    row = llvm::to_vector(indices);
    Value number = row.back();
    if (op.getOffset())
      number = kernel.add(number, op.getOffset());
    Value i = create<arith::DivUIOp>(number, across);
    Value j = create<arith::RemUIOp>(number, across);
    top = kernel.sub(kernel.mul(i, axes[0].stride), lowTop);
    left = kernel.sub(kernel.mul(j, axes[1].stride), lowLeft);
    body();
  });
}

template <typename OpTy>
typename WindowKernel<OpTy>::Pixel WindowKernel<OpTy>::pixel(Value u, Value v) {
  auto isInside = [&](Value place, int64_t axis) -> Value {
    // What is negative is large.
    return arith::CmpIOp::create(kernel.builder, kernel.loc,
                                 arith::CmpIPredicate::ult, place,
                                 length(axis));
  };
  Pixel pixel;
  pixel.y = kernel.add(top, u);
  pixel.x = kernel.add(left, v);
  pixel.isInside =
      create<arith::AndIOp>(isInside(pixel.y, 0), isInside(pixel.x, 1));
  return pixel;
}

template <typename OpTy>
Value WindowKernel<OpTy>::load(const Pixel &pixel, Value channel,
                               int64_t count) {
  auto orZero = [&](Value index) -> Value {
    return arith::SelectOp::create(kernel.builder, kernel.loc, pixel.isInside,
                                   index, kernel.index(0));
  };
  return kernel.load(op.getInput(),
                     {row.front(), orZero(pixel.y), orZero(pixel.x), channel},
                     orZero(kernel.index(count)));
}

static LogicalResult lowerWindows(RewriterBase &rewriter, block::WindowsOp op,
                                  const VectorTarget &target) {
  WindowKernel<block::WindowsOp> windows(rewriter, op, target);
  KernelBuilder &kernel = windows.kernel;
  int64_t channels = windows.channels(), width = windows.axis(1).size;
  Value zero = kernel.index(0);
  windows.forEachWindow([&] {
    kernel.loop(zero, kernel.index(windows.axis(0).size), 1, [&](Value u) {
      kernel.loop(zero, kernel.index(width), 1, [&](Value v) {
        auto pixel = windows.pixel(u, v);
        Value first = kernel.mul(kernel.add(kernel.mul(u, width), v), channels);
        forEachVector(kernel, channels, [&](Value c, int64_t count) {
          kernel.store(windows.load(pixel, c, count), op.getInit(),
                       at(op.getInit(), windows.row, kernel.add(first, c)),
                       count);
        });
      });
    });
  });
  rewriter.eraseOp(op);
  return success();
}

static LogicalResult lowerMaxPool(RewriterBase &rewriter, block::MaxPoolOp op,
                                  const VectorTarget &target) {
  WindowKernel<block::MaxPoolOp> windows(rewriter, op, target);
  KernelBuilder &kernel = windows.kernel;
  Location loc = kernel.loc;
  Value zero = kernel.index(0);
  Value least = kernel.splat(-std::numeric_limits<double>::infinity());
  windows.forEachWindow([&] {
    forEachVector(kernel, windows.channels(), [&](Value c, int64_t count) {
      auto visit = [&](Value u, Value v, Value largest) -> Value {
        auto pixel = windows.pixel(u, v);
        Value vector =
            arith::SelectOp::create(rewriter, loc, pixel.isInside,
                                    windows.load(pixel, c, count), least);
        return arith::MaximumFOp::create(rewriter, loc, largest, vector);
      };
      using Values = SmallVector<Value>;
      Values largest = kernel.loop(
          zero, kernel.index(windows.axis(0).size), 1, {least},
          [&](Value u, ValueRange outer) -> Values {
            return kernel.loop(zero, kernel.index(windows.axis(1).size), 1,
                               outer, [&](Value v, ValueRange inner) -> Values {
                                 return {visit(u, v, inner[0])};
                               });
          });
      kernel.store(largest[0], op.getInit(), at(op.getInit(), windows.row, c),
                   count);
    });
  });
  rewriter.eraseOp(op);
  return success();
}

void perceiver::attachImageKernels(MLIRContext *context) {
  using namespace block;
  MaxPoolOp::attachInterface<Kernel<MaxPoolOp, lowerMaxPool>,
                             StrategyOf<MaxPoolOp, chooseForRows>>(*context);
  WindowsOp::attachInterface<Kernel<WindowsOp, lowerWindows>,
                             StrategyOf<WindowsOp, chooseForRows>>(*context);
}
