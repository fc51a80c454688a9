//===- CUDATarget.cpp - What is known of NVIDIA GPUs ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/CUDATarget.h"

#include "dialect/AttributeNames.h"
#include "lib/Target/PTXEmitter.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Machine code by default for what people have, data centres and desks.
static constexpr int64_t kArchitectures[] = {80, 86, 89, 90, 120};

/// Those of an H100, the largest GPU that we tune for.
static constexpr int64_t kMultiprocessors = 132;

/// Bytes of memory that a block of threads may share (CUDA C++ Programming
/// Guide, "Technical Specifications per Compute Capability").
static int64_t getSharedBytes(int64_t architecture) {
  switch (architecture) {
  case 80:
  case 87:
    return 163 * 1024;
  case 90:
  case 100:
  case 103:
    return 227 * 1024;
  default:
    return 99 * 1024;
  }
}

static FailureOr<SmallVector<int64_t>> parseArchitectures(Location loc,
                                                          StringRef text) {
  if (text.empty())
    return llvm::to_vector(kArchitectures);
  SmallVector<int64_t> architectures;
  for (StringRef word : llvm::split(text, ',')) {
    int64_t architecture = 0;
    if (word.getAsInteger(10, architecture) ||
        !isKnownArchitecture(architecture))
      return emitError(loc)
             << "expected compute capabilities of GPUs, as 80 for "
                "8.0, but got '"
             << word << "'";
    if (architecture < kPTXArchitecture)
      return emitError(loc)
             << "expected GPUs of compute capability " << kPTXArchitecture
             << " or above, but got " << architecture;
    architectures.push_back(architecture);
  }
  llvm::sort(architectures);
  architectures.erase(llvm::unique(architectures), architectures.end());
  return architectures;
}

FailureOr<CUDATargetAttr>
perceiver::makeCUDATarget(Location loc, const TargetOptions &options) {
  FailureOr<SmallVector<int64_t>> architectures =
      parseArchitectures(loc, options.architectures);
  if (failed(architectures))
    return failure();
  TargetOptions host = options;
  // Code that starts kernels is no matter of speed.
  if (host.cpu.empty())
    host.cpu = "generic";
  llvm::Expected<TargetDescription> description = selectTarget(host);
  if (!description)
    return emitError(loc) << llvm::toString(description.takeError());
  int64_t sharedBytes = INT64_MAX;
  for (int64_t architecture : *architectures)
    sharedBytes = std::min(sharedBytes, getSharedBytes(architecture));
  return CUDATargetAttr::get(loc.getContext(), *architectures, kMultiprocessors,
                             sharedBytes, description->triple.str(),
                             description->cpu, description->features);
}

TargetOptions perceiver::getHostOptions(CUDATargetAttr target) {
  TargetOptions options;
  options.triple = target.getTriple().str();
  options.cpu = target.getCpu().str();
  options.features = target.getFeatures().str();
  return options;
}

FailureOr<CUDATargetAttr> perceiver::getCUDATarget(Operation *op) {
  TargetAttrInterface target = getTarget(op);
  auto cuda = dyn_cast_if_present<CUDATargetAttr>(target);
  if (cuda)
    return cuda;
  InFlightDiagnostic error = emitError(op->getLoc())
                             << "expected a module for GPUs, but got ";
  if (target)
    return error << target;
  return error << "none with '" << kTargetAttrName
               << "'; run perceiver-set-target";
}
