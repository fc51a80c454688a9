//===- ArtifactDescriptorTest.cpp - Descriptors and their checks
//------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArtifactTestModel.h"

#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/DescriptorBuilder.h"
#include "lib/Artifact/DescriptorTypes.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// Compare a structure with the offsets and the size that C gives it.
void expectLayout(llvm::StructType *type, size_t bytes,
                  llvm::ArrayRef<size_t> offsets) {
  for (const char *triple : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    TargetOptions options;
    options.triple = triple;
    options.cpu = "generic";
    ObjectEmitter emitter = llvm::cantFail(ObjectEmitter::create(options));
    llvm::Module module("layout", type->getContext());
    EXPECT_EQ(text(emitter.optimize(module)), "");
    const llvm::StructLayout *layout =
        module.getDataLayout().getStructLayout(type);
    EXPECT_EQ(layout->getSizeInBytes(), bytes) << triple;
    ASSERT_EQ(type->getNumElements(), offsets.size()) << triple;
    for (size_t i = 0; i < offsets.size(); ++i)
      EXPECT_EQ(layout->getElementOffset(i), offsets[i]) << triple << " " << i;
  }
}

TEST(DescriptorTypes, AreThoseOfTheRuntime) {
  llvm::LLVMContext context;
  DescriptorTypes types(context);
#define OFFSET(field) offsetof(STRUCT, field)
#define STRUCT perceiver_size_instruction
  expectLayout(types.sizeInstruction, sizeof(STRUCT),
               {OFFSET(opcode), OFFSET(value)});
#undef STRUCT
#define STRUCT perceiver_buffer
  expectLayout(types.buffer, sizeof(STRUCT),
               {OFFSET(size), OFFSET(size_length), OFFSET(first), OFFSET(last),
                OFFSET(per_worker)});
#undef STRUCT
#define STRUCT perceiver_symbol
  expectLayout(types.symbol, sizeof(STRUCT),
               {OFFSET(name), OFFSET(minimum), OFFSET(maximum)});
#undef STRUCT
#define STRUCT perceiver_derived_size
  expectLayout(
      types.derivedSize, sizeof(STRUCT),
      {OFFSET(text), OFFSET(value), OFFSET(value_length), OFFSET(reserved)});
#undef STRUCT
#define STRUCT perceiver_condition
  expectLayout(types.condition, sizeof(STRUCT),
               {OFFSET(sentence), OFFSET(value), OFFSET(value_length),
                OFFSET(reserved)});
#undef STRUCT
#define STRUCT perceiver_argument
  expectLayout(types.argument, sizeof(STRUCT),
               {OFFSET(name), OFFSET(dims), OFFSET(rank), OFFSET(dtype),
                OFFSET(is_output), OFFSET(fill), OFFSET(bounds)});
#undef STRUCT
#define STRUCT perceiver_entry
  expectLayout(types.entry, sizeof(STRUCT),
               {OFFSET(name), OFFSET(body), OFFSET(arguments), OFFSET(symbols),
                OFFSET(buffers), OFFSET(argument_count), OFFSET(symbol_count),
                OFFSET(buffer_count), OFFSET(derived_count), OFFSET(derived),
                OFFSET(conditions), OFFSET(condition_count), OFFSET(reserved)});
#undef STRUCT
#define STRUCT perceiver_kernel
  expectLayout(types.kernel, sizeof(STRUCT),
               {OFFSET(name), OFFSET(parameter_count), OFFSET(reserved)});
#undef STRUCT
#define STRUCT perceiver_kernel_shape
  expectLayout(types.kernelShape, sizeof(STRUCT),
               {OFFSET(threads), OFFSET(shared_bytes)});
#undef STRUCT
#define STRUCT perceiver_image
  expectLayout(types.image, sizeof(STRUCT),
               {OFFSET(arch), OFFSET(kind), OFFSET(data), OFFSET(bytes),
                OFFSET(shapes)});
#undef STRUCT
#define STRUCT perceiver_artifact
  llvm::SmallVector<size_t> fields = {
      OFFSET(abi_version),  OFFSET(size),
      OFFSET(model_name),   OFFSET(compiler_version),
      OFFSET(entries),      OFFSET(weights_bytes),
      OFFSET(cpu_features), OFFSET(id),
      OFFSET(entry_count),  OFFSET(kind)};
  expectLayout(types.cpuArtifact, OFFSET(kernels), fields);
  fields.append({OFFSET(kernels), OFFSET(images), OFFSET(kernel_count),
                 OFFSET(image_count)});
  expectLayout(types.artifact, sizeof(STRUCT), fields);
#undef STRUCT
#undef OFFSET
}

