//===- LowerEntries.cpp - Entries take the frame --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. Every dynamic size of a result must be
// made of sizes of the arguments: the runtime knows shapes before it runs.
//
// Tests: test/Execution/lower-entries.mlir,
// test/Execution/lower-entries-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Frame/FrameOps.h"
#include "dialect/SizeText.h"
#include "lib/Analysis/EntrySizes.h"
#include "lib/Execution/Passes.h"
#include "lib/Runtime/perceiver_runtime.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_LOWERENTRIESPASS
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
  /// Those of the entry, then those that are derived.
  SmallVector<Value> sizes = {};
  SmallVector<AffineMapAttr> derived = {};
  SmallVector<frame::ArgumentAttr> signature = {};

  /// The number of the size that is written like this.
  FailureOr<int64_t> sizeNumber(StringRef text, StringRef what) {
    SmallVector<StringRef> names = symbols;
    AffineExpr expr = parseSizeText(text, names, func.getContext());
    if (names.size() != symbols.size())
      return func.emitError("expected ")
             << what << " with sizes that arguments name, but got '"
             << names.back() << "'";
    if (!expr)
      return func.emitError("expected ")
             << what << " with sizes made of names, but got '" << text << "'";
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
      return symbol.getPosition();
    auto map = AffineMapAttr::get(
        AffineMap::get(/*dimCount=*/0, symbols.size(), expr));
    unsigned place = llvm::find(derived, map) - derived.begin();
    if (place == derived.size()) {
      derived.push_back(map);
      sizes.push_back(affine::AffineApplyOp::create(
          builder, func.getLoc(), map.getValue(),
          ArrayRef(sizes).take_front(symbols.size())));
    }
    return symbols.size() + place;
  }

  /// The numbers of the sizes that the dynamic dimensions of an argument or
  /// result are.
  FailureOr<SmallVector<int64_t>> sizeNumbers(DictionaryAttr attributes,
                                              RankedTensorType type,
                                              StringRef what) {
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
    SmallVector<int64_t> numbers;
    for (StringRef name : names) {
      FailureOr<int64_t> number = sizeNumber(name, what);
      if (failed(number))
        return failure();
      numbers.push_back(*number);
    }
    return numbers;
  }

  /// Add an argument or result to the signature; its memory.
  FailureOr<Value> addArgument(DictionaryAttr attributes, RankedTensorType type,
                               bool isOutput, StringRef what) {
    FailureOr<SmallVector<int64_t>> numbers =
        sizeNumbers(attributes, type, what);
    if (failed(numbers))
      return failure();
    auto name =
        attributes ? attributes.getAs<StringAttr>(kNameAttrName) : StringAttr();
    if (!name)
      return func.emitError("expected ") << what << " with " << kNameAttrName;
    signature.push_back(frame::ArgumentAttr::get(
        func.getContext(), name, type, *numbers, isOutput,
        getStrings(attributes, kAliasesAttrName),
        getNumbers(attributes, kBoundsAttrName),
        attributes.getAs<BoolAttr>(kDefaultAttrName)));
    SmallVector<Value> dynamic;
    for (int64_t number : *numbers)
      dynamic.push_back(sizes[number]);
    auto memref = MemRefType::get(type.getShape(), type.getElementType());
    return Value(frame::ArgumentOp::create(
        builder, func.getLoc(), memref, frame,
        builder.getI64IntegerAttr(signature.size() - 1), dynamic));
  }

  static FailureOr<RankedTensorType> rankedType(func::FuncOp func, Type type) {
    auto ranked = dyn_cast<RankedTensorType>(type);
    if (!ranked)
      return func.emitError("expected an entry of ranked tensors, but got ")
             << type;
    return ranked;
  }

  static SmallVector<StringAttr> getStrings(DictionaryAttr attributes,
                                            StringRef name) {
    auto array = attributes.getAs<ArrayAttr>(name);
    return array ? llvm::to_vector(array.getAsRange<StringAttr>())
                 : SmallVector<StringAttr>();
  }

  static SmallVector<int64_t> getNumbers(DictionaryAttr attributes,
                                         StringRef name) {
    SmallVector<int64_t> numbers;
    if (auto array = attributes.getAs<ArrayAttr>(name))
      for (auto number : array.getAsRange<IntegerAttr>())
        numbers.push_back(number.getInt());
    return numbers;
  }

  LogicalResult lowerArgument(unsigned index) {
    BlockArgument argument = func.getArgument(index);
    if (StringRef name = getIndexName(func, index); !name.empty()) {
      argument.replaceAllUsesWith(
          sizes[llvm::find(symbols, name) - symbols.begin()]);
      return success();
    }
    FailureOr<RankedTensorType> type = rankedType(func, argument.getType());
    if (failed(type))
      return failure();
    FailureOr<Value> buffer =
        addArgument(func.getArgAttrDict(index), *type, /*isOutput=*/false,
                    "argument " + std::to_string(index));
    if (failed(buffer))
      return failure();
    Value tensor = bufferization::ToTensorOp::create(
        builder, func.getLoc(), *type, *buffer, /*restrict=*/true,
        /*writable=*/false);
    argument.replaceAllUsesWith(tensor);
    return success();
  }

  LogicalResult lowerResult(unsigned index, Value value) {
    FailureOr<RankedTensorType> type = rankedType(func, value.getType());
    if (failed(type))
      return failure();
    FailureOr<Value> buffer =
        addArgument(func.getResultAttrDict(index), *type, /*isOutput=*/true,
                    "result " + std::to_string(index));
    if (failed(buffer))
      return failure();
    auto write = bufferization::MaterializeInDestinationOp::create(
        builder, func.getLoc(), value, *buffer);
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
    SmallVector<StringAttr> names;
    SmallVector<int64_t> offsets;
    for (auto [number, name] : llvm::enumerate(symbols)) {
      names.push_back(builder.getStringAttr(name));
      if (isOffset(func, name))
        offsets.push_back(number);
    }
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
    func->setAttr(kFrameEntryAttrName,
                  frame::EntryAttr::get(
                      context, names, offsets, derived, signature,
                      func->getAttrOfType<DictionaryAttr>(kConditionsAttrName),
                      /*planned=*/false, /*buffers=*/{}));
    func->removeAttr(kConditionsAttrName);
    return success();
  }
};

struct LowerEntriesPass
    : perceiver::impl::LowerEntriesPassBase<LowerEntriesPass> {
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
