//===- RemarkLog.cpp - What passes say they did ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/RemarkLog.h"

#include "lib/Transforms/RewriteLog.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Remarks.h"

#include <mutex>
#include <set>
#include <tuple>

using namespace mlir;
using namespace mlir::perceiver;

static Rewrite toRewrite(const remark::detail::Remark &remark) {
  Rewrite rewrite;
  rewrite.pass = remark.getCategoryName();
  rewrite.name = remark.getRemarkName();
  for (const remark::detail::Remark::Arg &argument : remark.getArgs()) {
    if (argument.key == "Remark")
      rewrite.subject = argument.val;
    else if (argument.key == "Reason")
      rewrite.reason = argument.val;
    else
      rewrite.figures.push_back({argument.key, argument.val});
  }
  return rewrite;
}

/// A line for each weight is too much.
static bool isOfInterest(const remark::detail::Remark &remark) {
  return remark.getRemarkName() != "Stored";
}

struct RemarkLog::Entries {
  /// Passes run in several threads.
  std::mutex mutex;
  /// File, line and column, then the sentence; equal ones of several entries
  /// are one.
  std::set<std::tuple<std::string, unsigned, unsigned, std::string>> sorted;

  void add(const remark::detail::Remark &remark) {
    if (!isOfInterest(remark))
      return;
    // Inlined: the line of the operation, not of the call.
    auto line = remark.getLocation()->findInstanceOf<FileLineColLoc>();
    std::string sentence =
        describeRewrite(remark.getLocation(), toRewrite(remark));
    std::lock_guard<std::mutex> lock(mutex);
    sorted.insert({line ? line.getFilename().str() : "",
                   line ? line.getLine() : 0, line ? line.getColumn() : 0,
                   sentence});
  }
};

RemarkLog::RemarkLog(MLIRContext *context)
    : context(context), entries(std::make_shared<Entries>()) {
  if (context->getRemarkEngine())
    return;
  struct Streamer : remark::detail::MLIRRemarkStreamerBase {
    explicit Streamer(std::shared_ptr<Entries> entries)
        : entries(std::move(entries)) {}
    void
    streamOptimizationRemark(const remark::detail::Remark &remark) override {
      entries->add(remark);
    }
    std::shared_ptr<Entries> entries;
  };
  remark::RemarkCategories ours;
  // `all` alone enables no kind.
  ours.passed = ours.missed = ours.failed = "perceiver-.*";
  isOwner = succeeded(remark::enableOptimizationRemarks(
      *context, std::make_unique<Streamer>(entries),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), ours));
}

RemarkLog::~RemarkLog() {
  if (isOwner)
    context->setRemarkEngine(nullptr);
}

std::vector<std::string> RemarkLog::getSentences() const {
  std::vector<std::string> sentences;
  for (const auto &entry : entries->sorted)
    sentences.push_back(std::get<3>(entry));
  return sentences;
}
