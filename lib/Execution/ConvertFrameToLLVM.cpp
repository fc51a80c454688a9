//===- ConvertFrameToLLVM.cpp - The frame in the LLVM dialect -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   frame.run_tasks %frame @run.phase_0 count(%n) captures(%i : index)
//
//   %context = llvm.alloca .. : !llvm.struct<(ptr, i64)>     // frame, captures
//   llvm.call %pool.run_tasks(%pool.state, %n, @run.phase_0.task, %context)
//
//   llvm.func internal @run.phase_0.task(%context, %task: i64, %worker: i32) {
//     func.call @run.phase_0(%frame, %task, %worker, %i)
//
// Test: test/Execution/convert-frame-to-llvm.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Execution/Passes.h"
#include "lib/Runtime/perceiver_runtime.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/Support/MathExtras.h"

#include <climits>
#include <cstddef>

namespace mlir::perceiver {
#define GEN_PASS_DEF_CONVERTFRAMETOLLVMPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// Lowers the operations of one module.
class FrameLowering {
public:
  FrameLowering(ModuleOp module, RewriterBase &rewriter)
      : rewriter(rewriter), symbols(module), converter(module.getContext()),
        pointer(LLVM::LLVMPointerType::get(module.getContext())),
        i64(rewriter.getI64Type()) {}

  void lower(Operation *op) {
    loc = op->getLoc();
    rewriter.setInsertionPoint(op);
    if (auto size = dyn_cast<frame::SizeOp>(op))
      return lowerSize(size);
    if (auto argument = dyn_cast<frame::ArgumentOp>(op)) {
      Value table = field(argument.getFrame(),
                          offsetof(perceiver_frame, arguments), pointer);
      Value address = field(table, 8 * argument.getNumber(), pointer);
      return replaceByMemref(op, address, argument.getSizes());
    }
    if (auto weight = dyn_cast<frame::WeightOp>(op))
      return lowerWeight(weight);
    if (auto buffer = dyn_cast<frame::BufferOp>(op))
      return lowerBuffer(buffer);
    if (auto tasks = dyn_cast<frame::RunTasksOp>(op))
      return lowerRunTasks(tasks);
    if (auto launch = dyn_cast<frame::LaunchOp>(op))
      return lowerLaunch(launch);
    if (auto copy = dyn_cast<frame::CopyOp>(op))
      return lowerCopy(copy);
  }

private:
  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(rewriter, loc, i64,
                                    rewriter.getI64IntegerAttr(value));
  }

  Value advance(Value base, Value bytes) {
    return LLVM::GEPOp::create(rewriter, loc, pointer, rewriter.getI8Type(),
                               base, ArrayRef<LLVM::GEPArg>{bytes});
  }

