//===- attention.cu - Attention with tensor cores, to be emulated ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attention of 128 queries by 64 keys for each block, 64 channels, f16: the
// usual kernel with MMA, ldmatrix and cp.async, for the emulator to run.
// nvcc -ptx -arch=sm_80 -O3 attention.cu
//
//===----------------------------------------------------------------------===//

#include <cuda_fp16.h>

constexpr int kChannels = 64, kQueries = 128, kKeys = 64, kThreads = 128;

// Rows of 128 bytes whose 16-byte chunks are exchanged, so that ldmatrix meets
// no bank conflicts.
__device__ int chunkOffset(int row, int chunk) {
  return row * kChannels * 2 + ((chunk ^ (row & 7)) << 4);
}

__device__ void copyRows(unsigned shared, const half *source, int rows) {
  for (int i = threadIdx.x; i < rows * 8; i += kThreads) {
    int row = i / 8, chunk = i % 8;
    asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], 16;" ::"r"(
                     shared + chunkOffset(row, chunk)),
                 "l"(source + row * kChannels + chunk * 8));
  }
}

__device__ void loadMatrices(unsigned (&r)[4], unsigned address) {
  asm volatile(
      "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
      : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
      : "r"(address));
}

__device__ void loadTransposed(unsigned (&r)[4], unsigned address) {
  asm volatile(
      "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
      : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
      : "r"(address));
}

__device__ void multiply(float (&c)[4], const unsigned *a, unsigned b0,
                         unsigned b1) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
               "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
               "{%0, %1, %2, %3};"
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ float power(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

__device__ unsigned pack(float low, float high) {
  unsigned r;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(r) : "f"(high), "f"(low));
  return r;
}

// queries, keys and values are [head, row, channel]; grid is (blocks, heads).
extern "C" __global__ void __launch_bounds__(kThreads)
    attention(const half *queries, const half *keys, const half *values,
              half *output, int queryCount, int keyCount, float scale) {
  extern __shared__ __align__(128) unsigned char memory[];
  unsigned q = static_cast<unsigned>(__cvta_generic_to_shared(memory));
  unsigned k = q + kQueries * 128, v = k + 2 * kKeys * 128;
  int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  const half *query =
      queries + (size_t(blockIdx.y) * queryCount + blockIdx.x * kQueries) *
                    kChannels;
  const half *key = keys + size_t(blockIdx.y) * keyCount * kChannels;
  const half *value = values + size_t(blockIdx.y) * keyCount * kChannels;
  copyRows(q, query, kQueries);
  copyRows(k, key, kKeys);
  copyRows(v, value, kKeys);
  asm volatile("cp.async.commit_group;");

  float o[2][8][4] = {}, most[2][2], sum[2][2] = {};
  for (int i = 0; i < 2; ++i)
    most[i][0] = most[i][1] = -INFINITY;
  int row = lane % 16, half16 = lane / 16;
  int tiles = keyCount / kKeys;
  for (int tile = 0; tile < tiles; ++tile) {
    int stage = tile & 1;
    if (tile + 1 < tiles) {
      copyRows(k + (stage ^ 1) * kKeys * 128, key + (tile + 1) * kKeys * 64,
               kKeys);
      copyRows(v + (stage ^ 1) * kKeys * 128, value + (tile + 1) * kKeys * 64,
               kKeys);
    }
    asm volatile("cp.async.commit_group;");
    asm volatile("cp.async.wait_group 1;");
    __syncthreads();
    unsigned kTile = k + stage * kKeys * 128, vTile = v + stage * kKeys * 128;
    float s[2][8][4] = {};
#pragma unroll
    for (int c = 0; c < 4; ++c) {
      unsigned a[2][4];
#pragma unroll
      for (int i = 0; i < 2; ++i)
        loadMatrices(a[i], q + chunkOffset(warp * 32 + i * 16 + row,
                                           c * 2 + half16));
#pragma unroll
      for (int n = 0; n < 4; ++n) {
        unsigned b[4];
        loadMatrices(b, kTile + chunkOffset(n * 16 + row, c * 2 + half16));
#pragma unroll
        for (int i = 0; i < 2; ++i) {
          multiply(s[i][2 * n], a[i], b[0], b[2]);
          multiply(s[i][2 * n + 1], a[i], b[1], b[3]);
        }
      }
    }
    unsigned p[2][4][4];
#pragma unroll
    for (int i = 0; i < 2; ++i) {
#pragma unroll
      for (int h = 0; h < 2; ++h) {
        float m = most[i][h];
#pragma unroll
        for (int n = 0; n < 8; ++n)
          m = fmaxf(m, fmaxf(s[i][n][2 * h], s[i][n][2 * h + 1]));
        m = fmaxf(m, __shfl_xor_sync(~0u, m, 1));
        m = fmaxf(m, __shfl_xor_sync(~0u, m, 2));
        float old = power((most[i][h] - m) * scale);
        most[i][h] = m;
        float total = sum[i][h] * old;
#pragma unroll
        for (int n = 0; n < 8; ++n) {
          float x = power(s[i][n][2 * h] * scale - m * scale);
          float y = power(s[i][n][2 * h + 1] * scale - m * scale);
          total += x + y;
          p[i][n / 2][(n & 1) * 2 + h] = pack(x, y);
          o[i][n][2 * h] *= old;
          o[i][n][2 * h + 1] *= old;
        }
        sum[i][h] = total;
      }
    }
#pragma unroll
    for (int c = 0; c < 4; ++c)
#pragma unroll
      for (int n = 0; n < 4; ++n) {
        unsigned b[4];
        loadTransposed(b, vTile + chunkOffset(c * 16 + row, n * 2 + half16));
#pragma unroll
        for (int i = 0; i < 2; ++i) {
          multiply(o[i][2 * n], p[i][c], b[0], b[1]);
          multiply(o[i][2 * n + 1], p[i][c], b[2], b[3]);
        }
      }
    __syncthreads();
  }
  int g = lane / 4, t = lane % 4;
  for (int i = 0; i < 2; ++i)
    for (int h = 0; h < 2; ++h) {
      float total = sum[i][h];
      total += __shfl_xor_sync(~0u, total, 1);
      total += __shfl_xor_sync(~0u, total, 2);
      float inverse = 1 / total;
      int at = blockIdx.x * kQueries + warp * 32 + i * 16 + h * 8 + g;
      half *to = output + (size_t(blockIdx.y) * queryCount + at) * kChannels;
      for (int n = 0; n < 8; ++n)
        *reinterpret_cast<unsigned *>(to + n * 8 + 2 * t) =
            pack(o[i][n][2 * h] * inverse, o[i][n][2 * h + 1] * inverse);
    }
}
