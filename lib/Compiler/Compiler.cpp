//===- Compiler.cpp - From a description to an artefact -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/Compiler.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/WeightOps.h"
#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/DescriptorBuilder.h"
#include "lib/Artifact/HeaderWriter.h"
#include "lib/Compiler/CrashReproducer.h"
#include "lib/Compiler/DescribeArtifact.h"
#include "lib/Compiler/Explain.h"
#include "lib/Compiler/RemarkLog.h"
#include "lib/Compiler/SaveTemps.h"
#include "lib/Compiler/UnusedSymbols.h"
#include "lib/Compiler/VerifyOptions.h"
#include "lib/Loader/WeightsFile.h"
#include "lib/Pipelines/Pipelines.h"
#include "lib/Runtime/perceiver_runtime.h"
#include "lib/Support/Version.h"
#include "lib/Target/ObjectEmitter.h"
#include "lib/Target/Publish.h"
#include "lib/Target/SharedObjectLinker.h"
#include "lib/TensorFile/Safetensors.h"
#include "lib/Transforms/Transforms.h"
#include "lib/Weights/ParameterBinding.h"
#include "lib/Weights/WeightsWriter.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"

#include <chrono>

using namespace mlir;
using namespace mlir::perceiver;

StringRef mlir::perceiver::compilerVersion() { return PERCEIVER_VERSION; }

namespace {
/// One run of the compiler.
class Compilation {
public:
  Compilation(ModuleOp module, const CompilerOptions &options,
              ObjectEmitter emitter)
      : module(module), options(options), emitter(std::move(emitter)),
        temps(options.saveTempsDirectory,
              llvm::sys::path::stem(options.outputFile).str(),
              {options.descriptionFile, options.weightsFile}),
        log(module.getContext()), explanation(tileTarget()) {}

  LogicalResult run() {
    FailureOr<const Stage *> last = runStages();
    if (failed(last))
      return failure();
    if (*last)
      return writeText([&](raw_ostream &stream) { module.print(stream); });
    return emitCode();
  }

  /// All stages and machine code, without files.
  FailureOr<CompiledCode> compile() {
    FailureOr<const Stage *> last = runStages();
    if (failed(last))
      return failure();
    FailureOr<llvm::SmallVector<char, 0>> object =
        generateCode(CodeFormat::Object);
    if (failed(object))
      return failure();
    return CompiledCode{std::move(artifact), std::move(*object),
                        std::move(prepare)};
  }

private:
  /// Run the stages and return the one to stop at, or null after all of them.
  FailureOr<const Stage *> runStages() {
    // Before anything is read off a module of another stage.
    const Stage *first =
        options.from.empty() ? getStages().begin() : findStage(options.from);
    if (failed(verifyStage(module, *first)) ||
        (options.from.empty() &&
         failed(reportUnusedSymbols(module, options.strict))))
      return failure();
    bool started = false;
    for (auto [number, stage] : llvm::enumerate(getStages())) {
      started |= &stage == first;
      if (started && failed(runStage(number, stage)))
        return failure();
      if (options.emit == stage.name)
        return &stage;
      if (StringRef(stage.name) == "prepare") {
        if (options.explanation && isAtMost(*first, "tile"))
          explanation.addOperations(module);
        prepare = clonePrepare(module);
        // What does not fit is told before the long part of the work.
        if (options.emit == "so" && failed(bind()))
          return failure();
      }
      if (options.explanation && StringRef(stage.name) == "tile")
        explanation.addPhases(module);
      if (StringRef(stage.name) == "vectorize") {
        if (options.explanation)
          explanation.addBuffers(module);
        FailureOr<std::vector<EntryDescription>> entries =
            describeEntries(module);
        if (failed(entries))
          return failure();
        artifact.entries = std::move(*entries);
      }
    }
    if (failed(describe()))
      return failure();
    if (options.explanation)
      explanation.print(artifact, log.getSentences(), options.explainParts,
                        *options.explanation);
    return nullptr;
  }

  /// Whether `stage` is the one called `name` or before it.
  static bool isAtMost(const Stage &stage, StringRef name) {
    return &stage <= findStage(name);
  }

  LogicalResult report(llvm::Error error) {
    if (!error)
      return success();
    return emitError(UnknownLoc::get(module.getContext()))
           << llvm::toString(std::move(error));
  }

  /// Fail if the caller has lost interest.
  LogicalResult goOn() {
    if (!options.isCancelled || !options.isCancelled())
      return success();
    return emitError(UnknownLoc::get(module.getContext()))
           << "the compilation was cancelled";
  }

  /// Run one step of a compilation and tell how long it took.
  llvm::Error timed(StringRef step, function_ref<llvm::Error()> body) {
    auto start = std::chrono::steady_clock::now();
    llvm::Error error = body();
    std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - start;
    if (!error && options.progress)
      options.progress(step, time.count());
    return error;
  }

