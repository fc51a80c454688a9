//===- TargetSelection.cpp - The processor to compile for -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetSelection.h"

#include "lib/Runtime/perceiver_runtime.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/TargetParser/Host.h"

#include <algorithm>
#include <optional>

using namespace mlir;
using namespace mlir::perceiver;

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

/// Make LLVM's code generators known, once in a process.
static void initializeTargets() {
  static const bool done = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
    LLVMInitializeAArch64AsmParser();
    return true;
  }();
  (void)done;
}

/// ", did you mean 'x'?" for the name that is nearest to `name`, if any is
/// near.
template <typename Range>
static std::string suggestName(llvm::StringRef name, const Range &known) {
  const unsigned maxEdits = std::min<size_t>(3, name.size() / 3);
  unsigned best = maxEdits + 1;
  llvm::StringRef nearest;
  for (const auto &entry : known) {
    unsigned edits = name.edit_distance(entry.Key, /*AllowReplacements=*/true,
                                        /*MaxEditDistance=*/maxEdits);
    if (edits < best) {
      best = edits;
      nearest = entry.Key;
    }
  }
  if (nearest.empty())
    return "";
  return ("; did you mean '" + nearest + "'?").str();
}

static llvm::Expected<llvm::Triple> parseTriple(llvm::StringRef text) {
  llvm::Triple triple(text.empty() ? llvm::sys::getDefaultTargetTriple()
                                   : llvm::Triple::normalize(text));
  bool known = triple.getArch() == llvm::Triple::x86_64 ||
               triple.getArch() == llvm::Triple::aarch64;
  if (!known || !triple.isOSBinFormatELF() || !triple.isArch64Bit() ||
      triple.isX32() || triple.getEnvironment() == llvm::Triple::GNUILP32)
    return fail("cannot compile for target '" + triple.str() +
                "'; expected a triple like x86_64-linux-gnu or "
                "aarch64-linux-gnu");
  return triple;
}

/// Check a list like "+a,-b" and write it without blanks.
static llvm::Expected<std::string>
checkFeatures(llvm::StringRef text, const llvm::MCSubtargetInfo &subtarget) {
  llvm::SmallVector<llvm::StringRef> items;
  text.split(items, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef &item : items) {
    item = item.trim();
    llvm::StringRef name = item;
    if (!name.consume_front("+") && !name.consume_front("-"))
      return fail("expected '+' or '-' before target feature '" + name + "'");
    auto known = subtarget.getAllProcessorFeatures();
    if (llvm::none_of(known, [&](const llvm::SubtargetFeatureKV &feature) {
          return name == feature.Key;
        }))
      return fail("unknown target feature '" + name + "' for " +
                  subtarget.getTargetTriple().getArchName() +
                  suggestName(name, known));
  }
  return llvm::join(items, ",");
}

/// Features that say how fast something is, not whether it exists.
static llvm::FeatureBitset
getTuningFeatures(const llvm::MCSubtargetInfo &subtarget) {
  llvm::FeatureBitset tuning, instructions;
  for (const llvm::SubtargetSubTypeKV &processor :
       subtarget.getAllProcessorDescriptions()) {
    tuning |= processor.TuneImplies.getAsBitset();
    instructions |= processor.Implies.getAsBitset();
  }
  return tuning & ~instructions;
}

/// The features of `subtarget` that some processors of its architecture lack
/// and the runtime does not know.
static std::vector<llvm::StringRef>
findUncheckedFeatures(const llvm::MCSubtargetInfo &subtarget,
                      const llvm::MCSubtargetInfo &oldest) {
  llvm::FeatureBitset open = subtarget.getFeatureBits() &
                             ~oldest.getFeatureBits() &
                             ~getTuningFeatures(subtarget);
  std::vector<llvm::StringRef> names;
  for (const llvm::SubtargetFeatureKV &feature :
       subtarget.getAllProcessorFeatures())
    if (open[feature.Value] && !perceiver_rt_cpu_feature(feature.Key))
      names.push_back(feature.Key);
  return names;
}

/// Record what the code may use and the runtime checks.
static void requireFeatures(TargetDescription &target,
                            const llvm::MCSubtargetInfo &subtarget) {
  for (const llvm::SubtargetFeatureKV &feature :
       subtarget.getAllProcessorFeatures()) {
    uint64_t bit = perceiver_rt_cpu_feature(feature.Key);
    if (!bit || !subtarget.hasFeature(feature.Value))
      continue;
    target.requiredFeatures |= bit;
    target.requiredFeatureNames.push_back(feature.Key);
  }
}

