//===- RewriteLog.h - What was rewritten, and what was not ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rewrites say what they did, and what they did not and why, as remarks and as
// sentences in the IR, from where they get into the artefact:
//
//   func.func @run .. attributes {perceiver.fusion_log =
//       ["model.mlir:7: fold-norms: norm folded (linear layers: 3)"]}
//
// perceiver-collect-rewrites gathers those of all functions in the module.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_REWRITELOG_H
#define PERCEIVER_LIB_TRANSFORMS_REWRITELOG_H

#include "mlir/IR/Location.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

#include <string>
#include <utility>

namespace mlir::perceiver {

/// What a pass did with an operation, or did not.
struct Rewrite {
  /// "perceiver-fold-norms".
  StringRef pass;
  /// "NormFolded".
  StringRef name;
  bool isDone = true;
  /// What it is about, if the name does not say so.
  std::string subject = "";
  /// "LinearLayers" and how many.
  SmallVector<std::pair<StringRef, std::string>> figures = {};
  std::string reason = "";
};

/// "model.mlir:12": the line of the description that something comes from, with
/// the file's name alone; "" if it is not known.
std::string describePlace(Location loc);

/// "model.mlir:12: fold-norms: norm folded (linear layers: 3)".
std::string describeRewrite(Location loc, const Rewrite &rewrite);

/// Emit a remark about `op`, and write a sentence into its function's log.
void logRewrite(Operation *op, const Rewrite &rewrite);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_REWRITELOG_H
