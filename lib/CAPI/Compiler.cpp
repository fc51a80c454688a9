//===- Compiler.cpp - The compiler for other languages --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CAPI/perceiver_compiler.h"

#include "lib/Compiler/Compiler.h"
#include "lib/Compiler/CompilerContext.h"
#include "lib/Compiler/ParseDescription.h"
#include "lib/Init/Init.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <cstring>

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

static perceiver_severity severityOf(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Note:
    return PERCEIVER_SEVERITY_NOTE;
  case DiagnosticSeverity::Remark:
    return PERCEIVER_SEVERITY_REMARK;
  case DiagnosticSeverity::Warning:
    return PERCEIVER_SEVERITY_WARNING;
  case DiagnosticSeverity::Error:
    return PERCEIVER_SEVERITY_ERROR;
  }
  llvm_unreachable("unknown severity");
}

namespace {
/// A diagnostic and its notes as C structs, and what these point to.
class ExportedDiagnostic {
public:
  explicit ExportedDiagnostic(Diagnostic &diagnostic) {
    for (Diagnostic &note : diagnostic.getNotes())
      notes.push_back(convert(note));
    whole = convert(diagnostic);
    whole.notes = notes.data();
    whole.note_count = notes.size();
  }

  const perceiver_diagnostic *get() const { return &whole; }

private:
  perceiver_diagnostic convert(Diagnostic &diagnostic) {
    perceiver_diagnostic result = {};
    result.severity = severityOf(diagnostic.getSeverity());
    result.message = keep(diagnostic.str());
    if (auto place =
            diagnostic.getLocation()->findInstanceOf<FileLineColLoc>()) {
      result.file = keep(place.getFilename().str());
      result.line = place.getLine();
      result.column = place.getColumn();
    }
    return result;
  }

  const char *keep(std::string text) {
    texts.push_back(std::make_unique<std::string>(std::move(text)));
    return texts.back()->c_str();
  }

  std::vector<std::unique_ptr<std::string>> texts;
  std::vector<perceiver_diagnostic> notes;
  perceiver_diagnostic whole = {};
};
} // namespace

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

static std::string orEmpty(const char *text) { return text ? text : ""; }

static OwningOpRef<ModuleOp> parse(const perceiver_compile_options &options,
                                   MLIRContext &context) {
  std::string file = orEmpty(options.source_file), message;
  std::unique_ptr<llvm::MemoryBuffer> text =
      options.source ? llvm::MemoryBuffer::getMemBuffer(
                           StringRef(options.source, options.source_size),
                           file.empty() ? StringRef("<description>") : file,
                           /*RequiresNullTerminator=*/false)
                     : openInputFile(file, &message);
  if (!text) {
    emitError(UnknownLoc::get(&context)) << message;
    return nullptr;
  }
  return parseDescription(std::move(text), context);
}

/// The options as this library knows them: fields that the caller lacks are
/// zero.
static perceiver_compile_options
copyOptions(const perceiver_compile_options &given) {
  perceiver_compile_options options = {};
  std::memcpy(&options, &given, std::min(given.size, sizeof(options)));
  return options;
}

/// Whether the caller has set fields that this library does not know.
static bool hasUnknownFields(const perceiver_compile_options &given) {
  // No release will have as many: what says so is no size.
  constexpr size_t kKnown = sizeof(perceiver_compile_options), kMost = 4096;
  if (given.size > kMost)
    return true;
  auto *bytes = reinterpret_cast<const char *>(&given);
  return given.size > kKnown &&
         std::any_of(bytes + kKnown, bytes + given.size,
                     [](char byte) { return byte != 0; });
}

static LogicalResult compile(const perceiver_compile_options &options,
                             MLIRContext &context) {
  if (options.version != PERCEIVER_COMPILER_API_VERSION)
    return emitError(UnknownLoc::get(&context))
           << "expected version " << PERCEIVER_COMPILER_API_VERSION
           << " of the compiler's options, but got " << options.version;
  OwningOpRef<ModuleOp> module = parse(options, context);
  if (!module)
    return failure();
  CompilerOptions compiler;
  if (std::string weights = orEmpty(options.weights_file); !weights.empty())
    compiler.weightsFiles.push_back(weights);
  if (options.more_weights_files)
    for (const char *const *more = options.more_weights_files; *more; ++more)
      compiler.weightsFiles.emplace_back(*more);
  if (!options.source)
    compiler.descriptionFile = orEmpty(options.source_file);
  compiler.outputFile = orEmpty(options.output_file);
  compiler.target.triple = orEmpty(options.target_triple);
  compiler.target.cpu = orEmpty(options.target_cpu);
  compiler.from = orEmpty(options.from);
  compiler.emit = orEmpty(options.emit);
  compiler.transformFile = orEmpty(options.transform_file);
  compiler.backend = orEmpty(options.target);
  compiler.target.architectures = orEmpty(options.cuda_arch);
  compiler.assembler = orEmpty(options.ptxas);
  compiler.target.tasks = options.tasks;
  if (options.without)
    for (const char *const *name = options.without; *name; ++name)
      compiler.without.emplace_back(*name);
  compiler.strict = options.strict != 0;
  if (compiler.outputFile.empty())
    return emitError(UnknownLoc::get(&context)) << "expected an output file";
  if (options.is_cancelled)
    compiler.isCancelled = [&]() { return options.is_cancelled(options.user); };
  return compileModel(*module, compiler);
}

perceiver_compile_status
perceiver_compile(const perceiver_compile_options *given) {
  const perceiver_compile_options options = copyOptions(*given);
  DialectRegistry registry;
  registerAllDialects(registry);
  CompilerContext owner(registry);
  MLIRContext &context = owner.get();
  // The context calls its handler under a lock.
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (options.on_diagnostic)
      options.on_diagnostic(options.user, ExportedDiagnostic(diagnostic).get());
    return success();
  });
  if (hasUnknownFields(*given))
    emitError(UnknownLoc::get(&context))
        << "expected no options that version " << compilerVersion()
        << " of the compiler does not know";
  else if (succeeded(compile(options, context)))
    return PERCEIVER_COMPILE_OK;
  // Asked again: an answer once given is given ever after.
  if (options.is_cancelled && options.is_cancelled(options.user))
    return PERCEIVER_COMPILE_CANCELLED;
  return PERCEIVER_COMPILE_FAILED;
}

const char *perceiver_compiler_version() { return compilerVersion().data(); }
