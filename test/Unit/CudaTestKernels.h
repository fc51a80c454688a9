//===- CudaTestKernels.h - Two kernels ------------------------- -*- C++
//-*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_CUDATESTKERNELS_H
#define PERCEIVER_TEST_UNIT_CUDATESTKERNELS_H

namespace perceiver::test {

/// `doubled`: to = 2 from. `scaled`: to = from weights, with 4 weights. A task
/// is a row of 4, a thread a number of it.
inline constexpr char kCudaTestKernels[] = R"(.version 8.0
.target sm_80
.address_size 64
.visible .entry doubled(.param .u64 first, .param .u64 from, .param .u64 to)
{
  .reg .b32 %r<4>; .reg .b64 %d<8>; .reg .f32 %f<4>;
  ld.param.u64 %d1, [first];
  mov.u32 %r1, %ctaid.x;
  cvt.u64.u32 %d2, %r1;
  add.s64 %d1, %d1, %d2;
  mov.u32 %r2, %tid.x;
  cvt.u64.u32 %d3, %r2;
  shl.b64 %d1, %d1, 2;
  add.s64 %d1, %d1, %d3;
  shl.b64 %d1, %d1, 2;
  ld.param.u64 %d4, [from];
  ld.param.u64 %d5, [to];
  add.s64 %d4, %d4, %d1;
  add.s64 %d5, %d5, %d1;
  ld.global.f32 %f1, [%d4];
  add.rn.f32 %f1, %f1, %f1;
  st.global.f32 [%d5], %f1;
  ret;
}
.visible .entry scaled(.param .u64 first, .param .u64 from, .param .u64 weights,
                       .param .u64 to)
{
  .reg .b32 %r<4>; .reg .b64 %d<8>; .reg .f32 %f<4>;
  ld.param.u64 %d1, [first];
  mov.u32 %r1, %ctaid.x;
  cvt.u64.u32 %d2, %r1;
  add.s64 %d1, %d1, %d2;
  mov.u32 %r2, %tid.x;
  cvt.u64.u32 %d3, %r2;
  shl.b64 %d1, %d1, 2;
  add.s64 %d1, %d1, %d3;
  shl.b64 %d1, %d1, 2;
  shl.b64 %d3, %d3, 2;
  ld.param.u64 %d4, [from];
  ld.param.u64 %d5, [to];
  ld.param.u64 %d6, [weights];
  add.s64 %d4, %d4, %d1;
  add.s64 %d5, %d5, %d1;
  add.s64 %d6, %d6, %d3;
  ld.global.f32 %f1, [%d4+0];
  ld.global.f32 %f2, [%d6];
  mul.rn.f32 %f1, %f1, %f2;
  st.global.f32 [%d5], %f1;
  ret;
}
)";

} // namespace perceiver::test

#endif // PERCEIVER_TEST_UNIT_CUDATESTKERNELS_H
