//===- EquallySpaced.cpp - Points of an axis in float32 -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every operation is rounded by itself: none may be fused with another.
//
// Test: test/Execution/positions-computed.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Math/EquallySpaced.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// Operations on values of one type.
class Arithmetic {
public:
  Arithmetic(OpBuilder &builder, Location loc, Type type)
      : builder(builder), loc(loc), type(type) {}

  Value constant(float value) {
    TypedAttr attribute = builder.getF32FloatAttr(value);
    if (auto vector = dyn_cast<VectorType>(type))
      attribute = DenseElementsAttr::get(vector, Attribute(attribute));
    return arith::ConstantOp::create(builder, loc, attribute);
  }
  Value add(Value a, Value b) { return create<arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) { return create<arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) { return create<arith::MulFOp>(a, b); }
  Value div(Value a, Value b) { return create<arith::DivFOp>(a, b); }
  /// `yes` where the numbers compare so, else `no`.
  Value select(arith::CmpFPredicate predicate, Value a, Value b, Value yes,
               Value no) {
    Value condition = arith::CmpFOp::create(builder, loc, predicate, a, b);
    return arith::SelectOp::create(builder, loc, condition, yes, no);
  }

private:
  template <typename OpTy>
  Value create(Value a, Value b) {
    return OpTy::create(builder, loc, a, b);
  }

  OpBuilder &builder;
  Location loc;
  Type type;
};
} // namespace

/// `value`, but `start` for a single point.
static Value selectMany(Arithmetic &e, const EquallySpaced &points,
                        Value value) {
  return e.select(arith::CmpFPredicate::OEQ, points.count, e.constant(1.0f),
                  points.start, value);
}

/// torch.linspace.
static Value emitFromEnds(Arithmetic &e, Value number,
                          const EquallySpaced &points) {
  Value last = e.sub(points.count, e.constant(1.0f));
  Value step = e.div(e.sub(points.stop, points.start), last);
  Value low = e.add(points.start, e.mul(step, number));
  Value high = e.sub(points.stop, e.mul(step, e.sub(last, number)));
  // Of an odd number of points the middle one is counted from the end.
  Value next = e.mul(e.constant(2.0f), e.add(number, e.constant(1.0f)));
  return selectMany(
      e, points,
      e.select(arith::CmpFPredicate::OLE, next, points.count, low, high));
}

/// jnp.linspace.
static Value emitBetween(Arithmetic &e, Value number,
                         const EquallySpaced &points) {
  Value last = e.sub(points.count, e.constant(1.0f));
  Value fraction = e.div(number, last);
  Value mean = e.add(e.mul(points.start, e.sub(e.constant(1.0f), fraction)),
                     e.mul(points.stop, fraction));
  return selectMany(
      e, points,
      e.select(arith::CmpFPredicate::OEQ, number, last, points.stop, mean));
}

Value perceiver::emitEquallySpaced(OpBuilder &builder, Location loc,
                                   FourierRecipe recipe, Value number,
                                   const EquallySpaced &points) {
  Arithmetic e(builder, loc, number.getType());
  switch (recipe) {
  case FourierRecipe::torch_f32:
    return emitFromEnds(e, number, points);
  case FourierRecipe::jax_f32:
    return emitBetween(e, number, points);
  case FourierRecipe::exact:
    break;
  }
  llvm_unreachable("expected a recipe in float32");
}

Value perceiver::emitGridPoint(OpBuilder &builder, Location loc,
                               FourierRecipe recipe, FourierSpacing spacing,
                               Value number, Value count) {
  Arithmetic e(builder, loc, number.getType());
  Value first = e.constant(-1.0f);
  if (spacing == FourierSpacing::inclusive)
    return emitEquallySpaced(builder, loc, recipe, number,
                             {count, first, e.constant(1.0f)});
  return e.add(first, e.div(e.mul(e.constant(2.0f), number), count));
}
