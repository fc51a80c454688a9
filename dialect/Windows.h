//===- Windows.h - Windows of images ----------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_WINDOWS_H
#define PERCEIVER_DIALECT_WINDOWS_H

#include "mlir/IR/OpImplementation.h"

namespace mlir::perceiver {

/// Windows along one axis of an image.
struct AxisWindows {
  int64_t size = 1, stride = 1;
  /// Elements that are missing before the first and behind the last one.
  int64_t low = 0, high = 0;
  /// As many are missing as make ceil(n / stride) windows of n elements, the
  /// odd one behind the last: low and high follow from n.
  bool isSame = false;

  /// Windows of `length` elements, if that is static.
  int64_t getCount(int64_t length) const;
};

/// The axes of `size = [h, w]`, `stride = [h, w]` and padding `[low h, high h,
/// low w, high w]`; without padding it is `same`.
SmallVector<AxisWindows, 2> getWindows(ArrayRef<int64_t> size,
                                       ArrayRef<int64_t> stride,
                                       DenseI64ArrayAttr padding);

/// Positive sizes and strides of two axes, padding that no window lies in, and
/// an image [B, H, W, C] that has a window.
LogicalResult verifyWindows(Operation *op, ArrayRef<int64_t> size,
                            ArrayRef<int64_t> stride, DenseI64ArrayAttr padding,
                            ShapedType image);

/// `same` (null) or `[[3, 3], [3, 3]]`.
ParseResult parsePadding(OpAsmParser &parser, DenseI64ArrayAttr &padding);
void printPadding(OpAsmPrinter &printer, Operation *op,
                  DenseI64ArrayAttr padding);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_WINDOWS_H
