//===- PrepareEvaluator.cpp - Compute stored tensors on the host ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/PrepareEvaluator.h"

#include "lib/Weights/HostInterfaces.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {

/// Computes one function call. Values are kept until their last use.
class Evaluator {
public:
  Evaluator(ParameterSource &parameters) : parameters(parameters) {}

  FailureOr<SmallVector<HostTensor>> run(func::FuncOp function,
                                         ArrayRef<HostArgument> arguments);

private:
  FailureOr<HostTensor> evaluate(Operation *op);
  FailureOr<HostTensor> evaluateConstant(arith::ConstantOp op);
  FailureOr<HostTensor> evaluateParameter(GetParameterOp op);

  ParameterSource &parameters;
  SymbolTableCollection symbols;
  HostValues values;
  DenseMap<Value, int64_t> numbers;
};

} // namespace

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

FailureOr<HostTensor> Evaluator::evaluateConstant(arith::ConstantOp op) {
  if (auto number = dyn_cast<FloatAttr>(op.getValue()))
    return HostTensor::splat({}, number.getValueAsDouble());
  auto elements = dyn_cast<DenseFPElementsAttr>(op.getValue());
  if (!elements)
    return op.emitOpError("expected floating-point numbers");
  auto toDouble = [](APFloat value) {
    bool losesInfo;
    value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
    return value.convertToDouble();
  };
  ArrayRef<int64_t> shape = elements.getType().getShape();
  if (elements.isSplat())
    return HostTensor::splat(shape,
                             toDouble(elements.getSplatValue<APFloat>()));
  return HostTensor::of(
      shape, llvm::map_to_vector(elements.getValues<APFloat>(), toDouble));
}

FailureOr<HostTensor> Evaluator::evaluateParameter(GetParameterOp op) {
  auto parameter =
      symbols.lookupNearestSymbolFrom<ParameterOp>(op, op.getParameterAttr());
  if (!parameter)
    return op.emitOpError("expected the symbol of a parameter, but got ")
           << op.getParameterAttr();
  int64_t member = 0;
  if (op.getIndex()) {
    auto number = numbers.find(op.getIndex());
    if (number == numbers.end() || number->second < 0)
      return op.emitOpError("expected an index that is known and not negative");
    member = number->second % parameter.getMemberCount();
  }
  return parameters.getParameter(parameter, member);
}

FailureOr<HostTensor> Evaluator::evaluate(Operation *op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return evaluateConstant(constant);
  if (auto parameter = dyn_cast<GetParameterOp>(op))
    return evaluateParameter(parameter);
  if (auto known = dyn_cast<HostOpInterface>(op))
    return known.evaluate(values);
  return op->emitOpError("expected an operation that can be computed when the "
                         "model is compiled");
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// No tensor of a model is as large; a wrong description may be.
static constexpr int64_t kMaxElements = int64_t{1} << 32;

/// True for a tensor of static shape that can be computed.
static bool isKnownTensor(RankedTensorType type) {
  if (!type.hasStaticShape() || !isHostElementType(type.getElementType()))
    return false;
  int64_t count = 1;
  for (int64_t size : type.getShape())
    if (llvm::MulOverflow(count, size, count))
      return false;
  return count <= kMaxElements;
}

/// Report a result that the evaluator cannot compute.
static LogicalResult checkTypes(Operation *op) {
  for (Type type : op->getResultTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor && isHostElementType(type))
      continue;
    if (!tensor || !isKnownTensor(tensor))
      return op->emitOpError("expected floating-point tensors of static shape "
                             "and at most 2^32 elements, but got ")
             << type;
  }
  return success();
}

FailureOr<SmallVector<HostTensor>>
Evaluator::run(func::FuncOp function, ArrayRef<HostArgument> arguments) {
  if (!function.getBody().hasOneBlock() ||
      function.getNumArguments() != arguments.size())
    return function.emitOpError("expected one block and ")
           << arguments.size() << " arguments";
  for (auto [value, argument] : llvm::zip(function.getArguments(), arguments)) {
    values.set(value, argument.tensor);
    numbers[value] = argument.number;
  }
  Block &body = function.getBody().front();
  DenseMap<Value, int64_t> usesLeft;
  for (Operation &op : body.without_terminator()) {
    IntegerAttr number;
    auto constant = dyn_cast<arith::ConstantOp>(op);
    if (constant && (number = dyn_cast<IntegerAttr>(constant.getValue()))) {
      numbers[constant] = number.getInt();
      continue;
    }
    if (failed(checkTypes(&op)))
      return failure();
    FailureOr<HostTensor> result = evaluate(&op);
    if (failed(result))
      return failure();
    for (Value operand : op.getOperands()) {
      auto left = usesLeft.try_emplace(
          operand, std::distance(operand.use_begin(), operand.use_end()));
      if (--left.first->second == 0)
        values.erase(operand);
    }
    values.set(op.getResult(0), *std::move(result));
  }
  return values.get(body.getTerminator()->getOperands());
}

FailureOr<SmallVector<HostTensor>>
perceiver::evaluateFunction(func::FuncOp function,
                            ArrayRef<HostArgument> arguments,
                            ParameterSource &parameters) {
  return Evaluator(parameters).run(function, arguments);
}

FailureOr<HostTensor> perceiver::evaluateWeight(block::WeightOp weight,
                                                int64_t member,
                                                ParameterSource &parameters) {
  func::FuncOp prepare;
  if (weight.getPrepareAttr())
    prepare = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
        weight, weight.getPrepareAttr());
  if (!prepare)
    return weight.emitOpError("expected a function that prepares the weight");
  SmallVector<HostArgument> arguments;
  if (weight.getCount())
    arguments.push_back(member);
  FailureOr<SmallVector<HostTensor>> results =
      evaluateFunction(prepare, arguments, parameters);
  if (failed(results))
    return failure();
  return results->front();
}
