//===- Windows.cpp - Windows of images ------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Windows.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

int64_t AxisWindows::getCount(int64_t length) const {
  if (ShapedType::isDynamic(length))
    return length;
  if (isSame)
    return llvm::divideCeilSigned(length, stride);
  return llvm::divideFloorSigned(length + low + high - size, stride) + 1;
}

SmallVector<AxisWindows, 2> perceiver::getWindows(ArrayRef<int64_t> size,
                                                  ArrayRef<int64_t> stride,
                                                  DenseI64ArrayAttr padding) {
  SmallVector<AxisWindows, 2> axes;
  for (int64_t axis = 0; axis < 2; ++axis) {
    AxisWindows windows;
    windows.size = size[axis];
    windows.stride = stride[axis];
    windows.isSame = !padding;
    if (padding) {
      windows.low = padding[2 * axis];
      windows.high = padding[2 * axis + 1];
    }
    axes.push_back(windows);
  }
  return axes;
}

LogicalResult perceiver::verifyWindows(Operation *op, ArrayRef<int64_t> size,
                                       ArrayRef<int64_t> stride,
                                       DenseI64ArrayAttr padding,
                                       ShapedType image) {
  // What indices are computed with stays far from 64 bits.
  constexpr int64_t kMost = 1 << 15;
  auto isOutside = [](int64_t number, int64_t least) {
    return number < least || number > kMost;
  };
  for (auto [what, numbers] : {std::pair(StringRef("sizes"), size),
                               std::pair(StringRef("strides"), stride)}) {
    if (numbers.size() != 2)
      return op->emitOpError("expected ")
             << what << " of two axes, but got " << numbers.size();
    for (int64_t number : numbers)
      if (isOutside(number, 1))
        return op->emitOpError("expected ")
               << what << " from 1 to " << kMost << ", but got " << number;
  }
  if (padding) {
    if (padding.size() != 4)
      return op->emitOpError("expected padding of two axes, low and high, but "
                             "got ")
             << padding.size() << " numbers";
    for (auto [index, number] : llvm::enumerate(padding.asArrayRef()))
      if (isOutside(number, 0) || number >= size[index / 2])
        return op->emitOpError("expected padding from 0 to below the size of a "
                               "window, but got ")
               << number;
  }
  if (image.getRank() != 4 || image.isDynamicDim(3) ||
      !isa<FloatType>(image.getElementType()))
    return op->emitOpError(
               "expected an image [B, H, W, C] with static channels "
               "of floating-point elements, but got ")
           << image;
  for (auto [axis, windows] :
       llvm::enumerate(getWindows(size, stride, padding)))
    if (windows.getCount(image.getDimSize(axis + 1)) < 1 &&
        !image.isDynamicDim(axis + 1))
      return op->emitOpError("expected an image that has a window, but got ")
             << image;
  return success();
}

ParseResult perceiver::parsePadding(OpAsmParser &parser,
                                    DenseI64ArrayAttr &padding) {
  if (succeeded(parser.parseOptionalKeyword("same")))
    return success();
  SmallVector<int64_t> numbers;
  auto parseAxis = [&] {
    return parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, [&] {
      return parser.parseInteger(numbers.emplace_back());
    });
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, parseAxis))
    return failure();
  padding = DenseI64ArrayAttr::get(parser.getContext(), numbers);
  return success();
}

void perceiver::printPadding(OpAsmPrinter &printer, Operation *,
                             DenseI64ArrayAttr padding) {
  if (!padding) {
    printer << "same";
    return;
  }
  ArrayRef<int64_t> numbers = padding;
  printer << '[';
  for (; !numbers.empty(); numbers = numbers.drop_front(2)) {
    if (numbers.size() != padding.asArrayRef().size())
      printer << ", ";
    printer << '[' << numbers[0] << ", " << numbers[1] << ']';
  }
  printer << ']';
}
