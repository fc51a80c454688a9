//===- LowerEntries.cpp - Entries take the frame --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. Every dynamic size of a result must be
// named by an input: the runtime knows shapes before it runs.
//
// Tests: test/Execution/lower-entries.mlir, lower-entries-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Analysis/EntrySizes.h"
#include "lib/Execution/Passes.h"
#include "lib/Runtime/perceiver_runtime.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_LOWERENTRIES
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// One entry being lowered.
struct EntryLowering {
  func::FuncOp func;
  OpBuilder builder;
  Value frame = {};
  SmallVector<StringRef> symbols = {};
  SmallVector<Value> sizes = {};
  SmallVector<Attribute> signature = {};

  /// The names of the dynamic dimensions of an argument or result.
  FailureOr<SmallVector<StringRef>>
  sizeNames(DictionaryAttr attributes, RankedTensorType type, StringRef what) {
    SmallVector<StringRef> names;
    if (auto array = attributes ? attributes.getAs<ArrayAttr>(kSizesAttrName)
                                : ArrayAttr())
      for (Attribute name : array)
        if (auto string = dyn_cast<StringAttr>(name))
          names.push_back(string.getValue());
    if (names.size() != static_cast<size_t>(type.getNumDynamicDims()))
      return func.emitError("expected ")
             << what << " with " << type.getNumDynamicDims() << " names in "
             << kSizesAttrName << ", but got " << names.size();
    return names;
  }

  LogicalResult addSignature(DictionaryAttr attributes, RankedTensorType type,
                             ArrayRef<StringRef> names, bool isOutput,
                             StringRef what) {
    auto name =
        attributes ? attributes.getAs<StringAttr>(kNameAttrName) : StringAttr();
    if (!name)
      return func.emitError("expected ") << what << " with " << kNameAttrName;
    signature.push_back(builder.getDictionaryAttr({
        builder.getNamedAttr("name", name),
        builder.getNamedAttr("output", builder.getBoolAttr(isOutput)),
        builder.getNamedAttr("sizes", builder.getStrArrayAttr(names)),
        builder.getNamedAttr("type", TypeAttr::get(type)),
    }));
    return success();
  }

  Value memory(RankedTensorType type, ArrayRef<StringRef> names) {
    SmallVector<Value> dynamic;
    for (StringRef name : names)
      dynamic.push_back(sizes[llvm::find(symbols, name) - symbols.begin()]);
    auto memref = MemRefType::get(type.getShape(), type.getElementType());
    return frame::ArgumentOp::create(
        builder, func.getLoc(), memref, frame,
        builder.getI64IntegerAttr(signature.size() - 1), dynamic);
  }

  static FailureOr<RankedTensorType> rankedType(func::FuncOp func, Type type) {
    auto ranked = dyn_cast<RankedTensorType>(type);
    if (!ranked)
      return func.emitError("expected an entry of ranked tensors, but got ")
             << type;
    return ranked;
  }

  LogicalResult lowerArgument(unsigned index) {
    BlockArgument argument = func.getArgument(index);
    FailureOr<RankedTensorType> type = rankedType(func, argument.getType());
    if (failed(type))
      return failure();
    std::string what = "argument " + std::to_string(index);
    DictionaryAttr attributes = func.getArgAttrDict(index);
    FailureOr<SmallVector<StringRef>> names =
        sizeNames(attributes, *type, what);
    if (failed(names) ||
        failed(addSignature(attributes, *type, *names, false, what)))
      return failure();
    Value buffer = memory(*type, *names);
    Value tensor = bufferization::ToTensorOp::create(
        builder, func.getLoc(), *type, buffer, /*restrict=*/true,
        /*writable=*/false);
    argument.replaceAllUsesWith(tensor);
    return success();
  }

  LogicalResult lowerResult(unsigned index, Value value) {
    FailureOr<RankedTensorType> type = rankedType(func, value.getType());
    if (failed(type))
      return failure();
    std::string what = "result " + std::to_string(index);
    DictionaryAttr attributes = func.getResultAttrDict(index);
    FailureOr<SmallVector<StringRef>> names =
        sizeNames(attributes, *type, what);
    if (failed(names) ||
        failed(addSignature(attributes, *type, *names, true, what)))
      return failure();
    for (StringRef name : *names)
      if (!llvm::is_contained(symbols, name))
        return func.emitError("expected ")
               << what << " with sizes that arguments name, but got '" << name
               << "'";
    Value buffer = memory(*type, *names);
    auto write = bufferization::MaterializeInDestinationOp::create(
        builder, func.getLoc(), value, buffer);
    write.setRestrict(true);
    write.setWritable(true);
    return success();
  }

  LogicalResult verifyCount(StringRef what, size_t count, size_t most) {
    if (count <= most)
      return success();
    return func.emitOpError("expected an entry of at most ")
           << most << " " << what << ", but got " << count;
  }

  LogicalResult run() {
    MLIRContext *context = func.getContext();
    auto pointer = LLVM::LLVMPointerType::get(context);
    if (!func.getBody().hasOneBlock())
      return func.emitError("expected an entry of one block");
    unsigned count = func.getNumArguments();
    symbols = getSizeNames(func);
    if (failed(verifyCount("arguments and results",
                           count + func.getNumResults(),
                           PERCEIVER_RT_MAX_ARGUMENTS)) ||
        failed(verifyCount("dynamic sizes", symbols.size(),
                           PERCEIVER_RT_MAX_SYMBOLS)))
      return failure();
    frame = func.getBody().addArgument(pointer, func.getLoc());
    builder.setInsertionPointToStart(&func.getBody().front());
    for (size_t number = 0; number < symbols.size(); ++number)
      sizes.push_back(frame::SizeOp::create(builder, func.getLoc(),
                                            builder.getIndexType(), frame,
                                            builder.getI64IntegerAttr(number)));
    for (unsigned index = 0; index < count; ++index)
      if (failed(lowerArgument(index)))
        return failure();
    auto terminator =
        cast<func::ReturnOp>(func.getBody().front().getTerminator());
    builder.setInsertionPoint(terminator);
    for (auto [index, value] : llvm::enumerate(terminator.getOperands()))
      if (failed(lowerResult(index, value)))
        return failure();
    terminator->setOperands({});
    func.getBody().front().eraseArguments(0, count);
    func->removeAttr(func.getArgAttrsAttrName());
    func->removeAttr(func.getResAttrsAttrName());
    // The wrapper would have the signature of before.
    func->removeAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName());
    func.setFunctionType(builder.getFunctionType({pointer}, {}));
    func->setAttr(kSignatureAttrName, builder.getArrayAttr(signature));
    func->setAttr(kSymbolsAttrName, builder.getStrArrayAttr(symbols));
    return success();
  }
};

struct LowerEntriesPass : perceiver::impl::LowerEntriesBase<LowerEntriesPass> {
  void runOnOperation() override {
    for (auto func :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      // What computes weights is no part of the model, but of its module.
      if (func->hasAttr(kPrepareAttrName))
        continue;
      if (!func->hasAttr(kEntryAttrName)) {
        func.erase();
        continue;
      }
      EntryLowering lowering{func, OpBuilder(func)};
      if (failed(lowering.run()))
        return signalPassFailure();
    }
  }
};
} // namespace
