//===- EntryAttributes.cpp - Attributes of functions ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifies the discardable attributes that say what of a module is callable
// from outside, and by which names. They stay valid throughout compilation, so
// only their form is checked here; `perceiver-verify-description` checks that
// a description is complete.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Model/AlgebraTrait.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "dialect/Model/PerceiverDialect.h"
#include "dialect/Model/TilingAttrInterface.h"
#include "dialect/NearestName.h"
#include "dialect/PhaseAttributeNames.h"
#include "dialect/Shapes.h"
#include "dialect/SizeText.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// On another operation than these, nobody reads the attribute.
static LogicalResult verifyOwner(Operation *op, StringRef name) {
  constexpr StringRef ofModules[] = {
      kWeightsBytesAttrName, kWeightsIdAttrName, kStageAttrName,
      kTargetAttrName,       kModelAttrName,     kIgnoredTensorsAttrName};
  StringRef owner;
  constexpr StringRef ofEntries[] = {kFlopAttrName, kConditionsAttrName,
                                     kPhasesAttrName};
  if (llvm::is_contained(ofEntries, name) && !op->hasAttr(kEntryAttrName))
    owner = "an entry";
  if (llvm::is_contained(ofModules, name) && !isa<ModuleOp>(op))
    owner = "a module";
  constexpr StringRef ofFunctions[] = {kPrepareAttrName, kKernelAttrName,
                                       kThreadsAttrName, kSharedBytesAttrName};
  if (llvm::is_contained(ofFunctions, name) && !isa<FunctionOpInterface>(op))
    owner = "a function";
  if (name == kInModelAttrName &&
      (op->getNumResults() != 1 ||
       !isa<RankedTensorType>(op->getResult(0).getType())))
    owner = "what computes a tensor";
  if (name == kFusionLogAttrName && !isa<ModuleOp, FunctionOpInterface>(op))
    owner = "a module or a function";
  if (owner.empty())
    return success();
  return op->emitError("expected '") << name << "' on " << owner << " only";
}