  /// Let what was rewritten, and what not, go with the IR into the artefact.
  void recordRewrites() {
    std::vector<std::string> sentences = log.getSentences();
    SmallVector<StringRef> lines(sentences.begin(), sentences.end());
    module->setAttr(kFusionLogAttrName,
                    Builder(module.getContext()).getStrArrayAttr(lines));
  }

  LogicalResult runStage(unsigned number, const Stage &stage) {
    if (failed(goOn()))
      return failure();
    PassManager pm(module.getContext());
    CPUPipelineOptions pipeline;
    selectVectors(pipeline);
    buildStage(stage, pm, pipeline);
    if (options.configurePasses && failed(options.configurePasses(pm)))
      return failure();
    if (!options.crashReproducer.empty())
      enableCrashReproducer(pm, options.crashReproducer);
    LogicalResult result = success();
    llvm::cantFail(timed(stage.name, [&] {
      result = pm.run(module);
      return llvm::Error::success();
    }));
    if (succeeded(result) && StringRef(stage.name) == "rewrite")
      recordRewrites();
    if (failed(result) || !temps.isEnabled())
      return result;
    return report(temps.writeStage(number, stage.name, module));
  }

  /// Lanes and registers of the widest vectors that the target has, and whether
  /// it can multiply and add at once.
  void selectVectors(CPUPipelineOptions &pipeline) {
    const TargetDescription &target = emitter.target();
    auto has = [&](const char *feature) {
      return (target.requiredFeatures & perceiver_rt_cpu_feature(feature)) != 0;
    };
    pipeline.fma = target.triple.isAArch64() || has("fma");
    if (target.triple.isAArch64()) {
      pipeline.lanes = 4;
      pipeline.registers = 32;
    } else if (has("avx512f")) {
      pipeline.lanes = 16;
      pipeline.registers = 32;
    } else if (has("avx2")) {
      pipeline.lanes = 8;
      pipeline.registers = 16;
    } else {
      pipeline.lanes = 4;
      pipeline.registers = 16;
    }
  }

  TileTarget tileTarget() {
    CPUPipelineOptions pipeline;
    selectVectors(pipeline);
    TileTarget target;
    target.lanes = pipeline.lanes;
    target.registers = pipeline.registers;
    return target;
  }

