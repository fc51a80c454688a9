//===- perceiver-test-runner.cpp - Entries against their expectations -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a module, links it into this process and evaluates its checks
// (test/lib/Check/CheckOps.td), for each target:
//
//   perceiver-test-runner attention.mlir --from=strategy
//   perceiver-test-runner attention.mlir --device=emulated
//
//===----------------------------------------------------------------------===//

#include "lib/Init/Init.h"
#include "lib/Runtime/perceiver_runtime.h"
#include "lib/Weights/ParameterBinding.h"
#include "lib/Weights/WeightsWriter.h"
#include "test/Runner/TestEvaluator.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/SourceMgr.h"

namespace cl = llvm::cl;

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::check;
using ::perceiver::EmulatedDevice;

static cl::OptionCategory category("perceiver-test-runner options");
static cl::opt<std::string> input(cl::Positional, cl::Required,
                                  cl::desc("<tests.mlir>"), cl::cat(category));
static cl::list<std::string>
    targetCPUs("target-cpu", cl::CommaSeparated,
               cl::desc("processors to compile for, as perceiver-compile names "
                        "them; those that this machine cannot run are left "
                        "out (default: native, and x86-64-v3 on x86-64)"),
               cl::cat(category));
static cl::list<int> threadCounts("pool-threads", cl::CommaSeparated,
                                  cl::desc("sizes of pools to run on (default: "
                                           "2, beside the calling thread)"),
                                  cl::cat(category));
static cl::opt<std::string>
    from("from", cl::desc("start at a stage: 'strategy' for entries of blocks"),
         cl::value_desc("stage"), cl::cat(category));

static cl::opt<bool>
    hash("hash",
         cl::desc("print the SHA-256 of the bytes of each output of a run"),
         cl::cat(category));

enum class DeviceKind { CPU, Emulated };
static cl::opt<DeviceKind>
    device("device", cl::desc("what to run on:"), cl::init(DeviceKind::CPU),
           cl::values(clEnumValN(DeviceKind::CPU, "cpu", "this machine"),
                      clEnumValN(DeviceKind::Emulated, "emulated",
                                 "the emulated CUDA device")),
           cl::cat(category));