/// Fill in the fields that follow from `target`'s triple, cpu and features.
static llvm::Error describe(TargetDescription &target,
                            const llvm::Target &backend) {
  auto createSubtarget = [&](llvm::StringRef cpu, llvm::StringRef features) {
    return std::unique_ptr<llvm::MCSubtargetInfo>(
        backend.createMCSubtargetInfo(target.triple, cpu, features));
  };
  const std::unique_ptr<llvm::MCSubtargetInfo> oldest =
      createSubtarget(target.triple.isX86() ? "x86-64" : "generic", "");
  if (!oldest->isCPUStringValid(target.cpu))
    return fail("unknown cpu '" + target.cpu + "' for " +
                target.triple.getArchName() +
                suggestName(target.cpu, oldest->getAllProcessorDescriptions()));
  if (!target.tuneCpu.empty() && !oldest->isCPUStringValid(target.tuneCpu))
    return fail(
        "unknown cpu '" + target.tuneCpu + "' to tune for " +
        target.triple.getArchName() +
        suggestName(target.tuneCpu, oldest->getAllProcessorDescriptions()));
  llvm::Expected<std::string> features =
      checkFeatures(target.features, *oldest);
  if (!features)
    return features.takeError();
  target.features = *features;

  std::unique_ptr<llvm::MCSubtargetInfo> subtarget =
      createSubtarget(target.cpu, target.features);
  // Without these, LLVM's code generator stops the process.
  llvm::StringRef minimum =
      target.triple.isX86() ? "+64bit,+sse2" : "+fp-armv8,+neon";
  if (!subtarget->checkFeatures(minimum)) {
    std::string with =
        target.features.empty() ? "" : " with '" + target.features + "'";
    return fail("cpu '" + target.cpu + "'" + with +
                " lacks what every model needs: " + minimum);
  }
  if (std::vector<llvm::StringRef> unchecked =
          findUncheckedFeatures(*subtarget, *oldest);
      !unchecked.empty()) {
    for (llvm::StringRef item : llvm::split(*features, ','))
      if (item.consume_front("+") && llvm::is_contained(unchecked, item))
        return fail("cannot add target feature '" + item +
                    "', which the loader of models has no way to check");
    if (!target.features.empty())
      target.features += ",";
    target.features += "-" + llvm::join(unchecked, ",-");
    subtarget = createSubtarget(target.cpu, target.features);
  }
  requireFeatures(target, *subtarget);
  // LLVM prefers vectors of half the size on such processors; a model keeps the
  // vector units busy for long enough to gain from the whole.
  if (target.triple.isX86() && subtarget->checkFeatures("+avx512f"))
    target.preferredVectorBits = 512;
  return llvm::Error::success();
}

/// Replace cpu "native" by the highest level that this machine has.
static llvm::Error resolveNative(TargetDescription &target,
                                 const llvm::Target &backend) {
  llvm::Triple host(llvm::sys::getDefaultTargetTriple());
  if (host.getArch() != target.triple.getArch())
    return fail("cpu 'native' is this machine's, but the target is " +
                target.triple.str() + "; name a cpu");
  llvm::SmallVector<llvm::StringRef> levels;
  if (target.triple.isX86())
    levels = {"x86-64-v4", "x86-64-v3", "x86-64-v2", "x86-64"};
  else
    levels = {"generic"};
  uint64_t offered = perceiver_rt_host_cpu_features();
  for (llvm::StringRef level : levels) {
    TargetDescription candidate;
    candidate.triple = target.triple;
    candidate.cpu = level.str();
    if (llvm::Error error = describe(candidate, backend))
      return error;
    target.cpu = candidate.cpu;
    if ((candidate.requiredFeatures & ~offered) == 0)
      break;
  }
  target.tuneCpu = llvm::sys::getHostCPUName().str();
  if (target.tuneCpu == "generic")
    target.tuneCpu.clear();
  return llvm::Error::success();
}

llvm::Expected<TargetDescription>
perceiver::selectTarget(const TargetOptions &options) {
  initializeTargets();
  if (options.optLevel > 3)
    return fail("expected an optimization level from 0 to 3, but got " +
                llvm::Twine(options.optLevel));
  llvm::Expected<llvm::Triple> triple = parseTriple(options.triple);
  if (!triple)
    return triple.takeError();
  std::string error;
  const llvm::Target *backend =
      llvm::TargetRegistry::lookupTarget(*triple, error);
  if (!backend)
    return fail("no code generator for target '" + triple->str() +
                "': " + error);

  TargetDescription target;
  target.triple = *triple;
  target.cpu = options.cpu.empty() ? "native" : options.cpu;
  target.tuneCpu = options.tuneCpu;
  target.features = options.features;
  target.optLevel = options.optLevel;
  if (target.triple.isX86() && target.cpu == "generic")
    target.cpu = "x86-64";
  if (target.cpu == "native")
    if (llvm::Error error = resolveNative(target, *backend))
      return error;
  if (llvm::Error error = describe(target, *backend))
    return error;
  return target;
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
perceiver::createTargetMachine(const TargetDescription &target) {
  initializeTargets();
  std::string error;
  const llvm::Target *backend =
      llvm::TargetRegistry::lookupTarget(target.triple, error);
  if (!backend)
    return fail(error);
  llvm::TargetOptions options;
  // The linker can drop what a model does not use.
  options.FunctionSections = true;
  options.DataSections = true;
  std::unique_ptr<llvm::TargetMachine> machine(backend->createTargetMachine(
      target.triple, target.cpu, target.features, options, llvm::Reloc::PIC_,
      /*CM=*/std::nullopt,
      llvm::CodeGenOpt::getLevel(target.optLevel).value()));
  if (!machine)
    return fail("no code generator for target '" + target.triple.str() + "'");
  return machine;
}
