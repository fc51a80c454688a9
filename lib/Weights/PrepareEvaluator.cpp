//===- PrepareEvaluator.cpp - Compute stored tensors on the host ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/PrepareEvaluator.h"

#include "dialect/Block/InputOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/Weights/HostOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

using Storage = HostTensor::Storage;

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
  FailureOr<HostTensor> evaluateSlice(tensor::ExtractSliceOp op);
  FailureOr<HostTensor> evaluateInsertion(tensor::InsertSliceOp op);
  FailureOr<HostTensor> evaluateLinear(block::LinearOp op);
  FailureOr<HostTensor> evaluatePositions(block::GridPositionsOp op);
  HostTensor evaluateNorm(block::LayerNormOp op);
  HostTensor evaluateChannels(block::ConcatChannelsOp op);
  SmallVector<HostTensor> get(ValueRange values);
  const HostTensor &get(Value value) { return tensors.find(value)->second; }

  ParameterSource &parameters;
  SymbolTableCollection symbols;
  DenseMap<Value, HostTensor> tensors;
  DenseMap<Value, int64_t> numbers;
};

} // namespace

static ArrayRef<int64_t> getResultShape(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getShape();
}

SmallVector<HostTensor> Evaluator::get(ValueRange values) {
  return llvm::map_to_vector(values, [&](Value value) { return get(value); });
}

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

/// True if the slice lies within a tensor of this shape. Negative steps are
/// not known.
static bool isWithin(ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes,
                     ArrayRef<int64_t> steps, ArrayRef<int64_t> shape) {
  for (auto [offset, size, step, limit] :
       llvm::zip_equal(offsets, sizes, steps, shape))
    if (offset < 0 || size < 0 || step < 0 ||
        (size > 0 && (offset >= limit ||
                      (size > 1 && step > (limit - 1 - offset) / (size - 1)))))
      return false;
  return true;
}

FailureOr<HostTensor> Evaluator::evaluateSlice(tensor::ExtractSliceOp op) {
  const HostTensor &source = get(op.getSource());
  if (op->getNumOperands() != 1 ||
      !isWithin(op.getStaticOffsets(), op.getStaticSizes(),
                op.getStaticStrides(), source.getShape()))
    return op.emitOpError("expected a constant slice within the tensor");
  HostTensor slice = source.slice(op.getStaticOffsets(), op.getStaticSizes(),
                                  op.getStaticStrides());
  if (slice.getShape() == getResultShape(op))
    return slice;
  return slice.reshape(getResultShape(op));
}

FailureOr<HostTensor> Evaluator::evaluateInsertion(tensor::InsertSliceOp op) {
  const HostTensor &target = get(op.getDest());
  const HostTensor &source = get(op.getSource());
  if (op->getNumOperands() != 2 ||
      !isWithin(op.getStaticOffsets(), op.getStaticSizes(),
                op.getStaticStrides(), target.getShape()))
    return op.emitOpError("expected a constant slice within the tensor");
  bool isDouble = target.getStorage() == Storage::f64 ||
                  source.getStorage() == Storage::f64;
  HostTensor result = HostTensor::zeros(target.getShape(),
                                        isDouble ? Storage::f64 : Storage::f32);
  result.assign(target);
  result
      .slice(op.getStaticOffsets(), op.getStaticSizes(), op.getStaticStrides())
      .assign(source.reshape(op.getStaticSizes()));
  return result;
}

HostTensor Evaluator::evaluateNorm(block::LayerNormOp op) {
  HostTensor result =
      normalizeRows(get(op.getInput()), op.getEpsilon().convertToDouble());
  if (op.getGain())
    result = multiplyElements(result, get(op.getGain()));
  if (op.getBias())
    result = add(result, get(op.getBias()));
  return result;
}

FailureOr<HostTensor> Evaluator::evaluateLinear(block::LinearOp op) {
  if (op.isPacked())
    return op.emitOpError("expected a weight that is not packed");
  HostTensor result = multiply(get(op.getInput()), get(op.getWeight()));
  if (op.getBias())
    result = add(result, get(op.getBias()));
  result = activate(result, op.getActivation());
  if (op.getResidual())
    result = add(result, get(op.getResidual()));
  return result;
}

