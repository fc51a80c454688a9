//===- InlinerInterface.h - What may be inlined -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_INLINERINTERFACE_H
#define PERCEIVER_DIALECT_INLINERINTERFACE_H

#include "mlir/Transforms/InliningUtils.h"

namespace mlir::perceiver {

/// Any operation of our dialects may be inlined: it means the same everywhere.
struct InlinerInterface : public DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
};

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_INLINERINTERFACE_H
