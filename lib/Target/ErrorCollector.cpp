//===- ErrorCollector.cpp - Errors of LLVM as values ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/ErrorCollector.h"

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::perceiver;

namespace {
struct Handler : llvm::DiagnosticHandler {
  explicit Handler(std::string &messages) : messages(messages) {}

  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    if (info.getSeverity() != llvm::DS_Error)
      return true;
    llvm::raw_string_ostream os(messages);
    llvm::DiagnosticPrinterRawOStream printer(os);
    os << (messages.empty() ? "" : "; ");
    info.print(printer);
    return true;
  }

  std::string &messages;
};
} // namespace

ErrorCollector::ErrorCollector(llvm::LLVMContext &context)
    : context(context), previous(context.getDiagnosticHandler()) {
  context.setDiagnosticHandler(std::make_unique<Handler>(messages));
}

ErrorCollector::~ErrorCollector() {
  context.setDiagnosticHandler(std::move(previous));
}

llvm::Error ErrorCollector::take(const llvm::Twine &what) {
  if (messages.empty())
    return llvm::Error::success();
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 what + ": " + messages);
}
