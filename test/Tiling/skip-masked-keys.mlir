// RUN: perceiver-opt %s --perceiver-skip-masked-keys --split-input-file | FileCheck %s

// A block of keys is skipped with what projects it and with the loop over blocks
// of queries. The projection of another reader stays.

// CHECK-LABEL: func.func @blocks(
// CHECK-SAME:    %[[X:.*]]: tensor<1x512x7xf32>, %[[W:.*]]: tensor<7x16xf32>, %{{.*}}: tensor<129x16xf32>, %[[MASK:.*]]: tensor<1x512xi8>
// CHECK:       scf.forall
// CHECK:         scf.for %[[J:.*]] = {{.*}} iter_args(%[[A:.*]] = %{{.*}}, %[[M:.*]] = %{{.*}}, %[[S:.*]] = %{{.*}}, %[[Z:.*]] = %{{.*}})
// CHECK-NOT:       block.layer_norm
// CHECK:           tensor.extract_slice %[[X]][0, %[[J]], 0]
// CHECK:           %[[SUM:.*]] = block.add
// CHECK:           %[[PART:.*]] = tensor.extract_slice %[[MASK]][0, %[[J]]] [1, 64]
// CHECK:           %[[BYTES:.*]] = scf.for %[[I:.*]] = {{.*}} iter_args(%[[CARRIED:.*]] = %{{.*}}) -> (i8)
// CHECK:             %[[BYTE:.*]] = tensor.extract %[[PART]][%{{.*}}, %[[I]]]
// CHECK:             arith.ori %[[CARRIED]], %[[BYTE]] : i8
// CHECK:           %[[ANY:.*]] = arith.cmpi ne, %[[BYTES]], %{{.*}} : i8
// CHECK:           %[[R:.*]]:3 = scf.if %[[ANY]]
// CHECK:             %[[N:.*]] = block.layer_norm
// CHECK:             %[[K:.*]] = block.linear ins(%[[N]], %[[W]]
// CHECK:             %[[T:.*]]:3 = scf.for {{.*}} iter_args(%{{.*}} = %[[A]], %{{.*}} = %[[M]], %{{.*}} = %[[S]])
// CHECK:               block.online_attention ins(%{{.*}}, %[[K]], %[[K]]
// CHECK-SAME:            mask(%[[PART]]
// CHECK:             scf.yield %[[T]]#0, %[[T]]#1, %[[T]]#2
// CHECK:           } else {
// CHECK-NEXT:        scf.yield %[[A]], %[[M]], %[[S]]
// CHECK:           scf.yield %[[R]]#0, %[[R]]#1, %[[R]]#2, %[[SUM]]
func.func @blocks(%x: tensor<1x512x7xf32>, %w: tensor<7x16xf32>, %q: tensor<129x16xf32>, %mask: tensor<1x512xi8>,
                  %a: tensor<1x1x16x129xf32>, %m: tensor<1x1x129xf32>, %z: tensor<1x64x7xf32>)
    -> (tensor<1x1x16x129xf32>, tensor<1x64x7xf32>) {
  %c0 = arith.constant 0 : index
  %c43 = arith.constant 43 : index
  %c64 = arith.constant 64 : index
  %c129 = arith.constant 129 : index
  %c512 = arith.constant 512 : index
  %0:2 = scf.forall (%b) in (1) shared_outs(%out = %a, %other = %z) -> (tensor<1x1x16x129xf32>, tensor<1x64x7xf32>) {
    %1:4 = scf.for %j = %c0 to %c512 step %c64 iter_args(%a0 = %out, %m0 = %m, %s0 = %m, %z0 = %other)
        -> (tensor<1x1x16x129xf32>, tensor<1x1x129xf32>, tensor<1x1x129xf32>, tensor<1x64x7xf32>) {
      %xs = tensor.extract_slice %x[0, %j, 0] [1, 64, 7] [1, 1, 1] : tensor<1x512x7xf32> to tensor<1x64x7xf32>
      %sum = block.add ins(%z0, %xs : tensor<1x64x7xf32>, tensor<1x64x7xf32>) outs(%z0 : tensor<1x64x7xf32>) -> tensor<1x64x7xf32>
      %en = tensor.empty() : tensor<1x64x7xf32>
      %n = block.layer_norm ins(%xs : tensor<1x64x7xf32>) outs(%en : tensor<1x64x7xf32>) -> tensor<1x64x7xf32>
      %ek = tensor.empty() : tensor<1x64x16xf32>
      %k = block.linear ins(%n, %w : tensor<1x64x7xf32>, tensor<7x16xf32>) outs(%ek : tensor<1x64x16xf32>) -> tensor<1x64x16xf32>
      %2:3 = scf.for %i = %c0 to %c129 step %c43 iter_args(%a1 = %a0, %m1 = %m0, %s1 = %s0)
          -> (tensor<1x1x16x129xf32>, tensor<1x1x129xf32>, tensor<1x1x129xf32>) {
        %qs = tensor.extract_slice %q[%i, 0] [43, 16] [1, 1] : tensor<129x16xf32> to tensor<43x16xf32>
        %part = tensor.extract_slice %mask[0, %j] [1, 64] [1, 1] : tensor<1x512xi8> to tensor<1x64xi8>
        %as = tensor.extract_slice %a1[0, 0, 0, %i] [1, 1, 16, 43] [1, 1, 1, 1] : tensor<1x1x16x129xf32> to tensor<1x1x16x43xf32>
        %ms = tensor.extract_slice %m1[0, 0, %i] [1, 1, 43] [1, 1, 1] : tensor<1x1x129xf32> to tensor<1x1x43xf32>
        %ss = tensor.extract_slice %s1[0, 0, %i] [1, 1, 43] [1, 1, 1] : tensor<1x1x129xf32> to tensor<1x1x43xf32>
        %3:3 = block.online_attention ins(%qs, %k, %k : tensor<43x16xf32>, tensor<1x64x16xf32>, tensor<1x64x16xf32>)
            mask(%part : tensor<1x64xi8>)
            outs(%as, %ms, %ss : tensor<1x1x16x43xf32>, tensor<1x1x43xf32>, tensor<1x1x43xf32>) heads = 1 scale = 1.0
            -> tensor<1x1x16x43xf32>, tensor<1x1x43xf32>, tensor<1x1x43xf32>
        %a2 = tensor.insert_slice %3#0 into %a1[0, 0, 0, %i] [1, 1, 16, 43] [1, 1, 1, 1] : tensor<1x1x16x43xf32> into tensor<1x1x16x129xf32>
        %m2 = tensor.insert_slice %3#1 into %m1[0, 0, %i] [1, 1, 43] [1, 1, 1] : tensor<1x1x43xf32> into tensor<1x1x129xf32>
        %s2 = tensor.insert_slice %3#2 into %s1[0, 0, %i] [1, 1, 43] [1, 1, 1] : tensor<1x1x43xf32> into tensor<1x1x129xf32>
        scf.yield %a2, %m2, %s2 : tensor<1x1x16x129xf32>, tensor<1x1x129xf32>, tensor<1x1x129xf32>
      }
      scf.yield %2#0, %2#1, %2#2, %sum : tensor<1x1x16x129xf32>, tensor<1x1x129xf32>, tensor<1x1x129xf32>, tensor<1x64x7xf32>
    }
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1#0 into %out[0, 0, 0, 0] [1, 1, 16, 129] [1, 1, 1, 1] : tensor<1x1x16x129xf32> into tensor<1x1x16x129xf32>
      tensor.parallel_insert_slice %1#3 into %other[0, 0, 0] [1, 64, 7] [1, 1, 1] : tensor<1x64x7xf32> into tensor<1x64x7xf32>
    }
  }
  return %0#0, %0#1 : tensor<1x1x16x129xf32>, tensor<1x64x7xf32>
}

