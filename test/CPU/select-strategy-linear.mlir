// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{cpu=x86-64-v4},func.func(perceiver-select-strategy,perceiver-pack-weights))' | FileCheck %s
// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{cpu=x86-64-v4 tasks=4},func.func(perceiver-select-strategy,perceiver-pack-weights))' | FileCheck %s --check-prefix=FEW
// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{cpu=x86-64-v4},func.func(perceiver-select-strategy,perceiver-pack-weights))' --remarks-filter=perceiver-select-strategy 2>&1 | FileCheck %s --check-prefix=REASON

// Rows alone are too few tasks, so that columns are cut, too: whole panels. What
// a norm reads is in memory then, and it has small tasks. 512 rows of 4 KiB are
// four blocks, of which two fit half of the second-level cache. Where four tasks
// are enough, rows are.

// CHECK-LABEL: func.func @latents
// CHECK: block.layer_norm {{.*}}#perceiver.tiling<task = [1, 8]>
// CHECK: block.linear {{.*}}columns = 64{{.*}}#perceiver.tiling<task = [1, 128, 64], root = true>
// CHECK: block.layer_norm {{.*}}#perceiver.tiling<task = [1, 8]>
// FEW-LABEL: func.func @latents
// FEW: block.linear {{.*}}#perceiver.tiling<task = [1, 128]>
// FEW: block.layer_norm {{.*}}#perceiver.tiling<task = [1, 128]>
// REASON: Reason="512 rows in blocks of 128 are too few tasks: 64 with columns in groups of 64, a phase of their own", Remark=linear
func.func @latents(%x: tensor<?x512x1024xf32>, %e: tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32> {
  %w = perceiver.get_parameter @w : tensor<1024x1024xf32>
  %0 = block.layer_norm ins(%x : tensor<?x512x1024xf32>) outs(%e : tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32>
  %1 = block.linear ins(%0, %w : tensor<?x512x1024xf32>, tensor<1024x1024xf32>)
      outs(%e : tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32>
  %2 = block.layer_norm ins(%1 : tensor<?x512x1024xf32>) outs(%e : tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32>
  return %2 : tensor<?x512x1024xf32>
}

// Enough rows are tasks, and a static batch gives more of them. So does any
// number of rows; and a layer of little work is not worth more tasks.

// CHECK-LABEL: func.func @enough
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [1, 128]>
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [1, 64]>
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [1, 128]>
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [1, 64]>
func.func @enough(%a: tensor<?x50176x1024xf32>, %b: tensor<8x512x1024xf32>, %c: tensor<?x?x1024xf32>,
                  %d: tensor<?x512x32xf32>) -> (tensor<?x50176x1024xf32>, tensor<8x512x1024xf32>, tensor<?x?x1024xf32>, tensor<?x512x32xf32>) {
  %w = perceiver.get_parameter @w : tensor<1024x1024xf32>
  %v = perceiver.get_parameter @v : tensor<32x32xf32>
  %0 = block.linear ins(%a, %w : tensor<?x50176x1024xf32>, tensor<1024x1024xf32>)
      outs(%a : tensor<?x50176x1024xf32>) -> tensor<?x50176x1024xf32>
  %1 = block.linear ins(%b, %w : tensor<8x512x1024xf32>, tensor<1024x1024xf32>)
      outs(%b : tensor<8x512x1024xf32>) -> tensor<8x512x1024xf32>
  %2 = block.linear ins(%c, %w : tensor<?x?x1024xf32>, tensor<1024x1024xf32>)
      outs(%c : tensor<?x?x1024xf32>) -> tensor<?x?x1024xf32>
  %3 = block.linear ins(%d, %v : tensor<?x512x32xf32>, tensor<32x32xf32>)
      outs(%d : tensor<?x512x32xf32>) -> tensor<?x512x32xf32>
  return %0, %1, %2, %3 : tensor<?x50176x1024xf32>, tensor<8x512x1024xf32>, tensor<?x?x1024xf32>, tensor<?x512x32xf32>
}

// One row that meets many weights streams them from memory, which threads share.
// 1000 columns are 15 panels and a part of one.

// CHECK-LABEL: func.func @one_row
// CHECK: block.linear {{.*}}columns = 64{{.*}}#perceiver.tiling<task = [1, 1, 64], root = true>
func.func @one_row(%x: tensor<?x1x1024xf32>, %e: tensor<?x1x1000xf32>) -> tensor<?x1x1000xf32> {
  %w = perceiver.get_parameter @u : tensor<1024x1000xf32>
  %0 = block.linear ins(%x, %w : tensor<?x1x1024xf32>, tensor<1024x1000xf32>)
      outs(%e : tensor<?x1x1000xf32>) -> tensor<?x1x1000xf32>
  return %0 : tensor<?x1x1000xf32>
}

// Heads whose queries, keys and values are in memory are cut by queries.

// CHECK-LABEL: func.func @projected
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [1, 128, 192], root = true>
// CHECK: block.online_attention {{.*}}#perceiver.tiling<task = [1, 1, 64], inner = [array<i64: 0, 0, 0, 256>]>
// CHECK: block.finish_attention {{.*}}#perceiver.tiling<task = [1, 1, 64], root = true>
func.func @projected(%x: tensor<?x512x1024xf32>, %p: tensor<?x512x3072xf32>, %a: tensor<?x8x128x512xf32>,
                     %m: tensor<?x8x512xf32>, %e: tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x512x1024xf32>
  %w = perceiver.get_parameter @qkv : tensor<1024x3072xf32>
  %0 = block.linear ins(%x, %w : tensor<?x512x1024xf32>, tensor<1024x3072xf32>)
      outs(%p : tensor<?x512x3072xf32>) -> tensor<?x512x3072xf32>
  %q = tensor.extract_slice %0[0, 0, 0] [%n, 512, 1024] [1, 1, 1] : tensor<?x512x3072xf32> to tensor<?x512x1024xf32>
  %k = tensor.extract_slice %0[0, 0, 1024] [%n, 512, 1024] [1, 1, 1] : tensor<?x512x3072xf32> to tensor<?x512x1024xf32>
  %v = tensor.extract_slice %0[0, 0, 2048] [%n, 512, 1024] [1, 1, 1] : tensor<?x512x3072xf32> to tensor<?x512x1024xf32>
  %1:3 = block.online_attention ins(%q, %k, %v : tensor<?x512x1024xf32>, tensor<?x512x1024xf32>, tensor<?x512x1024xf32>)
      outs(%a, %m, %m : tensor<?x8x128x512xf32>, tensor<?x8x512xf32>, tensor<?x8x512xf32>) heads = 8 scale = 1.0
      -> tensor<?x8x128x512xf32>, tensor<?x8x512xf32>, tensor<?x8x512xf32>
  %2 = block.finish_attention ins(%1#0, %1#1, %1#2 : tensor<?x8x128x512xf32>, tensor<?x8x512xf32>, tensor<?x8x512xf32>)
      outs(%e : tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32>
  return %2 : tensor<?x512x1024xf32>
}

perceiver.parameter @w : tensor<1024x1024xf32> key "w"
perceiver.parameter @v : tensor<32x32xf32> key "v"
perceiver.parameter @u : tensor<1024x1000xf32> key "u"
perceiver.parameter @qkv : tensor<1024x3072xf32> key "qkv"