LogicalResult
PerceiverDialect::verifyOperationAttribute(Operation *op,
                                           NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (!llvm::is_contained(getOperationAttributeNames(), name))
    return op->emitError("expected no attribute '")
           << name << "' on an operation"
           << didYouMean(name, getOperationAttributeNames());
  if (name == kEntryAttrName) {
    if (!isa<UnitAttr>(attribute.getValue()))
      return op->emitError("expected '")
             << name << "' without a value, but got " << attribute.getValue();
    auto function = dyn_cast<FunctionOpInterface>(op);
    if (!function)
      return op->emitError("expected '") << name << "' on a function only";
    for (Type type : llvm::concat<const Type>(function.getArgumentTypes(),
                                              function.getResultTypes()))
      if (hasZeroSize(type))
        return op->emitError("expected an entry with sizes of at least 1, but "
                             "got ")
               << type;
  }
  if (name == kInModelAttrName && !isa<UnitAttr>(attribute.getValue()))
    return op->emitError("expected '")
           << name << "' without a value, but got " << attribute.getValue();
  if (name == kTilingAttrName) {
    auto tiling = dyn_cast<TilingAttr>(attribute.getValue());
    if (!tiling)
      return op->emitError("expected '")
             << name << "' to be #perceiver.tiling, but got "
             << attribute.getValue();
    auto owner = dyn_cast<TilingAttrOpInterface>(op);
    if (!owner)
      return op->emitError("expected '")
             << name << "' on an operation that is cut into tasks, but got '"
             << op->getName() << "'";
    if (tiling.getKeySplit() != 0 && !owner.canSplitKeys())
      return op->emitError("expected key_split on an attention only, but got ")
             << tiling;
  }
  if (name == kWithoutAttrName) {
    auto names = dyn_cast<ArrayAttr>(attribute.getValue());
    if (!names || !llvm::all_of(names, llvm::IsaPred<StringAttr>))
      return op->emitError("expected '")
             << name << "' to be an array of names of rewrites, but got "
             << attribute.getValue();
  }
  if (name == kAlgebraAttrName) {
    if (!isa<AlgebraAttr>(attribute.getValue()))
      return op->emitError("expected '")
             << name << "' to be #perceiver.algebra, but got "
             << attribute.getValue();
    if (!op->hasTrait<TakesAlgebra>())
      return op->emitError("expected '")
             << name << "' on an attention, but got '" << op->getName() << "'";
  }
  if (name == kTargetAttrName &&
      !isa<TargetAttrInterface>(attribute.getValue()))
    return op->emitError("expected '")
           << name
           << "' to be the target of a back end, as "
              "#perceiver.cpu_target, but got "
           << attribute.getValue();
  if (name == kModelAttrName) {
    auto model = dyn_cast<StringAttr>(attribute.getValue());
    if (!model || model.empty())
      return op->emitError("expected '")
             << name << "' to be a name, but got " << attribute.getValue();
  }
  if (name == kIgnoredTensorsAttrName) {
    auto tensors = dyn_cast<ArrayAttr>(attribute.getValue());
    if (!tensors || !llvm::all_of(tensors, llvm::IsaPred<StringAttr>))
      return op->emitError("expected '")
             << name << "' to be names of tensors, but got "
             << attribute.getValue();
  }
  if (name == kFlopAttrName) {
    auto map = dyn_cast<AffineMapAttr>(attribute.getValue());
    if (!map || map.getValue().getNumResults() != 1 ||
        map.getValue().getNumDims() != 0)
      return op->emitError("expected '")
             << name << "' to be an affine map from sizes, as symbols, to one "
             << "number, but got " << attribute.getValue();
  }
  if (name == kPhasesAttrName) {
    auto isPhase = [](Attribute phase) {
      auto figures = dyn_cast<DictionaryAttr>(phase);
      return figures && llvm::all_of(figures, [](NamedAttribute figure) {
               return isa<DenseI64ArrayAttr>(figure.getValue());
             });
    };
    auto phases = dyn_cast<ArrayAttr>(attribute.getValue());
    if (!phases || !llvm::all_of(phases, isPhase))
      return op->emitError("expected '")
             << name << "' to be size programs by name for each phase, but got "
             << attribute.getValue();
  }
  if (name == kConditionsAttrName) {
    auto isMap = [](NamedAttribute condition) {
      auto map = dyn_cast<AffineMapAttr>(condition.getValue());
      return map && map.getValue().getNumDims() == 0;
    };
    auto conditions = dyn_cast<DictionaryAttr>(attribute.getValue());
    if (!conditions || !llvm::all_of(conditions, isMap))
      return op->emitError("expected '")
             << name << "' to be affine maps from sizes, as symbols, by "
             << "sentences, but got " << attribute.getValue();
  }
  return verifyOwner(op, name);
}

/// Whether a size is divided by a number below 1.
static bool dividesByNothing(StringAttr size) {
  SmallVector<StringRef> names;
  bool found = false;
  parseSizeText(size, names, size.getContext()).walk([&](AffineExpr expr) {
    auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
    if (!binary ||
        !llvm::is_contained({AffineExprKind::FloorDiv, AffineExprKind::CeilDiv,
                             AffineExprKind::Mod},
                            expr.getKind()))
      return;
    auto divisor = dyn_cast<AffineConstantExpr>(binary.getRHS());
    found |= divisor && divisor.getValue() < 1;
  });
  return found;
}

/// The sizes of an array: names, or expressions of them.
static LogicalResult verifySizes(Operation *op, Type type,
                                 NamedAttribute attribute) {
  StringRef name = attribute.getName();
  auto sizes = dyn_cast<ArrayAttr>(attribute.getValue());
  auto isSize = [&](Attribute size) {
    auto value = dyn_cast<StringAttr>(size);
    SmallVector<StringRef> names;
    return value && parseSizeText(value, names, op->getContext()) &&
           !names.empty();
  };
  if (!sizes || !llvm::all_of(sizes, isSize))
    return op->emitError("expected '")
           << name << "' to be identifiers or expressions of them, but got "
           << attribute.getValue();
  for (auto size : sizes.getAsRange<StringAttr>())
    if (dividesByNothing(size))
      return op->emitError("expected sizes that divide by 1 or more, but got ")
             << size;
  if (auto shaped = dyn_cast<ShapedType>(type);
      shaped && shaped.hasRank() && shaped.getNumDynamicDims() != sizes.size())
    return op->emitError("expected one of '")
           << name << "' for each dynamic size of " << type << ", but got "
           << sizes.size();
  return success();
}

