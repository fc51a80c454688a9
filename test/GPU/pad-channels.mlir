// RUN: perceiver-opt %s --perceiver-gpu-pad-channels | FileCheck %s
// RUN: perceiver-opt %s --perceiver-gpu-pad-channels --perceiver-gpu-pad-channels | FileCheck %s

perceiver.parameter @latents : tensor<16x35xf32> key "latents"
perceiver.parameter @gain : tensor<35xf32> key "gain"
perceiver.parameter @in : tensor<35x35xf32> key "in"
perceiver.parameter @vector : tensor<35xf32> key "vector"
perceiver.parameter @out : tensor<35x48xf32> key "out"

// From the concatenation to the layer behind the attention. What is stored is
// padded where it is read, and the scale is that of the true width.

// CHECK-LABEL: func.func @encode(
// CHECK-DAG: %[[L:.*]] = perceiver.get_parameter @latents
// CHECK-DAG: %[[G:.*]] = perceiver.get_parameter @gain
// CHECK-DAG: %[[W:.*]] = perceiver.get_parameter @in
// CHECK-DAG: %[[V:.*]] = perceiver.get_parameter @vector
// CHECK-DAG: %[[O:.*]] = perceiver.get_parameter @out
// CHECK:     %[[E:.*]] = tensor.empty(%{{.*}}) : tensor<?x64x40xf32>
// CHECK:     %[[X:.*]] = block.concat_channels {{.*}} outs(%[[E]] : tensor<?x64x40xf32>)
// CHECK:     %[[PG:.*]] = block.pad_weight %[[G]] groups = [1] : tensor<35xf32> -> tensor<40xf32>
// CHECK:     %[[PV:.*]] = block.pad_weight %[[V]] groups = [1] : tensor<35xf32> -> tensor<40xf32>
// CHECK:     %[[N:.*]] = block.layer_norm ins(%[[X]] : {{.*}}) affine(%[[PG]], %[[PV]] : {{.*}}) {{.*}} {channels = 35 : i64} -> tensor<?x64x40xf32>
// CHECK:     %[[PW:.*]] = block.pad_weight %[[W]] groups = [1, 1] : tensor<35x35xf32> -> tensor<40x40xf32>
// CHECK:     %[[PB:.*]] = block.pad_weight %[[V]] groups = [1] : tensor<35xf32> -> tensor<40xf32>
// CHECK:     %[[K:.*]] = block.linear ins(%[[N]], %[[PW]] : {{.*}}) bias(%[[PB]] : {{.*}} -> tensor<?x64x40xf32>
// CHECK:     %[[PL:.*]] = block.pad_weight %[[L]] groups = [1, 1] : tensor<16x35xf32> -> tensor<16x40xf32>
// CHECK:     block.attention ins(%[[PL]], %[[K]], %[[K]] : {{.*}}) {{.*}} heads = 1 {scale = 0.16903085094570{{.*}} : f64} -> tensor<?x16x40xf32>
// CHECK:     %[[PO:.*]] = block.pad_weight %[[O]] groups = [1, 1] : tensor<35x48xf32> -> tensor<40x48xf32>
// CHECK:     block.linear ins(%{{.*}}, %[[PO]] : {{.*}} -> tensor<?x16x48xf32>
func.func @encode(%a: tensor<?x64x1xf32>, %b: tensor<64x34xf32>) -> tensor<?x16x48xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x64x1xf32>
  %l = perceiver.get_parameter @latents : tensor<16x35xf32>
  %g = perceiver.get_parameter @gain : tensor<35xf32>
  %w = perceiver.get_parameter @in : tensor<35x35xf32>
  %v = perceiver.get_parameter @vector : tensor<35xf32>
  %o = perceiver.get_parameter @out : tensor<35x48xf32>
  %e = tensor.empty(%n) : tensor<?x64x35xf32>
  %f = tensor.empty(%n) : tensor<?x16x35xf32>
  %h = tensor.empty(%n) : tensor<?x16x48xf32>
  %x = block.concat_channels ins(%a, %b : tensor<?x64x1xf32>, tensor<64x34xf32>)
      outs(%e : tensor<?x64x35xf32>) -> tensor<?x64x35xf32>
  %m = block.layer_norm ins(%x : tensor<?x64x35xf32>) affine(%g, %v : tensor<35xf32>, tensor<35xf32>)
      outs(%e : tensor<?x64x35xf32>) -> tensor<?x64x35xf32>
  %k = block.linear ins(%m, %w : tensor<?x64x35xf32>, tensor<35x35xf32>) bias(%v : tensor<35xf32>)
      outs(%e : tensor<?x64x35xf32>) -> tensor<?x64x35xf32>
  %t = block.attention ins(%l, %k, %k : tensor<16x35xf32>, tensor<?x64x35xf32>, tensor<?x64x35xf32>)
      outs(%f : tensor<?x16x35xf32>) heads = 1 -> tensor<?x16x35xf32>
  %y = block.linear ins(%t, %o : tensor<?x16x35xf32>, tensor<35x48xf32>)
      outs(%h : tensor<?x16x48xf32>) -> tensor<?x16x48xf32>
  return %y : tensor<?x16x48xf32>
}

