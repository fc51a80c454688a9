//===- RewriteLog.cpp - What was rewritten, and what was not --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/RewriteLog.h"

#include "dialect/AttributeNames.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::perceiver;

std::string perceiver::describePlace(Location loc) {
  // Inlined: the line of the operation, not of the call.
  auto line = loc->findInstanceOf<FileLineColLoc>();
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

std::string perceiver::describeRewrite(Location loc, const Rewrite &rewrite) {
  std::string text = describePlace(loc);
  text += text.empty() ? "" : ": ";
  StringRef pass = rewrite.pass;
  pass.consume_front("perceiver-");
  text += pass.str() + ": " + spellOut(rewrite.name);
  if (!rewrite.subject.empty())
    text += " " + rewrite.subject;
  std::string figures;
  for (const auto &[key, value] : rewrite.figures)
    if (!value.empty())
      figures += (figures.empty() ? "" : ", ") + spellOut(key) + ": " + value;
  if (!figures.empty())
    text += " (" + figures + ")";
  if (!rewrite.reason.empty())
    text += ": " + rewrite.reason;
  return text;
}

static void sendRemark(Location loc, const Rewrite &rewrite) {
  auto options = remark::RemarkOpts::name(rewrite.name).category(rewrite.pass);
  remark::detail::InFlightRemark remark = rewrite.isDone
                                              ? remark::passed(loc, options)
                                              : remark::missed(loc, options);
  if (!rewrite.subject.empty())
    remark << remark::add("{0}", rewrite.subject);
  for (const auto &[key, value] : rewrite.figures)
    remark << remark::metric(key, StringRef(value));
  if (!rewrite.reason.empty())
    remark << remark::reason("{0}", rewrite.reason);
}

void perceiver::logRewrite(Operation *op, const Rewrite &rewrite) {
  sendRemark(op->getLoc(), rewrite);
  auto function = op->getParentOfType<FunctionOpInterface>();
  if (!function)
    return;
  SmallVector<Attribute> lines;
  if (auto log = function->getAttrOfType<ArrayAttr>(kFusionLogAttrName))
    llvm::append_range(lines, log);
  Builder builder(op->getContext());
  lines.push_back(
      builder.getStringAttr(describeRewrite(op->getLoc(), rewrite)));
  function->setAttr(kFusionLogAttrName, builder.getArrayAttr(lines));
}
