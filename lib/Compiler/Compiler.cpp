//===- Compiler.cpp - From a description to an artefact -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/Compiler.h"

#include "dialect/AttributeNames.h"
#include "dialect/Model/PerceiverDialect.h"
#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/HeaderWriter.h"
#include "lib/Compiler/CrashReproducer.h"
#include "lib/Compiler/Explain.h"
#include "lib/Compiler/RemarkLog.h"
#include "lib/Compiler/SaveTemps.h"
#include "lib/Compiler/UnusedSymbols.h"
#include "lib/Compiler/VerifyOptions.h"
#include "lib/Loader/WeightsFile.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/Passes.h"
#include "lib/Support/Version.h"
#include "lib/Target/Publish.h"
#include "lib/TensorFile/Checkpoint.h"
#include "lib/Tiling/Passes.h"
#include "lib/Transforms/DisabledRewrites.h"
#include "lib/Transforms/Transforms.h"
#include "lib/Weights/ParameterBinding.h"
#include "lib/Weights/WeightsWriter.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <chrono>

using namespace mlir;
using namespace mlir::perceiver;

StringRef mlir::perceiver::compilerVersion() { return PERCEIVER_VERSION; }

/// What the model is called: as the output, or, on standard output, as the
/// description.
static std::string getModelName(const CompilerOptions &options) {
  bool hasOutput = !options.outputFile.empty() && options.outputFile != "-";
  StringRef stem = llvm::sys::path::stem(hasOutput ? options.outputFile
                                                   : options.descriptionFile);
  return stem.empty() || stem == "-" ? "model" : stem.str();
}

static CodeRequest makeRequest(const CodeForm &form,
                               const CompilerOptions &options) {
  CodeRequest request;
  request.form = form;
  request.fileName = llvm::sys::path::filename(options.outputFile).str();
  request.assembler = options.assembler;
  return request;
}

namespace {
/// One run of the compiler: the order of things. What is done at each step is
/// known by the back end, and by the headers above.
class Compilation : private CodeSteps {
public:
  /// `options.emit` is a stage or a form of code.
  Compilation(ModuleOp module, const Backend &backend,
              TargetAttrInterface target, const CompilerOptions &options)
      : module(module), backend(backend), target(target), options(options),
        form(findCodeForm(backend, options.emit)),
        temps(options.saveTempsDirectory,
              llvm::sys::path::stem(options.outputFile).str(),
              getInputs(options)),
        log(module.getContext()), explanation(backend, target) {}

  LogicalResult run() {
    if (failed(runStages()))
      return failure();
    if (!form) {
      explain();
      return writeText([&](raw_ostream &stream) {
        // The line at the end is what perceiver-opt adds.
        module.print(stream);
        stream << "\n";
      });
    }
    FailureOr<llvm::SmallVector<char, 0>> code = generateCode();
    if (failed(code))
      return failure();
    // What kernels take is known only now.
    explain();
    if (!isArtifact())
      return writeText([&](raw_ostream &stream) {
        stream.write(code->data(), code->size());
      });
    LogicalResult result = success();
    llvm::cantFail(timed("weights", [&] {
      result = publish(*code);
      return llvm::Error::success();
    }));
    return result;
  }

  /// All stages and machine code, without files.
  FailureOr<CompiledCode> compile() {
    if (!form)
      return emitError(UnknownLoc::get(module.getContext()))
             << "expected a back end that makes objects, but got '"
             << backend.getName() << "'";
    if (failed(runStages()))
      return failure();
    FailureOr<llvm::SmallVector<char, 0>> code = generateCode();
    if (failed(code))
      return failure();
    return CompiledCode{std::move(artifact), std::move(*code),
                        std::move(prepare)};
  }

private:
  //===--------------------------------------------------------------------===//
  // Stages
  //===--------------------------------------------------------------------===//

