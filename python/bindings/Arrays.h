//===- Arrays.h - Tensors between Python and models -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_PYTHON_BINDINGS_ARRAYS_H
#define PERCEIVER_PYTHON_BINDINGS_ARRAYS_H

#include "lib/Loader/Binding.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

namespace perceiver::python {

/// Views of a dict's arrays: anything in the CPU's memory that speaks DLPack or
/// the buffer protocol. Row-major arrays are not copied, others are, once.
class ImportedArrays {
public:
  /// The inputs of `entry`, or, without one, weights of any kind. Raises
  /// InputError, which says how an array of another type becomes one of those
  /// that are expected.
  explicit ImportedArrays(const nanobind::dict &arrays,
                          const Entry *entry = nullptr);

  const TensorSet &tensors() const { return set; }

private:
  using Array = nanobind::ndarray<nanobind::ro>;

  void add(const std::string &name, nanobind::handle value);
  std::string nameOf(nanobind::handle key) const;
  /// The input with this name, or null.
  const Argument *findInput(const std::string &name) const;

  const Entry *entry;
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
