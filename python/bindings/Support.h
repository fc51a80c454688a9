//===- Support.h - Text and errors for Python -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_PYTHON_BINDINGS_SUPPORT_H
#define PERCEIVER_PYTHON_BINDINGS_SUPPORT_H

#include <nanobind/nanobind.h>

#include <string>

namespace perceiver::python {

/// Return text for people as a str, whatever bytes it has.
inline nanobind::object decode(const std::string &text) {
  return nanobind::steal(PyUnicode_DecodeUTF8(
      text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
}

/// Throw an exception of perceiver_compiler.errors.
[[noreturn]] inline void raise(const char *type, const std::string &text) {
  nanobind::object exception =
      nanobind::module_::import_("perceiver_compiler.errors").attr(type);
  PyErr_SetObject(exception.ptr(), decode(text).ptr());
  throw nanobind::python_error();
}

/// Return the bytes of a path that os.fsencode has made.
inline std::string pathOf(const nanobind::bytes &path) {
  return std::string(path.c_str(), path.size());
}

} // namespace perceiver::python

#endif // PERCEIVER_PYTHON_BINDINGS_SUPPORT_H
