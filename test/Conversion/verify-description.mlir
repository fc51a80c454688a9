// RUN: perceiver-opt %s --perceiver-verify-description="entries=encode,run" --inline --symbol-dce | FileCheck %s

// A description with entries that call each other and a private function. It
// inlines completely: entries stay, the private function goes.

perceiver.parameter @latents : tensor<5x12xf32> key "latents"
perceiver.parameter @w : tensor<12x12xf32> key "w"
perceiver.parameter @kv : tensor<3x12xf32> key "kv"
perceiver.parameter @classes : tensor<12x10xf32> key "classes"

// CHECK-LABEL: func.func @encode
func.func @encode(%inputs: tensor<?x4x?x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch", "width"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  // CHECK-NOT: call
  %rows = call @flatten(%inputs) : (tensor<?x4x?x3xf32>) -> tensor<?x?x3xf32>
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  // CHECK: perceiver.encode
  %z = perceiver.encode %latents, %rows heads = 1 qk_channels = 12 v_channels = 12 mlp = none
      weights {query = [@w], key = [@kv], value = [@kv], output = [@w]}
      : tensor<5x12xf32>, tensor<?x?x3xf32> -> tensor<?x5x12xf32>
  return %z : tensor<?x5x12xf32>
}

// CHECK-NOT: @flatten
func.func private @flatten(%x: tensor<?x4x?x3xf32> {perceiver.sizes = ["batch", "width"]})
    -> (tensor<?x?x3xf32> {perceiver.sizes = ["batch", "points"]}) {
  %0 = tensor.collapse_shape %x [[0], [1, 2], [3]] : tensor<?x4x?x3xf32> into tensor<?x?x3xf32>
  return %0 : tensor<?x?x3xf32>
}

// CHECK-LABEL: func.func @decode
func.func @decode(%latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %0 = perceiver.mean_pool %latents : tensor<?x5x12xf32> -> tensor<?x12xf32>
  %1 = perceiver.project %0 weight @classes : tensor<?x12xf32> -> tensor<?x10xf32>
  return %1 : tensor<?x10xf32>
}

// CHECK-LABEL: func.func @run
func.func @run(%inputs: tensor<?x4x?x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch", "width"]})
    -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  // CHECK: perceiver.encode
  // CHECK: perceiver.mean_pool
  // CHECK: perceiver.project
  %0 = call @encode(%inputs) : (tensor<?x4x?x3xf32>) -> tensor<?x5x12xf32>
  %1 = call @decode(%0) : (tensor<?x5x12xf32>) -> tensor<?x10xf32>
  return %1 : tensor<?x10xf32>
}
