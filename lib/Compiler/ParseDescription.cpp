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

using namespace mlir;

/// The place where brackets or signs are nested deeper than the parser, which
/// recurses, should follow; invalid if there is none.
static llvm::SMLoc findDeepNesting(StringRef text) {
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
      return llvm::SMLoc::getFromPointer(text.data() + i);
  }
  return llvm::SMLoc();
}

OwningOpRef<ModuleOp> mlir::perceiver::parseDescription(
    const std::shared_ptr<llvm::SourceMgr> &sources, MLIRContext &context) {
  context.printOpOnDiagnostic(false);
  unsigned id = sources->getMainFileID();
  const llvm::MemoryBuffer *text = sources->getMemoryBuffer(id);
  if (llvm::SMLoc place = findDeepNesting(text->getBuffer()); place.isValid()) {
    auto [line, column] = sources->getLineAndColumn(place, id);
    // A place without a column is reported without the text of its line, which
    // may be the whole file.
    emitError(FileLineColLoc::get(&context, text->getBufferIdentifier(), line,
                                  /*column=*/0))
        << "nested too deeply from column " << column << " on";
    return nullptr;
  }
  return parseSourceFile<ModuleOp>(sources, &context);
}

OwningOpRef<ModuleOp>
mlir::perceiver::parseDescription(std::unique_ptr<llvm::MemoryBuffer> text,
                                  MLIRContext &context) {
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(text), llvm::SMLoc());
  return parseDescription(sources, context);
}
