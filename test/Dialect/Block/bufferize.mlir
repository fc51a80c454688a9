// RUN: perceiver-opt %s --one-shot-bufferize='bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map' --canonicalize --cse --canonicalize | FileCheck %s

// In place: no buffer is made and nothing is copied.

// CHECK-LABEL: func.func @online_attention_dynamic(
// CHECK-SAME: %[[Q:.*]]: memref<33x21xf32>, %[[K:.*]]: memref<?x?x21xf32>, %[[A:.*]]: memref<?x3x7x33xf32>{{.*}}, %[[M:.*]]: memref<?x3x33xf32>{{.*}}, %[[S:.*]]: memref<?x3x33xf32>
// CHECK-NOT: memref.alloc
// CHECK-NOT: memref.copy
// CHECK: block.online_attention ins(%[[Q]], %[[K]], %[[K]] :
// CHECK-SAME: outs(%[[A]], %[[M]], %[[S]] :
// CHECK-NOT: memref.copy
// CHECK: return %[[A]], %[[M]], %[[S]]
func.func @online_attention_dynamic(%q: tensor<33x21xf32>, %k: tensor<?x?x21xf32>, %a: tensor<?x3x7x33xf32> {bufferization.writable = true},
    %m: tensor<?x3x33xf32> {bufferization.writable = true}, %s: tensor<?x3x33xf32> {bufferization.writable = true}) -> (tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>) {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<33x21xf32>, tensor<?x?x21xf32>, tensor<?x?x21xf32>)
      outs(%a, %m, %s : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>) heads = 3 scale = 1.0
      -> tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>
  return %0#0, %0#1, %0#2 : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>
}

// CHECK-LABEL: func.func @online_attention_static(
// CHECK-SAME: %[[Q:.*]]: memref<33x21xf32>, %[[K:.*]]: memref<2x33x21xf32>, %[[A:.*]]: memref<2x3x7x33xf32>{{.*}}, %[[M:.*]]: memref<2x3x33xf32>{{.*}}, %[[S:.*]]: memref<2x3x33xf32>
// CHECK-NOT: memref.alloc
// CHECK-NOT: memref.copy
// CHECK: block.online_attention ins(%[[Q]], %[[K]], %[[K]] :
// CHECK-SAME: outs(%[[A]], %[[M]], %[[S]] :
// CHECK-NOT: memref.copy
// CHECK: return %[[A]], %[[M]], %[[S]]
func.func @online_attention_static(%q: tensor<33x21xf32>, %k: tensor<2x33x21xf32>, %a: tensor<2x3x7x33xf32> {bufferization.writable = true},
    %m: tensor<2x3x33xf32> {bufferization.writable = true}, %s: tensor<2x3x33xf32> {bufferization.writable = true}) -> (tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>) {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<33x21xf32>, tensor<2x33x21xf32>, tensor<2x33x21xf32>)
      outs(%a, %m, %s : tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>) heads = 3 scale = 1.0
      -> tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>
  return %0#0, %0#1, %0#2 : tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>
}

// A state that is read again is copied first: the operation reads and writes it.

// CHECK-LABEL: func.func @read_again(
// CHECK: %[[COPY:.*]] = memref.alloc
// CHECK: memref.copy %{{.*}}, %[[COPY]]
// CHECK: block.online_attention {{.*}} outs(%[[COPY]],
func.func @read_again(%q: tensor<7x5xf32>, %k: tensor<1x33x5xf32>, %a: tensor<1x1x5x7xf32> {bufferization.writable = true},
    %m: tensor<1x1x7xf32> {bufferization.writable = true}, %s: tensor<1x1x7xf32> {bufferization.writable = true})
    -> (tensor<1x1x5x7xf32>, tensor<1x1x5x7xf32>) {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<7x5xf32>, tensor<1x33x5xf32>, tensor<1x33x5xf32>)
      outs(%a, %m, %s : tensor<1x1x5x7xf32>, tensor<1x1x7xf32>, tensor<1x1x7xf32>) heads = 1 scale = 1.0
      -> tensor<1x1x5x7xf32>, tensor<1x1x7xf32>, tensor<1x1x7xf32>
  return %0#0, %a : tensor<1x1x5x7xf32>, tensor<1x1x5x7xf32>
}

// The destination of any other operation is written only: its old value is not
// copied although it is read again.

