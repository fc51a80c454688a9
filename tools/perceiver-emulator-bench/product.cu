//===- product.cu - A matrix product in float32, to be emulated -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C = A B in float32: blocks of 64 x 64 by 16, 64 threads with 8 x 8 each.
// nvcc -ptx -arch=sm_80 -O3 product.cu
//
//===----------------------------------------------------------------------===//

constexpr int kTile = 64, kDepth = 16, kThreads = 64;

// Sizes are multiples of the tile; grid is (n / 64, m / 64).
extern "C" __global__ void __launch_bounds__(kThreads)
    product(const float *__restrict__ a, const float *__restrict__ b,
            float *c, int n, int k) {
  __shared__ float as[kDepth][kTile], bs[kDepth][kTile];
  int tx = threadIdx.x % 8, ty = threadIdx.x / 8;
  const float *rows = a + size_t(blockIdx.y) * kTile * k;
  const float *columns = b + blockIdx.x * kTile;
  float sums[8][8] = {};
  for (int step = 0; step < k; step += kDepth) {
    // Each thread brings one row of A and a quarter of four rows of B.
    for (int i = 0; i < kDepth; i += 4) {
      float4 x = *reinterpret_cast<const float4 *>(
          rows + size_t(threadIdx.x) * k + step + i);
      as[i][threadIdx.x] = x.x;
      as[i + 1][threadIdx.x] = x.y;
      as[i + 2][threadIdx.x] = x.z;
      as[i + 3][threadIdx.x] = x.w;
      int row = i + threadIdx.x / 16, column = threadIdx.x % 16 * 4;
      *reinterpret_cast<float4 *>(&bs[row][column]) =
          *reinterpret_cast<const float4 *>(columns + size_t(step + row) * n +
                                            column);
    }
    __syncthreads();
#pragma unroll
    for (int d = 0; d < kDepth; ++d) {
      float x[8], y[8];
#pragma unroll
      for (int i = 0; i < 8; i += 4) {
        *reinterpret_cast<float4 *>(x + i) =
            *reinterpret_cast<const float4 *>(&as[d][i * 8 + ty * 4]);
        *reinterpret_cast<float4 *>(y + i) =
            *reinterpret_cast<const float4 *>(&bs[d][i * 8 + tx * 4]);
      }
#pragma unroll
      for (int i = 0; i < 8; ++i)
#pragma unroll
        for (int j = 0; j < 8; ++j)
          sums[i][j] += x[i] * y[j];
    }
    __syncthreads();
  }
  for (int i = 0; i < 8; ++i)
    for (int j = 0; j < 8; j += 4)
      *reinterpret_cast<float4 *>(
          c + size_t(blockIdx.y * kTile + i / 4 * 32 + ty * 4 + i % 4) * n +
          blockIdx.x * kTile + j * 8 + tx * 4) =
          make_float4(sums[i][j], sums[i][j + 1], sums[i][j + 2],
                      sums[i][j + 3]);
}
