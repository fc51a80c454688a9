//===- HostCode.cpp - Code of processors from the LLVM dialect -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Pipelines/HostCode.h"

#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/DescriptorBuilder.h"
#include "lib/Target/ObjectEmitter.h"
#include "lib/Target/RuntimeArchive.h"
#include "lib/Target/SharedObjectLinker.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace mlir::perceiver;

static CodeFormat getFormat(const CodeForm &form) {
  StringRef name = form.name;
  return name == "llvm-ir" ? CodeFormat::LLVMIR
         : name == "asm"   ? CodeFormat::Assembly
                           : CodeFormat::Object;
}

/// Keep optimized code as LLVM IR and as assembly.
static LogicalResult keepCode(const llvm::Module &code,
                              const ObjectEmitter &emitter, CodeSteps &steps) {
  std::pair<const char *, CodeFormat> forms[] = {
      {"9-optimized.ll", CodeFormat::LLVMIR}, {"s", CodeFormat::Assembly}};
  for (auto [ending, format] : forms) {
    // Making machine code uses a module up.
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(code);
    llvm::SmallVector<char, 0> bytes;
    if (failed(steps.check(emitter.emit(*copy, format).moveInto(bytes))) ||
        failed(steps.keep(ending, [&](raw_ostream &stream) {
          stream.write(bytes.data(), bytes.size());
        })))
      return failure();
  }
  return success();
}

static FailureOr<llvm::SmallVector<char, 0>>
link(const llvm::SmallVector<char, 0> &object,
     const ArtifactDescription &artifact, const CodeRequest &request,
     CodeSteps &steps) {
  LinkOptions options;
  options.triple = artifact.target.triple;
  options.soname = request.fileName;
  options.exports = exportedSymbols(artifact);
  llvm::MemoryBufferRef input(StringRef(object.data(), object.size()),
                              artifact.model);
  llvm::SmallVector<char, 0> linked;
  if (failed(steps.run("link", [&] {
        return linkSharedObject({input}, options).moveInto(linked);
      })))
    return failure();
  return linked;
}

LogicalResult perceiver::verifyHostCode(Location loc, StringRef triple,
                                        const CodeRequest &request) {
  if (request.form.kind != CodeKind::Artifact)
    return success();
  llvm::Expected<llvm::MemoryBufferRef> runtime =
      runtimeArchive(llvm::Triple(triple));
  if (!runtime)
    return emitError(loc) << llvm::toString(runtime.takeError());
  return success();
}

FailureOr<llvm::SmallVector<char, 0>>
perceiver::generateHostCode(ModuleOp module, const TargetOptions &target,
                            const ArtifactDescription &artifact,
                            const CodeRequest &request, CodeSteps &steps) {
  llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(target);
  if (!emitter)
    return module.emitError(llvm::toString(emitter.takeError()));
  llvm::LLVMContext context;
  FailureOr<std::unique_ptr<llvm::Module>> code =
      translateToLLVMIR(module, context);
  if (failed(code) || failed(steps.check(addArtifact(**code, artifact))))
    return failure();
  if (steps.isKeeping() &&
      failed(steps.keep("8-llvm.ll", [&](raw_ostream &stream) {
        (*code)->print(stream, /*AAW=*/nullptr);
      })))
    return failure();
  if (failed(steps.run("optimize", [&] { return emitter->optimize(**code); })))
    return failure();
  if (steps.isKeeping() && failed(keepCode(**code, *emitter, steps)))
    return failure();
  llvm::SmallVector<char, 0> bytes;
  CodeFormat format = getFormat(request.form);
  if (failed(steps.run("code", [&] {
        return emitter->emit(**code, format).moveInto(bytes);
      })))
    return failure();
  if (steps.isKeeping() && format == CodeFormat::Object &&
      failed(steps.keep("o", [&](raw_ostream &stream) {
        stream.write(bytes.data(), bytes.size());
      })))
    return failure();
  if (request.form.kind == CodeKind::Artifact)
    return link(bytes, artifact, request, steps);
  return bytes;
}