  /// Run the stages up to the one to stop at, or all of them.
  LogicalResult runStages() {
    // Before anything is read off a module of another stage.
    ArrayRef<Stage> stages = backend.getStages();
    const Stage *first = options.from.empty()
                             ? stages.begin()
                             : findStage(backend, options.from);
    if (failed(verifyStage(module, backend, *first)) ||
        (options.from.empty() &&
         failed(reportUnusedSymbols(module, options.strict))))
      return failure();
    disableRewrites(module, options.without);
    for (auto [number, stage] : llvm::enumerate(stages)) {
      if (&stage >= first && failed(runStage(number, stage)))
        return failure();
      bool isLast = options.emit == stage.name;
      // What is explained goes on to the last stage.
      if (isLast && !options.explanation)
        return success();
      if (failed(act(stage.role, /*isOutput=*/&stage + 1 >= first)))
        return failure();
      if (isLast)
        break;
    }
    return describe();
  }

  /// Report what was done, if that is asked for.
  void explain() {
    if (options.explanation)
      explanation.print(artifact, log.getSentences(), options.explainParts,
                        *options.explanation);
  }

  LogicalResult runStage(unsigned number, const Stage &stage) {
    if (failed(goOn()))
      return failure();
    PassManager pm(module.getContext());
    if (module->getAttr(kModelAttrName) !=
        StringAttr::get(module.getContext(), modelName))
      pm.addPass(createSetModelPass({modelName}));
    if (!stage.isShared && !module->hasAttr(kTargetAttrName))
      pm.addPass(createSetTargetPass(makeSetTargetOptions()));
    if (stage.role == StageRole::Phased && !options.transformFile.empty())
      pm.addPass(createApplyTransformPass({options.transformFile}));
    buildStage(backend, stage, pm);
    if (options.configurePasses && failed(options.configurePasses(pm)))
      return failure();
    if (!options.crashReproducer.empty())
      enableCrashReproducer(pm, options.crashReproducer);
    LogicalResult result = success();
    llvm::cantFail(timed(stage.name, [&] {
      result = pm.run(module);
      return llvm::Error::success();
    }));
    if (failed(result) || !temps.isEnabled())
      return result;
    return check(temps.writeStage(number, stage.name, module));
  }

  SetTargetPassOptions makeSetTargetOptions() const {
    SetTargetPassOptions result;
    result.backend = backend.getName().str();
    result.triple = options.target.triple;
    result.cpu = options.target.cpu;
    result.tune = options.target.tuneCpu;
    result.features = options.target.features;
    result.architectures = options.target.architectures;
    result.taskCount = options.target.tasks;
    return result;
  }

  /// Do what the output of a stage allows. `isOutput`: the module is just that,
  /// and not already the output of a later one.
  LogicalResult act(StageRole role, bool isOutput) {
    switch (role) {
    case StageRole::None:
      return success();
    case StageRole::Prepared:
      if (options.explanation && isOutput)
        explanation.addOperations(module);
      prepare = clonePrepare(module);
      // What does not fit is told before the long part of the work.
      return isArtifact() ? bind() : success();
    case StageRole::Phased:
      if (options.explanation && isOutput)
        explanation.addPhases(module);
      return success();
    case StageRole::Planned:
      if (options.explanation)
        explanation.addBuffers(module);
      return backend.describeArtifact(module, artifact);
    }
    llvm_unreachable("all roles are named");
  }

  //===--------------------------------------------------------------------===//
  // The artefact
  //===--------------------------------------------------------------------===//

  LogicalResult describe() {
    artifact.model = modelName;
    artifact.prefix = toPrefix(artifact.model);
    artifact.compilerVersion = compilerVersion().str();
    if (prepare) {
      FailureOr<WeightsLayout> layout = getWeightsLayout(*prepare);
      if (failed(layout))
        return failure();
      artifact.id = layout->id;
      artifact.weightsBytes = layout->bytes;
      artifact.weights = layout->tensors;
    }
    auto rewrites = module->getAttrOfType<ArrayAttr>(kFusionLogAttrName);
    for (Attribute line :
         rewrites ? rewrites.getValue() : ArrayRef<Attribute>()) {
      auto text = dyn_cast<StringAttr>(line);
      if (!text)
        return module.emitError("expected '")
               << kFusionLogAttrName << "' to hold strings, but got " << line;
      artifact.fusionLog.push_back(text.str());
    }
    return success();
  }