static LogicalResult verifyAliases(Operation *op, NamedAttribute attribute) {
  auto aliases = dyn_cast<ArrayAttr>(attribute.getValue());
  auto isName = [](Attribute alias) {
    auto value = dyn_cast<StringAttr>(alias);
    return value && isDottedName(value);
  };
  if (!aliases || !llvm::all_of(aliases, isName))
    return op->emitError("expected '")
           << attribute.getName().strref()
           << "' to be identifiers, with dots between them, but got "
           << attribute.getValue();
  return success();
}

/// `[0, 262]` on integers.
static LogicalResult verifyBounds(Operation *op, Type type,
                                  NamedAttribute attribute) {
  StringRef name = attribute.getName();
  auto bounds = dyn_cast<ArrayAttr>(attribute.getValue());
  auto getNumber = [&](unsigned place) {
    auto number = dyn_cast<IntegerAttr>(bounds[place]);
    return number && number.getType().isInteger(64)
               ? std::optional<int64_t>(number.getInt())
               : std::nullopt;
  };
  bool isPair = bounds && bounds.size() == 2 && getNumber(0) && getNumber(1);
  if (!isPair || *getNumber(0) >= *getNumber(1))
    return op->emitError("expected '")
           << name << "' to be the lowest number and the one after the "
           << "highest, as [0, 262], but got " << attribute.getValue();
  auto tensor = dyn_cast<TensorType>(type);
  if (!tensor || !tensor.getElementType().isInteger() ||
      tensor.getElementType().isInteger(1))
    return op->emitError("expected '")
           << name << "' on an array of integers, but got " << type;
  return success();
}

static LogicalResult verifyDefault(Operation *op, Type type,
                                   NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (!isa<BoolAttr>(attribute.getValue()))
    return op->emitError("expected '")
           << name << "' to be true or false, but got " << attribute.getValue();
  if (!isa<TensorType>(type))
    return op->emitError("expected '")
           << name << "' on an array, but got " << type;
  return success();
}

/// An attribute of an argument or a result `type` of a function.
static LogicalResult verifyValueAttribute(Operation *op, Type type,
                                          bool isResult,
                                          NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (name == kNameAttrName) {
    auto value = dyn_cast<StringAttr>(attribute.getValue());
    // Sizes are numbers in Python and C, which have no dots.
    bool isName = value && (isa<IndexType>(type) ? isIdentifier(value)
                                                 : isDottedName(value));
    if (!isName)
      return op->emitError("expected '")
             << name << "' to be an identifier, but got "
             << attribute.getValue();
    return success();
  }
  if (name == kSizesAttrName)
    return verifySizes(op, type, attribute);
  if (!llvm::is_contained(getValueAttributeNames(), name))
    return op->emitError("expected no attribute '")
           << name << "' on an argument or a result"
           << didYouMean(name, getValueAttributeNames());
  if (isResult)
    return op->emitError("expected '") << name << "' on an argument only";
  if (name == kAliasesAttrName)
    return verifyAliases(op, attribute);
  return name == kBoundsAttrName ? verifyBounds(op, type, attribute)
                                 : verifyDefault(op, type, attribute);
}

LogicalResult
PerceiverDialect::verifyRegionArgAttribute(Operation *op, unsigned regionIndex,
                                           unsigned argIndex,
                                           NamedAttribute attribute) {
  // Only functions have such attributes.
  auto function = cast<FunctionOpInterface>(op);
  return verifyValueAttribute(op, function.getArgumentTypes()[argIndex],
                              /*isResult=*/false, attribute);
}

LogicalResult PerceiverDialect::verifyRegionResultAttribute(
    Operation *op, unsigned regionIndex, unsigned resultIndex,
    NamedAttribute attribute) {
  auto function = cast<FunctionOpInterface>(op);
  return verifyValueAttribute(op, function.getResultTypes()[resultIndex],
                              /*isResult=*/true, attribute);
}
