//===- TestEvaluator.cpp - Evaluate checks --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/Runner/TestEvaluator.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/PrettyStackTrace.h"

#include <cmath>
#include <cstdio>
#include <cstring>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::check;

namespace {

/// The values of one region.
class Evaluator {
public:
  LogicalResult evaluate(Operation &op);

  const TensorValue &operator[](Value value) const {
    return values.find(value)->second;
  }

  void define(Value value, TensorValue tensor) {
    values[value] = std::move(tensor);
  }

private:
  LogicalResult evaluate(arith::ConstantOp op);
  LogicalResult evaluate(tensor::ExtractSliceOp op);
  LogicalResult evaluate(tensor::InsertSliceOp op);

  llvm::DenseMap<Value, TensorValue> values;
};

} // namespace

LogicalResult Evaluator::evaluate(arith::ConstantOp op) {
  auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!elements || !isa<RankedTensorType>(op.getType()))
    return op.emitOpError("expected a dense tensor, but got ") << op.getType();
  define(op, TensorValue::constant(elements));
  return success();
}

/// True if the slice lies inside of an array of this shape.
static bool isInside(OffsetSizeAndStrideOpInterface op,
                     ArrayRef<int64_t> shape) {
  for (auto [d, size] : llvm::enumerate(op.getStaticSizes())) {
    int64_t offset = op.getStaticOffsets()[d];
    int64_t stride = op.getStaticStrides()[d];
    if (ShapedType::isDynamic(offset) || ShapedType::isDynamic(size) ||
        ShapedType::isDynamic(stride) || offset < 0 || size < 1 || stride < 1 ||
        offset + (size - 1) * stride >= shape[d])
      return false;
  }
  return true;
}

LogicalResult Evaluator::evaluate(tensor::ExtractSliceOp op) {
  if (!isInside(op, op.getSourceType().getShape()))
    return op.emitOpError("expected a static slice inside of its source");
  define(op, (*this)[op.getSource()].slice(op.getType(), op.getStaticOffsets(),
                                           op.getStaticSizes(),
                                           op.getStaticStrides()));
  return success();
}

LogicalResult Evaluator::evaluate(tensor::InsertSliceOp op) {
  if (!isInside(op, op.getDestType().getShape()))
    return op.emitOpError("expected a static slice inside of its destination");
  TensorValue result = (*this)[op.getDest()];
  result.insert((*this)[op.getSource()], op.getStaticOffsets(),
                op.getStaticSizes(), op.getStaticStrides());
  define(op, std::move(result));
  return success();
}

LogicalResult Evaluator::evaluate(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<arith::ConstantOp, tensor::ExtractSliceOp, tensor::InsertSliceOp>(
          [&](auto known) { return evaluate(known); })
      .Case([&](GenerateOp generate) {
        define(generate,
               TensorValue::generate(cast<RankedTensorType>(generate.getType()),
                                     generate.getKey(),
                                     generate.getScale().convertToDouble(),
                                     generate.getOffset().convertToDouble()));
        return success();
      })
      .Default([](Operation *unknown) {
        return unknown->emitOpError(
            "expected an operation that perceiver-test-runner can evaluate");
      });
}

