//===- JitModel.cpp - A model linked into this process --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/Runner/JitModel.h"

#include "lib/Artifact/ArtifactNames.h"
#include "lib/Runtime/perceiver_runtime.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::check;

/// Every byte of memory that nobody has written: NaN as a float, -1 as a
/// number.
static constexpr int kPoison = 0xff;

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

namespace {
/// Memory that ends, up to its alignment, where reading and writing faults.
/// What stands before it on its first page is watched.
class GuardedMemory {
public:
  GuardedMemory(size_t bytes, size_t alignment) : bytes(bytes) {
    size_t page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    size_t used = llvm::alignTo(bytes, alignment);
    mapped = llvm::alignTo(used, page) + page;
    void *address = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED)
      return;
    base = static_cast<uint8_t *>(address);
    begin = base + mapped - page - used;
    std::memset(base, kPoison, mapped - page);
    if (::mprotect(base + mapped - page, page, PROT_NONE) != 0) {
      ::munmap(base, mapped);
      base = begin = nullptr;
    }
  }
  GuardedMemory(GuardedMemory &&other)
      : base(other.base), begin(other.begin), bytes(other.bytes),
        mapped(other.mapped) {
    other.base = nullptr;
  }
  GuardedMemory &operator=(GuardedMemory &&) = delete;
  ~GuardedMemory() {
    if (base)
      ::munmap(base, mapped);
  }

  uint8_t *data() const { return begin; }
  size_t size() const { return bytes; }

  /// True if nothing before the memory has been written.
  bool isFrontIntact() const {
    return std::all_of(base, begin, [](uint8_t b) { return b == kPoison; });
  }

private:
  uint8_t *base = nullptr, *begin = nullptr;
  size_t bytes, mapped = 0;
};
} // namespace

JitModel::JitModel() = default;

JitModel::~JitModel() {
  if (model)
    functions.free(model);
}

llvm::Error JitModel::check(perceiver_status status) const {
  if (status == PERCEIVER_OK)
    return llvm::Error::success();
  return fail(functions.lastError());
}

llvm::Error JitModel::link(ArrayRef<char> object) {
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> created =
      llvm::orc::LLJITBuilder().create();
  if (!created)
    return created.takeError();
  jit = std::move(*created);
  // All that a model may call. Without a generator for this process' other
  // symbols, a call of libm stays unresolved and fails the test.
  llvm::orc::SymbolMap symbols;
  auto define = [&](const char *name, auto *function) {
    symbols[jit->mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(function),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  define("perceiver_rt_load", &perceiver_rt_load);
  define("perceiver_rt_free", &perceiver_rt_free);
  define("perceiver_rt_last_error", &perceiver_rt_last_error);
  define("perceiver_rt_pool_create", &perceiver_rt_pool_create);
  define("perceiver_rt_pool_destroy", &perceiver_rt_pool_destroy);
  define("perceiver_rt_workspace_size", &perceiver_rt_workspace_size);
  define("perceiver_rt_run", &perceiver_rt_run);
  define("perceiver_rt_load_cuda", &perceiver_rt_load_cuda);
  define("perceiver_rt_free_cuda", &perceiver_rt_free_cuda);
  define("perceiver_rt_workspace_size_cuda", &perceiver_rt_workspace_size_cuda);
  define("perceiver_rt_run_cuda", &perceiver_rt_run_cuda);
  define("perceiver_rt_enqueue_cuda", &perceiver_rt_enqueue_cuda);
  define("memcpy",
         static_cast<void *(*)(void *, const void *, size_t)>(memcpy));
  define("memmove",
         static_cast<void *(*)(void *, const void *, size_t)>(memmove));
  define("memset", static_cast<void *(*)(void *, int, size_t)>(memset));
  if (llvm::Error error = jit->getMainJITDylib().define(
          llvm::orc::absoluteSymbols(std::move(symbols))))
    return error;
  if (llvm::Error error =
          jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
              StringRef(object.data(), object.size()), "model")))
    return error;
  llvm::Error errors = llvm::Error::success();
  auto find = [&](auto &function, const std::string &name) {
    llvm::Expected<llvm::orc::ExecutorAddr> address = jit->lookup(name);
    if (!address) {
      errors = llvm::joinErrors(std::move(errors), address.takeError());
      return;
    }
    function = address->toPtr<std::decay_t<decltype(function)>>();
  };
  CommonSymbols names(description.prefix);
  if (device)
    find(functions.loadCuda, names.loadCuda);
  else
    find(functions.load, names.load);
  find(functions.free, names.free);
  find(functions.lastError, names.lastError);
  find(functions.workspaceSize, names.workspaceSize);
  find(functions.invoke, names.invoke);
  return errors;
}