TEST(ArtifactNames, BecomeCIdentifiers) {
  EXPECT_EQ(toCIdentifier("inputs"), "inputs");
  EXPECT_EQ(toCIdentifier("inputs.0"), "inputs_0");
  EXPECT_EQ(toCIdentifier("a  b--c"), "a_b_c");
  EXPECT_EQ(toCIdentifier("_hidden_"), "hidden");
  EXPECT_EQ(toCIdentifier("0"), "x0");
  EXPECT_EQ(toCIdentifier("perceiver_pool"), "perceiver_pool_");
  EXPECT_EQ(toCIdentifier("class"), "class_");
  EXPECT_EQ(toCIdentifier("\xc3\xa4"), "x");
  EXPECT_TRUE(isCIdentifier("perceiver_io"));
  for (const char *name : {"", "0", "a-b", "_a", "a_", "a__b", "int", "new"})
    EXPECT_FALSE(isCIdentifier(name)) << name;
}

TEST(ArtifactNames, ParametersDoNotClash) {
  EntryDescription entry;
  entry.name = "decode.rows";
  entry.sizes = {{"rows", 1, 2}, {"model", 1, 2}};
  entry.arguments = {{"rows", PERCEIVER_F32, {}, false},
                     {"rows.2", PERCEIVER_F32, {}, false},
                     {"class", PERCEIVER_F32, {}, false},
                     {"pool", PERCEIVER_F32, {}, true}};
  EntrySymbols names("m", entry);
  EXPECT_EQ(names.run, "m_decode_rows");
  EXPECT_EQ(names.workspaceSize, "m_decode_rows_workspace_size");
  EXPECT_EQ(names.body, "m__body_decode_rows");
  EXPECT_THAT(names.sizes, ElementsAre("rows", "model_2"));
  EXPECT_THAT(names.arguments,
              ElementsAre("rows_2", "rows_2_2", "class_", "pool_2"));
}

