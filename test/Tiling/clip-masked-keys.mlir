// RUN: perceiver-opt %s --perceiver-clip-masked-keys | FileCheck %s

// A task of a head has all keys of a batch entry: it projects and reads those up to
// the last that the mask keeps, and keeps what is said of blocks.

// CHECK-LABEL: func.func @head(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x7xf32>, %[[W:.*]]: tensor<1x7x16xf32>, %{{.*}}: tensor<9x16xf32>, %[[MASK:.*]]: tensor<?x?xi8>
// CHECK:       scf.forall (%[[B:.*]]) in
// CHECK:         %[[XS:.*]] = tensor.extract_slice %[[X]][%[[B]], 0, 0]
// CHECK:         %[[PART:.*]] = tensor.extract_slice %[[MASK]][%[[B]], 0]
// CHECK:         %[[LAST:.*]] = scf.for %[[J:.*]] = {{.*}} iter_args(%[[BEFORE:.*]] = %{{.*}}) -> (index)
// CHECK:           %[[BYTE:.*]] = tensor.extract %[[PART]][%{{.*}}, %[[J]]]
// CHECK:           %[[MASKED:.*]] = arith.cmpi eq, %[[BYTE]], %{{.*}} : i8
// CHECK:           %[[NEXT:.*]] = arith.addi %[[J]], %{{.*}} : index
// CHECK:           %[[KEPT:.*]] = arith.select %[[MASKED]], %{{.*}}, %[[NEXT]] : index
// CHECK:           arith.maxui %[[BEFORE]], %[[KEPT]] : index
// CHECK:         %[[USED:.*]] = affine.min {{.*}}%[[LAST]]
// CHECK:         %[[XU:.*]] = tensor.extract_slice %[[XS]][0, 0, 0] [1, %[[USED]], 7]
// CHECK:         %[[N:.*]] = block.layer_norm ins(%[[XU]] :
// CHECK:         %[[K:.*]] = block.linear ins(%[[N]],
// CHECK-SAME:      -> tensor<1x?x16xf32>
// CHECK:         %[[MU:.*]] = tensor.extract_slice %[[PART]][0, 0] [1, %[[USED]]]
// CHECK:         block.online_attention ins(%{{.*}}, %[[K]], %[[K]] :
// CHECK-SAME:      mask(%[[MU]] :
// CHECK-SAME:      perceiver.tiling = #perceiver.tiling<task = [], inner = [array<i64: 0, 0, 0, 256>]>
func.func @head(%x: tensor<?x?x7xf32>, %w: tensor<1x7x16xf32>, %q: tensor<9x16xf32>, %mask: tensor<?x?xi8>,
                %batch: index, %keys: index, %a: tensor<?x1x16x9xf32>, %m: tensor<1x1x9xf32>) -> tensor<?x1x16x9xf32> {
  %0 = scf.forall (%b) in (%batch) shared_outs(%out = %a) -> tensor<?x1x16x9xf32> {
    %xs = tensor.extract_slice %x[%b, 0, 0] [1, %keys, 7] [1, 1, 1] : tensor<?x?x7xf32> to tensor<1x?x7xf32>
    %part = tensor.extract_slice %mask[%b, 0] [1, %keys] [1, 1] : tensor<?x?xi8> to tensor<1x?xi8>
    %en = tensor.empty(%keys) : tensor<1x?x7xf32>
    %n = block.layer_norm ins(%xs : tensor<1x?x7xf32>) outs(%en : tensor<1x?x7xf32>) -> tensor<1x?x7xf32>
    %ek = tensor.empty(%keys) : tensor<1x?x16xf32>
    %k = block.linear ins(%n, %w : tensor<1x?x7xf32>, tensor<1x7x16xf32>) outs(%ek : tensor<1x?x16xf32>)
        {layout = #block.panels<columns = 16, lanes = 16>} -> tensor<1x?x16xf32>
    %as = tensor.extract_slice %out[%b, 0, 0, 0] [1, 1, 16, 9] [1, 1, 1, 1] : tensor<?x1x16x9xf32> to tensor<1x1x16x9xf32>
    %1:3 = block.online_attention ins(%q, %k, %k : tensor<9x16xf32>, tensor<1x?x16xf32>, tensor<1x?x16xf32>)
        mask(%part : tensor<1x?xi8>) outs(%as, %m, %m : tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>)
        heads = 1 scale = 1.0 {perceiver.tiling = #perceiver.tiling<task = [], inner = [array<i64: 0, 0, 0, 256>]>}
        -> tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1#0 into %out[%b, 0, 0, 0] [1, 1, 16, 9] [1, 1, 1, 1] : tensor<1x1x16x9xf32> into tensor<?x1x16x9xf32>
    }
  }
  return %0 : tensor<?x1x16x9xf32>
}

// Of a static number of keys the attention stays as it is, and what is projected for
// it ends with the last key in use.

// CHECK-LABEL: func.func @static_keys
// CHECK:       %[[PART:.*]] = tensor.extract_slice %{{.*}} : tensor<?x300xi8> to tensor<1x300xi8>
// CHECK:       scf.for
// CHECK:         tensor.extract %[[PART]]
// CHECK:       %[[USED:.*]] = affine.min
// CHECK:       %[[WHOLE:.*]] = bufferization.alloc_tensor() : tensor<1x300x16xf32>
// CHECK:       %[[PLACE:.*]] = tensor.extract_slice %[[WHOLE]][0, 0, 0] [1, %[[USED]], 16]
// CHECK:       %[[XU:.*]] = tensor.extract_slice %{{.*}}[0, 0, 0] [1, %[[USED]], 7]
// CHECK:       %[[KU:.*]] = block.linear ins(%[[XU]],
// CHECK-SAME:    outs(%[[PLACE]] :
// CHECK:       %[[K:.*]] = tensor.insert_slice %[[KU]] into %[[WHOLE]][0, 0, 0] [1, %[[USED]], 16]
// CHECK:       block.online_attention ins(%{{.*}}, %[[K]], %[[K]] : tensor<9x16xf32>, tensor<1x300x16xf32>
// CHECK-SAME:    mask(%[[PART]] :
func.func @static_keys(%x: tensor<1x300x7xf32>, %w: tensor<1x7x16xf32>, %q: tensor<9x16xf32>, %mask: tensor<?x300xi8>,
                       %a: tensor<1x1x16x9xf32>, %m: tensor<1x1x9xf32>) -> tensor<1x1x16x9xf32> {
  %0 = scf.forall (%b) in (1) shared_outs(%out = %a) -> tensor<1x1x16x9xf32> {
    %part = tensor.extract_slice %mask[%b, 0] [1, 300] [1, 1] : tensor<?x300xi8> to tensor<1x300xi8>
    %ek = tensor.empty() : tensor<1x300x16xf32>
    %k = block.linear ins(%x, %w : tensor<1x300x7xf32>, tensor<1x7x16xf32>) outs(%ek : tensor<1x300x16xf32>)
        {layout = #block.panels<columns = 16, lanes = 16>} -> tensor<1x300x16xf32>
    %1:3 = block.online_attention ins(%q, %k, %k : tensor<9x16xf32>, tensor<1x300x16xf32>, tensor<1x300x16xf32>)
        mask(%part : tensor<1x300xi8>) outs(%out, %m, %m : tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>)
        heads = 1 scale = 1.0 -> tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1#0 into %out[0, 0, 0, 0] [1, 1, 16, 9] [1, 1, 1, 1] : tensor<1x1x16x9xf32> into tensor<1x1x16x9xf32>
    }
  }
  return %0 : tensor<1x1x16x9xf32>
}

// What has another reader in the task is computed for all keys.

// CHECK-LABEL: func.func @other_reader
// CHECK:       %[[K:.*]] = block.layer_norm ins(%{{.*}} : tensor<1x?x16xf32>)
// CHECK:       %[[KU:.*]] = tensor.extract_slice %[[K]][0, 0, 0] [1, %{{.*}}, 16]
// CHECK:       block.online_attention ins(%{{.*}}, %[[KU]], %[[KU]] :
// CHECK:       tensor.parallel_insert_slice %[[K]]
func.func @other_reader(%x: tensor<1x?x16xf32>, %q: tensor<9x16xf32>, %mask: tensor<1x?xi8>, %keys: index,
                        %e: tensor<1x?x16xf32>, %a: tensor<1x1x16x9xf32>, %m: tensor<1x1x9xf32>)
    -> (tensor<1x1x16x9xf32>, tensor<1x?x16xf32>) {
  %0:2 = scf.forall (%b) in (1) shared_outs(%out = %a, %norm = %e) -> (tensor<1x1x16x9xf32>, tensor<1x?x16xf32>) {
    %part = tensor.extract_slice %mask[%b, 0] [1, %keys] [1, 1] : tensor<1x?xi8> to tensor<1x?xi8>
    %k = block.layer_norm ins(%x : tensor<1x?x16xf32>) outs(%norm : tensor<1x?x16xf32>) -> tensor<1x?x16xf32>
    %1:3 = block.online_attention ins(%q, %k, %k : tensor<9x16xf32>, tensor<1x?x16xf32>, tensor<1x?x16xf32>)
        mask(%part : tensor<1x?xi8>) outs(%out, %m, %m : tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>)
        heads = 1 scale = 1.0 -> tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1#0 into %out[0, 0, 0, 0] [1, 1, 16, 9] [1, 1, 1, 1] : tensor<1x1x16x9xf32> into tensor<1x1x16x9xf32>
      tensor.parallel_insert_slice %k into %norm[0, 0, 0] [1, %keys, 16] [1, 1, 1] : tensor<1x?x16xf32> into tensor<1x?x16xf32>
    }
  }
  return %0#0, %0#1 : tensor<1x1x16x9xf32>, tensor<1x?x16xf32>
}