static int fail(const llvm::Twine &message) {
  llvm::errs() << "perceiver-test-runner: error: " << message << "\n";
  return 1;
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// Tasks in reverse order, each on another one of three workers.
static void runReversed(void *, int64_t count, perceiver_task task,
                        void *context) {
  for (int64_t i = count; i-- > 0;)
    task(context, i, static_cast<int32_t>(i % 3));
}

namespace {
/// The ways to run an entry: without a pool, reversed, and on threads.
class Modes {
public:
  Modes() {
    modes.push_back({"on the calling thread", nullptr, ""});
    reversed.version = PERCEIVER_ABI_VERSION;
    reversed.worker_count = 3;
    reversed.run_tasks = runReversed;
    modes.push_back({"in reverse order", &reversed, ""});
  }
  Modes(const Modes &) = delete;
  Modes &operator=(const Modes &) = delete;
  ~Modes() {
    for (perceiver_pool *pool : pools)
      perceiver_rt_pool_destroy(pool);
  }

  bool addThreads(int count) {
    perceiver_pool *pool = nullptr;
    if (perceiver_rt_pool_create(count, &pool) != PERCEIVER_OK)
      return false;
    pools.push_back(pool);
    modes.push_back({"on " + std::to_string(count) + " threads", pool, ""});
    return true;
  }

  ArrayRef<RunMode> get() const { return modes; }

private:
  perceiver_pool reversed = {};
  std::vector<perceiver_pool *> pools;
  std::vector<RunMode> modes;
};
} // namespace

//===----------------------------------------------------------------------===//
// One target
//===----------------------------------------------------------------------===//

/// Why this machine cannot run code for `target`, or "".
static std::string whyUnsupported(const TargetDescription &target) {
  TargetDescription host = llvm::cantFail(selectTarget({}));
  if (host.triple.getArch() != target.triple.getArch())
    return "it is for " + target.triple.getArchName().str();
  uint64_t offered = perceiver_rt_host_cpu_features();
  for (const std::string &name : target.requiredFeatureNames)
    if (!(perceiver_rt_cpu_feature(name.c_str()) & offered))
      return "this processor lacks " + name;
  return "";
}

/// The content of the weights file, from the module's checkpoint.
static FailureOr<std::string> makeWeights(ModuleOp module, ModuleOp prepare) {
  FailureOr<std::map<std::string, TensorValue>> values =
      evaluateCheckpoints(module);
  if (failed(values))
    return failure();
  ::perceiver::TensorSet checkpoint;
  for (const auto &[name, value] : *values) {
    ::perceiver::TensorView view;
    view.name = name;
    if (!value.type.getElementType().isF32() &&
        !value.type.getElementType().isF64())
      return module.emitError("expected a checkpoint of f32 or f64, but got ")
             << value.type << " in '" << name << "'";
    view.dtype = value.type.getElementType().isF32() ? ::perceiver::DType::F32
                                                     : ::perceiver::DType::F64;
    view.shape = value.type.getShape().vec();
    view.data = value.bytes.data();
    view.bytes = value.bytes.size();
    if (::perceiver::Status added = checkpoint.add(view); !added)
      return module.emitError(added.error().str());
  }
  BindParametersOptions binding;
  binding.strict = true;
  FailureOr<BoundParameters> parameters =
      bindParameters(prepare, checkpoint, "check.checkpoint", binding);
  if (failed(parameters))
    return failure();
  llvm::SmallString<0> content;
  llvm::raw_svector_ostream stream(content);
  if (failed(writeWeights(prepare, *parameters, stream)))
    return failure();
  return content.str().str();
}

/// The model without its checks.
static OwningOpRef<ModuleOp> cloneModel(ModuleOp module) {
  OwningOpRef<ModuleOp> model = module.clone();
  for (Operation &op : llvm::make_early_inc_range(model->getOps()))
    if (isa<CheckDialect>(op.getDialect()))
      op.erase();
  return model;
}

/// "HASH CPU TITLE: run 1, @entry, 'output'", for people and scripts to
/// compare.
static void printHash(StringRef cpu, StringRef title, int64_t run,
                      StringRef entry, StringRef output,
                      const TensorValue &value) {
  llvm::outs() << llvm::toHex(llvm::SHA256::hash(value.bytes),
                              /*LowerCase=*/true)
               << " " << cpu << " " << title << ": run " << run << ", @"
               << entry << ", '" << output << "'\n";
}

static LogicalResult runTarget(ModuleOp module, const TargetOptions &target,
                               ArrayRef<RunMode> modes,
                               std::optional<EmulatedDevice> emulator) {
  CompilerOptions options;
  options.outputFile = "model.so";
  options.target = target;
  if (emulator)
    options.backend = "cuda";
  std::string name = emulator ? "the emulated device" : target.cpu;
  options.from = from;
  OwningOpRef<ModuleOp> model = cloneModel(module);
  FailureOr<CompiledCode> code = compileToObject(*model, options);
  if (failed(code))
    return failure();
  FailureOr<std::string> weights = makeWeights(module, *code->prepare);
  if (failed(weights))
    return failure();
  llvm::Expected<std::unique_ptr<JitModel>> loaded =
      JitModel::load(std::move(*code), *weights, std::move(emulator));
  if (!loaded)
    return module.emitError(llvm::toString(loaded.takeError()));
  bool passed = true;
  for (auto test : module.getOps<TestOp>()) {
    auto observe = [&](int64_t run, StringRef entry, StringRef output,
                       const TensorValue &value) {
      if (hash)
        printHash(name, test.getTitle(), run, entry, output, value);
    };
    if (succeeded(evaluateTest(test, **loaded, modes, observe)))
      continue;
    passed = false;
    llvm::errs() << "perceiver-test-runner: failed for " << name << ": "
                 << test.getTitle() << "\n";
  }
  return success(passed);
}

/// On the emulated device, in two orders of warps and blocks. Code that starts
/// kernels is for any processor.
static LogicalResult runOnDevice(ModuleOp module, StringRef program) {
  ::perceiver::Result<EmulatedDevice> emulator =
      EmulatedDevice::open(llvm::sys::path::parent_path(program).str());
  if (!emulator)
    return module.emitError(emulator.error().str());
  const RunMode modes[] = {{"on one thread", nullptr, "seed=1 threads=1"},
                           {"on two threads", nullptr, "seed=2 threads=2"}};
  return runTarget(module, TargetOptions(), modes, std::move(*emulator));
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "Perceiver test runner\n");
  if (std::string repeated = findRepeatedOption(); !repeated.empty())
    return fail(repeated);

  DialectRegistry registry;
  registerAllDialects(registry);
  registerCheckDialect(registry);
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  auto sourceManager = std::make_shared<llvm::SourceMgr>();
  SourceMgrDiagnosticHandler handler(*sourceManager, &context);
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(input, sourceManager, &context);
  if (!module)
    return 1;
  if (module->getOps<TestOp>().empty())
    return fail("expected at least one check.test in " + input);

  if (device == DeviceKind::Emulated)
    return failed(runOnDevice(
        *module, llvm::sys::fs::getMainExecutable(
                     argv[0], reinterpret_cast<void *>(&registerAllDialects))));

  Modes modes;
  std::vector<int> counts(threadCounts.begin(), threadCounts.end());
  if (counts.empty())
    counts = {2};
  for (int count : counts)
    if (!modes.addThreads(count))
      return fail(perceiver_rt_last_error());
  std::vector<std::string> cpus(targetCPUs.begin(), targetCPUs.end());
  if (cpus.empty()) {
    cpus = {"native"};
    if (llvm::cantFail(selectTarget({})).triple.isX86())
      cpus.push_back("x86-64-v3");
  }
  bool ran = false, passed = true;
  std::string done;
  for (const std::string &cpu : cpus) {
    TargetOptions options;
    options.cpu = cpu;
    llvm::Expected<TargetDescription> target = selectTarget(options);
    if (!target)
      return fail(llvm::toString(target.takeError()));
    std::string reason = whyUnsupported(*target);
    if (!reason.empty()) {
      llvm::errs() << "perceiver-test-runner: note: unsupported: " << cpu
                   << ", since " << reason << "\n";
      continue;
    }
    ran = true;
    // On some machines native is the level that is named as well.
    if (target->cpu == done)
      continue;
    done = target->cpu;
    passed &= succeeded(
        runTarget(*module, options, modes.get(), /*emulator=*/std::nullopt));
  }
  if (!ran)
    return fail("unsupported: this machine runs none of the targets");
  return passed ? 0 : 1;
}
