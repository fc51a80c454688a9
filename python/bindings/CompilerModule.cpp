//===- CompilerModule.cpp - The compiler for Python -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// perceiver_compiler._compiler; compiler.py is what users see of it. It links
// to libperceiver_compiler.so beside it, which brings LLVM along.
//
//===----------------------------------------------------------------------===//

#include "lib/CAPI/perceiver_compiler.h"
#include "python/bindings/Support.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <vector>

namespace nb = nanobind;
using namespace perceiver::python;

namespace {

struct Diagnostic {
  perceiver_severity severity;
  std::string message;
  std::string file;
  uint32_t line;
  uint32_t column;
  std::vector<Diagnostic> notes;
};

/// What a compilation in progress tells.
struct Listener {
  std::vector<Diagnostic> diagnostics;
  /// A signal handler has raised an exception, which is the current one.
  bool interrupted = false;
};

} // namespace

static Diagnostic copyOf(const perceiver_diagnostic &diagnostic) {
  Diagnostic copy = {diagnostic.severity,
                     diagnostic.message,
                     diagnostic.file ? diagnostic.file : "",
                     diagnostic.line,
                     diagnostic.column,
                     {}};
  for (size_t i = 0; i < diagnostic.note_count; ++i)
    copy.notes.push_back(copyOf(diagnostic.notes[i]));
  return copy;
}

/// Return (severity, message, file, line, column, notes).
static nb::tuple toTuple(const Diagnostic &diagnostic) {
  constexpr const char *kNames[] = {"note", "remark", "warning", "error"};
  nb::list notes;
  for (const Diagnostic &note : diagnostic.notes)
    notes.append(toTuple(note));
  return nb::make_tuple(kNames[diagnostic.severity], decode(diagnostic.message),
                        decode(diagnostic.file), diagnostic.line,
                        diagnostic.column, notes);
}

/// Let Python handle what signals have arrived; return true if one of the
/// handlers raised an exception, as that of ctrl-C does.
static int isInterrupted(void *user) {
  auto *listener = static_cast<Listener *>(user);
  if (listener->interrupted)
    return 1;
  nb::gil_scoped_acquire gil;
  listener->interrupted = PyErr_CheckSignals() != 0;
  return listener->interrupted;
}

static nb::tuple compile(const nb::bytes &sourceFile, const nb::object &source,
                         const std::vector<nb::bytes> &weights,
                         const nb::bytes &output, const std::string &target,
                         const std::string &cudaArch, const nb::bytes &ptxas,
                         const std::string &triple, const std::string &cpu,
                         const std::string &from, const std::string &emit,
                         const nb::bytes &transform, int64_t tasks,
                         const std::vector<std::string> &without, bool strict) {
  Listener listener;
  std::string sourceName = pathOf(sourceFile), outputName = pathOf(output),
              transformName = pathOf(transform), ptxasName = pathOf(ptxas);
  std::vector<std::string> weightsNames;
  for (const nb::bytes &file : weights)
    weightsNames.push_back(pathOf(file));
  std::vector<const char *> weightsFiles;
  for (const std::string &name : weightsNames)
    weightsFiles.push_back(name.c_str());
  weightsFiles.push_back(nullptr);
  std::vector<const char *> withoutNames;
  for (const std::string &name : without)
    withoutNames.push_back(name.c_str());
  withoutNames.push_back(nullptr);
  perceiver_compile_options options = {};
  options.size = sizeof(options);
  options.version = PERCEIVER_COMPILER_API_VERSION;
  options.strict = strict;
  options.source_file = sourceName.c_str();
  if (!source.is_none()) {
    Py_ssize_t size = 0;
    options.source = PyUnicode_AsUTF8AndSize(source.ptr(), &size);
    if (!options.source)
      throw nb::python_error();
    options.source_size = static_cast<size_t>(size);
  }
  options.more_weights_files = weightsFiles.data();
  options.output_file = outputName.c_str();
  options.target = target.c_str();
  options.cuda_arch = cudaArch.c_str();
  options.ptxas = ptxasName.c_str();
  options.target_triple = triple.c_str();
  options.target_cpu = cpu.c_str();
  options.from = from.c_str();
  options.emit = emit.c_str();
  options.transform_file = transformName.c_str();
  options.tasks = tasks;
  options.without = withoutNames.data();
  options.user = &listener;
  options.on_diagnostic = [](void *user,
                             const perceiver_diagnostic *diagnostic) {
    static_cast<Listener *>(user)->diagnostics.push_back(copyOf(*diagnostic));
  };
  options.is_cancelled = isInterrupted;

  perceiver_compile_status status = PERCEIVER_COMPILE_OK;
  {
    nb::gil_scoped_release release;
    status = perceiver_compile(&options);
  }
  if (status == PERCEIVER_COMPILE_CANCELLED)
    throw nb::python_error();
  nb::list diagnostics;
  for (const Diagnostic &diagnostic : listener.diagnostics)
    diagnostics.append(toTuple(diagnostic));
  return nb::make_tuple(status == PERCEIVER_COMPILE_OK, diagnostics);
}

NB_MODULE(_compiler, module) {
  module.def("compile", compile, nb::kw_only(), nb::arg("source_file"),
             nb::arg("source").none(), nb::arg("weights"), nb::arg("output"),
             nb::arg("target"), nb::arg("cuda_arch"), nb::arg("ptxas"),
             nb::arg("target_triple"), nb::arg("target_cpu"),
             nb::arg("from_stage"), nb::arg("emit"), nb::arg("transform"),
             nb::arg("tasks"), nb::arg("without"), nb::arg("strict"),
             "Return whether it worked, and the diagnostics: (severity, "
             "message, file, line, column, notes).");
  module.def("version", perceiver_compiler_version,
             "Return the version of the compiler.");
}