// Parts of the keys, few static keys, and what is in no task.

// CHECK-LABEL: func.func @left_alone
// CHECK-NOT:   scf.for %
// CHECK-NOT:   affine.min
// CHECK:       return
func.func @left_alone(%q: tensor<9x16xf32>, %k: tensor<1x?x16xf32>, %mask: tensor<1x?xi8>, %ks: tensor<1x8x16xf32>,
                      %mask_s: tensor<1x8xi8>, %keys: index, %a: tensor<1x1x16x9xf32>, %m: tensor<1x1x9xf32>)
    -> (tensor<1x1x16x9xf32>, tensor<1x1x16x9xf32>) {
  %0 = scf.forall (%p) in (2) shared_outs(%out = %a) -> tensor<1x1x16x9xf32> {
    %part = tensor.extract_slice %mask[0, %p] [1, %keys] [1, 1] : tensor<1x?xi8> to tensor<1x?xi8>
    %1:3 = block.online_attention ins(%q, %k, %k : tensor<9x16xf32>, tensor<1x?x16xf32>, tensor<1x?x16xf32>)
        mask(%part : tensor<1x?xi8>) outs(%out, %m, %m : tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>)
        heads = 1 scale = 1.0 -> tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>
    %whole = tensor.extract_slice %mask_s[0, 0] [1, 8] [1, 1] : tensor<1x8xi8> to tensor<1x8xi8>
    %2:3 = block.online_attention ins(%q, %ks, %ks : tensor<9x16xf32>, tensor<1x8x16xf32>, tensor<1x8x16xf32>)
        mask(%whole : tensor<1x8xi8>)
        outs(%1#0, %1#1, %1#2 : tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>)
        heads = 1 scale = 1.0 -> tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %2#0 into %out[0, 0, 0, 0] [1, 1, 16, 9] [1, 1, 1, 1] : tensor<1x1x16x9xf32> into tensor<1x1x16x9xf32>
    }
  }
  %all = tensor.extract_slice %mask[0, 0] [1, %keys] [1, 1] : tensor<1x?xi8> to tensor<1x?xi8>
  %3:3 = block.online_attention ins(%q, %k, %k : tensor<9x16xf32>, tensor<1x?x16xf32>, tensor<1x?x16xf32>)
      mask(%all : tensor<1x?xi8>) outs(%a, %m, %m : tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>)
      heads = 1 scale = 1.0 -> tensor<1x1x16x9xf32>, tensor<1x1x9xf32>, tensor<1x1x9xf32>
  return %0, %3#0 : tensor<1x1x16x9xf32>, tensor<1x1x16x9xf32>
}
