//===- VerifyDescription.cpp - Is this a complete model? ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first pass of every compilation: what passes here is what later passes
// may rely on. Passes.td lists the rules.
//
// Tests: test/Conversion/verify-description-entries.mlir,
// test/Conversion/verify-description-invalid.mlir,
// test/Conversion/verify-description-sizes.mlir,
// test/Conversion/verify-description-slices.mlir,
// test/Conversion/verify-description.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/DescriptionCalls.h"
#include "lib/Conversion/DescriptionSignatures.h"
#include "lib/Conversion/Passes.h"
#include "lib/Conversion/SizeInference.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/BlockDialect.h"
#include "dialect/Model/ParameterOps.h"
#include "dialect/Model/PerceiverDialect.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_VERIFYDESCRIPTIONPASS
#include "lib/Conversion/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Operations and types
//===----------------------------------------------------------------------===//

namespace {
template <typename... Ops>
struct OperationList {
  static bool contains(Operation *op) { return isa<Ops...>(op); }
  static SmallVector<StringRef> getNames() {
    return {Ops::getOperationName()...};
  }
};
} // namespace

/// What the body of a function in a description may hold of other dialects.
using ForeignOperations =
    OperationList<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
                  tensor::ExtractSliceOp, tensor::DimOp, arith::ConstantIndexOp,
                  arith::AddIOp, arith::SubIOp, arith::MulIOp,
                  arith::FloorDivSIOp, arith::CeilDivSIOp, func::CallOp,
                  func::ReturnOp>;

/// True for what the body of a function in a description may hold.
static bool isModelLevel(Operation *op) {
  return ForeignOperations::contains(op) || isa<ExpandableOpInterface>(op) ||
         (isa_and_nonnull<PerceiverDialect>(op->getDialect()) &&
          !isa<ParameterOp>(op));
}

/// The names of these operations, those of the dialect first.
static SmallVector<StringRef> getModelOperations(MLIRContext *context) {
  SmallVector<StringRef> names;
  for (RegisteredOperationName name : context->getRegisteredOperations())
    if (isa<PerceiverDialect>(name.getDialect()) &&
        name.getStringRef() != ParameterOp::getOperationName())
      names.push_back(name.getStringRef());
  llvm::sort(names);
  llvm::append_range(names, ForeignOperations::getNames());
  return names;
}

/// The operation of a description that stands for one of the block level, or
/// "". It is the one of the same name, if there is one.
static StringRef findModelOperation(Operation *op) {
  StringRef name = op->getName().getStringRef();
  if (isa_and_nonnull<block::BlockDialect>(op->getDialect()))
    for (RegisteredOperationName other :
         op->getContext()->getRegisteredOperations())
      if (isa<PerceiverDialect>(other.getDialect()) &&
          other.stripDialect() == op->getName().stripDialect())
        return other.getStringRef();
  return llvm::StringSwitch<StringRef>(name)
      .Case("block.linear", "perceiver.project")
      .Case("block.layer_norm", "perceiver.norm")
      .Cases({"block.attention", "block.online_attention"}, "perceiver.attend")
      .Case("block.mean_rows", "perceiver.mean_pool")
      .Case("block.embed", "perceiver.embedding")
      .Case("block.concat_channels", "perceiver.concat")
      .Case("block.grid_positions", "perceiver.fourier_positions")
      .Case("block.axis_table", "perceiver.fourier_positions")
      .Case("block.get_weight", "perceiver.get_parameter")
      .Default("");
}

static LogicalResult verifyOperation(Operation *op) {
  if (isModelLevel(op))
    return success();
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return constant.emitError("expected a constant of type index, as other "
                              "numbers of a model are parameters, but got ")
           << constant.getType();
  StringRef name = op->getName().getStringRef();
  InFlightDiagnostic error =
      op->emitError("expected an operation of the model level, but got '")
      << name << "'";
  if (StringRef other = findModelOperation(op); !other.empty())
    error << " of the block level; did you mean '" << other << "'?";
  else
    error.attachNote() << "a function of a description may hold "
                       << llvm::join(getModelOperations(op->getContext()),
                                     ", ");
  return error;
}

