//===- InputSizes.h - The sizes of a run, from its inputs -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_INPUTSIZES_H
#define PERCEIVER_LIB_LOADER_INPUTSIZES_H

#include "lib/Loader/Binding.h"

namespace perceiver {

/// The tensors of the inputs, in the order of the arguments; null for outputs
/// and for what is left out.
using FoundInputs = std::vector<const TensorView *>;

/// Return the entry's sizes, from the shapes of inputs and from numbers. Checks
/// types, shapes, ranges and conditions.
Result<std::vector<int64_t>> findSizes(const Entry &entry,
                                       const FoundInputs &inputs,
                                       const SizeValues &sizes);

/// Return what a dimension of an output is; fails for one below 1 that follows
/// from other sizes.
Result<int64_t> sizeOf(const Entry &entry, const Dimension &dimension,
                       const std::vector<int64_t> &sizes);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_INPUTSIZES_H