// -----

// A loop over queries that does more than to hand on states runs as before, and
// only the attention inside is skipped. A state that is not put back in its place,
// here the maximum, would not be handed on.

// CHECK-LABEL: func.func @more_than_states
// CHECK:       scf.forall
// CHECK:         scf.for
// CHECK:           linalg.fill
// CHECK:           scf.if
// CHECK:             block.online_attention
// CHECK:           } else {
// CHECK:           block.finish_attention
// CHECK-LABEL: func.func @elsewhere
// CHECK:       scf.forall
// CHECK:         scf.for
// CHECK:           scf.if
// CHECK-NEXT:        block.online_attention
func.func @more_than_states(%q: tensor<2x16xf32>, %k: tensor<1x8x16xf32>, %mask: tensor<1x8xi8>,
                            %a: tensor<1x1x16x1xf32>, %m: tensor<1x1x1xf32>, %o: tensor<1x2x16xf32>) -> tensor<1x2x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %0 = scf.forall (%b) in (1) shared_outs(%out = %o) -> tensor<1x2x16xf32> {
    %1 = scf.for %i = %c0 to %c2 step %c1 iter_args(%o0 = %out) -> tensor<1x2x16xf32> {
      %qs = tensor.extract_slice %q[%i, 0] [1, 16] [1, 1] : tensor<2x16xf32> to tensor<1x16xf32>
      %f = linalg.fill ins(%zero : f32) outs(%a : tensor<1x1x16x1xf32>) -> tensor<1x1x16x1xf32>
      %2:3 = block.online_attention ins(%qs, %k, %k : tensor<1x16xf32>, tensor<1x8x16xf32>, tensor<1x8x16xf32>)
          mask(%mask : tensor<1x8xi8>) outs(%f, %m, %m : tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>)
          heads = 1 scale = 1.0 -> tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>
      %os = tensor.extract_slice %o0[0, %i, 0] [1, 1, 16] [1, 1, 1] : tensor<1x2x16xf32> to tensor<1x1x16xf32>
      %3 = block.finish_attention ins(%2#0, %2#1, %2#2 : tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>)
          outs(%os : tensor<1x1x16xf32>) -> tensor<1x1x16xf32>
      %o1 = tensor.insert_slice %3 into %o0[0, %i, 0] [1, 1, 16] [1, 1, 1] : tensor<1x1x16xf32> into tensor<1x2x16xf32>
      scf.yield %o1 : tensor<1x2x16xf32>
    }
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1 into %out[0, 0, 0] [1, 2, 16] [1, 1, 1] : tensor<1x2x16xf32> into tensor<1x2x16xf32>
    }
  }
  return %0 : tensor<1x2x16xf32>
}

