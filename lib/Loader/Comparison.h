//===- Comparison.h - Compare outputs with golden tensors -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_COMPARISON_H
#define PERCEIVER_LIB_LOADER_COMPARISON_H

#include "lib/TensorFile/TensorSet.h"

#include <optional>

namespace perceiver {

/// How far an output is from its golden tensor.
struct Difference {
  std::string name;
  /// The largest relative L2 distance of a batch row (of all, if the tensor has
  /// fewer than two dimensions); absolute where the golden row is zero.
  /// Infinite where only one of the two is infinite, and for every NaN, also
  /// if both are: a golden NaN proves nothing.
  double relativeL2 = 0;
  int64_t worstRow = 0;
  int64_t rows = 1;
  double maxAbsolute = 0;
  /// Where there is a golden tensor in float64: the largest `maxAbsolute`, the
  /// distance from it, that passes, and how far the golden tensor is itself.
  std::optional<double> allowed, goldenError;
  /// The part of `allowed` that the golden file adds, if it does.
  std::optional<double> added;

  bool isWithin(double tolerance) const {
    return allowed ? maxAbsolute <= *allowed : relativeL2 <= tolerance;
  }

  /// Return one line for people.
  std::string str() const;

  /// Return why it is not within the tolerance, for people: the name and, where
  /// there is a tensor in float64, what was compared.
  std::string failure() const;
};

/// Compare two tensors of the same shape, each in its own type.
Difference compareTensors(const TensorView &output, const TensorView &golden);

/// Compare with a golden tensor that a library computed in float32 and, as
/// `exact`, in float64. Passes what is no further from `exact` than ten times
/// the golden tensor is, or than 1e-5 of the largest number of `exact`, and
/// `added` more, element by element. NaN never passes.
Difference compareTensors(const TensorView &output, const TensorView &golden,
                          const TensorView &exact,
                          std::optional<double> added = std::nullopt);

/// Compare each golden tensor with the output of its name; with `NAME.f64`
/// beside `NAME`, as is described above, where `NAME.tolerance`, one number, is
/// what is added. Golden files may hold the inputs too: names in `inputs` are
/// skipped. Fails for other names and shapes, for a tolerance that is none, and
/// if there is nothing to compare.
Result<std::vector<Difference>>
compareOutputs(const std::vector<TensorView> &outputs, const TensorSet &golden,
               const TensorSet &inputs);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_COMPARISON_H
