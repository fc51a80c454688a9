//===- EmulatorMemoryTest.cpp - Spaces of memory on the emulated device ---===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <numeric>

using namespace perceiver::test;

namespace {
class EmulatorMemoryTest : public EmulatorTest {};

std::vector<uint32_t> counting(size_t count) {
  std::vector<uint32_t> values(count);
  std::iota(values.begin(), values.end(), 0x01020304u);
  return values;
}
} // namespace

TEST_F(EmulatorMemoryTest, MovesVectorsAndBytes) {
  CUfunction function = load(ptxKernel(2, R"(
    mov.u32 %r0, %tid.x;
    mul.wide.u32 %d2, %r0, 16;
    add.s64 %d3, %d0, %d2;
    add.s64 %d4, %d1, %d2;
    ld.global.v4.b32 {%r1, %r2, %r3, %r4}, [%d3];
    ld.global.u8 %h1, [%d3+5];
    add.s64 %d6, %d3, 7;
    ld.global.s8 %r5, [%d6+-4];
    ld.global.v2.u16 {%h2, %h3}, [%d3+8];
    ld.global.b64 %d5, [%d3];
    shr.u64 %d5, %d5, 40;
    cvt.u32.u16 %r6, %h1;
    mov.b32 %r7, {%h3, %h2};
    cvt.u32.u64 %r8, %d5;
    add.u32 %r8, %r8, %r4;
    st.global.v2.u32 [%d4], {%r5, %r6};
    st.global.b32 [%d4+8], %r7;
    st.global.b32 [%d4+12], %r8;)"));
  std::vector<uint32_t> input = counting(128);
  CUdeviceptr output = allocate(512);
  EXPECT_EQ(launch(function, {upload(input), output}), CUDA_SUCCESS);
  std::vector<uint32_t> got = download<uint32_t>(output, 128);
  for (unsigned lane = 0; lane < 32; ++lane) {
    const uint32_t *in = &input[4 * lane];
    EXPECT_EQ(got[4 * lane], uint32_t(int8_t(in[0] >> 24)));
    EXPECT_EQ(got[4 * lane + 1], in[1] >> 8 & 0xff);
    EXPECT_EQ(got[4 * lane + 2], in[2] >> 16 | in[2] << 16);
    EXPECT_EQ(got[4 * lane + 3], (in[1] >> 8) + in[3]);
  }
}

TEST_F(EmulatorMemoryTest, ReadsParametersAndVariables) {
  CUmodule module;
  std::string ptx = std::string(kPtxHeader) + R"(
    .const .align 4 .b8 table[8] = {1, 0, 0, 0, 7};
    .global .align 8 .u32 numbers[4] = {10, 20, 30};
    .visible .entry k(.param .u64 out, .param .align 4 .b8 s[12]) {
      .reg .b32 %r<9>; .reg .b64 %d<9>; .reg .b16 %h<4>;
      ld.param.u64 %d0, [out];
      mov.b64 %d1, s;
      ld.param.u32 %r0, [%d1+4];
      ld.param.v2.u8 {%h0, %h1}, [s+8];
      cvt.u32.u16 %r1, %h1;
      mov.u64 %d2, table;
      ld.const.u32 %r2, [%d2+4];
      cvta.const.u64 %d3, %d2;
      ld.u32 %r3, [%d3];
      ld.global.u32 %r4, [numbers+8];
      mov.u64 %d4, numbers+4;
      ld.u32 %r5, [%d4];
      st.global.v4.u32 [%d0], {%r0, %r1, %r2, %r3};
      st.global.v2.u32 [%d0+16], {%r4, %r5};
      ld.global.u32 %r6, [numbers+12];
      st.global.u32 [%d0+24], %r6;
      ret;
    })";
  ASSERT_EQ(cuModuleLoadData(&module, ptx.c_str()), CUDA_SUCCESS)
      << perceiverEmulatorError();
  CUfunction function;
  ASSERT_EQ(cuModuleGetFunction(&function, module, "k"), CUDA_SUCCESS);
  CUdeviceptr output = allocate(28);
  uint8_t bytes[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  void *parameters[] = {&output, bytes};
  EXPECT_EQ(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, parameters,
                           nullptr),
            CUDA_SUCCESS);
  EXPECT_EQ(download<uint32_t>(output, 7),
            (std::vector<uint32_t>{0x08070605, 10, 7, 1, 30, 20, 0}));
  CUdeviceptr address;
  size_t size;
  EXPECT_EQ(cuModuleGetGlobal_v2(&address, &size, module, "numbers"),
            CUDA_SUCCESS);
  EXPECT_EQ(size, 16u);
  EXPECT_EQ(download<uint32_t>(address, 1)[0], 10u);
  EXPECT_EQ(cuModuleUnload(module), CUDA_SUCCESS);
}

