// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

perceiver.parameter @latents : tensor<5x12xf32> key "latents"
perceiver.parameter @cross.q_norm.weight : tensor<12xf32> key "cross.{}.a" count 3
perceiver.parameter @cross.q_norm.bias : tensor<12xf32> key "cross.{}.b" count 3
perceiver.parameter @cross.kv_norm.weight : tensor<7xf32> key "cross.{}.c" count 3
perceiver.parameter @cross.kv_norm.bias : tensor<7xf32> key "cross.{}.d" count 3
perceiver.parameter @cross.query.weight : tensor<12x6xf32> key "cross.{}.e" count 3
perceiver.parameter @cross.key.weight : tensor<7x6xf32> key "cross.{}.f" count 3
perceiver.parameter @cross.value.weight : tensor<7x9xf32> key "cross.{}.g" count 3
perceiver.parameter @cross.output.weight : tensor<9x12xf32> key "cross.{}.h" count 3
perceiver.parameter @cross.output.bias : tensor<12xf32> key "cross.{}.i" count 3
perceiver.parameter @cross.mlp_norm.weight : tensor<12xf32> key "cross.{}.j" count 3
perceiver.parameter @cross.mlp_norm.bias : tensor<12xf32> key "cross.{}.k" count 3
perceiver.parameter @cross.mlp_in.weight : tensor<12x34xf32> key "cross.{}.l" count 3
perceiver.parameter @cross.mlp_in.bias : tensor<34xf32> key "cross.{}.m" count 3
perceiver.parameter @cross.mlp_out.weight : tensor<17x12xf32> key "cross.{}.n" count 3
perceiver.parameter @cross.mlp_out.bias : tensor<12xf32> key "cross.{}.o" count 3
perceiver.parameter @self.q_norm.weight : tensor<12xf32> key "self.a"
perceiver.parameter @self.q_norm.bias : tensor<12xf32> key "self.b"
perceiver.parameter @self.query.weight : tensor<12x12xf32> key "self.c"
perceiver.parameter @self.query.bias : tensor<12xf32> key "self.d"
perceiver.parameter @self.key.weight : tensor<12x12xf32> key "self.e"
perceiver.parameter @self.key.bias : tensor<12xf32> key "self.f"
perceiver.parameter @self.value.weight : tensor<12x12xf32> key "self.g"
perceiver.parameter @self.value.bias : tensor<12xf32> key "self.h"
perceiver.parameter @self.output.weight : tensor<12x12xf32> key "self.i"
perceiver.parameter @self.output.bias : tensor<12xf32> key "self.j"
perceiver.parameter @query : tensor<12x4xf32> key "decoder.a"
perceiver.parameter @key : tensor<12x4xf32> key "decoder.b"
perceiver.parameter @value : tensor<12x4xf32> key "decoder.c"
perceiver.parameter @output : tensor<4x10xf32> key "decoder.d"
perceiver.parameter @output_bias : tensor<10xf32> key "decoder.e"
perceiver.parameter @table : tensor<33x12xf32> key "table"

