//===- LowerMasks.cpp - Which rows take part ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// to_mask and key_mask make masks, mask_rows applies one. A truth value is a
// byte, and vectors of truth values are not: masks are read one by one.
//
// Test: test/CPU/lower-masks.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/MaskOps.h"
#include "lib/CPU/KernelBuilder.h"
#include "lib/CPU/OperationModels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Visit the first two dimensions of an array.
static void forEachPair(KernelBuilder &kernel, Value array,
                        function_ref<void(Value, Value)> body) {
  Value zero = kernel.index(0);
  kernel.loop(zero, kernel.dim(array, 0), 1, [&](Value i) {
    kernel.loop(zero, kernel.dim(array, 1), 1, [&](Value j) { body(i, j); });
  });
}

/// Whether an element of any type is not 0, from its bits: not all processors
/// compare halves, and some take denormal numbers for 0.
static Value isNotZero(KernelBuilder &kernel, Value number) {
  OpBuilder &builder = kernel.builder;
  Type type = number.getType();
  auto bits = builder.getIntegerType(type.getIntOrFloatBitWidth());
  if (type.isUnsignedInteger())
    number =
        UnrealizedConversionCastOp::create(builder, kernel.loc, bits, number)
            .getResult(0);
  if (isa<FloatType>(type)) {
    number = arith::BitcastOp::create(builder, kernel.loc, bits, number);
    APInt all = APInt::getSignedMaxValue(bits.getWidth()); // but the sign
    number = arith::AndIOp::create(
        builder, kernel.loc, number,
        arith::ConstantOp::create(builder, kernel.loc,
                                  builder.getIntegerAttr(bits, all)));
  }
  Value zero =
      arith::ConstantOp::create(builder, kernel.loc, builder.getZeroAttr(bits));
  return arith::CmpIOp::create(builder, kernel.loc, arith::CmpIPredicate::ne,
                               number, zero);
}

static LogicalResult lowerToMask(RewriterBase &rewriter, block::ToMaskOp op,
                                 const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  forEachPair(kernel, op.getInit(), [&](Value b, Value m) {
    Value number = kernel.loadScalar(op.getInput(), {b, m});
    Value isTrue = isNotZero(kernel, number);
    if (op.getInverted())
      isTrue = arith::XOrIOp::create(
          rewriter, kernel.loc, isTrue,
          arith::ConstantOp::create(rewriter, kernel.loc,
                                    rewriter.getBoolAttr(true)));
    kernel.storeScalar(isTrue, op.getInit(), {b, m});
  });
  rewriter.eraseOp(op);
  return success();
}

static LogicalResult lowerMaskRows(RewriterBase &rewriter, block::MaskRowsOp op,
                                   const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  double value = op.getValue().convertToDouble();
  auto select = [&](Value condition, Value yes, Value no) -> Value {
    return arith::SelectOp::create(rewriter, kernel.loc, condition, yes, no);
  };
  forEachPair(kernel, op.getInit(), [&](Value b, Value i) {
    if (op.getDimension() == 2) {
      kernel.loop(
          kernel.index(0), kernel.dim(op.getInit(), 2), 1, [&](Value n) {
            Value isKept = kernel.loadScalar(op.getMask(), {b, n});
            Value element = kernel.loadScalar(op.getInput(), {b, i, n});
            kernel.storeScalar(select(isKept, element, kernel.f32(value)),
                               op.getInit(), {b, i, n});
          });
      return;
    }
    Value isKept = kernel.loadScalar(op.getMask(), {b, i});
    kernel.blocks(kernel.dim(op.getInit(), 2), kernel.lanes,
                  [&](Value c, Value count) {
                    Value row = kernel.load(op.getInput(), {b, i, c}, count);
                    kernel.store(select(isKept, row, kernel.splat(value)),
                                 op.getInit(), {b, i, c}, count);
                  });
  });
  rewriter.eraseOp(op);
  return success();
}

static LogicalResult lowerKeyMask(RewriterBase &rewriter, block::KeyMaskOp op,
                                  const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  Location loc = kernel.loc;
  Value zero = kernel.index(0);
  Value keys = kernel.dim(op.getInit(), 1);
  Type i8 = rewriter.getI8Type();
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(rewriter, loc,
                                     rewriter.getIntegerAttr(i8, value));
  };
  Value one = constant(1), none = constant(0), uniform = constant(2);
  kernel.loop(zero, kernel.dim(op.getInit(), 0), 1, [&](Value b) {
    // First pass: each key's own state, and whether any key is attended.
    SmallVector<Value> any = kernel.loop(
        zero, keys, 1, {none},
        [&](Value j, ValueRange carried) -> SmallVector<Value> {
          Value attends = one;
          if (op.getMask())
            attends = arith::SelectOp::create(
                rewriter, loc, kernel.loadScalar(op.getMask(), {b, j}), one,
                none);
          if (op.getLengths()) {
            Value length = arith::IndexCastOp::create(
                rewriter, loc, rewriter.getIndexType(),
                kernel.loadScalar(op.getLengths(), {b}));
            Value inside = arith::CmpIOp::create(
                rewriter, loc, arith::CmpIPredicate::slt, j, length);
            attends =
                arith::SelectOp::create(rewriter, loc, inside, attends, none);
          }
          kernel.storeScalar(attends, op.getInit(), {b, j});
          return {arith::OrIOp::create(rewriter, loc, carried[0], attends)};
        });
    if (op.getMaskedRows() != MaskedRows::uniform)
      return;
    // 1 where any key is attended leaves the states as they are.
    Value nobody = arith::CmpIOp::create(
        rewriter, loc, arith::CmpIPredicate::eq, any[0], none);
    kernel.loop(zero, keys, 1, [&](Value j) {
      Value state = kernel.loadScalar(op.getInit(), {b, j});
      kernel.storeScalar(
          arith::SelectOp::create(rewriter, loc, nobody, uniform, state),
          op.getInit(), {b, j});
    });
  });
  rewriter.eraseOp(op);
  return success();
}

namespace {
struct ToMaskModel
    : CPUKernelOpInterface::ExternalModel<ToMaskModel, block::ToMaskOp> {
  LogicalResult lower(Operation *op, RewriterBase &rewriter,
                      const VectorTarget &target) const {
    return lowerToMask(rewriter, cast<block::ToMaskOp>(op), target);
  }
  bool readsByElement(Operation *, OpOperand &) const { return true; }
  bool takesFloat(Operation *, OpOperand &, FloatType) const { return true; }
};
} // namespace

void perceiver::attachMaskKernels(MLIRContext *context) {
  using namespace block;
  KeyMaskOp::attachInterface<Kernel<KeyMaskOp, lowerKeyMask>,
                             StrategyOf<KeyMaskOp, chooseForBatch>>(*context);
  MaskRowsOp::attachInterface<Kernel<MaskRowsOp, lowerMaskRows>,
                              StrategyOf<MaskRowsOp, chooseForRows>>(*context);
  ToMaskOp::attachInterface<ToMaskModel, StrategyOf<ToMaskOp, chooseForBatch>>(
      *context);
}
