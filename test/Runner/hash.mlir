// RUN: perceiver-test-runner %s --target-cpu=native --hash | FileCheck %s --strict-whitespace --match-full-lines
// RUN: perceiver-test-runner %s --target-cpu=native | count 0

// The bytes of each output, of 8 times 1.0 and of 16 times -2.5 as float32,
// once for all ways to run an entry.

func.func @mean(%x: tensor<?x2x8xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.mean_pool %x : tensor<?x2x8xf32> -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

check.test "one and two rows" {
  %x0 = arith.constant dense<1.0> : tensor<1x2x8xf32>
  // CHECK:4f05df05f8da9356bd66425351f166a5f7305b7c805e6900d9ec0f50790c9886 native one and two rows: run 1, @mean, 'y'
  %y0 = check.run @mean(%x0) : (tensor<1x2x8xf32>) -> tensor<1x8xf32>
  %x1 = arith.constant dense<-2.5> : tensor<2x2x8xf32>
  // CHECK-NEXT:a43f153eb9544da79444188f268c26542ac17c2b70475fea046bd82855b5a3ec native one and two rows: run 2, @mean, 'y'
  %y1 = check.run @mean(%x1) : (tensor<2x2x8xf32>) -> tensor<2x8xf32>
}

check.test "another test" {
  %x = arith.constant dense<1.0> : tensor<1x2x8xf32>
  // CHECK-NEXT:4f05df05f8da9356bd66425351f166a5f7305b7c805e6900d9ec0f50790c9886 native another test: run 1, @mean, 'y'
  %y = check.run @mean(%x) : (tensor<1x2x8xf32>) -> tensor<1x8xf32>
}
// CHECK-NOT:{{.+}}
