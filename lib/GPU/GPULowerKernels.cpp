//===- GPULowerKernels.cpp - Kernels of one operation as code of threads
//-----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after.
//
// Tests: test/GPU/lower-kernels.mlir, test/GPU/lower-kernels-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/TileMapInterface.h"
#include "lib/GPU/CUDATarget.h"
#include "lib/GPU/DeviceBuilder.h"
#include "lib/GPU/GPUInterfaces.h"
#include "lib/GPU/KernelAttributes.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPULOWERKERNELSPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Blocks of `kernel`, made for `op`, fit into the least GPU of the target. A
/// module of kernels alone has no target.
static LogicalResult verifySharedBytes(Operation *op, func::FuncOp kernel) {
  auto target = dyn_cast_if_present<CUDATargetAttr>(getTarget(kernel));
  auto bytes = kernel->getAttrOfType<IntegerAttr>(kSharedBytesAttrName);
  if (!target || !bytes || bytes.getInt() <= target.getSharedBytes())
    return success();
  return op->emitOpError("expected a kernel whose blocks share at most ")
         << target.getSharedBytes() << " bytes on " << target.getProcessor()
         << ", but its tile takes " << bytes.getInt();
}

/// Code for the one operation on arrays that `kernel` has. What it writes may
/// be filled before: whether that is read again is its own affair.
static LogicalResult lowerOperation(RewriterBase &rewriter,
                                    func::FuncOp kernel) {
  SmallVector<Operation *> ops;
  kernel.walk([&](DestinationStyleOpInterface op) {
    if (!isa<linalg::FillOp>(op.getOperation()))
      ops.push_back(op);
  });
  if (ops.size() != 1)
    return kernel.emitOpError("expected a kernel of one operation on arrays, "
                              "but got ")
           << ops.size();
  auto lowering = dyn_cast<GPUKernelOpInterface>(ops[0]);
  if (!lowering)
    return ops[0]->emitOpError("cannot become code of a GPU, which has no "
                               "kernel for it");
  rewriter.setInsertionPoint(ops[0]);
  DeviceBuilder builder(rewriter, ops[0]->getLoc(), kernel);
  if (failed(lowering.lower(builder)) ||
      failed(verifySharedBytes(ops[0], kernel)))
    return failure();
  rewriter.eraseOp(ops[0]);
  WalkResult result = kernel.walk([](linalg::FillOp fill) {
    fill.emitOpError("cannot become code of a GPU: it fills no state that the "
                     "kernel's operation takes more into");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

/// The number of the task: that of the block, after the launch's first one.
static void numberTasks(RewriterBase &rewriter, func::FuncOp kernel) {
  Location loc = kernel.getLoc();
  BlockArgument first = kernel.getArgument(0);
  rewriter.setInsertionPointToStart(&kernel.getBody().front());
  Value block = NVVM::BlockIdXOp::create(rewriter, loc, rewriter.getI32Type());
  Value wide = arith::IndexCastUIOp::create(rewriter, loc,
                                            rewriter.getIndexType(), block);
  Value task = arith::AddIOp::create(rewriter, loc, first, wide);
  rewriter.replaceAllUsesExcept(first, task, task.getDefiningOp());
}

/// A kernel as the driver knows it, whose sizes are 64 bits wide.
static void convertSignature(RewriterBase &rewriter, func::FuncOp kernel) {
  Location loc = kernel.getLoc();
  Type i64 = rewriter.getI64Type();
  SmallVector<Type> types;
  for (Type type : kernel.getArgumentTypes())
    types.push_back(isa<IndexType>(type) ? i64 : type);
  rewriter.setInsertionPoint(kernel);
  auto function = LLVM::LLVMFuncOp::create(
      rewriter, loc, kernel.getName(),
      LLVM::LLVMFunctionType::get(
          LLVM::LLVMVoidType::get(rewriter.getContext()), types));
  if (ArrayAttr attributes = kernel.getArgAttrsAttr())
    function.setArgAttrsAttr(attributes);
  function->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(),
                    rewriter.getUnitAttr());
  auto threads = kernel->getAttrOfType<IntegerAttr>(kThreadsAttrName);
  function->setAttr(
      NVVM::NVVMDialect::getReqntidAttrName(),
      rewriter.getDenseI32ArrayAttr({static_cast<int32_t>(threads.getInt())}));
  // Blocks need not share a multiprocessor: the assembler would rather have two
  // of 128 registers, and spill the rest.
  function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(),
                    rewriter.getI32IntegerAttr(1));
  for (StringRef name : {kThreadsAttrName, kSharedBytesAttrName})
    if (Attribute value = kernel->getAttr(name))
      function->setAttr(name, value);

  rewriter.inlineRegionBefore(kernel.getBody(), function.getBody(),
                              function.end());
  Block &body = function.getBody().front();
  rewriter.setInsertionPointToStart(&body);
  for (BlockArgument argument : body.getArguments()) {
    if (!isa<IndexType>(argument.getType()))
      continue;
    argument.setType(i64);
    auto cast = arith::IndexCastOp::create(rewriter, loc,
                                           rewriter.getIndexType(), argument);
    rewriter.replaceAllUsesExcept(argument, cast, cast);
  }
  auto terminator = body.getTerminator();
  rewriter.setInsertionPoint(terminator);
  rewriter.replaceOpWithNewOp<LLVM::ReturnOp>(terminator, ValueRange());
  rewriter.eraseOp(kernel);
}

/// Declare the memory that the threads of a block share. How much there is, a
/// launch says.
static void declareSharedMemory(RewriterBase &rewriter, ModuleOp module) {
  constexpr int64_t alignment = 128;
  rewriter.setInsertionPointToStart(module.getBody());
  LLVM::GlobalOp::create(rewriter, module.getLoc(),
                         LLVM::LLVMArrayType::get(rewriter.getI8Type(), 0),
                         /*isConstant=*/false, LLVM::Linkage::External,
                         kSharedMemoryName, Attribute(), alignment,
                         /*addrSpace=*/3);
}

namespace {
struct GPULowerKernelsPass
    : perceiver::impl::GPULowerKernelsPassBase<GPULowerKernelsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<func::FuncOp> kernels;
    for (auto function : module.getOps<func::FuncOp>())
      if (function->hasAttr(kKernelAttrName))
        kernels.push_back(function);
    if (kernels.empty())
      return;
    IRRewriter rewriter(&getContext());
    declareSharedMemory(rewriter, module);
    for (func::FuncOp kernel : kernels) {
      if (failed(lowerOperation(rewriter, kernel)))
        return signalPassFailure();
      numberTasks(rewriter, kernel);
      convertSignature(rewriter, kernel);
    }
  }
};
} // namespace