// CHECK-LABEL: func.func @written_only(
// CHECK-SAME: %[[X:.*]]: memref<?x7xf32>
// CHECK: %[[NEW:.*]] = memref.alloc
// CHECK-NOT: memref.copy
// CHECK: block.layer_norm ins(%[[X]] : memref<?x7xf32>) outs(%[[NEW]] : memref<?x7xf32>)
// CHECK-NOT: memref.copy
// CHECK: return
func.func @written_only(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %0 = block.layer_norm ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) -> tensor<?x7xf32>
  return %0, %x : tensor<?x7xf32>, tensor<?x7xf32>
}

// An operation on tiles of what it updates works on views.

// CHECK-LABEL: func.func @tile(
// CHECK: scf.for
// CHECK-NOT: memref.alloc
// CHECK: %[[PART:.*]] = memref.subview
// CHECK: block.add ins(%{{.*}}, %{{.*}} : {{.*}}) outs(%[[PART]] :
// CHECK-NOT: memref.copy
// CHECK: return
func.func @tile(%x: tensor<?x33xf32> {bufferization.writable = true}, %b: tensor<7x33xf32>, %n: index) -> tensor<?x33xf32> {
  %c0 = arith.constant 0 : index
  %c7 = arith.constant 7 : index
  %r = scf.for %i = %c0 to %n step %c7 iter_args(%y = %x) -> tensor<?x33xf32> {
    %s = tensor.extract_slice %y[%i, 0] [7, 33] [1, 1] : tensor<?x33xf32> to tensor<7x33xf32>
    %a = block.add ins(%b, %b : tensor<7x33xf32>, tensor<7x33xf32>) outs(%s : tensor<7x33xf32>) -> tensor<7x33xf32>
    %z = tensor.insert_slice %a into %y[%i, 0] [7, 33] [1, 1] : tensor<7x33xf32> into tensor<?x33xf32>
    scf.yield %z : tensor<?x33xf32>
  }
  return %r : tensor<?x33xf32>
}

// A weight is memory that nobody writes: it is copied where it is updated.

block.weight @w : tensor<7x33xf32>

// A residual is read where the result is written: in place. An input is not.

// CHECK-LABEL: func.func @residual(
// CHECK-SAME: %{{.*}}: memref<7x33xf32>, %{{.*}}: memref<33x33xf32>, %[[R:.*]]: memref<7x33xf32>
// CHECK-NOT: memref.alloc
// CHECK: block.linear {{.*}} residual(%[[R]] : memref<7x33xf32>) outs(%[[R]] : memref<7x33xf32>)
// CHECK-NOT: memref.copy
// CHECK: return %[[R]]
func.func @residual(%x: tensor<7x33xf32>, %w: tensor<33x33xf32>, %r: tensor<7x33xf32> {bufferization.writable = true})
    -> tensor<7x33xf32> {
  %0 = block.linear ins(%x, %w : tensor<7x33xf32>, tensor<33x33xf32>) residual(%r : tensor<7x33xf32>)
      outs(%r : tensor<7x33xf32>) -> tensor<7x33xf32>
  return %0 : tensor<7x33xf32>
}

// CHECK-LABEL: func.func @input(
// CHECK-SAME: %[[X:.*]]: memref<7x33xf32>
// CHECK: %[[A:.*]] = memref.alloc
// CHECK: block.linear ins(%[[X]], {{.*}} outs(%[[A]] : memref<7x33xf32>)
func.func @input(%x: tensor<7x33xf32> {bufferization.writable = true}, %w: tensor<33x33xf32>) -> tensor<7x33xf32> {
  %0 = block.linear ins(%x, %w : tensor<7x33xf32>, tensor<33x33xf32>) outs(%x : tensor<7x33xf32>) -> tensor<7x33xf32>
  return %0 : tensor<7x33xf32>
}

// CHECK-LABEL: func.func @weight(
// CHECK: %[[W:.*]] = block.get_weight @w : memref<7x33xf32>
// CHECK: %[[NEW:.*]] = memref.alloc
// CHECK: block.add ins(%[[W]], %[[W]] : {{.*}}) outs(%[[NEW]] :
func.func @weight() -> tensor<7x33xf32> {
  %w = block.get_weight @w : tensor<7x33xf32>
  %0 = block.add ins(%w, %w : tensor<7x33xf32>, tensor<7x33xf32>) outs(%w : tensor<7x33xf32>) -> tensor<7x33xf32>
  return %0 : tensor<7x33xf32>
}
