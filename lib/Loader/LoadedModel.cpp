//===- LoadedModel.cpp - Run a compiled model -----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/LoadedModel.h"

#include <dlfcn.h>
#include <elf.h>
#include <sys/stat.h>

using namespace perceiver;

#if defined(__x86_64__)
constexpr uint16_t kHostMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kHostMachine = EM_AARCH64;
#else
#error "state the processor's e_machine here"
#endif

Error LoadedModel::lastError() const {
  const char *text = functions.lastError();
  return Error{text && *text ? text : "the model reports an error without text",
               path};
}

Status LoadedModel::lookUp(const std::string &prefix) {
  std::string missing;
  auto find = [&](auto &function, const char *name) {
    std::string symbol = prefix + name;
    void *address = ::dlsym(library.get(), symbol.c_str());
    if (!address && missing.empty())
      missing = symbol;
    function = reinterpret_cast<std::decay_t<decltype(function)>>(address);
  };
  if (place.kind == Device::Kind::CPU)
    find(functions.load, "_load");
  else
    find(functions.loadCuda, "_load_cuda");
  find(functions.free, "_free");
  find(functions.lastError, "_last_error");
  find(functions.workspaceSize, "_workspace_size");
  find(functions.invoke, "_invoke");
  find(functions.poolCreate, "_pool_create");
  find(functions.poolDestroy, "_pool_destroy");
  if (missing.empty())
    return success();
  return Error{"the model does not export " + quote(missing), path};
}

/// Return another spelling of the path that stands for this file alone. The
/// loader compares names before it compares files: where a program still uses
/// an older model of the same path, it would get that one again.
static std::string spellingFor(const std::string &path,
                               const struct stat &file) {
  size_t slash = path.rfind('/') + 1;
  std::string spelling = path.substr(0, slash);
  for (uint64_t number :
       {static_cast<uint64_t>(file.st_dev), static_cast<uint64_t>(file.st_ino)})
    for (int bit = 0; bit < 64; ++bit)
      spelling += (number >> bit & 1) ? "./" : "/";
  return spelling + path.substr(slash);
}

/// Load the file that has this path now.
static void *openLibrary(const std::string &path) {
  constexpr int kMode = RTLD_NOW | RTLD_LOCAL;
  void *loaded = ::dlopen(path.c_str(), kMode | RTLD_NOLOAD);
  if (!loaded)
    return ::dlopen(path.c_str(), kMode);
  ::dlclose(loaded);
  struct stat file;
  if (::stat(path.c_str(), &file) != 0)
    return ::dlopen(path.c_str(), kMode);
  return ::dlopen(spellingFor(path, file).c_str(), kMode);
}

perceiver_status LoadedModel::load(const char *weightsPath,
                                   const Placement &placement,
                                   void **model) const {
  if (place.kind == Device::Kind::CPU)
    return functions.load(weightsPath, model);
  perceiver_cuda_options options = {};
  options.struct_bytes = sizeof options;
  options.ordinal = place.ordinal;
  options.driver_path =
      placement.driver.empty() ? nullptr : placement.driver.c_str();
  if (placement.synchronizeLaunches)
    options.flags |= PERCEIVER_CUDA_SYNCHRONIZE_LAUNCHES;
  if (placement.separateBuffers)
    options.flags |= PERCEIVER_CUDA_SEPARATE_BUFFERS;
  return functions.loadCuda(weightsPath, &options, model);
}

Result<LoadedModel> LoadedModel::open(const std::string &path,
                                      const Metadata &metadata,
                                      const std::string &weightsPath,
                                      const Placement &placement) {
  if (metadata.machine != kHostMachine)
    return Error{"the model is for " + quote(metadata.triple) +
                     ", which this machine cannot run",
                 path};
  Result<Device> device = chooseDevice(metadata, placement);
  if (!device)
    return Error{device.error().message, path};
  LoadedModel result;
  result.path = path;
  result.place = *device;
  // A name without a slash would be searched in the system's folders.
  std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  void *library = openLibrary(file);
  if (!library)
    return Error{std::string("cannot load the model: ") + ::dlerror()};
  result.library = std::shared_ptr<void>(library, ::dlclose);
  if (Status found = result.lookUp(metadata.prefix); !found)
    return found.error();
  void *model = nullptr;
  perceiver_status status = result.load(
      weightsPath.empty() ? nullptr : weightsPath.c_str(), placement, &model);
  if (status != PERCEIVER_OK) {
    Error error = result.lastError();
    if (status == PERCEIVER_DRIVER_UNAVAILABLE &&
        device->kind != Device::Kind::Emulated)
      error.message += placement.withoutDriver;
    return error;
  }
  result.model = std::shared_ptr<void>(
      model, [library = result.library,
              free = result.functions.free](void *loaded) { free(loaded); });
  return result;
}

Result<ThreadPool> LoadedModel::createPool(int threads) const {
  perceiver_pool *pool = nullptr;
  if (functions.poolCreate(threads, &pool) != PERCEIVER_OK)
    return lastError();
  return ThreadPool(pool, PoolDestroyer{functions.poolDestroy});
}

Result<size_t> LoadedModel::workspaceSize(const Entry &entry,
                                          const std::vector<int64_t> &sizes,
                                          int workers) const {
  size_t bytes = 0;
  if (functions.workspaceSize(model.get(), entry.index, sizes.data(), workers,
                              &bytes) != PERCEIVER_OK)
    return lastError();
  return bytes;
}

Status LoadedModel::run(const Entry &entry, const std::vector<int64_t> &sizes,
                        const std::vector<void *> &arguments, void *workspace,
                        size_t workspaceBytes, const perceiver_pool *pool,
                        bool *isRefusal) const {
  perceiver_status status =
      functions.invoke(model.get(), entry.index, sizes.data(), arguments.data(),
                       workspace, workspaceBytes, pool);
  if (isRefusal)
    *isRefusal = status == PERCEIVER_INVALID_ARGUMENT ||
                 status == PERCEIVER_SIZE_OUT_OF_RANGE;
  if (status != PERCEIVER_OK)
    return lastError();
  return success();
}