  bool isArtifact() const { return form && form->kind == CodeKind::Artifact; }

  FailureOr<llvm::SmallVector<char, 0>> generateCode() {
    return backend.generateCode(module, artifact, makeRequest(*form, options),
                                *this);
  }

  /// Return a hint at the file that perceiver-import copies weights to, if it
  /// is there and not given; or "".
  std::string hintAtCopiedWeights() const {
    SmallString<128> copy(options.descriptionFile);
    llvm::sys::path::replace_extension(copy, "safetensors");
    if (!llvm::sys::fs::exists(copy) ||
        llvm::is_contained(options.weightsFiles, copy))
      return "";
    return ("; beside the description is " + copy).str();
  }

  /// Find the parameters in the checkpoint.
  LogicalResult bind() {
    // A description without parameters needs none.
    if (options.weightsFiles.empty())
      return success();
    ::perceiver::Result<::perceiver::Checkpoint> checkpoint =
        ::perceiver::openCheckpoint(options.weightsFiles);
    if (!checkpoint)
      return emitError(UnknownLoc::get(module.getContext()))
             << checkpoint.error().str() << hintAtCopiedWeights();
    BindParametersOptions binding;
    binding.strict = options.strict;
    FailureOr<BoundParameters> bound =
        bindParameters(*prepare, checkpoint->tensors,
                       llvm::join(options.weightsFiles, ", "), binding);
    if (failed(bound))
      return failure();
    parameters = std::move(*bound);
    return success();
  }

  //===--------------------------------------------------------------------===//
  // Files
  //===--------------------------------------------------------------------===//

  LogicalResult publish(ArrayRef<char> sharedObject) {
    if (failed(goOn()))
      return failure();
    Publication outputs;
    llvm::Expected<llvm::raw_pwrite_stream *> weights =
        outputs.add(::perceiver::pathBeside(options.outputFile, "weights"));
    if (!weights)
      return check(weights.takeError());
    if (failed(writeWeights(*prepare, parameters, **weights)) || failed(goOn()))
      return failure();
    llvm::Expected<llvm::raw_pwrite_stream *> header =
        outputs.add(::perceiver::pathBeside(options.outputFile, "h"));
    if (!header)
      return check(header.takeError());
    **header << writeHeader(artifact);
    llvm::Expected<llvm::raw_pwrite_stream *> code =
        outputs.add(options.outputFile);
    if (!code)
      return check(code.takeError());
    (*code)->write(sharedObject.data(), sharedObject.size());
    return check(outputs.commit());
  }

  LogicalResult writeText(function_ref<void(raw_ostream &)> print) {
    if (options.outputFile.empty() || options.outputFile == "-") {
      print(llvm::outs());
      llvm::outs().flush();
      std::error_code code = llvm::outs().error();
      llvm::outs().clear_error();
      if (code)
        return check(llvm::createStringError(
            code, "cannot write to standard output: " + code.message()));
      return success();
    }
    Publication outputs;
    llvm::Expected<llvm::raw_pwrite_stream *> stream =
        outputs.add(options.outputFile);
    if (!stream)
      return check(stream.takeError());
    print(**stream);
    return check(outputs.commit());
  }

  //===--------------------------------------------------------------------===//
  // Steps
  //===--------------------------------------------------------------------===//

  /// Fail if the caller has lost interest.
  LogicalResult goOn() {
    if (!options.isCancelled || !options.isCancelled())
      return success();
    return emitError(UnknownLoc::get(module.getContext()))
           << "the compilation was cancelled";
  }

  /// Run one step and tell how long it took.
  llvm::Error timed(StringRef step, function_ref<llvm::Error()> body) {
    auto start = std::chrono::steady_clock::now();
    llvm::Error error = body();
    std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - start;
    if (!error && options.progress)
      options.progress(step, time.count());
    return error;
  }

