//===- RuntimeModule.cpp - Compiled models for Python ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// perceiver_compiler._runtime; runtime.py is what users see of it.
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Description.h"
#include "lib/Loader/EmulatedDevice.h"
#include "lib/Loader/LoadedModel.h"
#include "lib/Loader/WorkspaceCache.h"
#include "lib/Runtime/perceiver_runtime.h"
#include "lib/TensorFile/TensorFile.h"
#include "python/bindings/Arrays.h"
#include "python/bindings/Support.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace perceiver;
using namespace perceiver::python;

namespace {

/// Threads that belong to no model, so that models can share them.
class Pool {
public:
  explicit Pool(int threads) {
    perceiver_pool *created = nullptr;
    if (perceiver_rt_pool_create(threads, &created) != PERCEIVER_OK)
      raise("ModelError", perceiver_rt_last_error());
    pool = ThreadPool(created, PoolDestroyer{perceiver_rt_pool_destroy});
  }

  int threads() const { return pool->worker_count; }
  const perceiver_pool *get() const { return pool.get(); }

private:
  ThreadPool pool;
};

/// A model in this process. Nothing of it changes but its workspaces, so any
/// number of threads may run it at once.
class Model {
public:
  /// `device` is what a user asks for, "" for what the model is for; `package`
  /// the folder that an emulated device's library is in.
  Model(const nb::bytes &path, const nb::bytes &weights,
        const std::string &device, const nb::bytes &package) {
    std::string file = pathOf(path), weightsFile = pathOf(weights);
    std::string folder = pathOf(package);
    Placement placement;
    placement.withoutDriver =
        "; device=\"emulated\" runs it on an emulated device";
    if (!device.empty()) {
      Result<Device> parsed = parseDevice(device);
      if (!parsed)
        raise("InputError", "device: " + parsed.error().message);
      placement.device = *parsed;
    }
    Status status = success();
    {
      nb::gil_scoped_release release;
      status = open(file, weightsFile, placement, folder);
    }
    if (!status)
      raise("ModelError", status.error().str());
  }

  std::string metadataText() const {
    return perceiver::describeAsJSON(*metadata);
  }
  std::string device() const { return model->device().str(); }
  std::string describe() const { return perceiver::describe(*metadata); }

  /// Return the bytes that a run with these sizes keeps in its workspace.
  size_t workspaceSize(const std::string &entry,
                       const std::vector<int64_t> &sizes, int workers) const {
    const Entry &found = find(entry);
    if (sizes.size() != found.sizes.size())
      raise("InputError", "expected " + std::to_string(found.sizes.size()) +
                              " sizes, but got " +
                              std::to_string(sizes.size()));
    Result<size_t> bytes = model->workspaceSize(found, sizes, workers);
    if (!bytes)
      raise("InputError", bytes.error().str());
    return *bytes;
  }

  nb::dict run(const std::string &entry, const nb::dict &arrays,
               const std::map<std::string, int64_t> &sizes, const Pool *pool) {
    const Entry &found = find(entry);
    BindOptions options;
    options.sizes.assign(sizes.begin(), sizes.end());
    // Reads the arrays under Python's lock; the rest does without it.
    ImportedArrays inputs(arrays, &found);
    Result<Binding> outcome = Error{};
    Status status = success();
    bool isRefusal = false;
    {
      nb::gil_scoped_release release;
      outcome = bindArguments(found, inputs.tensors(), options);
      if (outcome)
        status = runBound(found, *outcome, pool, isRefusal);
    }
    if (!outcome)
      raise("InputError", outcome.error().str());
    if (!status)
      raise(isRefusal ? "InputError" : "ModelError", status.error().str());
    return exportArrays(std::move(*outcome));
  }

private:
  Status open(const std::string &path, const std::string &weights,
              Placement &placement, const std::string &package) {
    Result<Metadata> read = readMetadata(path);
    if (!read)
      return read.error();
    metadata = std::move(*read);
    if (placement.device && placement.device->kind == Device::Kind::Emulated) {
      Result<EmulatedDevice> opened = EmulatedDevice::open(package);
      if (!opened)
        return opened.error();
      emulator = std::move(*opened);
      placement.driver = emulator->path();
    }
    Result<LoadedModel> loaded =
        LoadedModel::open(path, *metadata, weights, placement);
    if (!loaded)
      return loaded.error();
    model = std::move(*loaded);
    return success();
  }

