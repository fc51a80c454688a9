//===- HostTensor.h - Tensors that the compiler computes with ---*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A strided view of floating-point numbers in memory that copies share.
// Elements are float64 where something was computed, and stay float32 where
// parameters are only moved, so that packing a model's weights costs no more
// than reading them. Slices and transposes are views.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_WEIGHTS_HOSTTENSOR_H
#define PERCEIVER_LIB_WEIGHTS_HOSTTENSOR_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <memory>

namespace mlir::perceiver {

class HostTensor {
public:
  enum class Storage { f32, f64 };

  /// An empty tensor of shape [0].
  HostTensor() : shape{0}, strides{1} {}

  /// A dense tensor of zeros.
  static HostTensor zeros(ArrayRef<int64_t> shape, Storage storage);

  /// Every element is `value`; takes the memory of one.
  static HostTensor splat(ArrayRef<int64_t> shape, double value);

  /// A dense float64 tensor with these elements, row-major.
  static HostTensor of(ArrayRef<int64_t> shape, ArrayRef<double> values);

  /// Dense row-major elements that someone else wrote; `owner` keeps them.
  static HostTensor wrap(ArrayRef<int64_t> shape, Storage storage,
                         const void *data, std::shared_ptr<const void> owner);

  /// A dense float32 tensor of f16 or bf16 elements, which lie row-major at
  /// `bytes`, aligned or not.
  static HostTensor fromHalves(ArrayRef<int64_t> shape, Type elementType,
                               const char *bytes);

  ArrayRef<int64_t> getShape() const { return shape; }
  ArrayRef<int64_t> getStrides() const { return strides; }
  int64_t getRank() const { return shape.size(); }
  int64_t getDimSize(int64_t dim) const { return shape[dim]; }
  int64_t getNumElements() const { return ShapedType::getNumElements(shape); }
  Storage getStorage() const { return storage; }

  /// True if the elements lie row-major without gaps.
  bool isDense() const;

  //===--------------------------------------------------------------------===//
  // Views
  //===--------------------------------------------------------------------===//

  /// The elements `offsets[d] + i * steps[d]`, `i < sizes[d]`. `offsets` and
  /// the last elements must lie inside the tensor.
  HostTensor slice(ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes,
                   ArrayRef<int64_t> steps) const;

  /// Dimension `d` of the result is dimension `permutation[d]` of this tensor.
  HostTensor transpose(ArrayRef<int64_t> permutation) const;

  /// The same elements, row-major, in another shape. Copies what is not dense.
  HostTensor reshape(ArrayRef<int64_t> newShape) const;

  /// Repeat the tensor along new leading dimensions and dimensions of size 1.
  HostTensor broadcast(ArrayRef<int64_t> newShape) const;

  //===--------------------------------------------------------------------===//
  // Elements
  //===--------------------------------------------------------------------===//

  /// A dense tensor with this storage and the same elements: itself, if it is
  /// one already.
  HostTensor toDense(Storage newStorage) const;

  /// The elements of a dense tensor.
  const float *getFloats() const;
  const double *getDoubles() const;

  /// The elements of a tensor made by `zeros` that has no copies yet.
  float *getMutableFloats();
  double *getMutableDoubles();

  /// The element at `position`.
  double at(ArrayRef<int64_t> position) const;

  /// All elements, row-major.
  SmallVector<double> toVector() const;

  /// Copy the elements of `source`, which has this shape or, for a view of
  /// memory made by `zeros`, the view's. Float64 elements are rounded where
  /// this tensor is float32.
  void assign(const HostTensor &source);

  /// Write the elements row-major, each rounded once to `elementType`: f64,
  /// f32, f16 or bf16.
  void round(Type elementType, char *destination) const;

private:
  SmallVector<int64_t, 4> shape;
  SmallVector<int64_t, 4> strides;
  Storage storage = Storage::f64;
  const void *data = nullptr;
  std::shared_ptr<const void> owner;
};

/// True for the element types that `HostTensor::round` writes.
bool isHostElementType(Type type);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_WEIGHTS_HOSTTENSOR_H
