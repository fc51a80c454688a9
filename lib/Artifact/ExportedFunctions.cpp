//===- ExportedFunctions.cpp - The functions that users call --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each forwards to a function of lib/Runtime. A typed function first puts its
// sizes and arguments into arrays:
//
//   i32 @P_run(ptr model, i64 batch, ptr in, ptr out, ptr workspace,
//              i64 workspace_bytes, ptr pool) {
//     sizes = [batch]; arguments = [in, out]
//     return @perceiver_rt_run(model, /*entry*/ 0, sizes, arguments, workspace,
//                              workspace_bytes, pool)
//   }
//
// Those of an artefact for CUDA devices call other functions of the runtime,
// perceiver_rt_run_cuda and so on, so that no other artefact has to carry them.
//
// HeaderWriter.cpp declares the same functions in C.
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/DescriptorBuilder.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {

class FunctionExporter {
public:
  FunctionExporter(llvm::Module &module, llvm::GlobalVariable &descriptor,
                   perceiver_kind kind)
      : module(module), descriptor(descriptor),
        onDevice(kind == PERCEIVER_KIND_CUDA), builder(module.getContext()),
        ptr(builder.getPtrTy()), i32(builder.getInt32Ty()),
        i64(builder.getInt64Ty()) {}

  void addCommon(const CommonSymbols &names);
  void addEntry(const EntrySymbols &names, const EntryDescription &entry,
                int64_t index);

private:
  void addLoad(const CommonSymbols &names);
  /// A typed function that runs an entry.
  void addRun(llvm::StringRef name, llvm::StringRef callee,
              const EntryDescription &entry, int64_t index);
  /// Begin an exported function; the builder stands in its body.
  llvm::Function *begin(llvm::StringRef name, llvm::Type *result,
                        llvm::ArrayRef<llvm::Type *> parameters);
  /// End it with a call of the runtime.
  void forward(llvm::Function *function, llvm::StringRef callee,
               llvm::ArrayRef<llvm::Value *> arguments);
  /// The same for the size of a workspace, from the entry's number on.
  void forwardSize(llvm::Function *function,
                   llvm::ArrayRef<llvm::Value *> arguments);
  /// The address of an array on the stack that holds `values`; null for none.
  llvm::Value *onStack(llvm::Type *type, llvm::ArrayRef<llvm::Value *> values);

  llvm::Module &module;
  llvm::GlobalVariable &descriptor;
  bool onDevice;
  llvm::IRBuilder<> builder;
  llvm::Type *ptr, *i32, *i64;
};

} // namespace

/// Parameters [first, first + count).
static llvm::SmallVector<llvm::Value *>
takeArguments(llvm::Function *function, size_t first, size_t count) {
  llvm::SmallVector<llvm::Value *> values;
  for (size_t i = first; i < first + count; ++i)
    values.push_back(function->getArg(i));
  return values;
}

llvm::Function *
FunctionExporter::begin(llvm::StringRef name, llvm::Type *result,
                        llvm::ArrayRef<llvm::Type *> parameters) {
  auto *type = llvm::FunctionType::get(result, parameters, /*isVarArg=*/false);
  auto *function = llvm::Function::Create(
      type, llvm::GlobalValue::ExternalLinkage, name, module);
  function->setDSOLocal(true);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  return function;
}

void FunctionExporter::forward(llvm::Function *function, llvm::StringRef callee,
                               llvm::ArrayRef<llvm::Value *> arguments) {
  llvm::SmallVector<llvm::Type *> types;
  for (llvm::Value *argument : arguments)
    types.push_back(argument->getType());
  llvm::FunctionCallee target = module.getOrInsertFunction(
      callee, llvm::FunctionType::get(function->getReturnType(), types,
                                      /*isVarArg=*/false));
  auto *declaration = llvm::cast<llvm::Function>(target.getCallee());
  declaration->setVisibility(llvm::GlobalValue::HiddenVisibility);
  declaration->setDSOLocal(true);
  llvm::CallInst *call = builder.CreateCall(target, arguments);
  if (function->getReturnType()->isVoidTy())
    builder.CreateRetVoid();
  else
    builder.CreateRet(call);
}

llvm::Value *FunctionExporter::onStack(llvm::Type *type,
                                       llvm::ArrayRef<llvm::Value *> values) {
  if (values.empty())
    return llvm::Constant::getNullValue(ptr);
  llvm::Value *array =
      builder.CreateAlloca(llvm::ArrayType::get(type, values.size()));
  for (auto [i, value] : llvm::enumerate(values))
    builder.CreateStore(value, builder.CreateConstGEP1_64(type, array, i));
  return array;
}

void FunctionExporter::addLoad(const CommonSymbols &names) {
  // (const char *weights_path, P_model **model)
  llvm::Function *load = begin(names.load, i32, {ptr, ptr});
  // Any address within this shared object tells the runtime which file it is.
  if (!onDevice) {
    forward(load, "perceiver_rt_load",
            {&descriptor, load->getArg(0), load, load->getArg(1)});
    return;
  }
  forward(load, "perceiver_rt_load_cuda",
          {&descriptor, load->getArg(0), load,
           llvm::Constant::getNullValue(ptr), load->getArg(1)});
  // (const char *weights_path, const perceiver_cuda_options *options,
  //  P_model **model)
  llvm::Function *loadCuda = begin(names.loadCuda, i32, {ptr, ptr, ptr});
  forward(loadCuda, "perceiver_rt_load_cuda",
          {&descriptor, loadCuda->getArg(0), loadCuda, loadCuda->getArg(1),
           loadCuda->getArg(2)});
}

