//===- Backend.h - What makes code for one kind of target -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A back end is an object with four answers: its stages, the target that a user
// asks for, what its artefact holds, and the code. The driver (lib/Compiler)
// knows back ends by this interface alone; a context has those that its
// registry was given:
//
//   DialectRegistry registry;
//   registerBackend(registry, getCPUBackend());
//   MLIRContext context(registry);
//   findBackend(&context, "cpu")->getStages() ..
//
// Test: test/Unit/CompilerBackendTest.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_PIPELINES_BACKEND_H
#define PERCEIVER_LIB_PIPELINES_BACKEND_H

#include "dialect/Model/TargetAttrs.h"
#include "lib/Artifact/ArtifactDescription.h"
#include "lib/Pipelines/Stage.h"
#include "lib/Target/TargetSelection.h"

#include "llvm/ADT/SmallVector.h"

#include <string>

namespace mlir::perceiver {

enum class CodeKind {
  /// For people.
  Text,
  /// For a linker.
  Object,
  /// For a loader: whole, with a header and weights beside it.
  Artifact,
};

/// A form of code that a back end writes after its last stage.
struct CodeForm {
  /// As --emit names it.
  const char *name;
  /// What files of it are called, without the dot, separated by blanks.
  const char *extensions;
  CodeKind kind;
};

/// What code is wanted.
struct CodeRequest {
  CodeForm form;
  /// The file that it will be, without its folder.
  std::string fileName;
  /// NVIDIA's assembler, `ptxas`. Empty: there is none.
  std::string assembler;
};

/// The driver, as a back end sees it while it makes code.
class CodeSteps {
public:
  virtual ~CodeSteps();

  /// Report an error, if it is one.
  virtual LogicalResult check(llvm::Error error) = 0;

  /// Run a step, report its error, tell the user how long it took. Fails, too,
  /// if the user has cancelled the compilation.
  virtual LogicalResult run(StringRef step,
                            function_ref<llvm::Error()> body) = 0;

  /// Whether intermediate forms are kept.
  virtual bool isKeeping() const = 0;

  /// Keep one, in a file with this ending.
  virtual LogicalResult keep(StringRef ending,
                             function_ref<void(raw_ostream &)> print) = 0;
};

/// How code for one kind of target is made. Objects are immutable, live as long
/// as the process and serve several threads.
class Backend {
public:
  virtual ~Backend();

  /// As --target names it, and metadata do.
  virtual StringRef getName() const = 0;

  /// In order, the shared ones first. Names are unique.
  virtual ArrayRef<Stage> getStages() const = 0;

  /// The target that `options` ask for. Fails with a diagnostic at `loc`.
  virtual FailureOr<TargetAttrInterface>
  makeTarget(Location loc, const TargetOptions &options) const = 0;

  /// The figures of `target` that choices depend on, for people.
  virtual std::string describeTarget(TargetAttrInterface target) const = 0;

  /// Why `op` has the tiling that it has, in words; "" if the cost model would
  /// have chosen another.
  virtual std::string explainTiling(Operation *op,
                                    TargetAttrInterface target) const = 0;

  /// Fill in `artifact.target` and, from a module that is Planned,
  /// `artifact.entries`.
  virtual LogicalResult
  describeArtifact(ModuleOp module, ArtifactDescription &artifact) const = 0;

  /// The forms of code, besides the stages, that there are.
  virtual ArrayRef<CodeForm> getCodeForms() const = 0;

  /// Whether what is requested can be made for `target` on this machine: asked
  /// before all the work is done.
  virtual LogicalResult verifyRequest(Location loc, TargetAttrInterface target,
                                      const CodeRequest &request) const = 0;

  /// The code of `module`, the output of the last stage. To it is added what
  /// `artifact` says, and nothing else; what is known only now is written
  /// there.
  virtual FailureOr<llvm::SmallVector<char, 0>>
  generateCode(ModuleOp module, ArtifactDescription &artifact,
               const CodeRequest &request, CodeSteps &steps) const = 0;
};

/// Let contexts with `registry` have `backend`, which must outlive them.
void registerBackend(DialectRegistry &registry, const Backend &backend);

/// The back ends of a context, in the order of registration.
ArrayRef<const Backend *> getBackends(MLIRContext *context);

/// The one of this name, or, if `name` is empty, the first; null if there is
/// none.
const Backend *findBackend(MLIRContext *context, StringRef name);

/// The stage of this name, or null.
const Stage *findStage(const Backend &backend, StringRef name);

/// The target that code for `module` is to be made for: what the module says,
/// which `options` must not contradict, or else what they ask for.
FailureOr<TargetAttrInterface> resolveTarget(ModuleOp module,
                                             const Backend &backend,
                                             const TargetOptions &options);

/// Register each stage of `backend` as a pipeline, `perceiver-<stage>` if it is
/// shared and `perceiver-<backend>-<stage>` if not, and all of them in order as
/// `perceiver-<backend>`.
void registerPipelines(const Backend &backend);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_PIPELINES_BACKEND_H
