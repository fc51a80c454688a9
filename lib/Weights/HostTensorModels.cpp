//===- HostTensorModels.cpp - Moving tensors on the host ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/WeightsEvaluatorTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/HostModels.h"
#include "lib/Weights/HostOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::perceiver;

using Storage = HostTensor::Storage;

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

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

static FailureOr<HostTensor> evaluateSlice(tensor::ExtractSliceOp op,
                                           const HostValues &values) {
  const HostTensor &source = values.get(op.getSource());
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

static FailureOr<HostTensor> evaluateInsertion(tensor::InsertSliceOp op,
                                               const HostValues &values) {
  const HostTensor &target = values.get(op.getDest());
  const HostTensor &source = values.get(op.getSource());
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

//===----------------------------------------------------------------------===//
// Whole tensors
//===----------------------------------------------------------------------===//

static FailureOr<HostTensor> evaluateEmpty(tensor::EmptyOp op,
                                           const HostValues &) {
  return HostTensor::splat(getResultShape(op), 0.0);
}

static FailureOr<HostTensor> evaluateConcat(tensor::ConcatOp op,
                                            const HostValues &values) {
  return concatenate(values.get(op.getInputs()), op.getDim());
}

/// `collapse_shape` and `expand_shape`.
template <typename OpTy>
static FailureOr<HostTensor> evaluateReshape(OpTy op,
                                             const HostValues &values) {
  return values.get(op.getSrc()).reshape(getResultShape(op));
}

static FailureOr<HostTensor> evaluateFill(linalg::FillOp op,
                                          const HostValues &values) {
  Value number = op.getInputs()[0];
  if (!isHostElementType(number.getType()))
    return op.emitOpError("expected a floating-point number");
  return values.get(number).broadcast(getResultShape(op));
}

static FailureOr<HostTensor> evaluateTranspose(linalg::TransposeOp op,
                                               const HostValues &values) {
  return values.get(op.getInput()).transpose(op.getPermutation());
}

void perceiver::registerHostTensorModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    using namespace tensor;
    attachHostModel<CollapseShapeOp, evaluateReshape<CollapseShapeOp>>(context);
    attachHostModel<ConcatOp, evaluateConcat>(context);
    attachHostModel<EmptyOp, evaluateEmpty>(context);
    attachHostModel<ExpandShapeOp, evaluateReshape<ExpandShapeOp>>(context);
    attachHostModel<ExtractSliceOp, evaluateSlice>(context);
    attachHostModel<InsertSliceOp, evaluateInsertion>(context);
  });
  registry.addExtension(+[](MLIRContext *context, linalg::LinalgDialect *) {
    attachHostModel<linalg::FillOp, evaluateFill>(context);
    attachHostModel<linalg::TransposeOp, evaluateTranspose>(context);
  });
}