  /// Load what stands `offset` bytes after `base`. The frame and its tables do
  /// not change while code runs.
  Value field(Value base, int64_t offset, Type type) {
    Value address = base;
    if (offset != 0)
      address = LLVM::GEPOp::create(
          rewriter, loc, pointer, rewriter.getI8Type(), base,
          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(offset)});
    auto load = LLVM::LoadOp::create(rewriter, loc, type, address);
    load.setInvariant(true);
    return load;
  }

  /// Index values as i64 and back; reconciled when everything is converted.
  Value cast(Value value, Type type) {
    if (value.getType() == type)
      return value;
    return UnrealizedConversionCastOp::create(rewriter, loc, type, value)
        .getResult(0);
  }

  void replaceByMemref(Operation *op, Value address, ValueRange sizes) {
    auto type = mlir::cast<MemRefType>(op->getResult(0).getType());
    SmallVector<Value> shape(type.getRank()), strides(type.getRank());
    unsigned next = 0;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      shape[dim] = type.isDynamicDim(dim) ? cast(sizes[next++], i64)
                                          : constant(type.getDimSize(dim));
    Value stride = constant(1);
    for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
      strides[dim] = stride;
      if (dim > 0)
        stride = LLVM::MulOp::create(rewriter, loc, stride, shape[dim]);
    }
    auto descriptor =
        MemRefDescriptor::poison(rewriter, loc, converter.convertType(type));
    descriptor.setAllocatedPtr(rewriter, loc, address);
    descriptor.setAlignedPtr(rewriter, loc, address);
    descriptor.setConstantOffset(rewriter, loc, 0);
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      descriptor.setSize(rewriter, loc, dim, shape[dim]);
      descriptor.setStride(rewriter, loc, dim, strides[dim]);
    }
    rewriter.replaceOp(op, cast(descriptor, type));
  }

  void lowerSize(frame::SizeOp op) {
    Value table =
        field(op.getFrame(), offsetof(perceiver_frame, sizes), pointer);
    Value size = field(table, 8 * op.getNumber(), i64);
    rewriter.replaceOp(op, cast(size, rewriter.getIndexType()));
  }

  void lowerWeight(frame::WeightOp op) {
    Value base =
        field(op.getFrame(), offsetof(perceiver_frame, weights), pointer);
    Value bytes = constant(op.getOffset());
    if (op.getIndex()) {
      Value member = cast(op.getIndex(), i64);
      member =
          LLVM::URemOp::create(rewriter, loc, member, constant(op.getCount()));
      member =
          LLVM::MulOp::create(rewriter, loc, member, constant(op.getStride()));
      bytes = LLVM::AddOp::create(rewriter, loc, bytes, member);
    }
    replaceByMemref(op, advance(base, bytes), {});
  }

  void lowerBuffer(frame::BufferOp op) {
    Value table =
        field(op.getFrame(), offsetof(perceiver_frame, buffers), pointer);
    Value base =
        field(op.getFrame(), offsetof(perceiver_frame, workspace), pointer);
    Value bytes = field(table, 16 * op.getNumber(), i64);
    if (op.getWorker()) {
      Value stride = field(table, 16 * op.getNumber() + 8, i64);
      Value part =
          LLVM::MulOp::create(rewriter, loc, stride, cast(op.getWorker(), i64));
      bytes = LLVM::AddOp::create(rewriter, loc, bytes, part);
    }
    replaceByMemref(op, advance(base, bytes), op.getSizes());
  }

  /// A loop over phases stays one: its code does not depend on how often it
  /// runs. `perceiver-attach-loop-annotations` takes it from here.
  static void keepLoops(Operation *op) {
    MLIRContext *context = op->getContext();
    auto unroll = LLVM::LoopUnrollAttr::get(
        context, /*disable=*/BoolAttr::get(context, true), {}, {}, {}, {}, {},
        {});
    LLVM::LoopAnnotationAttr annotation =
        LLVM::LoopAnnotationAttr::get(context, {}, {}, {}, unroll, {}, {}, {},
                                      {}, {}, {}, {}, {}, {}, {}, {});
    for (Operation *parent = op->getParentOp();
         isa_and_nonnull<LoopLikeOpInterface>(parent);
         parent = parent->getParentOp())
      parent->setAttr(kLoopAnnotationAttrName, annotation);
  }

  void lowerRunTasks(frame::RunTasksOp op) {
    keepLoops(op);
    SmallVector<Type> fields = {pointer};
    for (Value capture : op.getCaptures())
      fields.push_back(converter.convertType(capture.getType()));
    auto contextType =
        LLVM::LLVMStructType::getLiteral(op.getContext(), fields);
    Value context = allocateOnEntry(op, contextType);
    auto storeField = [&](unsigned number, Value value) {
      LLVM::StoreOp::create(rewriter, loc, value,
                            member(contextType, context, number));
    };
    storeField(0, op.getFrame());
    for (auto [number, capture] : llvm::enumerate(op.getCaptures()))
      storeField(number + 1, cast(capture, fields[number + 1]));

    LLVM::LLVMFuncOp task = taskFunction(op, contextType);
    Value pool = field(op.getFrame(), offsetof(perceiver_frame, pool), pointer);
    Value state = field(pool, offsetof(perceiver_pool, state), pointer);
    Value run = field(pool, offsetof(perceiver_pool, run_tasks), pointer);
    Value function = LLVM::AddressOfOp::create(rewriter, loc, task);
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(op.getContext()),
                                    {pointer, i64, pointer, pointer});
    LLVM::CallOp::create(
        rewriter, loc, type,
        ValueRange{run, state, cast(op.getCount(), i64), function, context});
    rewriter.eraseOp(op);
  }

  /// The address of member `number` of the structure or array at `base`.
  Value member(Type type, Value base, unsigned number) {
    return LLVM::GEPOp::create(
        rewriter, loc, pointer, type, base,
        ArrayRef<LLVM::GEPArg>{0, static_cast<int32_t>(number)});
  }

  //===--------------------------------------------------------------------===//
  // Devices
  //===--------------------------------------------------------------------===//

  /// Call the function that stands `offset` bytes into the launcher.
  void callLauncher(Value frame, int64_t offset, ArrayRef<Value> rest) {
    Value launcher = field(frame, offsetof(perceiver_frame, launcher), pointer);
    SmallVector<Value> operands = {field(launcher, offset, pointer), frame};
    llvm::append_range(operands, rest);
    SmallVector<Type> types;
    for (Value operand : ArrayRef(operands).drop_front())
      types.push_back(operand.getType());
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(rewriter.getContext()), types);
    LLVM::CallOp::create(rewriter, loc, type, operands);
  }

  Value position(int64_t value) {
    return LLVM::ConstantOp::create(rewriter, loc,
                                    rewriter.getI32IntegerAttr(value));
  }

  /// The address of a contiguous array.
  Value addressOf(Value memref) {
    MemRefDescriptor descriptor(
        cast(memref, converter.convertType(memref.getType())));
    return descriptor.alignedPtr(rewriter, loc);
  }

  /// The number of a kernel, by which artefacts list them.
  static int64_t getKernelNumber(frame::LaunchOp op) {
    Operation *kernel =
        SymbolTable::lookupNearestSymbolFrom(op, op.getCalleeAttr());
    int64_t number = 0;
    for (Operation *before = kernel->getPrevNode(); before;
         before = before->getPrevNode())
      number += isa<FunctionOpInterface>(before);
    return number;
  }

  /// The driver wants the addresses of parameters, of which the first is the
  /// number of the launch's first task.
  void lowerLaunch(frame::LaunchOp op) {
    keepLoops(op);
    SmallVector<Value> parameters = {constant(0)};
    for (Value argument : op.getArguments())
      parameters.push_back(isa<MemRefType>(argument.getType())
                               ? addressOf(argument)
                               : cast(argument, i64));
    SmallVector<Type> types;
    for (Value parameter : parameters)
      types.push_back(parameter.getType());
    auto valuesType = LLVM::LLVMStructType::getLiteral(op.getContext(), types);
    auto tableType = LLVM::LLVMArrayType::get(pointer, parameters.size());
    Value values = allocateOnEntry(op, valuesType);
    Value table = allocateOnEntry(op, tableType);
    for (auto [number, parameter] : llvm::enumerate(parameters)) {
      Value address = member(valuesType, values, number);
      LLVM::StoreOp::create(rewriter, loc, parameter, address);
      LLVM::StoreOp::create(rewriter, loc, address,
                            member(tableType, table, number));
    }
    callLauncher(op.getFrame(), offsetof(perceiver_launcher, launch),
                 {position(getKernelNumber(op)), position(op.getPosition()),
                  cast(op.getCount(), i64), table});
    rewriter.eraseOp(op);
  }

  void lowerCopy(frame::CopyOp op) {
    keepLoops(op);
    auto type = mlir::cast<MemRefType>(op.getSource().getType());
    MemRefDescriptor source(cast(op.getSource(), converter.convertType(type)));
    Value bytes =
        constant(llvm::divideCeil(type.getElementTypeBitWidth(), CHAR_BIT));
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      bytes = LLVM::MulOp::create(rewriter, loc, bytes,
                                  source.size(rewriter, loc, dim));
    callLauncher(op.getFrame(), offsetof(perceiver_launcher, copy),
                 {position(op.getPosition()), addressOf(op.getDestination()),
                  addressOf(op.getSource()), bytes});
    rewriter.eraseOp(op);
  }

  //===--------------------------------------------------------------------===//
  // Tasks as functions
  //===--------------------------------------------------------------------===//

  /// An alloca in a loop would grow the stack; it belongs to the function.
  Value allocateOnEntry(Operation *op, Type type) {
    OpBuilder::InsertionGuard guard(rewriter);
    auto func = op->getParentOfType<func::FuncOp>();
    rewriter.setInsertionPointToStart(&func.getBody().front());
    return LLVM::AllocaOp::create(rewriter, loc, pointer, type, constant(1));
  }

  /// The function that takes the captures of a task apart; one for all places
  /// that run it, as its arguments say what is captured.
  LLVM::LLVMFuncOp taskFunction(frame::RunTasksOp op,
                                LLVM::LLVMStructType context) {
    LLVM::LLVMFuncOp &known = taskFunctions[op.getCalleeAttr().getAttr()];
    if (!known)
      known = makeTaskFunction(op, context);
    return known;
  }

  LLVM::LLVMFuncOp makeTaskFunction(frame::RunTasksOp op,
                                    LLVM::LLVMStructType context) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfter(op->getParentOfType<func::FuncOp>());
    Type i32 = rewriter.getI32Type();
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(op.getContext()), {pointer, i64, i32});
    auto task = LLVM::LLVMFuncOp::create(rewriter, loc,
                                         (op.getCallee() + ".task").str(), type,
                                         LLVM::Linkage::Internal);
    symbols.insert(task);
    Block *body = task.addEntryBlock(rewriter);
    rewriter.setInsertionPointToStart(body);
    Type index = rewriter.getIndexType();
    Value worker =
        LLVM::ZExtOp::create(rewriter, loc, i64, body->getArgument(2));
    SmallVector<Value> operands;
    for (auto [number, fieldType] : llvm::enumerate(context.getBody())) {
      Value address = LLVM::GEPOp::create(
          rewriter, loc, pointer, context, body->getArgument(0),
          ArrayRef<LLVM::GEPArg>{0, static_cast<int32_t>(number)});
      Value value = LLVM::LoadOp::create(rewriter, loc, fieldType, address);
      if (number == 0) {
        operands.append(
            {value, cast(body->getArgument(1), index), cast(worker, index)});
        continue;
      }
      operands.push_back(cast(value, op.getCaptures()[number - 1].getType()));
    }
    func::CallOp::create(rewriter, loc, op.getCallee(), TypeRange(), operands);
    LLVM::ReturnOp::create(rewriter, loc, ValueRange());
    return task;
  }

  RewriterBase &rewriter;
  SymbolTable symbols;
  /// By the task's name.
  DenseMap<StringAttr, LLVM::LLVMFuncOp> taskFunctions;
  LLVMTypeConverter converter;
  LLVM::LLVMPointerType pointer;
  Type i64;
  Location loc = rewriter.getUnknownLoc();
};

struct ConvertFrameToLLVMPass
    : perceiver::impl::ConvertFrameToLLVMPassBase<ConvertFrameToLLVMPass> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<frame::SizeOp, frame::ArgumentOp, frame::WeightOp,
              frame::BufferOp, frame::RunTasksOp, frame::LaunchOp,
              frame::CopyOp>(op))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    FrameLowering lowering(getOperation(), rewriter);
    for (Operation *op : ops)
      lowering.lower(op);
  }
};
} // namespace