FailureOr<std::map<std::string, TensorValue>>
check::evaluateCheckpoints(ModuleOp module) {
  std::map<std::string, TensorValue> tensors;
  for (auto checkpoint : module.getOps<CheckpointOp>()) {
    Evaluator evaluator;
    for (Operation &op : checkpoint.getBody().front()) {
      auto tensor = dyn_cast<TensorOp>(op);
      if (!tensor) {
        if (failed(evaluator.evaluate(op)))
          return failure();
        continue;
      }
      if (!tensors.insert({tensor.getKey().str(), evaluator[tensor.getValue()]})
               .second)
        return tensor.emitOpError("expected a name that no other tensor has, "
                                  "but got ")
               << tensor.getKeyAttr();
    }
  }
  return tensors;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

/// The entry's dynamic sizes, from the shapes of what it is called with.
static FailureOr<std::vector<int64_t>>
findSizes(RunOp op, const EntryDescription &entry) {
  std::vector<int64_t> sizes(entry.sizes.size(), -1);
  DictionaryAttr numbers = op.getSizesAttr()
                               ? op.getSizesAttr()
                               : DictionaryAttr::get(op.getContext());
  for (NamedAttribute given : numbers) {
    auto found = llvm::find_if(entry.sizes, [&](const SizeDescription &size) {
      return size.name == given.getName();
    });
    auto value = dyn_cast<IntegerAttr>(given.getValue());
    if (found == entry.sizes.end() || !value)
      return op.emitOpError("expected numbers for sizes of the entry, but got ")
             << given.getName() << " = " << given.getValue();
    sizes[found - entry.sizes.begin()] = value.getInt();
  }
  SmallVector<Type> types(op.getInputs().getTypes());
  llvm::append_range(types, op.getOutputs().getTypes());
  if (types.size() != entry.arguments.size())
    return op.emitOpError("expected ")
           << entry.arguments.size() << " inputs and outputs, but got "
           << types.size();
  for (auto [type, argument] : llvm::zip(types, entry.arguments)) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>(type).getShape();
    for (auto [actual, expected] : llvm::zip(shape, argument.shape)) {
      // A derived size is checked by the runtime.
      if (!isSymbolic(expected) ||
          symbolIndex(expected) >= static_cast<int64_t>(sizes.size()))
        continue;
      int64_t &size = sizes[symbolIndex(expected)];
      if (size >= 0 && size != actual)
        return op.emitOpError("expected one size '")
               << entry.sizes[symbolIndex(expected)].name << "', but got "
               << size << " and, in '" << argument.name << "', " << actual;
      size = actual;
    }
  }
  for (auto [size, description] : llvm::zip(sizes, entry.sizes))
    if (size < 0)
      return op.emitOpError("expected a number for the size '")
             << description.name << "'";
  return sizes;
}

/// Index of the first element whose bits differ, or -1.
static int64_t findDifference(const TensorValue &a, const TensorValue &b) {
  int64_t width = getElementBytes(a.type.getElementType());
  for (int64_t i = 0; i < a.size(); ++i)
    if (std::memcmp(&a.bytes[i * width], &b.bytes[i * width], width) != 0)
      return i;
  return -1;
}

static std::string toText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

