// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{cpu=x86-64-v4},func.func(perceiver-select-stored,perceiver-pack-weights),perceiver-split-prepare,canonicalize)' | FileCheck %s

// A layer that is computed when the model is compiled keeps its plain weight.
// One whose result is too large to be stored is a layer of the model.

perceiver.parameter @small : tensor<7x16xf32> key "small"
perceiver.parameter @large : tensor<2000x16xf32> key "large"
perceiver.parameter @w : tensor<16x512xf32> key "w"

// CHECK-LABEL: func.func @prepared
// CHECK-NOT: block.linear
// CHECK: block.add
// CHECK-NOT: block.linear
// CHECK: return
func.func @prepared(%x: tensor<7x512xf32>, %o: tensor<7x512xf32>) -> tensor<7x512xf32> {
  %q = perceiver.get_parameter @small : tensor<7x16xf32>
  %w = perceiver.get_parameter @w : tensor<16x512xf32>
  %e = tensor.empty() : tensor<7x512xf32>
  %y = block.linear ins(%q, %w : tensor<7x16xf32>, tensor<16x512xf32>) outs(%e : tensor<7x512xf32>)
      -> tensor<7x512xf32>
  %z = block.add ins(%x, %y : tensor<7x512xf32>, tensor<7x512xf32>) outs(%o : tensor<7x512xf32>)
      -> tensor<7x512xf32>
  return %z : tensor<7x512xf32>
}

// CHECK-LABEL: func.func @too_large
// CHECK-DAG: %[[Q:.*]] = block.get_weight @{{.*}} : tensor<2000x16xf32>
// CHECK-DAG: %[[W:.*]] = block.get_weight @{{.*}} : tensor<{{.*}}x16x{{.*}}xf32>
// CHECK: block.linear ins(%[[Q]], %[[W]] : {{.*}} {layout =
// CHECK: block.add
// CHECK: return
func.func @too_large(%x: tensor<2000x512xf32>, %o: tensor<2000x512xf32>) -> tensor<2000x512xf32> {
  %q = perceiver.get_parameter @large : tensor<2000x16xf32>
  %w = perceiver.get_parameter @w : tensor<16x512xf32>
  %e = tensor.empty() : tensor<2000x512xf32>
  %y = block.linear ins(%q, %w : tensor<2000x16xf32>, tensor<16x512xf32>) outs(%e : tensor<2000x512xf32>)
      -> tensor<2000x512xf32>
  %z = block.add ins(%x, %y : tensor<2000x512xf32>, tensor<2000x512xf32>) outs(%o : tensor<2000x512xf32>)
      -> tensor<2000x512xf32>
  return %z : tensor<2000x512xf32>
}

// As the weight of another layer it is stored all the same, in panels.

// CHECK-LABEL: func.func @product
// CHECK: %[[P:.*]] = block.get_weight @{{.*}} : tensor<{{.*}}x2000x{{.*}}xf32>
// CHECK: block.linear ins(%{{.*}}, %[[P]] : {{.*}} {layout =
// CHECK-NOT: block.linear
// CHECK: return
func.func @product(%x: tensor<7x2000xf32>, %o: tensor<7x512xf32>) -> tensor<7x512xf32> {
  %q = perceiver.get_parameter @large : tensor<2000x16xf32>
  %w = perceiver.get_parameter @w : tensor<16x512xf32>
  %e = tensor.empty() : tensor<2000x512xf32>
  %y = block.linear ins(%q, %w : tensor<2000x16xf32>, tensor<16x512xf32>) outs(%e : tensor<2000x512xf32>)
      -> tensor<2000x512xf32>
  %z = block.linear ins(%x, %y : tensor<7x2000xf32>, tensor<2000x512xf32>) outs(%o : tensor<7x512xf32>)
      -> tensor<7x512xf32>
  return %z : tensor<7x512xf32>
}

// A small result of a layer that is too large to be stored is stored if the
// layer is needed for nothing else.

// CHECK-LABEL: func.func @on_the_way
// CHECK-NOT: block.linear
// CHECK: block.get_weight @{{.*}} : tensor<1x1x512xf32>
// CHECK-NOT: block.linear
// CHECK: return
func.func @on_the_way(%x: tensor<1x1x512xf32>, %o: tensor<1x1x512xf32>) -> tensor<1x1x512xf32> {
  %q = perceiver.get_parameter @large : tensor<2000x16xf32>
  %w = perceiver.get_parameter @w : tensor<16x512xf32>
  %e = tensor.empty() : tensor<2000x512xf32>
  %y = block.linear ins(%q, %w : tensor<2000x16xf32>, tensor<16x512xf32>) outs(%e : tensor<2000x512xf32>)
      -> tensor<2000x512xf32>
  %b = tensor.expand_shape %y [[0, 1], [2]] output_shape [1, 2000, 512] : tensor<2000x512xf32> into tensor<1x2000x512xf32>
  %f = tensor.empty() : tensor<1x1x512xf32>
  %m = block.mean_rows ins(%b : tensor<1x2000x512xf32>) outs(%f : tensor<1x1x512xf32>) -> tensor<1x1x512xf32>
  %z = block.add ins(%x, %m : tensor<1x1x512xf32>, tensor<1x1x512xf32>) outs(%o : tensor<1x1x512xf32>)
      -> tensor<1x1x512xf32>
  return %z : tensor<1x1x512xf32>
}

// What reads a layer of the model is computed by the model, too, however small.

perceiver.parameter @narrow : tensor<512x4xf32> key "narrow"

// CHECK-LABEL: func.func @behind
// CHECK: %[[Y:.*]] = block.linear {{.*}} {layout =
// CHECK: block.linear ins(%[[Y]], %{{.*}} {layout =
// CHECK: return
func.func @behind(%x: tensor<2000x512xf32>, %o: tensor<2000x512xf32>, %p: tensor<2000x4xf32>) -> (tensor<2000x512xf32>, tensor<2000x4xf32>) {
  %q = perceiver.get_parameter @large : tensor<2000x16xf32>
  %w = perceiver.get_parameter @w : tensor<16x512xf32>
  %e = tensor.empty() : tensor<2000x512xf32>
  %y = block.linear ins(%q, %w : tensor<2000x16xf32>, tensor<16x512xf32>) outs(%e : tensor<2000x512xf32>)
      -> tensor<2000x512xf32>
  %z = block.add ins(%x, %y : tensor<2000x512xf32>, tensor<2000x512xf32>) outs(%o : tensor<2000x512xf32>)
      -> tensor<2000x512xf32>
  %n = perceiver.get_parameter @narrow : tensor<512x4xf32>
  %f = tensor.empty() : tensor<2000x4xf32>
  %s = block.linear ins(%y, %n : tensor<2000x512xf32>, tensor<512x4xf32>) outs(%f : tensor<2000x4xf32>)
      -> tensor<2000x4xf32>
  %t = block.add ins(%p, %s : tensor<2000x4xf32>, tensor<2000x4xf32>) outs(%p : tensor<2000x4xf32>)
      -> tensor<2000x4xf32>
  return %z, %t : tensor<2000x512xf32>, tensor<2000x4xf32>
}
