//===- LowerKernels.cpp - Block operations to vector code -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass around the functions of Kernels.h; Passes.td shows before and
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

#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Kernels.h"
#include "lib/CPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

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

/// True for the operands that kernels read one element at a time: all others
/// are loaded and stored as vectors of their last dimension.
bool isReadByElement(OpOperand &operand) {
  return isa<block::ChannelsLastOp>(operand.getOwner()) ||
         !isa<FloatType>(getElementTypeOrSelf(operand.get().getType()));
}

/// True for the sums in the state of an attention, which may be float64.
bool isRunningSum(OpOperand &operand) {
  Value value = operand.get();
  return llvm::TypeSwitch<Operation *, bool>(operand.getOwner())
      .Case([&](block::MergeAttentionOp op) {
        return value == op.getAccumulators() || value == op.getSums() ||
               value == op.getAccumulator() || value == op.getSum();
      })
      .Case<block::OnlineAttentionOp, block::FinishAttentionOp>([&](auto op) {
        return value == op.getAccumulator() || value == op.getSum();
      })
      .Default(false);
}

struct LowerKernelsPass
    : perceiver::impl::LowerKernelsPassBase<LowerKernelsPass> {
  using LowerKernelsPassBase::LowerKernelsPassBase;

  LogicalResult lower(RewriterBase &rewriter, Operation *op,
                      const VectorTarget &target) {
    for (OpOperand &operand : op->getOpOperands()) {
      Type element = getElementTypeOrSelf(operand.get().getType());
      if (isa<FloatType>(element) && !element.isF32() &&
          !(element.isF64() && isRunningSum(operand)))
        return rewriter.notifyMatchFailure(op, [&](Diagnostic &diagnostic) {
          diagnostic << "expected float32 arrays, but got "
                     << operand.get().getType();
        });
    }
    for (OpOperand &operand : op->getOpOperands()) {
      auto type = dyn_cast<MemRefType>(operand.get().getType());
      if (type && !isReadByElement(operand) && !type.isLastDimUnitStride())
        return rewriter.notifyMatchFailure(op, [&](Diagnostic &diagnostic) {
          diagnostic << "expected rows that are contiguous, but got " << type;
        });
    }
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case([&](block::AddOp op) { return lowerAdd(rewriter, op, target); })
        .Case([&](block::AxisTableOp op) {
          return rewriter.notifyMatchFailure(
              op, "positions on an axis are computed with the weights, which "
                  "takes a table of at most 1 GiB");
        })
        .Case([&](block::ChannelsLastOp op) {
          return lowerChannelsLast(rewriter, op, target);
        })
        .Case([&](block::ConcatChannelsOp op) {
          return lowerConcatChannels(rewriter, op, target);
        })
        .Case(
            [&](block::EmbedOp op) { return lowerEmbed(rewriter, op, target); })
        .Case([&](block::FinishAttentionOp op) {
          return lowerFinishAttention(rewriter, op, target);
        })
        .Case([&](block::GridPositionsOp op) {
          return lowerGridPositions(rewriter, op, target);
        })
        .Case([&](block::KeyMaskOp op) {
          return lowerKeyMask(rewriter, op, target);
        })
        .Case([&](block::LayerNormOp op) {
          return lowerLayerNorm(rewriter, op, target);
        })
        .Case([&](block::LinearOp op) {
          return lowerLinear(rewriter, op, target);
        })
        .Case([&](block::MeanRowsOp op) {
          return lowerMeanRows(rewriter, op, target);
        })
        .Case([&](block::MergeAttentionOp op) {
          return lowerMergeAttention(rewriter, op, target);
        })
        .Case([&](block::OnlineAttentionOp op) {
          return lowerOnlineAttention(rewriter, op, target);
        })
        .Default([&](Operation *op) {
          return rewriter.notifyMatchFailure(op, "no kernel for it");
        });
  }

  void runOnOperation() override {
    FailureOr<CPUTargetAttr> cpu = getCPUTarget(getOperation());
    if (failed(cpu))
      return signalPassFailure();
    TileTarget target = getTileTarget(*cpu);
    SmallVector<DestinationStyleOpInterface> ops;
    getOperation()->walk([&](DestinationStyleOpInterface op) {
      if (isa<block::BlockDialect>(op->getDialect()) &&
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
