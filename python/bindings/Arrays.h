//===- Arrays.h - Tensors between Python and models -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_PYTHON_BINDINGS_ARRAYS_H
#define PERCEIVER_PYTHON_BINDINGS_ARRAYS_H

#include "lib/Artifact/Binding.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

namespace perceiver::python {

/// Views of a dict's arrays: anything in the CPU's memory that speaks DLPack or
/// the buffer protocol. Row-major arrays are not copied, others are, once.
class ImportedArrays {
public:
  /// Raises InputError.
  explicit ImportedArrays(const nanobind::dict &arrays);

  const TensorSet &tensors() const { return set; }

private:
  using Array = nanobind::ndarray<nanobind::ro>;

  void add(const std::string &name, nanobind::handle value);

  TensorSet set;
  /// Keep the memory alive.
  std::vector<Array> arrays;
  std::vector<AlignedBuffer> copies;
};

/// Return the outputs of a run as NumPy arrays by name. Each array owns its
/// memory.
nanobind::dict exportArrays(Binding binding);

} // namespace perceiver::python

#endif // PERCEIVER_PYTHON_BINDINGS_ARRAYS_H