static LogicalResult verifyType(Operation *op, Type type) {
  if (hasZeroSize(type))
    return op->emitError("expected sizes of at least 1, but got ") << type;
  // Arguments of other types keep them when they are reshaped.
  bool computes = isa_and_nonnull<PerceiverDialect>(op->getDialect());
  if (type.isIndex() || (computes ? isArrayType(type) : isInputType(type)))
    return success();
  return op->emitError("expected tensors of f32, i64, i32 or i1, but got ")
         << type;
}

static LogicalResult verifyBody(func::FuncOp function) {
  if (function.isExternal())
    return function.emitError("expected a function with a body");
  if (!function.getBody().hasOneBlock())
    return function.emitError("expected a function without branches");
  WalkResult result = function.getBody().walk([](Operation *op) {
    if (failed(verifyOperation(op)))
      return WalkResult::interrupt();
    // Those of other dialects take any attribute.
    if (failed(verifyAttributeNames(op)))
      return WalkResult::interrupt();
    for (Type type : op->getResultTypes())
      if (failed(verifyType(op, type)))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

namespace {
struct VerifyDescriptionPass
    : perceiver::impl::VerifyDescriptionPassBase<VerifyDescriptionPass> {
  using VerifyDescriptionPassBase::VerifyDescriptionPassBase;

  void runOnOperation() final {
    if (failed(verifyModule()))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }

private:
  LogicalResult verifyModule();
  LogicalResult verifyEntries();
};
} // namespace

/// Attributes that stages write would be overwritten, or believed. What the
/// model is called, what it is for, what it does not read of its checkpoint and
/// which rewrites it does without, a person may say as well.
static LogicalResult verifyStageAttributes(Operation *op) {
  auto isWritten = [](StringRef name) {
    return !llvm::is_contained(
               {StringRef(kEntryAttrName), StringRef(kModelAttrName),
                StringRef(kIgnoredTensorsAttrName), StringRef(kTargetAttrName),
                StringRef(kWithoutAttrName)},
               name) &&
           (llvm::is_contained(getOperationAttributeNames(), name) ||
            llvm::is_contained(getFrameAttributeNames(), name));
  };
  for (NamedAttribute attribute : op->getDiscardableAttrs())
    if (isWritten(attribute.getName()))
      return op->emitError("expected no attribute that stages write in a "
                           "description, but got '")
             << attribute.getName().strref() << "'";
  return success();
}

LogicalResult VerifyDescriptionPass::verifyEntries() {
  ModuleOp module = getOperation();
  auto isEntry = [](func::FuncOp function) {
    return function && function->hasAttr(kEntryAttrName);
  };
  if (!llvm::any_of(module.getOps<func::FuncOp>(), isEntry))
    return module.emitError("expected at least one function with '")
           << kEntryAttrName << "'";
  for (const std::string &name : entries)
    if (!isEntry(module.lookupSymbol<func::FuncOp>(name)))
      return module.emitError("expected an entry '")
             << name << "', but the module has none of that name";
  return success();
}

LogicalResult VerifyDescriptionPass::verifyModule() {
  if (failed(verifyStageAttributes(getOperation())))
    return failure();
  for (Operation &op : getOperation().getOps()) {
    if (failed(verifyStageAttributes(&op)))
      return failure();
    auto function = dyn_cast<func::FuncOp>(op);
    if (!function && !isa<ParameterOp>(op))
      return op.emitError("expected parameters and functions in a module, "
                          "but got '")
             << op.getName() << "'";
    if (function &&
        (failed(verifyAttributeNames(function)) ||
         failed(verifySignature(function)) || failed(verifyBody(function))))
      return failure();
  }
  if (failed(verifyEntries()))
    return failure();
  SymbolTableCollection symbols;
  if (failed(verifyCalls(getOperation(), symbols)))
    return failure();
  for (auto function : getOperation().getOps<func::FuncOp>())
    if (failed(verifySizes(function, symbols)))
      return failure();
  return success();
}