  const Entry &find(const std::string &name) const {
    Result<const Entry *> entry = metadata->findEntry(name);
    if (!entry)
      raise("InputError", entry.error().str());
    return **entry;
  }

  Status runBound(const Entry &entry, const Binding &binding, const Pool *pool,
                  bool &isRefusal) {
    if (model->device().kind == Device::Kind::CPU)
      return runOnCPU(entry, binding, pool, isRefusal);
    Status status = model->run(entry, binding.sizes, binding.arguments,
                               /*workspace=*/nullptr, /*workspaceBytes=*/0,
                               /*pool=*/nullptr, &isRefusal);
    if (!emulator)
      return status;
    Findings findings = emulator->takeFindings();
    if (findings.count == 0)
      return status;
    std::string text = status ? "" : status.error().str() + "\n";
    return Error{text + "the emulated device has " +
                 std::to_string(findings.count) +
                 (findings.count == 1 ? " finding:\n" : " findings:\n") +
                 findings.lines};
  }

  Status runOnCPU(const Entry &entry, const Binding &binding, const Pool *pool,
                  bool &isRefusal) {
    Result<size_t> bytes =
        model->workspaceSize(entry, binding.sizes, pool ? pool->threads() : 1);
    if (!bytes)
      return bytes.error();
    Result<WorkspaceCache::Lease> workspace = workspaces.take(*bytes);
    if (!workspace)
      return workspace.error();
    return model->run(entry, binding.sizes, binding.arguments,
                      workspace->data(), workspace->size(),
                      pool ? pool->get() : nullptr, &isRefusal);
  }

  std::optional<Metadata> metadata;
  /// A process has one such device, so another thread's run may take findings.
  std::optional<EmulatedDevice> emulator;
  std::optional<LoadedModel> model;
  WorkspaceCache workspaces;
};

} // namespace

static void writeSafetensors(const nb::bytes &path, const nb::dict &arrays) {
  ImportedArrays tensors(arrays);
  std::string file = pathOf(path);
  Status status = success();
  {
    nb::gil_scoped_release release;
    status = writeTensors(file, tensors.tensors().tensors());
  }
  if (status)
    return;
  // What is not about a tensor is about the file.
  if (!status.error().tensor.empty())
    raise("InputError", status.error().str());
  PyErr_SetObject(PyExc_OSError, decode(status.error().str()).ptr());
  throw nb::python_error();
}

NB_MODULE(_runtime, module) {
  nb::class_<Pool>(module, "Pool")
      .def(nb::init<int>(), nb::arg("threads"))
      .def_prop_ro("threads", &Pool::threads);
  nb::class_<Model>(module, "Model")
      .def(nb::init<const nb::bytes &, const nb::bytes &, const std::string &,
                    const nb::bytes &>(),
           nb::arg("path"), nb::arg("weights"), nb::arg("device"),
           nb::arg("package"))
      .def_prop_ro("device", &Model::device)
      .def_prop_ro("metadata", &Model::metadataText)
      .def("describe", &Model::describe)
      .def("workspace_size", &Model::workspaceSize, nb::arg("entry"),
           nb::arg("sizes"), nb::arg("workers"))
      .def("run", &Model::run, nb::arg("entry"), nb::arg("inputs"),
           nb::arg("sizes"), nb::arg("pool").none());
  module.def("write_safetensors", writeSafetensors, nb::arg("path"),
             nb::arg("tensors"));
}
