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

  bool isWithin(double tolerance) const { return relativeL2 <= tolerance; }

  /// Return one line for people.
  std::string str() const;
};

/// Compare two tensors of the same shape, each in its own type.
Difference compareTensors(const TensorView &output, const TensorView &golden);

/// Compare each golden tensor with the output of its name. Golden files may
/// hold the inputs too: names in `inputs` are skipped. Fails for other names
/// and shapes, and if there is nothing to compare.
Result<std::vector<Difference>>
compareOutputs(const std::vector<TensorView> &outputs, const TensorSet &golden,
               const TensorSet &inputs);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_COMPARISON_H