HostTensor Evaluator::evaluateChannels(block::ConcatChannelsOp op) {
  SmallVector<HostTensor> parts;
  for (Value input : op.getInputs()) {
    SmallVector<int64_t> shape(getResultShape(op));
    shape.back() = get(input).getShape().back();
    parts.push_back(get(input).broadcast(shape));
  }
  return concatenate(parts,
                     static_cast<int64_t>(getResultShape(op).size()) - 1);
}

FailureOr<HostTensor> Evaluator::evaluatePositions(block::GridPositionsOp op) {
  SmallVector<HostTensor> tables = get(op.getTables());
  int64_t rows = getResultShape(op)[0], points = 1;
  for (const HostTensor &table : tables)
    points *= table.getDimSize(0);
  if (op.getOffset() || rows > points)
    return op.emitOpError("expected the first rows of the grid");
  return computeGridPositions(tables, rows, op.getLayout());
}

FailureOr<HostTensor> Evaluator::evaluate(Operation *op) {
  using Result = FailureOr<HostTensor>;
  return TypeSwitch<Operation *, Result>(op)
      .Case([&](arith::ConstantOp op) { return evaluateConstant(op); })
      .Case([&](GetParameterOp op) { return evaluateParameter(op); })
      .Case([&](tensor::EmptyOp op) -> Result {
        return HostTensor::splat(getResultShape(op), 0.0);
      })
      .Case([&](linalg::FillOp op) -> Result {
        Value number = op.getInputs()[0];
        if (!isHostElementType(number.getType()))
          return op.emitOpError("expected a floating-point number");
        return get(number).broadcast(getResultShape(op));
      })
      .Case([&](linalg::TransposeOp op) -> Result {
        return get(op.getInput()).transpose(op.getPermutation());
      })
      .Case([&](tensor::ExtractSliceOp op) { return evaluateSlice(op); })
      .Case([&](tensor::InsertSliceOp op) { return evaluateInsertion(op); })
      .Case([&](tensor::ConcatOp op) -> Result {
        return concatenate(get(op.getInputs()), op.getDim());
      })
      .Case<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(
          [&](auto op) -> Result {
            return get(op.getSrc()).reshape(getResultShape(op));
          })
      .Case([&](block::LayerNormOp op) -> Result { return evaluateNorm(op); })
      .Case([&](block::LinearOp op) { return evaluateLinear(op); })
      .Case([&](block::AddOp op) -> Result {
        ArrayRef<int64_t> shape = getResultShape(op);
        return add(get(op.getLhs()).broadcast(shape), get(op.getRhs()));
      })
      .Case([&](block::ConcatChannelsOp op) -> Result {
        return evaluateChannels(op);
      })
      .Case([&](block::ChannelsLastOp op) -> Result {
        return get(op.getInput()).transpose({0, 2, 1});
      })
      .Case([&](block::MeanRowsOp op) -> Result {
        return averageRows(get(op.getInput()));
      })
      .Case([&](block::ScaleRowsOp op) -> Result {
        HostTensor factors = get(op.getFactors());
        return multiplyElements(get(op.getMatrix()),
                                factors.reshape({factors.getDimSize(0), 1}));
      })
      .Case([&](block::PackPanelsOp op) -> Result {
        return packPanels(get(op.getInput()), op.getPanels());
      })
      .Case([&](block::AxisTableOp op) -> Result {
        return computeAxisTable(getResultShape(op)[0], op.getBands(),
                                op.getMaxFrequency().convertToDouble(),
                                op.getRecipe());
      })
      .Case([&](block::GridPositionsOp op) { return evaluatePositions(op); })
      .Default([&](Operation *op) -> Result {
        return op->emitOpError(
            "expected an operation that can be computed when the model is "
            "compiled");
      });
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
    tensors[value] = argument.tensor;
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
        tensors.erase(operand);
    }
    tensors[op.getResult(0)] = *std::move(result);
  }
  return get(body.getTerminator()->getOperands());
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
