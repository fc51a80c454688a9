//===- GPUOutlineKernels.cpp - Phases become kernels ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. A kernel gets addresses and sizes by value;
// it makes the views of arrays itself.
//
// Tests: test/GPU/outline-kernels.mlir, test/GPU/outline-kernels-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Execution/Frame.h"
#include "lib/Execution/PhaseGrid.h"
#include "lib/GPU/KernelAttributes.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUOUTLINEKERNELSPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Does a kernel compute the results of `op` itself?
static bool isRecomputed(Operation *op) {
  return isa<arith::ConstantOp, affine::AffineApplyOp, ViewLikeOpInterface>(op);
}

/// The dynamic sizes of an array that is no view, computed before the phase
/// where the operation that makes it does not say them.
static SmallVector<Value> getDynamicSizes(OpBuilder &builder, Value array) {
  Operation *op = array.getDefiningOp();
  if (auto alloc = dyn_cast_if_present<memref::AllocOp>(op))
    return llvm::to_vector_of<Value>(alloc.getDynamicSizes());
  if (auto argument = dyn_cast_if_present<frame::ArgumentOp>(op))
    return llvm::to_vector_of<Value>(argument.getSizes());
  if (auto buffer = dyn_cast_if_present<frame::BufferOp>(op))
    return llvm::to_vector_of<Value>(buffer.getSizes());
  if (auto whole = dyn_cast_if_present<frame::ArrayOp>(op))
    return llvm::to_vector_of<Value>(whole.getSizes());
  SmallVector<Value> sizes;
  auto type = cast<MemRefType>(array.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      sizes.push_back(
          memref::DimOp::create(builder, array.getLoc(), array, dim));
  return sizes;
}

/// The value behind a size that is read off an array.
static Value resolveSize(OpBuilder &builder, Value value) {
  auto op = value.getDefiningOp<memref::DimOp>();
  std::optional<int64_t> dim = op ? op.getConstantIndex() : std::nullopt;
  if (!dim ||
      !isa_and_present<memref::AllocOp, frame::ArgumentOp, frame::BufferOp,
                       frame::ArrayOp>(op.getSource().getDefiningOp()))
    return value;
  auto type = cast<MemRefType>(op.getSource().getType());
  if (!type.isDynamicDim(*dim))
    return value;
  Value size =
      getDynamicSizes(builder, op.getSource())[type.getDynamicDimIndex(*dim)];
  return resolveSize(builder, size);
}

namespace {
/// One phase being outlined.
class KernelOutliner {
public:
  KernelOutliner(scf::ForallOp phase, Value frame, RewriterBase &rewriter)
      : phase(phase), frame(frame), rewriter(rewriter) {}

  /// Replace the phase by a launch of a kernel, a new function called `name` in
  /// `kernels`.
  LogicalResult run(ModuleOp kernels, StringRef name) {
    Location loc = phase.getLoc();
    rewriter.setInsertionPoint(phase);
    PhaseGrid grid(rewriter, phase);
    Value count = grid.getTotal(rewriter);
    SetVector<Value> used;
    getUsedValuesDefinedAbove(phase.getRegion(), used);
    for (Value size : grid.getDynamicSizes())
      used.insert(size);
    for (Value value : used)
      if (failed(visit(value)))
        return failure();

    func::FuncOp kernel = makeKernel(kernels, name, grid);
    SmallVector<Value> arguments = dropUnused(kernel);
    rewriter.setInsertionPoint(phase);
    auto callee = SymbolRefAttr::get(kernels.getSymNameAttr(),
                                     {FlatSymbolRefAttr::get(kernel)});
    frame::LaunchOp::create(rewriter, loc, frame, callee, count, arguments,
                            /*position=*/0);
    rewriter.eraseOp(phase);
    return success();
  }

private:
  /// Make `value` known to the kernel: as a parameter or by computing it.
  LogicalResult visit(Value value) {
    if (captures.contains(value) || resolved.contains(value))
      return success();
    Value size = resolveSize(rewriter, value);
    if (size != value) {
      resolved[value] = size;
      return visit(size);
    }
    Operation *op = value.getDefiningOp();
    if (op && isRecomputed(op)) {
      for (Value operand : op->getOperands())
        if (failed(visit(operand)))
          return failure();
      recomputed.insert(op);
      return success();
    }
    if (auto type = dyn_cast<MemRefType>(value.getType())) {
      if (!type.getLayout().isIdentity())
        return phase.emitOpError("expected contiguous arrays, but got ")
               << type;
      sizes[value] = getDynamicSizes(rewriter, value);
      for (Value dynamic : sizes[value])
        if (failed(visit(dynamic)))
          return failure();
    } else if (!isa<IndexType>(value.getType())) {
      return phase.emitOpError("expected to use sizes and arrays, but got ")
             << value.getType();
    }
    captures.insert(value);
    return success();
  }

  Type getParameterType(Value capture) {
    if (isa<IndexType>(capture.getType()))
      return capture.getType();
    return LLVM::LLVMPointerType::get(rewriter.getContext(), 1);
  }

  func::FuncOp makeKernel(ModuleOp kernels, StringRef name,
                          const PhaseGrid &grid) {
    Location loc = phase.getLoc();
    SmallVector<Type> types = {rewriter.getIndexType()};
    for (Value capture : captures)
      types.push_back(getParameterType(capture));
    rewriter.setInsertionPointToEnd(kernels.getBody());
    auto kernel = func::FuncOp::create(rewriter, loc, name,
                                       rewriter.getFunctionType(types, {}));
    kernel->setAttr(kKernelAttrName, rewriter.getUnitAttr());
    Block *body = kernel.addEntryBlock();
    rewriter.setInsertionPointToStart(body);
    IRMapping mapping;
    auto parameters = body->getArguments().drop_front();
    for (auto [capture, parameter] : llvm::zip(captures, parameters))
      if (isa<IndexType>(capture.getType()))
        mapping.map(capture, parameter);
    for (auto [value, size] : resolved)
      mapping.map(value, lookup(mapping, size));
    for (auto [capture, parameter] : llvm::zip(captures, parameters)) {
      if (isa<IndexType>(capture.getType()))
        continue;
      SmallVector<Value> dynamic;
      for (Value size : sizes[capture])
        dynamic.push_back(lookup(mapping, size));
      mapping.map(capture,
                  frame::ArrayOp::create(rewriter, loc, capture.getType(),
                                         parameter, dynamic)
                      .getResult());
    }
    for (Operation *op : recomputed)
      rewriter.clone(*op, mapping);
    grid.mapPlace(rewriter, body->getArgument(0), mapping);
    for (Operation &op : phase.getBody()->without_terminator())
      rewriter.clone(op, mapping);
    func::ReturnOp::create(rewriter, loc);
    // A kernel has no array that could be asked.
    kernel.walk([&](memref::DimOp size) {
      Value known = resolveSize(rewriter, size);
      if (known != size.getResult())
        rewriter.replaceOp(size, known);
    });
    return kernel;
  }

  /// What the kernel has for a size, which may be computed or resolved.
  Value lookup(IRMapping &mapping, Value size) {
    auto it = resolved.find(size);
    if (it != resolved.end())
      return lookup(mapping, it->second);
    if (!mapping.contains(size))
      rewriter.clone(*size.getDefiningOp(), mapping);
    return mapping.lookup(size);
  }

  /// Erase what the kernel computes in vain, and parameters that it does not
  /// read; returns the arguments for the others.
  SmallVector<Value> dropUnused(func::FuncOp kernel) {
    Block &body = kernel.getBody().front();
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
      if (isOpTriviallyDead(&op))
        rewriter.eraseOp(&op);
    llvm::BitVector unused(kernel.getNumArguments());
    SmallVector<Value> arguments;
    for (auto [number, capture] : llvm::enumerate(captures)) {
      if (kernel.getArgument(number + 1).use_empty())
        unused.set(number + 1);
      else
        arguments.push_back(capture);
    }
    (void)kernel.eraseArguments(unused);
    return arguments;
  }

  scf::ForallOp phase;
  Value frame;
  RewriterBase &rewriter;
  SetVector<Value> captures;
  SetVector<Operation *> recomputed;
  /// The dynamic sizes of captured arrays.
  DenseMap<Value, SmallVector<Value>> sizes;
  /// Sizes that are read off arrays, and what they are.
  llvm::MapVector<Value, Value> resolved;
};
} // namespace

/// The name of the phase's operation, without its dialect.
static StringRef getStem(scf::ForallOp phase) {
  StringRef stem = "kernel";
  phase.walk(
      [&](TileMapOpInterface op) { stem = op->getName().stripDialect(); });
  return stem;
}

/// Arrays are copied by the device. Views of them have no gaps, as
/// perceiver-gpu-verify-phases has seen.
static void convertCopy(RewriterBase &rewriter, linalg::CopyOp copy,
                        Value frame) {
  rewriter.setInsertionPoint(copy);
  Value source = copy.getInputs()[0], destination = copy.getOutputs()[0];
  auto like = cast<MemRefType>(destination.getType());
  auto type = MemRefType::get(like.getShape(), like.getElementType());
  for (Value *array : {&source, &destination})
    if (array->getType() != type)
      *array = memref::CastOp::create(rewriter, copy.getLoc(), type, *array);
  rewriter.replaceOpWithNewOp<frame::CopyOp>(copy, frame, source, destination,
                                             /*position=*/0);
}

static LogicalResult outlineKernels(RewriterBase &rewriter, func::FuncOp entry,
                                    ModuleOp kernels,
                                    llvm::StringMap<unsigned> &numbers) {
  FailureOr<Value> frame = getFrame(entry);
  if (failed(frame))
    return failure();
  SmallVector<scf::ForallOp> phases;
  entry.walk([&](scf::ForallOp phase) { phases.push_back(phase); });
  for (scf::ForallOp phase : phases) {
    if (failed(verifyPhase(phase)))
      return failure();
    StringRef stem = getStem(phase);
    std::string name = (stem + "_" + Twine(numbers[stem]++)).str();
    if (failed(KernelOutliner(phase, *frame, rewriter).run(kernels, name)))
      return failure();
  }
  entry.walk([&](linalg::CopyOp copy) { convertCopy(rewriter, copy, *frame); });
  return success();
}

namespace {
struct GPUOutlineKernelsPass
    : perceiver::impl::GPUOutlineKernelsPassBase<GPUOutlineKernelsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    IRRewriter rewriter(&getContext());
    rewriter.setInsertionPointToEnd(module.getBody());
    auto kernels =
        ModuleOp::create(rewriter, module.getLoc(), kKernelModuleName);
    llvm::StringMap<unsigned> numbers;
    for (auto entry : module.getOps<func::FuncOp>())
      if (entry->hasAttr(kEntryAttrName) &&
          failed(outlineKernels(rewriter, entry, kernels, numbers)))
        return signalPassFailure();
  }
};
} // namespace
