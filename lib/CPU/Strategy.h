//===- Strategy.h - How an operation is cut, and why ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_STRATEGY_H
#define PERCEIVER_LIB_CPU_STRATEGY_H

#include "dialect/Model/PerceiverAttrs.h"
#include "lib/CPU/TileSelection.h"

#include <string>

namespace mlir::perceiver {

/// How an operation is cut, and why.
struct Strategy {
  TilingAttr tiling;
  /// The cost model's reason, in words.
  std::string reason;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_STRATEGY_H