llvm::Expected<std::unique_ptr<JitModel>>
JitModel::load(CompiledCode code, StringRef weights,
               std::optional<EmulatedDevice> device) {
  std::unique_ptr<JitModel> result(new JitModel);
  result->description = std::move(code.artifact);
  result->device = std::move(device);
  if (llvm::Error error = result->link(code.object))
    return error;
  llvm::Expected<TemporaryFile> file = makeTemporaryFile(".weights", weights);
  if (!file)
    return file.takeError();
  result->weightsFile.emplace(std::move(*file));
  const char *path = result->weightsFile->path().c_str();
  perceiver_status status;
  if (result->device) {
    perceiver_cuda_options options = {};
    options.struct_bytes = sizeof options;
    options.driver_path = result->device->path().c_str();
    status = result->functions.loadCuda(path, &options, &result->model);
  } else {
    status = result->functions.load(path, &result->model);
  }
  if (llvm::Error error = result->check(status))
    return error;
  return result;
}

llvm::Error JitModel::configure(const RunMode &mode) const {
  if (!device)
    return llvm::Error::success();
  ::perceiver::Status status = device->configure(mode.words);
  return status ? llvm::Error::success() : fail(status.error().str());
}

llvm::Error JitModel::checkFindings() const {
  if (!device)
    return llvm::Error::success();
  ::perceiver::Findings findings = device->takeFindings();
  if (findings.count == 0)
    return llvm::Error::success();
  return fail("the emulated device has findings:\n" + findings.lines);
}

llvm::Expected<std::vector<TensorValue>>
JitModel::run(int64_t entry, ArrayRef<int64_t> sizes,
              ArrayRef<TensorValue> inputs, ArrayRef<RankedTensorType> outputs,
              const RunMode &mode) const {
  std::vector<GuardedMemory> memory;
  auto reserve = [&](size_t bytes, size_t alignment) -> uint8_t * {
    memory.emplace_back(bytes, alignment);
    return memory.back().data();
  };
  std::vector<void *> arguments;
  for (const TensorValue &input : inputs) {
    uint8_t *data = reserve(input.bytes.size(),
                            getElementBytes(input.type.getElementType()));
    if (!data)
      return fail("no memory for an input");
    std::memcpy(data, input.bytes.data(), input.bytes.size());
    arguments.push_back(data);
  }
  std::vector<TensorValue> results;
  for (RankedTensorType type : outputs) {
    results.push_back(TensorValue::zeros(type));
    arguments.push_back(reserve(results.back().bytes.size(),
                                getElementBytes(type.getElementType())));
    if (!arguments.back())
      return fail("no memory for an output");
  }
  if (llvm::Error error = configure(mode))
    return error;
  size_t workspaceBytes = 0;
  if (llvm::Error error = check(functions.workspaceSize(
          model, entry, sizes.data(), mode.pool ? mode.pool->worker_count : 1,
          &workspaceBytes)))
    return error;
  uint8_t *workspace = reserve(workspaceBytes, PERCEIVER_WORKSPACE_ALIGNMENT);
  if (!workspace)
    return fail("no memory for a workspace of " + llvm::Twine(workspaceBytes) +
                " bytes");
  if (llvm::Error error =
          check(functions.invoke(model, entry, sizes.data(), arguments.data(),
                                 workspace, workspaceBytes, mode.pool)))
    return llvm::joinErrors(std::move(error), checkFindings());
  if (llvm::Error error = checkFindings())
    return error;
  for (const GuardedMemory &region : memory)
    if (!region.isFrontIntact())
      return fail("the entry has written before the start of an argument or "
                  "of its workspace");
  for (auto [i, input] : llvm::enumerate(inputs))
    if (std::memcmp(arguments[i], input.bytes.data(), input.bytes.size()) != 0)
      return fail("the entry has written to its input " + llvm::Twine(i));
  for (auto [i, result] : llvm::enumerate(results))
    std::memcpy(result.bytes.data(), arguments[inputs.size() + i],
                result.bytes.size());
  return results;
}