  LogicalResult check(llvm::Error error) override {
    if (!error)
      return success();
    return emitError(UnknownLoc::get(module.getContext()))
           << llvm::toString(std::move(error));
  }

  LogicalResult run(StringRef step, function_ref<llvm::Error()> body) override {
    return failure(failed(goOn()) || failed(check(timed(step, body))));
  }

  bool isKeeping() const override { return temps.isEnabled(); }

  LogicalResult keep(StringRef ending,
                     function_ref<void(raw_ostream &)> print) override {
    return check(temps.write(ending, print));
  }

  ModuleOp module;
  const Backend &backend;
  TargetAttrInterface target;
  const CompilerOptions &options;
  /// What is made of the last stage's output; null if that is printed.
  const CodeForm *form;
  std::string modelName = getModelName(options);
  /// What computes the weights, once they are split off.
  OwningOpRef<ModuleOp> prepare;
  /// The parameters that it reads.
  BoundParameters parameters;
  ArtifactDescription artifact;
  SaveTemps temps;
  RemarkLog log;
  Explanation explanation;
};
} // namespace

//===----------------------------------------------------------------------===//
// From options to a compilation
//===----------------------------------------------------------------------===//

/// The back end that is asked for, that of the module, or the first.
static FailureOr<const Backend *> selectBackend(ModuleOp module,
                                                StringRef name) {
  // It carries the back ends.
  module.getContext()->getOrLoadDialect<PerceiverDialect>();
  if (auto target = getTarget(module); target && name.empty())
    name = target.getBackend();
  if (const Backend *backend = findBackend(module.getContext(), name))
    return backend;
  InFlightDiagnostic error = emitError(UnknownLoc::get(module.getContext()))
                             << "expected a target, which is one of ";
  llvm::interleaveComma(
      getBackends(module.getContext()), error,
      [&](const Backend *backend) { error << backend->getName(); });
  return error << ", but got '" << name << "'";
}

/// The form of this kind, or else the last stage.
static StringRef findEmit(const Backend &backend, CodeKind kind) {
  for (const CodeForm &form : backend.getCodeForms())
    if (form.kind == kind)
      return form.name;
  return backend.getStages().back().name;
}

/// Check what is asked for, then call `compile` with it.
static LogicalResult
start(ModuleOp module, CompilerOptions options, CodeKind kind,
      function_ref<LogicalResult(Compilation &compilation)> compile) {
  Location loc = UnknownLoc::get(module.getContext());
  FailureOr<const Backend *> backend = selectBackend(module, options.backend);
  if (failed(backend))
    return failure();
  bool writesFiles = kind == CodeKind::Artifact;
  if (options.emit.empty() || !writesFiles)
    options.emit = findEmit(**backend, kind);
  if (failed(verifyStages(loc, **backend, options)))
    return failure();
  FailureOr<TargetAttrInterface> target =
      resolveTarget(module, **backend, options.target);
  if (failed(target) ||
      (writesFiles && failed(verifyOptions(module, **backend, options))))
    return failure();
  if (const CodeForm *form = findCodeForm(**backend, options.emit))
    if (failed((*backend)->verifyRequest(loc, *target,
                                         makeRequest(*form, options))))
      return failure();
  Compilation compilation(module, **backend, *target, options);
  return compile(compilation);
}

LogicalResult mlir::perceiver::compileModel(ModuleOp module,
                                            const CompilerOptions &options) {
  return start(module, options, CodeKind::Artifact,
               [](Compilation &compilation) { return compilation.run(); });
}

FailureOr<CompiledCode>
mlir::perceiver::compileToObject(ModuleOp module,
                                 const CompilerOptions &options) {
  FailureOr<CompiledCode> code = failure();
  LogicalResult result =
      start(module, options, CodeKind::Object, [&](Compilation &compilation) {
        code = compilation.compile();
        return LogicalResult(code);
      });
  return failed(result) ? FailureOr<CompiledCode>() : std::move(code);
}