func.func @elsewhere(%q: tensor<1x16xf32>, %k: tensor<1x8x16xf32>, %mask: tensor<1x8xi8>,
                     %a: tensor<1x1x16x1xf32>, %m: tensor<1x1x1xf32>) -> tensor<1x1x16x1xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %0 = scf.forall (%b) in (1) shared_outs(%out = %a) -> tensor<1x1x16x1xf32> {
    %1:3 = scf.for %i = %c0 to %c2 step %c1 iter_args(%a0 = %out, %m0 = %m, %s0 = %m)
        -> (tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>) {
      %2:3 = block.online_attention ins(%q, %k, %k : tensor<1x16xf32>, tensor<1x8x16xf32>, tensor<1x8x16xf32>)
          mask(%mask : tensor<1x8xi8>) outs(%a0, %s0, %m0 : tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>)
          heads = 1 scale = 1.0 -> tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>
      scf.yield %2#0, %2#1, %2#2 : tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>
    }
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1#0 into %out[0, 0, 0, 0] [1, 1, 16, 1] [1, 1, 1, 1] : tensor<1x1x16x1xf32> into tensor<1x1x16x1xf32>
    }
  }
  return %0 : tensor<1x1x16x1xf32>
}

// -----

// Without a mask, and outside of tasks, where no array is read.

// CHECK-LABEL: func.func @left_alone
// CHECK-NOT:   scf.if
func.func @left_alone(%q: tensor<1x16xf32>, %k: tensor<1x8x16xf32>, %mask: tensor<1x8xi8>,
                      %a: tensor<1x1x16x1xf32>, %m: tensor<1x1x1xf32>) -> (tensor<1x1x16x1xf32>, tensor<1x1x16x1xf32>) {
  %0 = scf.forall (%b) in (1) shared_outs(%out = %a) -> tensor<1x1x16x1xf32> {
    %1:3 = block.online_attention ins(%q, %k, %k : tensor<1x16xf32>, tensor<1x8x16xf32>, tensor<1x8x16xf32>)
        outs(%out, %m, %m : tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>)
        heads = 1 scale = 1.0 -> tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1#0 into %out[0, 0, 0, 0] [1, 1, 16, 1] [1, 1, 1, 1] : tensor<1x1x16x1xf32> into tensor<1x1x16x1xf32>
    }
  }
  %2:3 = block.online_attention ins(%q, %k, %k : tensor<1x16xf32>, tensor<1x8x16xf32>, tensor<1x8x16xf32>)
      mask(%mask : tensor<1x8xi8>) outs(%a, %m, %m : tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>)
      heads = 1 scale = 1.0 -> tensor<1x1x16x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>
  return %0, %2#0 : tensor<1x1x16x1xf32>, tensor<1x1x16x1xf32>
}
