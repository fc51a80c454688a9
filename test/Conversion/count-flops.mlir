// RUN: perceiver-opt %s --perceiver-expand | FileCheck %s
// RUN: perceiver-opt %perceiver_src_root/python/models/perceiver_io_imagenet_fourier/perceiver_io_imagenet_fourier.mlir --perceiver-expand | FileCheck %s --check-prefix=IO
// RUN: perceiver-opt %perceiver_src_root/python/models/perceiver_lucidrains/perceiver_lucidrains.mlir --perceiver-expand | FileCheck %s --check-prefix=LR
// RUN: perceiver-opt %perceiver_src_root/python/models/perceiver_lucidrains/perceiver_lucidrains_tied.mlir --perceiver-expand | FileCheck %s --check-prefix=LR

// The closed formulas of these models: 43.19, 360.78, 2.16 and 406.12 GFLOP;
// 45.52 GFLOP, whether weights are tied or not.
// IO-DAG: affine_map<()[s0] -> (s0 * 43187474432)>
// IO-DAG: affine_map<()[s0] -> (s0 * 360777252864)>
// IO-DAG: affine_map<()[s0] -> (s0 * 2160017408)>
// IO-DAG: affine_map<()[s0] -> (s0 * 406124744704)>
// LR-DAG: affine_map<()[s0] -> (s0 * 45521281024)>

// 16 latents of 32 channels read rows of 8: the latents are projected once, but
// each batch entry counts.
//   2 (16*32*32 + 16*32*32) + rows * 2 (8*32 + 8*32 + 16*32 + 16*32)
// Two iterations of self-attention: 2 * 2 (4*16*32*32 + 2*16*16*32).
// The head: 2 * 32 * 10.
// Attention alone: 5 queries, rows * 5 * 2 (4 + 6).
// CHECK-DAG: #[[ATTEND:.*]] = affine_map<()[s0, s1] -> ((s0 * s1) * 100)>
// CHECK-DAG: #[[ENCODE:.*]] = affine_map<()[s0, s1] -> ((s0 * s1) * 3072 + s0 * 65536)>
// CHECK-DAG: #[[WHOLE:.*]] = affine_map<()[s0, s1] -> ((s0 * s1) * 3072 + s0 * 393856)>

perceiver.parameter @latents : tensor<16x32xf32> key "latents"
perceiver.parameter @encode_q : tensor<32x32xf32> key "encode.query.weight" transpose
perceiver.parameter @encode_k : tensor<8x32xf32> key "encode.key.weight" transpose
perceiver.parameter @encode_v : tensor<8x32xf32> key "encode.value.weight" transpose
perceiver.parameter @encode_o : tensor<32x32xf32> key "encode.output.weight" transpose
perceiver.parameter @self_q : tensor<32x32xf32> key "self.query.weight" transpose
perceiver.parameter @self_k : tensor<32x32xf32> key "self.key.weight" transpose
perceiver.parameter @self_v : tensor<32x32xf32> key "self.value.weight" transpose
perceiver.parameter @self_o : tensor<32x32xf32> key "self.output.weight" transpose
perceiver.parameter @head : tensor<32x10xf32> key "head.weight" transpose

// CHECK-LABEL: func.func @encode
// CHECK-SAME: perceiver.flop = #[[ENCODE]]
func.func @encode(%x: tensor<?x?x8xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x16x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = perceiver.get_parameter @latents : tensor<16x32xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 32 v_channels = 32 mlp = none
      weights {query = [@encode_q], key = [@encode_k], value = [@encode_v], output = [@encode_o]}
      : tensor<16x32xf32>, tensor<?x?x8xf32> -> tensor<?x16x32xf32>
  return %z : tensor<?x16x32xf32>
}

// CHECK-LABEL: func.func @run
// CHECK-SAME: perceiver.flop = #[[WHOLE]]
func.func @run(%x: tensor<?x?x8xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = call @encode(%x) : (tensor<?x?x8xf32>) -> tensor<?x16x32xf32>
  %p = perceiver.process iterations = 2 (%s = %z : tensor<?x16x32xf32>) -> tensor<?x16x32xf32> {
    %0 = perceiver.self_block %s heads = 4 qk_channels = 32 v_channels = 32 mlp = none
        weights {query = [@self_q], key = [@self_k], value = [@self_v], output = [@self_o]} : tensor<?x16x32xf32>
    perceiver.yield %0 : tensor<?x16x32xf32>
  }
  %m = perceiver.mean_pool %p : tensor<?x16x32xf32> -> tensor<?x32xf32>
  %y = perceiver.project %m weight @head : tensor<?x32xf32> -> tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}

// CHECK-LABEL: func.func @attend
// CHECK-SAME: perceiver.flop = #[[ATTEND]]
func.func @attend(%q: tensor<5x4xf32> {perceiver.name = "q"},
                  %k: tensor<?x?x4xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "rows"]},
                  %v: tensor<?x?x6xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x5x6xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %o = perceiver.attend %q, %k, %v heads = 2
      : tensor<5x4xf32>, tensor<?x?x4xf32>, tensor<?x?x6xf32> -> tensor<?x5x6xf32>
  return %o : tensor<?x5x6xf32>
}
