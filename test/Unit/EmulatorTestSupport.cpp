//===- EmulatorTestSupport.cpp - Kernels on the emulated device -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

using namespace perceiver::test;

const char *const perceiver::test::kPtxHeader =
    ".version 8.0\n.target sm_80\n.address_size 64\n";

std::string perceiver::test::ptxKernel(unsigned count, const std::string &body,
                                       const std::string &declarations) {
  std::string text =
      std::string(kPtxHeader) + declarations + ".visible .entry k(";
  std::string loads;
  for (unsigned i = 0; i < count; ++i) {
    std::string number = std::to_string(i);
    text += (i ? ", " : "") + std::string(".param .u64 p") + number;
    loads += "ld.param.u64 %d" + number + ", [p" + number + "];\n";
  }
  return text +
         ")\n{\n.reg .pred %p<10>; .reg .b16 %h<30>; .reg .b32 %r<40>; "
         ".reg .b64 %d<40>;\n" +
         loads + body + "\nret;\n}\n";
}

void EmulatorTest::SetUp() {
  ASSERT_EQ(perceiverEmulatorConfigure(""), 0);
  ASSERT_EQ(cuInit(0), CUDA_SUCCESS);
  perceiverEmulatorReset();
  ASSERT_EQ(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
  ASSERT_EQ(cuCtxPushCurrent_v2(context), CUDA_SUCCESS);
}

void EmulatorTest::TearDown() {
  perceiverEmulatorConfigure("");
  EXPECT_EQ(takeFindings(), "");
  perceiverEmulatorReset();
  for (CUmodule module : modules)
    EXPECT_EQ(cuModuleUnload(module), CUDA_SUCCESS);
  for (CUdeviceptr address : allocations)
    EXPECT_EQ(cuMemFree_v2(address), CUDA_SUCCESS);
  EXPECT_EQ(cuCtxPopCurrent_v2(nullptr), CUDA_SUCCESS);
  EXPECT_EQ(cuDevicePrimaryCtxRelease_v2(0), CUDA_SUCCESS);
  EXPECT_EQ(takeFindings(), "");
}

void EmulatorTest::configure(const std::string &words) {
  ASSERT_EQ(perceiverEmulatorConfigure(words.c_str()), 0)
      << perceiverEmulatorError();
}

CUfunction EmulatorTest::load(const std::string &ptx) {
  CUmodule module = nullptr;
  CUfunction function = nullptr;
  EXPECT_EQ(cuModuleLoadData(&module, ptx.c_str()), CUDA_SUCCESS)
      << perceiverEmulatorError() << "\n"
      << ptx;
  if (!module)
    return nullptr;
  modules.push_back(module);
  EXPECT_EQ(cuModuleGetFunction(&function, module, "k"), CUDA_SUCCESS);
  return function;
}

std::string EmulatorTest::loadError(const std::string &ptx, CUresult expected) {
  CUmodule module = nullptr;
  EXPECT_EQ(cuModuleLoadData(&module, ptx.c_str()), expected);
  if (module)
    modules.push_back(module);
  return module ? "" : perceiverEmulatorError();
}

CUdeviceptr EmulatorTest::allocate(size_t bytes) {
  CUdeviceptr address = 0;
  EXPECT_EQ(cuMemAlloc_v2(&address, bytes), CUDA_SUCCESS);
  allocations.push_back(address);
  return address;
}

CUresult EmulatorTest::launch(CUfunction function,
                              const std::vector<CUdeviceptr> &pointers,
                              Shape shape) {
  std::vector<CUdeviceptr> values = pointers;
  std::vector<void *> parameters;
  parameters.reserve(values.size());
  for (CUdeviceptr &value : values)
    parameters.push_back(&value);
  CUresult result =
      cuLaunchKernel(function, shape.blocks, 1, 1, shape.threads, 1, 1,
                     shape.sharedBytes, nullptr, parameters.data(), nullptr);
  return result ? result : cuCtxSynchronize();
}

std::string EmulatorTest::takeFindings() {
  std::string text(1 << 16, 0);
  perceiverEmulatorFindings(text.data(), text.size());
  text.resize(strlen(text.c_str()));
  perceiverEmulatorReset();
  return text;
}

std::string EmulatorTest::evaluator(const std::string &code,
                                    const std::vector<size_t> &bytes) {
  const char *names[] = {"%r", "%a", "%b", "%c"};
  std::string body = "{\n";
  for (unsigned i = 0; i < 4; ++i)
    body += ".reg .b" + std::to_string(8 * bytes[i]) + " " + names[i] + ";\n";
  body += ".reg .b32 %lane, %t; .reg .b64 %at; .reg .pred %q;\n"
          "mov.u32 %lane, %tid.x;\n";
  auto address = [&](unsigned i) {
    std::string number = std::to_string(i);
    return "mul.lo.u32 %t, %lane, " + std::to_string(bytes[i]) +
           ";\ncvt.u64.u32 %at, %t;\nadd.u64 %at, %at, %d" + number + ";\n";
  };
  for (unsigned i = 1; i < 4; ++i)
    body += address(i) + "ld.global.b" + std::to_string(8 * bytes[i]) + " " +
            names[i] + ", [%at];\n";
  body += code + "\n" + address(0) + "st.global.b" +
          std::to_string(8 * bytes[0]) + " [%at], %r;\n}\n";
  return ptxKernel(4, body);
}
