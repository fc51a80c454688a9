// RUN: perceiver-opt %s --perceiver-fuse-projections --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-fuse-projections --perceiver-split-prepare --split-input-file | FileCheck %s --check-prefix=SPLIT

perceiver.parameter @wq : tensor<7x16xf32> key "query.weight" transpose
perceiver.parameter @wk : tensor<7x16xf32> key "key.weight" transpose
perceiver.parameter @bk : tensor<16xf32> key "key.bias"
perceiver.parameter @wv : tensor<7x32xf32> key "value.weight" transpose

// The first layer's result is used before the weight of the last is read; the
// layer with an activation is left alone.

// CHECK-LABEL: func.func @self
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x9x7xf32>
// CHECK-DAG: %[[WQ:.*]] = perceiver.get_parameter @wq
// CHECK-DAG: %[[WK:.*]] = perceiver.get_parameter @wk
// CHECK-DAG: %[[BK:.*]] = perceiver.get_parameter @bk
// CHECK-DAG: %[[WV:.*]] = perceiver.get_parameter @wv
// CHECK: %[[W:.*]] = tensor.concat dim(1) %[[WQ]], %[[WK]], %[[WV]] : {{.*}} -> tensor<7x64xf32>
// CHECK-DAG: %[[ZQ:.*]] = arith.constant dense<0.000000e+00> : tensor<16xf32>
// CHECK-DAG: %[[ZV:.*]] = arith.constant dense<0.000000e+00> : tensor<32xf32>
// CHECK: %[[B:.*]] = tensor.concat dim(0) %[[ZQ]], %[[BK]], %[[ZV]] : {{.*}} -> tensor<64xf32>
// CHECK: %[[Y:.*]] = block.linear ins(%[[X]], %[[W]] : {{.*}}) bias(%[[B]] : {{.*}}) outs(%{{.*}} : tensor<?x9x64xf32>)
// CHECK: %[[N:.*]] = tensor.dim %[[Y]]
// CHECK-DAG: tensor.extract_slice %[[Y]][0, 0, 0] [%{{.*}}, 9, 16] [1, 1, 1]
// CHECK-DAG: tensor.extract_slice %[[Y]][0, 0, 16] [%{{.*}}, 9, 16] [1, 1, 1]
// CHECK-DAG: tensor.extract_slice %[[Y]][0, 0, 32] [%{{.*}}, 9, 32] [1, 1, 1]
// CHECK: block.add
// CHECK: block.linear {{.*}}gelu_erf
// CHECK-NOT: block.linear
// CHECK: return

// SPLIT-LABEL: func.func @self
// SPLIT: %[[W:.*]] = block.get_weight @weight_0 : tensor<7x64xf32>
// SPLIT: %[[B:.*]] = block.get_weight @weight_1 : tensor<64xf32>
// SPLIT: block.linear ins(%{{.*}}, %[[W]] : {{.*}}) bias(%[[B]] :
func.func @self(%x: tensor<?x9x7xf32>, %i: tensor<?x9x16xf32>, %j: tensor<?x9x32xf32>)
    -> (tensor<?x9x16xf32>, tensor<?x9x32xf32>, tensor<?x9x16xf32>) {
  %wq = perceiver.get_parameter @wq : tensor<7x16xf32>
  %q = block.linear ins(%x, %wq : tensor<?x9x7xf32>, tensor<7x16xf32>) outs(%i : tensor<?x9x16xf32>) -> tensor<?x9x16xf32>
  %wk = perceiver.get_parameter @wk : tensor<7x16xf32>
  %bk = perceiver.get_parameter @bk : tensor<16xf32>
  %k = block.linear ins(%x, %wk : tensor<?x9x7xf32>, tensor<7x16xf32>) bias(%bk : tensor<16xf32>)
      outs(%i : tensor<?x9x16xf32>) -> tensor<?x9x16xf32>
  %a = block.add ins(%q, %k : tensor<?x9x16xf32>, tensor<?x9x16xf32>) outs(%i : tensor<?x9x16xf32>) -> tensor<?x9x16xf32>
  %m = block.linear ins(%x, %wq : tensor<?x9x7xf32>, tensor<7x16xf32>) outs(%i : tensor<?x9x16xf32>)
      {activation = #perceiver.activation<gelu_erf>} -> tensor<?x9x16xf32>
  %wv = perceiver.get_parameter @wv : tensor<7x32xf32>
  %v = block.linear ins(%x, %wv : tensor<?x9x7xf32>, tensor<7x32xf32>) outs(%j : tensor<?x9x32xf32>) -> tensor<?x9x32xf32>
  return %a, %v, %m : tensor<?x9x16xf32>, tensor<?x9x32xf32>, tensor<?x9x16xf32>
}

// -----

// Inside of a loop, with families.

perceiver.parameter @wk : tensor<7x16xf32> key "{}.key.weight" count 3 transpose
perceiver.parameter @wv : tensor<7x16xf32> key "{}.value.weight" count 3 transpose

// SPLIT-LABEL: func.func @loop
// SPLIT: scf.for %[[I:[a-z0-9]+]]
// SPLIT: block.get_weight @weight_0[%[[I]]] : tensor<7x32xf32>
// SPLIT: block.weight @weight_0 : tensor<7x32xf32> count 3
func.func @loop(%x: tensor<9x7xf32>, %y: tensor<9x16xf32>) -> tensor<9x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %e = tensor.empty() : tensor<9x16xf32>
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%a = %y) -> tensor<9x16xf32> {
    %wk = perceiver.get_parameter @wk[%i] : tensor<7x16xf32>
    %k = block.linear ins(%x, %wk : tensor<9x7xf32>, tensor<7x16xf32>) outs(%e : tensor<9x16xf32>) -> tensor<9x16xf32>
    %wv = perceiver.get_parameter @wv[%i] : tensor<7x16xf32>
    %v = block.linear ins(%x, %wv : tensor<9x7xf32>, tensor<7x16xf32>) outs(%e : tensor<9x16xf32>) -> tensor<9x16xf32>
    %b = block.add ins(%k, %v : tensor<9x16xf32>, tensor<9x16xf32>) outs(%e : tensor<9x16xf32>) -> tensor<9x16xf32>
    %c = block.add ins(%a, %b : tensor<9x16xf32>, tensor<9x16xf32>) outs(%e : tensor<9x16xf32>) -> tensor<9x16xf32>
    scf.yield %c : tensor<9x16xf32>
  }
  return %r : tensor<9x16xf32>
}