// A process that starts without batch, with all that a cross-attention has.
// CHECK-LABEL: func.func @process
func.func @process(%data: tensor<?x?x7xf32>, %lengths: tensor<?xi64>, %mask: tensor<?x?xi1>) -> tensor<?x5x12xf32> {
  // CHECK: %[[LATENTS:.*]] = perceiver.get_parameter @latents
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  // CHECK: perceiver.process iterations = 3 (%[[STATE:.*]] = %[[LATENTS]] : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
  %z = perceiver.process iterations = 3 (%state = %latents : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
    // CHECK: perceiver.cross_block %[[STATE]], %{{.*}} lengths(%{{.*}} : tensor<?xi64>) mask(%{{.*}} : tensor<?x?xi1>)
    // CHECK-SAME: heads = 3 qk_channels = 6 v_channels = 9 mlp = gated(gelu_erf) weights @cross without_bias [query, key, value]
    // CHECK-SAME: {epsilon = 9.9999999999999995E-7 : f64, masked_rows = #perceiver.masked_rows<uniform>, scale = 5.000000e-01 : f64}
    // CHECK-SAME: : tensor<?x5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
    %0 = perceiver.cross_block %state, %data lengths(%lengths : tensor<?xi64>) mask(%mask : tensor<?x?xi1>)
        heads = 3 qk_channels = 6 v_channels = 9 mlp = gated(gelu_erf) weights @cross without_bias [query, key, value]
        {epsilon = 1.0e-6 : f64, scale = 0.5 : f64, masked_rows = #perceiver.masked_rows<uniform>}
        : tensor<?x5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
    // CHECK: perceiver.self_block %{{.*}} heads = 4 qk_channels = 12 v_channels = 12 mlp = none weights @self : tensor<?x5x12xf32>
    %1 = perceiver.self_block %0 heads = 4 qk_channels = 12 v_channels = 12 mlp = none weights @self
        : tensor<?x5x12xf32>
    // CHECK: perceiver.yield %{{.*}} : tensor<?x5x12xf32>
    perceiver.yield %1 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// CHECK-LABEL: func.func @encode
func.func @encode(%latents: tensor<5x12xf32>, %data: tensor<?x?x12xf32>) -> tensor<?x5x10xf32> {
  // CHECK: perceiver.encode %{{.*}}, %{{.*}} heads = 2 qk_channels = 4 v_channels = 4 mlp = none
  // CHECK-SAME: weights {query = [@query], key = [@key], value = [@value], output = [@output, @output_bias]}
  // CHECK-SAME: {residual = false} : tensor<5x12xf32>, tensor<?x?x12xf32> -> tensor<?x5x10xf32>
  %z = perceiver.encode %latents, %data heads = 2 qk_channels = 4 v_channels = 4 mlp = none
      weights {query = [@query], key = [@key], value = [@value], output = [@output, @output_bias]}
      {residual = false} : tensor<5x12xf32>, tensor<?x?x12xf32> -> tensor<?x5x10xf32>
  return %z : tensor<?x5x10xf32>
}

// CHECK-LABEL: func.func @decode
func.func @decode(%query: tensor<?x?x12xf32>, %z: tensor<?x5x12xf32>) -> tensor<?x?x10xf32> {
  // CHECK: perceiver.decode %{{.*}}, %{{.*}} heads = 1 qk_channels = 4 v_channels = 4 mlp = none
  // CHECK-SAME: weights {query = [@query], key = [@key], value = [@value], output = [@output, @output_bias]}
  // CHECK-SAME: {residual = false} : tensor<?x?x12xf32>, tensor<?x5x12xf32> -> tensor<?x?x10xf32>
  %y = perceiver.decode %query, %z heads = 1 qk_channels = 4 v_channels = 4 mlp = none
      weights {output = [@output, @output_bias], value = [@value], key = [@key], query = [@query]}
      {residual = false} : tensor<?x?x12xf32>, tensor<?x5x12xf32> -> tensor<?x?x10xf32>
  return %y : tensor<?x?x10xf32>
}

// CHECK-LABEL: func.func @attend
func.func @attend(%q: tensor<?x6xf32>, %k: tensor<?x?x6xf32>, %v: tensor<?x?x9xf32>, %lengths: tensor<?xi64>,
                  %mask: tensor<?x?xi1>) {
  // CHECK: perceiver.attend %{{.*}}, %{{.*}}, %{{.*}} heads = 3 : tensor<?x6xf32>, tensor<?x?x6xf32>, tensor<?x?x9xf32> -> tensor<?x?x9xf32>
  %0 = perceiver.attend %q, %k, %v heads = 3
      : tensor<?x6xf32>, tensor<?x?x6xf32>, tensor<?x?x9xf32> -> tensor<?x?x9xf32>
  // CHECK: perceiver.attend %{{.*}}, %{{.*}}, %{{.*}} lengths(%{{.*}} : tensor<?xi64>) mask(%{{.*}} : tensor<?x?xi1>)
  // CHECK-SAME: heads = 3 {masked_rows = #perceiver.masked_rows<uniform>, scale = 5.000000e-01 : f64}
  // CHECK-SAME: : tensor<?x6xf32>, tensor<?x?x6xf32>, tensor<?x?x9xf32> -> tensor<?x?x9xf32>, tensor<?x3x?xf32>
  %1, %lse = perceiver.attend %q, %k, %v lengths(%lengths : tensor<?xi64>) mask(%mask : tensor<?x?xi1>)
      heads = 3 {scale = 0.5 : f64, masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<?x6xf32>, tensor<?x?x6xf32>, tensor<?x?x9xf32> -> tensor<?x?x9xf32>, tensor<?x3x?xf32>
  return
}

// CHECK-LABEL: func.func @inputs
func.func @inputs(%image: tensor<?x3x4x7xf32>, %ids: tensor<?x7xi32>, %points: tensor<?xi64>,
                  %rows: tensor<2x6xf32>, %n: index) {
  // CHECK: perceiver.fourier_positions grid = [4, 7] bands = 2 max_resolution = [4, 1.050000e+01] layout = axis_major : tensor<28x10xf32>
  %0 = perceiver.fourier_positions grid = [4, 7] bands = 2 max_resolution = [4, 10.5] layout = axis_major : tensor<28x10xf32>
  // CHECK: perceiver.fourier_positions grid = [4] bands = 1 max_resolution = [1] layout = dm {recipe = #perceiver.fourier_recipe<exact>} : tensor<4x3xf32>
  %1 = perceiver.fourier_positions grid = [4] bands = 1 max_resolution = [1.0] layout = dm
      {recipe = #perceiver.fourier_recipe<exact>} : tensor<4x3xf32>
  // CHECK: perceiver.to_channels_last %{{.*}} : tensor<?x3x4x7xf32> -> tensor<?x28x3xf32>
  %2 = perceiver.to_channels_last %image : tensor<?x3x4x7xf32> -> tensor<?x28x3xf32>
  // CHECK: perceiver.concat %{{.*}}, %{{.*}} : (tensor<?x28x3xf32>, tensor<28x10xf32>) -> tensor<?x28x13xf32>
  %3 = perceiver.concat %2, %0 : (tensor<?x28x3xf32>, tensor<28x10xf32>) -> tensor<?x28x13xf32>
  // CHECK: perceiver.embedding %{{.*}} table @table positions @table : tensor<?x7xi32> -> tensor<?x7x12xf32>
  %4 = perceiver.embedding %ids table @table positions @table : tensor<?x7xi32> -> tensor<?x7x12xf32>
  // CHECK: perceiver.embedding %{{.*}} table @table : tensor<?x7xi32> -> tensor<?x7x12xf32>
  %5 = perceiver.embedding %ids table @table : tensor<?x7xi32> -> tensor<?x7x12xf32>
  // CHECK: perceiver.take_rows %{{.*}} at %{{.*}} : tensor<?x28x13xf32>, tensor<?xi64> -> tensor<?x?x13xf32>
  %6 = perceiver.take_rows %3 at %points : tensor<?x28x13xf32>, tensor<?xi64> -> tensor<?x?x13xf32>
  // CHECK: perceiver.take_rows %{{.*}} at %{{.*}} : tensor<28x10xf32>, tensor<?xi64> -> tensor<?x10xf32>
  %7 = perceiver.take_rows %0 at %points : tensor<28x10xf32>, tensor<?xi64> -> tensor<?x10xf32>
  // CHECK: perceiver.broadcast %{{.*}} batch %{{.*}} : tensor<2x6xf32> -> tensor<?x2x6xf32>
  %8 = perceiver.broadcast %rows batch %n : tensor<2x6xf32> -> tensor<?x2x6xf32>
  // CHECK: perceiver.broadcast %{{.*}} batch %{{.*}} : tensor<2x6xf32> -> tensor<5x2x6xf32>
  %c5 = arith.constant 5 : index
  %9 = perceiver.broadcast %rows batch %c5 : tensor<2x6xf32> -> tensor<5x2x6xf32>
  return
}

// CHECK-LABEL: func.func @head
func.func @head(%z: tensor<?x5x12xf32>) -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  // CHECK: perceiver.mean_pool %{{.*}} : tensor<?x5x12xf32> -> tensor<?x12xf32>
  %0 = perceiver.mean_pool %z : tensor<?x5x12xf32> -> tensor<?x12xf32>
  // CHECK: perceiver.mean_pool %{{.*}} : tensor<?x5x12xf32> -> tensor<?x1x12xf32>
  %1 = perceiver.mean_pool %z : tensor<?x5x12xf32> -> tensor<?x1x12xf32>
  // CHECK: perceiver.norm %{{.*}} weight @self.q_norm.weight bias @self.q_norm.bias : tensor<?x12xf32>
  %2 = perceiver.norm %0 weight @self.q_norm.weight bias @self.q_norm.bias : tensor<?x12xf32>
  // CHECK: perceiver.project %{{.*}} weight @query : tensor<?x12xf32> -> tensor<?x4xf32>
  %3 = perceiver.project %2 weight @query : tensor<?x12xf32> -> tensor<?x4xf32>
  // CHECK: perceiver.project %{{.*}} weight @output bias @output_bias : tensor<?x4xf32> -> tensor<?x10xf32>
  %4 = perceiver.project %3 weight @output bias @output_bias : tensor<?x4xf32> -> tensor<?x10xf32>
  return %4 : tensor<?x10xf32>
}

// CHECK-LABEL: func.func @conditions
func.func @conditions(%a: index, %b: index) {
  // CHECK: perceiver.require %{{.*}} <= %{{.*}}, "at most 2,048 tokens"
  perceiver.require %a <= %b, "at most 2,048 tokens"
  // CHECK: perceiver.require %{{.*}} = %{{.*}}, "as many keys"
  perceiver.require %a = %b, "as many keys"
  // CHECK: perceiver.require %{{.*}} multiple_of %{{.*}}, "patches are full"
  perceiver.require %a multiple_of %b, "patches are full"
  return
}
