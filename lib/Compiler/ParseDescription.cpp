//===- ParseDescription.cpp - From text to a module -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/ParseDescription.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SourceMgr.h"

#include <optional>

using namespace mlir;

/// The place where brackets or signs are nested deeper than the parser, which
/// recurses, should follow.
static std::optional<size_t> findDeepNesting(StringRef text) {
  constexpr int kDeepest = 1000;
  int depth = 0, signs = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i], next = i + 1 < text.size() ? text[i + 1] : ' ';
    if (c == '/' && next == '/') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '"') {
      while (++i < text.size() && text[i] != '"')
        i += text[i] == '\\';
    } else if (StringRef("([{<").contains(c)) {
      ++depth;
    } else if (StringRef(")]}").contains(c) ||
               (c == '>' && next != '=' && (i == 0 || text[i - 1] != '-'))) {
      depth = std::max(depth - 1, 0);
    }
    if (!llvm::isSpace(c))
      signs = c == '-' ? signs + 1 : 0;
    if (std::max(depth, signs) > kDeepest)
      return i;
  }
  return std::nullopt;
}

/// What a file is that is no description, or "".
static StringRef findOtherFormat(StringRef text) {
  if (text.trim().empty())
    return "an empty file";
  // The length of the JSON text that follows.
  if (text.size() > 8 && text.substr(6, 2) == StringRef("\0", 2) &&
      text.drop_front(8).ltrim().starts_with("{"))
    return "a checkpoint; give it with --weights";
  // A mark of the byte order, or a first character of ASCII.
  auto isWide = [&](unsigned low, unsigned high) {
    return text.size() > 1 && text[high] == '\0' &&
           (llvm::isPrint(text[low]) || llvm::isSpace(text[low]));
  };
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") ||
      isWide(0, 1) || isWide(1, 0))
    return "UTF-16; save it as UTF-8";
  if (text.starts_with(StringRef("\x7f\x45LF", 4)))
    return "a compiled model or another ELF file";
  return "";
}

std::unique_ptr<llvm::MemoryBuffer>
mlir::perceiver::removeByteOrderMark(std::unique_ptr<llvm::MemoryBuffer> text) {
  StringRef content = text->getBuffer();
  if (!content.consume_front("\xef\xbb\xbf"))
    return text;
  return llvm::MemoryBuffer::getMemBufferCopy(content,
                                              text->getBufferIdentifier());
}

LogicalResult mlir::perceiver::verifyText(const llvm::MemoryBuffer &text,
                                          StringRef expected,
                                          MLIRContext &context) {
  StringRef content = text.getBuffer(), file = text.getBufferIdentifier();
  // Places without a line or a column are reported without the text of the
  // line, which may be the whole file.
  if (StringRef format = findOtherFormat(content); !format.empty())
    return emitError(FileLineColLoc::get(&context, file, /*line=*/0,
                                         /*column=*/0))
           << "expected " << expected << ", but got " << format;
  if (std::optional<size_t> place = findDeepNesting(content)) {
    StringRef before = content.take_front(*place);
    unsigned line = before.count('\n') + 1;
    return emitError(FileLineColLoc::get(&context, file, line, /*column=*/0))
           << "nested too deeply from column "
           << before.size() - (before.rfind('\n') + 1) + 1 << " on";
  }
  return success();
}

OwningOpRef<ModuleOp> mlir::perceiver::parseDescription(
    const std::shared_ptr<llvm::SourceMgr> &sources, MLIRContext &context) {
  context.printOpOnDiagnostic(false);
  const llvm::MemoryBuffer *text =
      sources->getMemoryBuffer(sources->getMainFileID());
  if (failed(verifyText(*text, "a description", context)))
    return nullptr;
  return parseSourceFile<ModuleOp>(sources, &context);
}

OwningOpRef<ModuleOp>
mlir::perceiver::parseDescription(std::unique_ptr<llvm::MemoryBuffer> text,
                                  MLIRContext &context) {
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(removeByteOrderMark(std::move(text)),
                              llvm::SMLoc());
  return parseDescription(sources, context);
}
