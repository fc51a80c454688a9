//===- RemarkLog.h - What passes say they did -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_REMARKLOG_H
#define PERCEIVER_LIB_COMPILER_REMARKLOG_H

#include "mlir/IR/Location.h"

#include <memory>
#include <string>
#include <vector>

namespace mlir::perceiver {

/// Collects the remarks of passes in a context, from construction on, unless
/// the context has remarks of its own.
class RemarkLog {
public:
  explicit RemarkLog(MLIRContext *context);
  RemarkLog(const RemarkLog &) = delete;
  RemarkLog &operator=(const RemarkLog &) = delete;
  ~RemarkLog();

  /// What was rewritten, and what was not and why: a sentence each, in the
  /// order of the description, whichever thread or function it came from.
  std::vector<std::string> getSentences() const;

private:
  struct Entries;

  MLIRContext *context;
  std::shared_ptr<Entries> entries;
  bool isOwner = false;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_REMARKLOG_H