perceiver.parameter @qk : tensor<48x70xf32> key "qk"
perceiver.parameter @values : tensor<48x26xf32> key "values"
perceiver.parameter @merge : tensor<26x48xf32> key "merge"

// Heads of queries and keys become 40 channels, those of values, 13, become 16.

// CHECK-LABEL: func.func @heads(
// CHECK: %[[Q:.*]] = block.pad_weight %{{.*}} groups = [1, 2] : tensor<48x70xf32> -> tensor<48x80xf32>
// CHECK: block.linear ins(%{{.*}}, %[[Q]] : {{.*}} -> tensor<?x9x80xf32>
// CHECK: %[[V:.*]] = block.pad_weight %{{.*}} groups = [1, 2] : tensor<48x26xf32> -> tensor<48x32xf32>
// CHECK: block.attention {{.*}} heads = 2 {scale = 5.000000e-01 : f64} -> tensor<?x9x32xf32>
// CHECK: %[[M:.*]] = block.pad_weight %{{.*}} groups = [2, 1] : tensor<26x48xf32> -> tensor<32x48xf32>
// CHECK: block.linear ins(%{{.*}}, %[[M]] : {{.*}} -> tensor<?x9x48xf32>
func.func @heads(%x: tensor<?x9x48xf32>) -> tensor<?x9x48xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x9x48xf32>
  %qk = perceiver.get_parameter @qk : tensor<48x70xf32>
  %vw = perceiver.get_parameter @values : tensor<48x26xf32>
  %mw = perceiver.get_parameter @merge : tensor<26x48xf32>
  %e = tensor.empty(%n) : tensor<?x9x70xf32>
  %f = tensor.empty(%n) : tensor<?x9x26xf32>
  %h = tensor.empty(%n) : tensor<?x9x48xf32>
  %q = block.linear ins(%x, %qk : tensor<?x9x48xf32>, tensor<48x70xf32>)
      outs(%e : tensor<?x9x70xf32>) -> tensor<?x9x70xf32>
  %v = block.linear ins(%x, %vw : tensor<?x9x48xf32>, tensor<48x26xf32>)
      outs(%f : tensor<?x9x26xf32>) -> tensor<?x9x26xf32>
  %t = block.attention ins(%q, %q, %v : tensor<?x9x70xf32>, tensor<?x9x70xf32>, tensor<?x9x26xf32>)
      outs(%f : tensor<?x9x26xf32>) heads = 2 {scale = 0.5 : f64} -> tensor<?x9x26xf32>
  %y = block.linear ins(%t, %mw : tensor<?x9x26xf32>, tensor<26x48xf32>)
      outs(%h : tensor<?x9x48xf32>) -> tensor<?x9x48xf32>
  return %y : tensor<?x9x48xf32>
}

perceiver.parameter @up : tensor<35x58xf32> key "up"
perceiver.parameter @down : tensor<29x35xf32> key "down"

// A norm reads what comes in as it is. Columns and their gates are two groups; a
// residual has the width of the result.