TEST_F(EmulatorMemoryTest, SharesMemoryInABlock) {
  // Reverses 64 numbers, once by shared and once by generic addresses.
  std::string body = R"(
    mov.u32 %r0, %tid.x;
    mul.wide.u32 %d2, %r0, 4;
    add.s64 %d3, %d0, %d2;
    ld.global.u32 %r1, [%d3];
    mov.u32 %r2, part;
    shl.b32 %r3, %r0, 2;
    add.u32 %r4, %r2, %r3;
    st.shared.u32 [%r4], %r1;
    mov.u64 %d5, rest;
    cvta.shared.u64 %d6, %d5;
    add.s64 %d7, %d6, %d2;
    st.u32 [%d7], %r1;
    bar.sync 0;
    sub.u32 %r5, 63, %r0;
    mul.wide.u32 %d8, %r5, 4;
    add.s64 %d9, %d6, %d8;
    ld.u32 %r6, [%d9];
    cvt.u32.u64 %r7, %d8;
    add.u32 %r8, %r7, %r2;
    ld.shared.u32 %r9, [%r8];
    add.u32 %r10, %r6, %r9;
    add.s64 %d10, %d1, %d2;
    st.global.u32 [%d10], %r10;)";
  CUfunction function =
      load(ptxKernel(2, body,
                     ".shared .align 4 .b8 part[256];\n"
                     ".extern .shared .align 16 .b8 rest[];\n"));
  std::vector<uint32_t> input = counting(64);
  CUdeviceptr output = allocate(256);
  EXPECT_EQ(launch(function, {upload(input), output}, {1, 64, 256}),
            CUDA_SUCCESS);
  std::vector<uint32_t> got = download<uint32_t>(output, 64);
  for (unsigned i = 0; i < 64; ++i)
    EXPECT_EQ(got[i], 2 * input[63 - i]);
}

TEST_F(EmulatorMemoryTest, CopiesAsynchronously) {
  // 16 bytes for each lane, of which the last lanes copy less: the array ends
  // there.
  CUfunction function = load(ptxKernel(2, R"(
    mov.u32 %r0, %tid.x;
    mul.wide.u32 %d2, %r0, 16;
    add.s64 %d3, %d0, %d2;
    add.s64 %d4, %d1, %d2;
    mov.u32 %r1, tile;
    shl.b32 %r2, %r0, 4;
    add.u32 %r3, %r1, %r2;
    setp.eq.u32 %p1, %r0, 30;
    selp.u32 %r4, 4, 16, %p1;
    setp.eq.u32 %p1, %r0, 31;
    selp.u32 %r4, 6, %r4, %p1;
    cp.async.cg.shared.global.L2::128B [%r3], [%d3], 16, %r4;
    cp.async.commit_group;
    cp.async.wait_group 0;
    ld.shared.v4.u32 {%r5, %r6, %r7, %r8}, [%r3];
    st.global.v4.u32 [%d4], {%r5, %r6, %r7, %r8};)",
                                       ".shared .align 16 .b8 tile[512];\n"));
  std::vector<uint32_t> expected = counting(128);
  for (unsigned lane : {30, 31})
    for (unsigned i = 1; i < 4; ++i)
      expected[4 * lane + i] = 0;
  expected[125] = 0x4321;
  std::vector<uint16_t> input(251);
  memcpy(input.data(), expected.data(), 2 * input.size());
  CUdeviceptr output = allocate(512);
  EXPECT_EQ(launch(function, {upload(input), output}), CUDA_SUCCESS);
  EXPECT_EQ(download<uint32_t>(output, 128), expected);
}
