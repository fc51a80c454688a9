//===- FrameOps.cpp - Between code and runtime ----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Frame/FrameOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver::frame;

#define GET_OP_CLASSES
#include "dialect/Frame/FrameOps.cpp.inc"

static LogicalResult verifyNumber(Operation *op, int64_t number) {
  if (number < 0)
    return op->emitOpError("expected a number of at least 0, but got ")
           << number;
  return success();
}

/// Memory from the runtime has no gaps, and `sizes` are its dynamic dimensions.
static LogicalResult verifyMemory(Operation *op, Type result,
                                  ValueRange sizes) {
  auto type = cast<MemRefType>(result);
  if (!type.getLayout().isIdentity() || type.getMemorySpace() ||
      !type.getElementType().isIntOrFloat())
    return op->emitOpError("expected contiguous integers or floats, but got ")
           << type;
  if (sizes.size() != static_cast<size_t>(type.getNumDynamicDims()))
    return op->emitOpError("expected ")
           << type.getNumDynamicDims() << " dynamic sizes for " << type
           << ", but got " << sizes.size();
  return success();
}

LogicalResult SizeOp::verify() { return verifyNumber(*this, getNumber()); }

LogicalResult ArgumentOp::verify() {
  return success(succeeded(verifyNumber(*this, getNumber())) &&
                 succeeded(verifyMemory(*this, getType(), getSizes())));
}

LogicalResult BufferOp::verify() {
  return success(succeeded(verifyNumber(*this, getNumber())) &&
                 succeeded(verifyMemory(*this, getType(), getSizes())));
}

LogicalResult WeightOp::verify() {
  auto offset = static_cast<int64_t>(getOffset());
  auto count = static_cast<int64_t>(getCount());
  auto stride = static_cast<int64_t>(getStride());
  if (offset < 0 || count < 1 || stride < 0)
    return emitOpError("expected an offset and a stride of at least 0 and at "
                       "least 1 member, but got ")
           << offset << ", " << stride << " and " << count;
  return verifyMemory(*this, getType(), /*sizes=*/{});
}

LogicalResult RunTasksOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto callee =
      symbolTable.lookupNearestSymbolFrom<func::FuncOp>(*this, getCalleeAttr());
  if (!callee)
    return emitOpError("expected a function @") << getCallee();
  SmallVector<Type> expected = {getFrame().getType(), getCount().getType(),
                                getCount().getType()};
  llvm::append_range(expected, getCaptures().getTypes());
  if (callee.getArgumentTypes() != ArrayRef<Type>(expected) ||
      callee.getNumResults() != 0)
    return emitOpError("expected @")
           << getCallee()
           << " to take the frame, the task, the worker and the captures, but "
              "got "
           << callee.getFunctionType();
  return success();
}

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

LogicalResult ArrayOp::verify() {
  return verifyMemory(*this, getType(), getSizes());
}

/// What a kernel gets for a value that is passed to it; null if it cannot be.
static Type getKernelType(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  if (memref && memref.getLayout().isIdentity())
    return LLVM::LLVMPointerType::get(type.getContext(), 1);
  return isa<IndexType>(type) ? type : Type();
}

/// The types of a kernel's parameters, with sizes as `index`.
static std::optional<SmallVector<Type>> getKernelTypes(Operation *kernel) {
  if (auto function = dyn_cast_if_present<func::FuncOp>(kernel)) {
    if (function.getNumResults() != 0)
      return std::nullopt;
    return llvm::to_vector(function.getArgumentTypes());
  }
  auto function = dyn_cast_if_present<LLVM::LLVMFuncOp>(kernel);
  if (!function ||
      !isa<LLVM::LLVMVoidType>(function.getFunctionType().getReturnType()))
    return std::nullopt;
  SmallVector<Type> types;
  for (Type type : function.getArgumentTypes())
    types.push_back(type.isInteger(64) ? IndexType::get(type.getContext())
                                       : type);
  return types;
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  if (failed(verifyNumber(*this, getPosition())))
    return failure();
  SmallVector<Type> expected = {IndexType::get(getContext())};
  for (Type type : getArguments().getTypes()) {
    Type parameter = getKernelType(type);
    if (!parameter)
      return emitOpError("expected sizes and contiguous arrays, but got ")
             << type;
    expected.push_back(parameter);
  }
  Operation *kernel =
      symbolTable.lookupNearestSymbolFrom(*this, getCalleeAttr());
  std::optional<SmallVector<Type>> types = getKernelTypes(kernel);
  if (!types)
    return emitOpError("expected a kernel ") << getCallee();
  if (*types != expected)
    return emitOpError("expected ")
           << getCallee() << " to take the task and the arguments, but got "
           << *types;
  return success();
}

LogicalResult CopyOp::verify() {
  if (failed(verifyNumber(*this, getPosition())))
    return failure();
  if (!cast<MemRefType>(getSource().getType()).getLayout().isIdentity())
    return emitOpError("expected contiguous arrays, but got ")
           << getSource().getType();
  return success();
}