TEST(ArtifactDescription, IsChecked) {
  auto message = [](auto change) {
    ArtifactDescription artifact = toyDescription();
    change(artifact, artifact.entries[0]);
    return text(checkArtifact(artifact));
  };
  using A = ArtifactDescription;
  using E = EntryDescription;
  EXPECT_EQ(message([](A &, E &) {}), "");
  EXPECT_THAT(message([](A &a, E &) { a.prefix = "my-model"; }),
              HasSubstr("'my-model' is not a C name"));
  EXPECT_EQ(message([](A &a, E &) { a.prefix = "perceiver"; }),
            "the prefix 'perceiver' belongs to the runtime");
  EXPECT_EQ(message([](A &a, E &) { a.model = ""; }), "the model has no name");
  EXPECT_EQ(message([](A &a, E &) { a.model = "\xff"; }),
            "the model has a name that is not UTF-8 text");
  EXPECT_EQ(message([](A &a, E &) { a.entries.clear(); }),
            "model 'Toy model' has no entry points");
  EXPECT_EQ(message([](A &, E &e) { e.name = "load"; }),
            "entry 'load' needs the C name 'toy_load', which every model has; "
            "rename one");
  EXPECT_EQ(
      message([](A &, E &e) { e.name = "masked"; }),
      "entry 'masked' needs the C name 'toy_masked', which entry 'masked' "
      "has; rename one");
  EXPECT_EQ(message([](A &, E &e) { e.sizes[0].minimum = 65; }),
            "size 'batch' of entry 'run' has no possible value: from 65 to 64");
  EXPECT_EQ(message([](A &, E &e) { e.sizes.push_back(e.sizes[0]); }),
            "size 'batch' of entry 'run' appears twice");
  EXPECT_EQ(message([](A &, E &e) {
              e.arguments.insert(e.arguments.begin(), e.arguments[0]);
            }),
            "argument 'image' of entry 'run' appears twice");
  EXPECT_EQ(
      message(
          [](A &, E &e) { e.arguments[0].shape[0] = symbolicDimension(1); }),
      "argument 'image' of entry 'run' has a dimension that is no size of "
      "the entry");
  EXPECT_EQ(message([](A &, E &e) {
              e.buffers.resize(PERCEIVER_RT_MAX_BUFFERS + 1);
            }),
            "entry 'run' has 1025 buffers, but at most 1024 are possible");
  EXPECT_THAT(message([](A &, E &e) { e.buffers[0].size.pop_back(); }),
              HasSubstr("buffer 'copy' of entry 'run': malformed"));
  EXPECT_EQ(message([](A &, E &e) { e.buffers[1].first = 2; }),
            "buffer 'tile' of entry 'run' is live from step 2 to step 1");
  // Without a program, the number of tasks is unknown.
  EXPECT_EQ(message([](A &, E &e) { e.phases[0].tasks.clear(); }), "");
  EXPECT_THAT(message([](A &, E &e) {
                e.phases[0].tasks.push_back(e.phases[0].tasks.front());
              }),
              HasSubstr("phase 'copy' of entry 'run': malformed"));
  EXPECT_EQ(message([](A &a, E &) { a.weights[0].offset = 4; }),
            "weight 'w' is not aligned in the weights file");
  EXPECT_EQ(message([](A &a, E &) { a.weights[0].bytes = 65; }),
            "weight 'w' does not lie within the weights file");
}

TEST(ArtifactDescription, ChecksDeviceCode) {
  auto message = [](auto change) {
    ArtifactDescription artifact = toyDeviceDescription();
    change(artifact);
    return text(checkArtifact(artifact));
  };
  using A = ArtifactDescription;
  EXPECT_EQ(message([](A &) {}), "");
  EXPECT_EQ(message([](A &a) { a.kind = PERCEIVER_KIND_CPU; }),
            "model 'Toy model' is for the CPU, but has code for a device");
  EXPECT_EQ(message([](A &a) { a.images.clear(); }),
            "model 'Toy model' has no code for a device");
  EXPECT_EQ(message([](A &a) { a.kernels[1].name = a.kernels[0].name; }),
            "kernel 'doubled' appears twice");
  EXPECT_EQ(
      message([](A &a) { a.kernels[1].parameterCount = 0; }),
      "kernel 'scaled' has no parameter for the number of the first task");
  EXPECT_EQ(message([](A &a) { a.images[1].data.clear(); }),
            "the cubin for sm_80 is no code for an architecture");
  EXPECT_EQ(message([](A &a) { a.images[0].data += '\0'; }),
            "the PTX for sm_80 contains a zero byte");
  EXPECT_EQ(message([](A &a) { a.images[0].kernels.pop_back(); }),
            "the PTX for sm_80 has figures of 1 kernels, but there are 2");
  EXPECT_EQ(
      message([](A &a) { a.images[0].kernels[1].threads = 0; }),
      "the PTX for sm_80 has kernel 'scaled' with 0 threads and 256 bytes "
      "of shared memory");
  EXPECT_EQ(message([](A &a) { a.entries[0].name = "load_cuda"; }),
            "entry 'load_cuda' needs the C name 'toy_load_cuda', which every "
            "model has; rename one");
}