void FunctionExporter::forwardSize(llvm::Function *function,
                                   llvm::ArrayRef<llvm::Value *> arguments) {
  llvm::SmallVector<llvm::Value *> all = {&descriptor};
  // On a device, options of the model take part.
  if (onDevice)
    all.push_back(function->getArg(0));
  llvm::append_range(all, arguments);
  forward(function,
          onDevice ? "perceiver_rt_workspace_size_cuda"
                   : "perceiver_rt_workspace_size",
          all);
}

void FunctionExporter::addCommon(const CommonSymbols &names) {
  llvm::Type *none = builder.getVoidTy();
  addLoad(names);
  // (P_model *model)
  llvm::Function *free = begin(names.free, none, {ptr});
  forward(free, onDevice ? "perceiver_rt_free_cuda" : "perceiver_rt_free",
          {free->getArg(0)});
  llvm::Function *lastError = begin(names.lastError, ptr, {});
  forward(lastError, "perceiver_rt_last_error", {});
  // (int32_t threads, perceiver_pool **pool)
  llvm::Function *create = begin(names.poolCreate, i32, {i32, ptr});
  forward(create, "perceiver_rt_pool_create",
          {create->getArg(0), create->getArg(1)});
  // (perceiver_pool *pool)
  llvm::Function *destroy = begin(names.poolDestroy, i32, {ptr});
  forward(destroy, "perceiver_rt_pool_destroy", {destroy->getArg(0)});
  // (const P_model *model, int32_t entry, const int64_t *sizes,
  //  int32_t workers, size_t *bytes)
  llvm::Function *size =
      begin(names.workspaceSize, i32, {ptr, i32, ptr, i32, ptr});
  forwardSize(size, takeArguments(size, 1, 4));
  // (const P_model *model, int32_t entry, const int64_t *sizes,
  //  void *const *arguments, void *workspace, size_t workspace_bytes,
  //  const perceiver_pool *pool)
  llvm::SmallVector<llvm::Type *> parameters = {ptr, i32, ptr, ptr,
                                                ptr, i64, ptr};
  llvm::Function *invoke = begin(names.invoke, i32, parameters);
  forward(invoke, onDevice ? "perceiver_rt_run_cuda" : "perceiver_rt_run",
          takeArguments(invoke, 0, parameters.size()));
  if (!onDevice)
    return;
  // The same, but with the arrays of a device, and void *stream for the pool.
  llvm::Function *enqueue = begin(names.enqueue, i32, parameters);
  forward(enqueue, "perceiver_rt_enqueue_cuda",
          takeArguments(enqueue, 0, parameters.size()));
}

void FunctionExporter::addRun(llvm::StringRef name, llvm::StringRef callee,
                              const EntryDescription &entry, int64_t index) {
  size_t sizeCount = entry.sizes.size();
  size_t argumentCount = entry.arguments.size();
  // (const P_model *model, int64_t sizes..., arguments..., void *workspace,
  //  size_t workspace_bytes, const perceiver_pool *pool or void *stream)
  llvm::SmallVector<llvm::Type *> parameters = {ptr};
  parameters.append(sizeCount, i64);
  parameters.append(argumentCount, ptr);
  parameters.append({ptr, i64, ptr});
  llvm::Function *run = begin(name, i32, parameters);
  llvm::Value *sizes = onStack(i64, takeArguments(run, 1, sizeCount));
  llvm::Value *arguments =
      onStack(ptr, takeArguments(run, 1 + sizeCount, argumentCount));
  size_t rest = 1 + sizeCount + argumentCount;
  forward(run, callee,
          {run->getArg(0), builder.getInt32(index), sizes, arguments,
           run->getArg(rest), run->getArg(rest + 1), run->getArg(rest + 2)});
}

void FunctionExporter::addEntry(const EntrySymbols &names,
                                const EntryDescription &entry, int64_t index) {
  size_t sizeCount = entry.sizes.size();
  // (const P_model *model, int64_t sizes..., int32_t workers, size_t *bytes)
  llvm::SmallVector<llvm::Type *> parameters = {ptr};
  parameters.append(sizeCount, i64);
  parameters.append({i32, ptr});
  llvm::Function *size = begin(names.workspaceSize, i32, parameters);
  llvm::Value *sizes = onStack(i64, takeArguments(size, 1, sizeCount));
  forwardSize(size, {builder.getInt32(index), sizes,
                     size->getArg(1 + sizeCount), size->getArg(2 + sizeCount)});

  addRun(names.run, onDevice ? "perceiver_rt_run_cuda" : "perceiver_rt_run",
         entry, index);
  if (onDevice)
    addRun(names.enqueue, "perceiver_rt_enqueue_cuda", entry, index);
}

void perceiver::addExportedFunctions(llvm::Module &module,
                                     const ArtifactDescription &artifact,
                                     llvm::GlobalVariable &descriptor) {
  FunctionExporter exporter(module, descriptor, artifact.kind);
  exporter.addCommon(CommonSymbols(artifact.prefix));
  for (auto [index, entry] : llvm::enumerate(artifact.entries))
    exporter.addEntry(EntrySymbols(artifact.prefix, entry), entry, index);
}
