//===- RemarkLog.cpp - What passes say they did ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/RemarkLog.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/Path.h"

#include <mutex>
#include <set>
#include <tuple>

using namespace mlir;
using namespace mlir::perceiver;

static FileLineColLoc getLine(Location loc) {
  // Inlined: the line of the operation, not of the call.
  return loc->findInstanceOf<FileLineColLoc>();
}

std::string perceiver::describePlace(Location loc) {
  FileLineColLoc line = getLine(loc);
  if (!line)
    return "";
  return llvm::sys::path::filename(line.getFilename()).str() + ":" +
         std::to_string(line.getLine());
}

/// "NormFolded" as "norm folded".
static std::string spellOut(StringRef name) {
  std::string text;
  for (char c : name) {
    if (llvm::isUpper(c) && !text.empty())
      text += ' ';
    text += llvm::toLower(c);
  }
  return text;
}

/// "fold-norms: norm folded (linear layers: 3, weights: key, value)".
static std::string describe(const remark::detail::Remark &remark) {
  StringRef pass = remark.getCategoryName();
  pass.consume_front("perceiver-");
  std::string text = pass.str() + ": " + spellOut(remark.getRemarkName());
  std::string figures, reason;
  for (const remark::detail::Remark::Arg &argument : remark.getArgs()) {
    if (argument.key == "Remark")
      text += " " + argument.val;
    else if (argument.key == "Reason")
      reason = ": " + argument.val;
    else if (!argument.val.empty())
      figures += (figures.empty() ? "" : ", ") + spellOut(argument.key) + ": " +
                 argument.val;
  }
  return text + (figures.empty() ? "" : " (" + figures + ")") + reason;
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
    FileLineColLoc line = getLine(remark.getLocation());
    std::string place = describePlace(remark.getLocation());
    std::string sentence =
        (place.empty() ? "" : place + ": ") + describe(remark);
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