TEST(AddArtifact, WritesDeviceCode) {
  OwnedModule owned = translate(toyDeviceCode());
  ASSERT_TRUE(owned.module);
  ArtifactDescription artifact = toyDeviceDescription();
  EXPECT_EQ(text(addArtifact(*owned.module, artifact)), "");
  auto *fields = llvm::cast<llvm::ConstantStruct>(
      owned.module->getGlobalVariable("perceiver_artifact", true)
          ->getInitializer());
  auto number = [](llvm::Constant *constant) {
    return llvm::cast<llvm::ConstantInt>(constant)->getSExtValue();
  };
  EXPECT_EQ(number(fields->getOperand(1)), sizeof(perceiver_artifact));
  EXPECT_EQ(number(fields->getOperand(9)), PERCEIVER_KIND_CUDA);
  EXPECT_EQ(number(fields->getOperand(12)), 2);
  EXPECT_EQ(number(fields->getOperand(13)), 2);
  auto *images = llvm::cast<llvm::Constant>(
      llvm::cast<llvm::GlobalVariable>(fields->getOperand(11))
          ->getInitializer());
  // The 0 byte that ends PTX counts, a cubin has none.
  for (unsigned i = 0; i < 2; ++i)
    EXPECT_EQ(number(images->getAggregateElement(i)->getAggregateElement(3u)),
              static_cast<int64_t>(artifact.images[i].data.size()) + (i == 0));

  auto callee = [&](llvm::StringRef name) {
    llvm::Function *function = owned.module->getFunction(name);
    EXPECT_TRUE(function && !function->hasLocalLinkage()) << name.str();
    for (llvm::Instruction &instruction : function->front())
      if (auto *call = llvm::dyn_cast<llvm::CallInst>(&instruction))
        return call->getCalledFunction()->getName();
    return llvm::StringRef();
  };
  EXPECT_EQ(callee("toy_load"), "perceiver_rt_load_cuda");
  EXPECT_EQ(callee("toy_load_cuda"), "perceiver_rt_load_cuda");
  EXPECT_EQ(callee("toy_free"), "perceiver_rt_free_cuda");
  EXPECT_EQ(callee("toy_workspace_size"), "perceiver_rt_workspace_size_cuda");
  EXPECT_EQ(callee("toy_invoke"), "perceiver_rt_run_cuda");
  EXPECT_EQ(callee("toy_enqueue"), "perceiver_rt_enqueue_cuda");
  EXPECT_EQ(callee("toy_run"), "perceiver_rt_run_cuda");
  EXPECT_EQ(callee("toy_run_enqueue"), "perceiver_rt_enqueue_cuda");
  EXPECT_EQ(callee("toy_run_workspace_size"),
            "perceiver_rt_workspace_size_cuda");
}

TEST(AddArtifact, WantsABodyPerEntry) {
  for (const char *code : {"llvm.func @other() { llvm.return }",
                           "llvm.func @toy__body_run() { llvm.return }",
                           "llvm.func @toy__body_run(!llvm.ptr)"}) {
    OwnedModule owned = translate(code);
    ASSERT_TRUE(owned.module);
    EXPECT_EQ(
        text(addArtifact(*owned.module, toyDescription())),
        "the generated code has no function 'void toy__body_run(ptr)' for "
        "entry 'run'");
  }
}

TEST(AddArtifact, WantsItsNamesForItself) {
  OwnedModule owned = translate("llvm.func @toy_free() { llvm.return }");
  ASSERT_TRUE(owned.module);
  EXPECT_EQ(text(addArtifact(*owned.module, toyDescription())),
            "the generated code already has 'toy_free'");
}

TEST(AddArtifact, MakesTheRestInternal) {
  OwnedModule owned = translate(toyCode());
  ASSERT_TRUE(owned.module);
  EXPECT_EQ(text(addArtifact(*owned.module, toyDescription())), "");
  EXPECT_TRUE(owned.module->getFunction("toy__body_run")->hasLocalLinkage());
  EXPECT_TRUE(owned.module->getFunction("copy_task")->hasLocalLinkage());
  EXPECT_FALSE(owned.module->getFunction("toy_run")->hasLocalLinkage());
}

} // namespace
