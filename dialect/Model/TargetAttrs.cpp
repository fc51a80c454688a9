//===- TargetAttrs.cpp - What code is made for ----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/TargetAttrs.h"

#include "dialect/AttributeNames.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/Model/TargetAttrInterface.cpp.inc"

StringRef CPUTargetAttr::getBackend() const { return "cpu"; }

std::string CPUTargetAttr::getProcessor() const { return getCpu().str(); }

std::string CPUTargetAttr::getOption() const {
  return "--target-cpu=" + getProcessor();
}

bool CPUTargetAttr::isSameMachine(Attribute other) const {
  auto target = dyn_cast<CPUTargetAttr>(other);
  return target && target.getTriple() == getTriple() &&
         target.getCpu() == getCpu() && target.getFeatures() == getFeatures();
}

LogicalResult
CPUTargetAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef,
                      StringRef, StringRef, StringRef, int64_t lanes,
                      int64_t registers, bool, int64_t l1Bytes, int64_t l2Bytes,
                      int64_t tasks, int64_t keyParts) {
  // Kernels transpose squares of vectors by halves, and keep an accumulator
  // next to two operands.
  if (lanes < 1 || !llvm::isPowerOf2_64(lanes) || registers < 4)
    return emitError() << "expected a power of two of lanes and at least 4 "
                          "registers, but got "
                       << lanes << " and " << registers;
  if (l1Bytes < 1 || l2Bytes < l1Bytes)
    return emitError() << "expected an L2 cache that is no smaller than the "
                          "L1 cache, but got "
                       << l2Bytes << " and " << l1Bytes << " bytes";
  if (tasks < 1 || keyParts < 1)
    return emitError() << "expected at least one task and one part of the "
                          "keys, but got "
                       << tasks << " and " << keyParts;
  return success();
}

//===----------------------------------------------------------------------===//
// GPUs
//===----------------------------------------------------------------------===//

StringRef CUDATargetAttr::getBackend() const { return "cuda"; }

/// "80,90" with a prefix for each.
static std::string join(ArrayRef<int64_t> architectures, StringRef prefix) {
  std::string text;
  for (int64_t architecture : architectures)
    text +=
        (text.empty() ? "" : ",") + prefix.str() + std::to_string(architecture);
  return text;
}

std::string CUDATargetAttr::getProcessor() const {
  return join(getArchitectures(), "sm_");
}

std::string CUDATargetAttr::getOption() const {
  return "--cuda-arch=" + join(getArchitectures(), "");
}

bool CUDATargetAttr::isSameMachine(Attribute other) const {
  auto target = dyn_cast<CUDATargetAttr>(other);
  return target && target.getArchitectures() == getArchitectures() &&
         target.getTriple() == getTriple() && target.getCpu() == getCpu() &&
         target.getFeatures() == getFeatures();
}

LogicalResult
CUDATargetAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                       ArrayRef<int64_t> architectures, int64_t multiprocessors,
                       int64_t sharedBytes, StringRef, StringRef, StringRef) {
  if (architectures.empty() || !llvm::is_sorted(architectures) ||
      llvm::any_of(architectures, [](int64_t it) { return it < 80; }))
    return emitError()
           << "expected architectures from 80 on, in order, but got ["
           << architectures << "]";
  if (multiprocessors < 1 || sharedBytes < 1)
    return emitError()
           << "expected a multiprocessor and shared memory, but got "
           << multiprocessors << " and " << sharedBytes << " bytes";
  return success();
}

TargetAttrInterface perceiver::getTarget(Operation *op) {
  for (Operation *parent = op; parent; parent = parent->getParentOp())
    if (auto target =
            parent->getAttrOfType<TargetAttrInterface>(kTargetAttrName))
      return target;
  return {};
}