static LogicalResult evaluateRun(RunOp op, int64_t number, Evaluator &evaluator,
                                 const JitModel &model, ArrayRef<RunMode> modes,
                                 OutputObserver observe) {
  const std::vector<EntryDescription> &entries = model.artifact().entries;
  auto entry = llvm::find_if(entries, [&](const EntryDescription &entry) {
    return entry.name == op.getEntry();
  });
  if (entry == entries.end())
    return op.emitOpError("expected an entry of the compiled model, but got ")
           << op.getEntryAttr();
  FailureOr<std::vector<int64_t>> sizes = findSizes(op, *entry);
  if (failed(sizes))
    return failure();
  std::vector<TensorValue> inputs;
  for (Value input : op.getInputs())
    inputs.push_back(evaluator[input]);
  SmallVector<RankedTensorType> types;
  for (Type type : op.getOutputs().getTypes())
    types.push_back(cast<RankedTensorType>(type));

  llvm::PrettyStackTraceString trace(op.getEntry().data());
  std::vector<TensorValue> first;
  for (const RunMode &mode : modes) {
    llvm::Expected<std::vector<TensorValue>> outputs =
        model.run(entry - entries.begin(), *sizes, inputs, types, mode);
    if (!outputs)
      return op.emitOpError("failed ")
             << mode.name << ": " << llvm::toString(outputs.takeError());
    if (first.empty())
      first = *outputs;
    for (auto [i, output] : llvm::enumerate(*outputs)) {
      int64_t index = findDifference(first[i], output);
      if (index >= 0)
        return op.emitOpError("expected the same bits of '")
               << entry->arguments[inputs.size() + i].name
               << "' in each run, but at " << output.position(index) << " got "
               << toText(first[i].at(index)) << " " << modes.front().name
               << " and " << toText(output.at(index)) << " " << mode.name;
    }
  }
  for (auto [i, value] : llvm::enumerate(op.getOutputs())) {
    observe(number, entry->name, entry->arguments[inputs.size() + i].name,
            first[i]);
    evaluator.define(value, std::move(first[i]));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Expectations
//===----------------------------------------------------------------------===//

/// " of output 'y' of @run" where `value` comes from a run.
static std::string describeOrigin(Value value, const JitModel &model) {
  while (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
    value = slice.getSource();
  auto run = value.getDefiningOp<RunOp>();
  if (!run)
    return "";
  for (const EntryDescription &entry : model.artifact().entries)
    if (entry.name == run.getEntry())
      return " of output '" +
             entry
                 .arguments[run.getInputs().size() +
                            cast<OpResult>(value).getResultNumber()]
                 .name +
             "' of @" + entry.name;
  return "";
}

/// How far `actual` is away, in the units of expect_close.
static double errorOf(double actual, double expected) {
  if (std::isnan(actual) || std::isnan(expected))
    return std::isnan(actual) == std::isnan(expected) ? 0.0 : HUGE_VAL;
  if (actual == expected)
    return 0.0;
  if (std::isinf(actual) || std::isinf(expected))
    return HUGE_VAL;
  return std::abs(actual - expected) / std::max(1.0, std::abs(expected));
}

static LogicalResult evaluateClose(ExpectCloseOp op, const Evaluator &evaluator,
                                   const JitModel &model) {
  const TensorValue &actual = evaluator[op.getActual()];
  const TensorValue &expected = evaluator[op.getExpected()];
  double tolerance = op.getTolerance().convertToDouble();
  int64_t count = 0, worst = -1;
  double largest = 0.0;
  for (int64_t i = 0; i < actual.size(); ++i) {
    double error = errorOf(actual.at(i), expected.at(i));
    if (error <= tolerance)
      continue;
    ++count;
    if (worst < 0 || error > largest) {
      worst = i;
      largest = error;
    }
  }
  if (count == 0)
    return success();
  return op.emitOpError("expected elements")
         << describeOrigin(op.getActual(), model) << " within "
         << toText(tolerance) << ", but " << count << " of " << actual.size()
         << " are not; the worst is at " << actual.position(worst)
         << ": expected " << toText(expected.at(worst)) << ", but got "
         << toText(actual.at(worst)) << ", an error of " << toText(largest);
}

static LogicalResult evaluateEqual(ExpectEqualOp op, const Evaluator &evaluator,
                                   const JitModel &model) {
  const TensorValue &actual = evaluator[op.getActual()];
  const TensorValue &expected = evaluator[op.getExpected()];
  int64_t index = findDifference(actual, expected);
  if (index < 0)
    return success();
  return op.emitOpError("expected the same bits")
         << describeOrigin(op.getActual(), model) << ", but at "
         << actual.position(index) << " expected " << toText(expected.at(index))
         << " and got " << toText(actual.at(index));
}

LogicalResult check::evaluateTest(TestOp test, const JitModel &model,
                                  ArrayRef<RunMode> modes,
                                  OutputObserver observe) {
  Evaluator evaluator;
  bool met = true;
  int64_t runs = 0;
  for (Operation &op : test.getBody().front()) {
    if (auto close = dyn_cast<ExpectCloseOp>(op)) {
      met &= succeeded(evaluateClose(close, evaluator, model));
    } else if (auto equal = dyn_cast<ExpectEqualOp>(op)) {
      met &= succeeded(evaluateEqual(equal, evaluator, model));
    } else if (auto run = dyn_cast<RunOp>(op)) {
      if (failed(evaluateRun(run, ++runs, evaluator, model, modes, observe)))
        return failure();
    } else if (failed(evaluator.evaluate(op))) {
      return failure();
    }
  }
  return success(met);
}