  LogicalResult describe() {
    FailureOr<WeightsLayout> layout = getWeightsLayout(*prepare);
    if (failed(layout))
      return failure();
    artifact.model = modelName();
    artifact.prefix = toPrefix(artifact.model);
    artifact.compilerVersion = compilerVersion().str();
    artifact.id = layout->id;
    artifact.target = emitter.target();
    artifact.weightsBytes = layout->bytes;
    artifact.weights = layout->tensors;
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

  /// What the model is called: as the output, or, on standard output, as the
  /// description.
  std::string modelName() const {
    bool hasOutput = !options.outputFile.empty() && options.outputFile != "-";
    StringRef stem = llvm::sys::path::stem(hasOutput ? options.outputFile
                                                     : options.descriptionFile);
    return stem.empty() || stem == "-" ? "model" : stem.str();
  }

  /// The function of an entry is known by the artefact's name for it.
  LogicalResult nameBodies() {
    SmallVector<Operation *> bodies;
    for (const EntryDescription &entry : artifact.entries) {
      bodies.push_back(module.lookupSymbol(entry.name));
      if (!bodies.back())
        return module.emitError("expected a function '") << entry.name << "'";
    }
    // An entry may have the new name of another.
    for (auto [body, entry] : llvm::zip_equal(bodies, artifact.entries))
      SymbolTable::setSymbolName(body,
                                 EntrySymbols(artifact.prefix, entry).body);
    return success();
  }

  FailureOr<llvm::SmallVector<char, 0>> generateCode(CodeFormat format) {
    // Weights have become addresses; their declarations are no code.
    for (Operation &op :
         llvm::make_early_inc_range(module.getBody()->getOperations()))
      if (isa<block::WeightOp>(op))
        op.erase();
    if (failed(nameBodies()))
      return failure();
    llvm::LLVMContext context;
    FailureOr<std::unique_ptr<llvm::Module>> code =
        translateToLLVMIR(module, context);
    if (failed(code) || failed(report(addArtifact(**code, artifact))) ||
        failed(goOn()))
      return failure();
    if (temps.isEnabled() &&
        failed(report(temps.write("8-llvm.ll", [&](raw_ostream &stream) {
          (*code)->print(stream, /*AAW=*/nullptr);
        }))))
      return failure();
    if (failed(report(
            timed("optimize", [&] { return emitter.optimize(**code); }))) ||
        failed(goOn()))
      return failure();
    if (temps.isEnabled() && failed(report(temps.writeCode(**code, emitter))))
      return failure();
    llvm::SmallVector<char, 0> bytes;
    if (failed(report(timed("code", [&] {
          return emitter.emit(**code, format).moveInto(bytes);
        }))))
      return failure();
    if (temps.isEnabled() && format == CodeFormat::Object &&
        failed(report(temps.write("o", [&](raw_ostream &stream) {
          stream.write(bytes.data(), bytes.size());
        }))))
      return failure();
    return bytes;
  }

  LogicalResult emitCode() {
    CodeFormat format = options.emit == "llvm-ir" ? CodeFormat::LLVMIR
                        : options.emit == "asm"   ? CodeFormat::Assembly
                                                  : CodeFormat::Object;
    FailureOr<llvm::SmallVector<char, 0>> bytes = generateCode(format);
    if (failed(bytes))
      return failure();
    if (options.emit != "so")
      return writeText([&](raw_ostream &stream) {
        stream.write(bytes->data(), bytes->size());
      });
    LinkOptions link;
    link.triple = emitter.target().triple;
    link.soname = llvm::sys::path::filename(options.outputFile).str();
    link.exports = exportedSymbols(artifact);
    llvm::SmallVector<char, 0> linked;
    if (failed(report(timed("link", [&] {
          return linkSharedObject({llvm::MemoryBufferRef(
                                      StringRef(bytes->data(), bytes->size()),
                                      artifact.model)},
                                  link)
              .moveInto(linked);
        }))))
      return failure();
    LogicalResult result = success();
    llvm::cantFail(timed("weights", [&] {
      result = publish(linked);
      return llvm::Error::success();
    }));
    return result;
  }

  /// Find the parameters in the checkpoint.
  LogicalResult bind() {
    // A description without parameters needs none.
    if (options.weightsFile.empty())
      return success();
    ::perceiver::Result<::perceiver::SafetensorsFile> checkpoint =
        ::perceiver::SafetensorsFile::open(options.weightsFile);
    if (!checkpoint)
      return emitError(UnknownLoc::get(module.getContext()))
             << checkpoint.error().str();
    BindParametersOptions binding;
    binding.strict = options.strict;
    FailureOr<BoundParameters> bound =
        bindParameters(*prepare, *checkpoint, options.weightsFile, binding);
    if (failed(bound))
      return failure();
    parameters = std::move(*bound);
    return success();
  }

  LogicalResult publish(ArrayRef<char> sharedObject) {
    if (failed(goOn()))
      return failure();
    Publication outputs;
    llvm::Expected<llvm::raw_pwrite_stream *> weights =
        outputs.add(::perceiver::pathBeside(options.outputFile, "weights"));
    if (!weights)
      return report(weights.takeError());
    if (failed(writeWeights(*prepare, parameters, **weights)) || failed(goOn()))
      return failure();
    llvm::Expected<llvm::raw_pwrite_stream *> header =
        outputs.add(::perceiver::pathBeside(options.outputFile, "h"));
    if (!header)
      return report(header.takeError());
    **header << writeHeader(artifact);
    llvm::Expected<llvm::raw_pwrite_stream *> code =
        outputs.add(options.outputFile);
    if (!code)
      return report(code.takeError());
    (*code)->write(sharedObject.data(), sharedObject.size());
    return report(outputs.commit());
  }

  LogicalResult writeText(function_ref<void(raw_ostream &)> print) {
    if (options.outputFile.empty() || options.outputFile == "-") {
      print(llvm::outs());
      llvm::outs().flush();
      std::error_code code = llvm::outs().error();
      llvm::outs().clear_error();
      if (code)
        return report(llvm::createStringError(
            code, "cannot write to standard output: " + code.message()));
      return success();
    }
    Publication outputs;
    llvm::Expected<llvm::raw_pwrite_stream *> stream =
        outputs.add(options.outputFile);
    if (!stream)
      return report(stream.takeError());
    print(**stream);
    return report(outputs.commit());
  }

  ModuleOp module;
  const CompilerOptions &options;
  ObjectEmitter emitter;
  /// What computes the weights, from the end of the stage `prepare` on.
  OwningOpRef<ModuleOp> prepare;
  /// The parameters that it reads.
  BoundParameters parameters;
  ArtifactDescription artifact;
  SaveTemps temps;
  RemarkLog log;
  Explanation explanation;
};
} // namespace

LogicalResult mlir::perceiver::compileModel(ModuleOp module,
                                            const CompilerOptions &options) {
  if (failed(verifyStages(UnknownLoc::get(module.getContext()), options)))
    return failure();
  llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(options.target);
  if (!emitter)
    return emitError(UnknownLoc::get(module.getContext()))
           << llvm::toString(emitter.takeError());
  if (failed(verifyOptions(module, options, emitter->target().triple)))
    return failure();
  return Compilation(module, options, std::move(*emitter)).run();
}

FailureOr<CompiledCode>
mlir::perceiver::compileToObject(ModuleOp module,
                                 const CompilerOptions &options) {
  CompilerOptions toObject = options;
  toObject.emit = "obj";
  Location loc = UnknownLoc::get(module.getContext());
  if (failed(verifyStages(loc, toObject)))
    return failure();
  llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(options.target);
  if (!emitter)
    return emitError(loc) << llvm::toString(emitter.takeError());
  return Compilation(module, toObject, std::move(*emitter)).compile();
}
