// perceiver-reduce keeps the function with the operation that the script looks
// for and drops the others; passes can be asked to make it smaller as well.

// RUN: perceiver-reduce %s --reduction-tree='traversal-mode=0 test=%S/Inputs/has_process.sh' 2> %t.log | FileCheck %s
// RUN: perceiver-reduce %s --opt-reduction-pass='opt-pass=symbol-dce test=%S/Inputs/has_process.sh' | FileCheck %s --check-prefix=PASS

// CHECK-NOT: func.func
// CHECK: func.func {{.*}}@process
// CHECK: perceiver.process
// CHECK-NOT: func.func

// PASS-NOT: @unused
// PASS: perceiver.process

func.func @before(%x: tensor<2x7x5xf32>) -> tensor<2x5xf32> {
  %0 = perceiver.mean_pool %x : tensor<2x7x5xf32> -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

func.func private @unused(%x: tensor<2x7x5xf32>) -> tensor<2x7x5xf32> {
  return %x : tensor<2x7x5xf32>
}

func.func @process(%x: tensor<2x7x5xf32>) -> tensor<2x7x5xf32> {
  %0 = perceiver.process iterations = 3 (%s = %x : tensor<2x7x5xf32>) -> tensor<2x7x5xf32> {
    perceiver.yield %s : tensor<2x7x5xf32>
  }
  return %0 : tensor<2x7x5xf32>
}

func.func @after(%x: tensor<2x7x5xf32>) -> tensor<2x5xf32> {
  %0 = perceiver.mean_pool %x : tensor<2x7x5xf32> -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}