// CHECK-LABEL: func.func @mlp(
// CHECK-SAME: %[[X:.*]]: tensor<?x35xf32>
// CHECK: block.layer_norm ins(%[[X]] : tensor<?x35xf32>) {{.*}} {channels = 35 : i64} -> tensor<?x40xf32>
// CHECK: %[[U:.*]] = block.pad_weight %{{.*}} groups = [1, 2] : tensor<35x58xf32> -> tensor<40x64xf32>
// CHECK: %[[H:.*]] = block.linear ins(%{{.*}}, %[[U]] : {{.*}} -> tensor<?x32xf32>
// CHECK: %[[D:.*]] = block.pad_weight %{{.*}} groups = [1, 1] : tensor<29x35xf32> -> tensor<32x40xf32>
// CHECK: %[[Y:.*]] = block.linear ins(%[[H]], %[[D]] : {{.*}} -> tensor<?x40xf32>
// CHECK: %[[S:.*]] = block.pad_weight %{{.*}} groups = [1, 1] : tensor<29x35xf32> -> tensor<32x40xf32>
// CHECK: block.linear ins(%[[H]], %[[S]] : {{.*}}) residual(%[[Y]] : tensor<?x40xf32>) {{.*}} -> tensor<?x40xf32>
func.func @mlp(%x: tensor<?x35xf32>) -> tensor<?x48xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x35xf32>
  %up = perceiver.get_parameter @up : tensor<35x58xf32>
  %down = perceiver.get_parameter @down : tensor<29x35xf32>
  %out = perceiver.get_parameter @out : tensor<35x48xf32>
  %e = tensor.empty(%n) : tensor<?x35xf32>
  %f = tensor.empty(%n) : tensor<?x29xf32>
  %h = tensor.empty(%n) : tensor<?x48xf32>
  %m = block.layer_norm ins(%x : tensor<?x35xf32>) outs(%e : tensor<?x35xf32>) -> tensor<?x35xf32>
  %g = block.linear ins(%m, %up : tensor<?x35xf32>, tensor<35x58xf32>)
      outs(%f : tensor<?x29xf32>) {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<?x29xf32>
  %y = block.linear ins(%g, %down : tensor<?x29xf32>, tensor<29x35xf32>)
      outs(%e : tensor<?x35xf32>) -> tensor<?x35xf32>
  %z = block.linear ins(%g, %down : tensor<?x29xf32>, tensor<29x35xf32>) residual(%y : tensor<?x35xf32>)
      outs(%e : tensor<?x35xf32>) -> tensor<?x35xf32>
  %r = block.linear ins(%z, %out : tensor<?x35xf32>, tensor<35x48xf32>)
      outs(%h : tensor<?x48xf32>) -> tensor<?x48xf32>
  return %r : tensor<?x48xf32>
}

// Masked rows between an attention and its output layer are as wide as both.

// CHECK-LABEL: func.func @masked(
// CHECK: %[[T:.*]] = block.attention {{.*}} -> tensor<?x16x40xf32>
// CHECK: %[[R:.*]] = block.mask_rows ins(%[[T]] : tensor<?x16x40xf32>) {{.*}} -> tensor<?x16x40xf32>
// CHECK: block.linear ins(%[[R]],
func.func @masked(%x: tensor<?x16x48xf32>, %m: tensor<?x16xi1>) -> tensor<?x16x48xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x16x48xf32>
  %w = perceiver.get_parameter @masked_in : tensor<48x35xf32>
  %o = perceiver.get_parameter @out : tensor<35x48xf32>
  %e = tensor.empty(%n) : tensor<?x16x35xf32>
  %h = tensor.empty(%n) : tensor<?x16x48xf32>
  %k = block.linear ins(%x, %w : tensor<?x16x48xf32>, tensor<48x35xf32>)
      outs(%e : tensor<?x16x35xf32>) -> tensor<?x16x35xf32>
  %t = block.attention ins(%k, %k, %k : tensor<?x16x35xf32>, tensor<?x16x35xf32>, tensor<?x16x35xf32>)
      outs(%e : tensor<?x16x35xf32>) heads = 1 -> tensor<?x16x35xf32>
  %r = block.mask_rows ins(%t : tensor<?x16x35xf32>) mask(%m : tensor<?x16xi1>)
      outs(%e : tensor<?x16x35xf32>) {value = 0.0 : f64} -> tensor<?x16x35xf32>
  %y = block.linear ins(%r, %o : tensor<?x16x35xf32>, tensor<35x48xf32>)
      outs(%h : tensor<?x16x48xf32>) -> tensor<?x16x48xf32>
  return %y : tensor<?x16x48xf32>
}

perceiver.parameter @masked_in : tensor<48x35xf32> key "masked_in"
