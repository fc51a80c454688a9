//===- LowerKernels.cpp - Block operations to vector code -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass around the kernels of the operations; Passes.td shows before and
// after. Every operation of the block level on memrefs must be lowered: one
// that its kernel refuses is an error with the kernel's reason.
//
// Fast-math flags in use: none. Kernels say in the IR what a flag would only
// permit: they multiply and add with math.fma (which a later pass splits for
// targets that cannot), sum in the order that they write down, and divide by
// multiplying with a reciprocal where the result may be rounded so. Thus LLVM
// is never told that there is no NaN or infinity, and masks, -inf as the
// maximum of no key, and NaN in the input keep their meaning at every level of
// optimization. test/Tools/perceiver-compile-code.test looks at the result.
//
// Test: test/CPU/lower-kernels.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"
#include "lib/CPU/CPUInterfaces.h"
#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_LOWERKERNELSPASS
#include "lib/CPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// Keeps the reason of the last notifyMatchFailure, to show it to the user.
struct ReasonListener : RewriterBase::Listener {
  std::string reason;
  void notifyMatchFailure(Location,
                          function_ref<void(Diagnostic &)> callback) override {
    Diagnostic diagnostic(UnknownLoc::get(context), DiagnosticSeverity::Error);
    callback(diagnostic);
    reason = diagnostic.str();
  }
  explicit ReasonListener(MLIRContext *context) : context(context) {}
  MLIRContext *context;
};

/// Why `kernel` cannot take an operand, or "".
std::string getObstacle(CPUKernelOpInterface kernel, OpOperand &operand) {
  Type type = operand.get().getType();
  auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type));
  if (!element)
    return "";
  std::string text;
  llvm::raw_string_ostream os(text);
  auto memref = dyn_cast<MemRefType>(type);
  if (!element.isF32() && !kernel.takesFloat(operand, element))
    os << "expected float32 arrays, but got '" << type << "'";
  else if (memref && !memref.isLastDimUnitStride() &&
           !kernel.readsByElement(operand))
    os << "expected rows that are contiguous, but got '" << type << "'";
  return text;
}

struct LowerKernelsPass
    : perceiver::impl::LowerKernelsPassBase<LowerKernelsPass> {
  using LowerKernelsPassBase::LowerKernelsPassBase;

  LogicalResult lower(RewriterBase &rewriter, Operation *op,
                      const VectorTarget &target) {
    if (op->hasTrait<PreparedOnly>())
      return rewriter.notifyMatchFailure(
          op, "it is computed with the weights, from parameters alone, and "
              "takes at most 1 GiB");
    auto kernel = dyn_cast<CPUKernelOpInterface>(op);
    if (!kernel)
      return rewriter.notifyMatchFailure(op, "the CPU has no kernel for it");
    for (OpOperand &operand : op->getOpOperands())
      if (std::string obstacle = getObstacle(kernel, operand);
          !obstacle.empty())
        return rewriter.notifyMatchFailure(op, obstacle);
    return kernel.lower(rewriter, target);
  }

  void runOnOperation() override {
    FailureOr<CPUTargetAttr> cpu = getCPUTarget(getOperation());
    if (failed(cpu))
      return signalPassFailure();
    TileTarget target = getTileTarget(*cpu);
    SmallVector<DestinationStyleOpInterface> ops;
    getOperation()->walk([&](DestinationStyleOpInterface op) {
      if ((isBlockLevel(op) || isa<CPUKernelOpInterface>(*op)) &&
          op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    ReasonListener listener(&getContext());
    rewriter.setListener(&listener);
    for (DestinationStyleOpInterface op : ops) {
      Location loc = op->getLoc();
      std::string name = op->getName().getStringRef().str();
      rewriter.setInsertionPoint(op);
      if (failed(lower(rewriter, op, target))) {
        emitError(loc) << "cannot lower '" << name
                       << "' to vector code: " << listener.reason;
        return signalPassFailure();
      }
    }
  }
};
} // namespace
