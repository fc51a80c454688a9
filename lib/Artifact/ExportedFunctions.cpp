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
  FunctionExporter(llvm::Module &module, llvm::GlobalVariable &descriptor)
      : module(module), descriptor(descriptor), builder(module.getContext()),
        ptr(builder.getPtrTy()), i32(builder.getInt32Ty()),
        i64(builder.getInt64Ty()) {}

  void addCommon(const CommonSymbols &names);
  void addEntry(const EntrySymbols &names, const EntryDescription &entry,
                int64_t index);

private:
  /// Begin an exported function; the builder stands in its body.
  llvm::Function *begin(llvm::StringRef name, llvm::Type *result,
                        llvm::ArrayRef<llvm::Type *> parameters);
  /// End it with a call of the runtime.
  void forward(llvm::Function *function, llvm::StringRef callee,
               llvm::ArrayRef<llvm::Value *> arguments);
  /// The address of an array on the stack that holds `values`; null for none.
  llvm::Value *onStack(llvm::Type *type, llvm::ArrayRef<llvm::Value *> values);

  llvm::Module &module;
  llvm::GlobalVariable &descriptor;
  llvm::IRBuilder<> builder;
  llvm::Type *ptr, *i32, *i64;
};

} // namespace

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

void FunctionExporter::addCommon(const CommonSymbols &names) {
  llvm::Type *none = builder.getVoidTy();
  // (const char *weights_path, P_model **model)
  llvm::Function *load = begin(names.load, i32, {ptr, ptr});
  // Any address within this shared object tells the runtime which file it is.
  forward(load, "perceiver_rt_load",
          {&descriptor, load->getArg(0), load, load->getArg(1)});
  // (P_model *model)
  llvm::Function *free = begin(names.free, none, {ptr});
  forward(free, "perceiver_rt_free", {free->getArg(0)});
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
  forward(size, "perceiver_rt_workspace_size",
          {&descriptor, size->getArg(1), size->getArg(2), size->getArg(3),
           size->getArg(4)});
  // (const P_model *model, int32_t entry, const int64_t *sizes,
  //  void *const *arguments, void *workspace, size_t workspace_bytes,
  //  const perceiver_pool *pool)
  llvm::Function *invoke =
      begin(names.invoke, i32, {ptr, i32, ptr, ptr, ptr, i64, ptr});
  llvm::SmallVector<llvm::Value *> all;
  for (llvm::Argument &argument : invoke->args())
    all.push_back(&argument);
  forward(invoke, "perceiver_rt_run", all);
}

void FunctionExporter::addEntry(const EntrySymbols &names,
                                const EntryDescription &entry, int64_t index) {
  llvm::Value *number = builder.getInt32(index);
  size_t sizeCount = entry.sizes.size();
  size_t argumentCount = entry.arguments.size();

  // (const P_model *model, int64_t sizes..., int32_t workers, size_t *bytes)
  llvm::SmallVector<llvm::Type *> parameters = {ptr};
  parameters.append(sizeCount, i64);
  parameters.append({i32, ptr});
  llvm::Function *size = begin(names.workspaceSize, i32, parameters);
  auto takeArguments = [](llvm::Function *function, size_t first,
                          size_t count) {
    llvm::SmallVector<llvm::Value *> values;
    for (size_t i = first; i < first + count; ++i)
      values.push_back(function->getArg(i));
    return values;
  };
  llvm::Value *sizes = onStack(i64, takeArguments(size, 1, sizeCount));
  forward(size, "perceiver_rt_workspace_size",
          {&descriptor, number, sizes, size->getArg(1 + sizeCount),
           size->getArg(2 + sizeCount)});

  // (const P_model *model, int64_t sizes..., arguments..., void *workspace,
  //  size_t workspace_bytes, const perceiver_pool *pool)
  parameters = {ptr};
  parameters.append(sizeCount, i64);
  parameters.append(argumentCount, ptr);
  parameters.append({ptr, i64, ptr});
  llvm::Function *run = begin(names.run, i32, parameters);
  sizes = onStack(i64, takeArguments(run, 1, sizeCount));
  llvm::Value *arguments =
      onStack(ptr, takeArguments(run, 1 + sizeCount, argumentCount));
  size_t rest = 1 + sizeCount + argumentCount;
  forward(run, "perceiver_rt_run",
          {run->getArg(0), number, sizes, arguments, run->getArg(rest),
           run->getArg(rest + 1), run->getArg(rest + 2)});
}

void perceiver::addExportedFunctions(llvm::Module &module,
                                     const ArtifactDescription &artifact,
                                     llvm::GlobalVariable &descriptor) {
  FunctionExporter exporter(module, descriptor);
  exporter.addCommon(CommonSymbols(artifact.prefix));
  for (auto [index, entry] : llvm::enumerate(artifact.entries))
    exporter.addEntry(EntrySymbols(artifact.prefix, entry), entry, index);
}
