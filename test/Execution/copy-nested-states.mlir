// RUN: perceiver-opt %s --perceiver-copy-nested-states --allow-unregistered-dialect | FileCheck %s

// A process in a process, in a process, .. copies nothing.

// CHECK-LABEL: func.func @four
func.func @four(%x: tensor<?x3x4xf32>, %a: index, %b: index, %c: index) -> tensor<?x3x4xf32> {
  %p1 = scf.for %i1 = %a to %b step %c iter_args(%s1 = %x) -> (tensor<?x3x4xf32>) {
    %p2 = scf.for %i2 = %a to %b step %c iter_args(%s2 = %s1) -> (tensor<?x3x4xf32>) {
      %p3 = scf.for %i3 = %a to %b step %c iter_args(%s3 = %s2) -> (tensor<?x3x4xf32>) {
        %p4 = scf.for %i4 = %a to %b step %c iter_args(%s4 = %s3) -> (tensor<?x3x4xf32>) {
          %y = "test.block"(%s4) : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
          scf.yield %y : tensor<?x3x4xf32>
        }
        scf.yield %p4 : tensor<?x3x4xf32>
      }
      scf.yield %p3 : tensor<?x3x4xf32>
    }
    scf.yield %p2 : tensor<?x3x4xf32>
  }
  // CHECK-NOT: linalg.copy
  // CHECK: return
  return %p1 : tensor<?x3x4xf32>
}

// The fifth loop starts from a copy, and the ninth again.

// CHECK-LABEL: func.func @nine
func.func @nine(%x: tensor<?x3x4xf32>, %a: index, %b: index, %c: index) -> tensor<?x3x4xf32> {
  %p1 = scf.for %i1 = %a to %b step %c iter_args(%s1 = %x) -> (tensor<?x3x4xf32>) {
    %p2 = scf.for %i2 = %a to %b step %c iter_args(%s2 = %s1) -> (tensor<?x3x4xf32>) {
      %p3 = scf.for %i3 = %a to %b step %c iter_args(%s3 = %s2) -> (tensor<?x3x4xf32>) {
        // CHECK-COUNT-3: scf.for
        // CHECK: scf.for {{.*}} iter_args(%[[FOURTH:.*]] = %
        %p4 = scf.for %i4 = %a to %b step %c iter_args(%s4 = %s3) -> (tensor<?x3x4xf32>) {
          // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : index
          // CHECK-NEXT: %[[SIZE:.*]] = tensor.dim %[[FOURTH]], %[[ZERO]]
          // CHECK-NEXT: %[[EMPTY:.*]] = tensor.empty(%[[SIZE]]) : tensor<?x3x4xf32>
          // CHECK-NEXT: %[[COPY:.*]] = linalg.copy ins(%[[FOURTH]] : {{.*}}) outs(%[[EMPTY]]
          // CHECK-NEXT: scf.for {{.*}} iter_args(%{{.*}} = %[[COPY]])
          %p5 = scf.for %i5 = %a to %b step %c iter_args(%s5 = %s4) -> (tensor<?x3x4xf32>) {
            %p6 = scf.for %i6 = %a to %b step %c iter_args(%s6 = %s5) -> (tensor<?x3x4xf32>) {
              %p7 = scf.for %i7 = %a to %b step %c iter_args(%s7 = %s6) -> (tensor<?x3x4xf32>) {
                %p8 = scf.for %i8 = %a to %b step %c iter_args(%s8 = %s7) -> (tensor<?x3x4xf32>) {
                  // CHECK: linalg.copy
                  %p9 = scf.for %i9 = %a to %b step %c iter_args(%s9 = %s8) -> (tensor<?x3x4xf32>) {
                    // CHECK-NOT: linalg.copy
                    %y = "test.block"(%s9) : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
                    scf.yield %y : tensor<?x3x4xf32>
                  }
                  scf.yield %p9 : tensor<?x3x4xf32>
                }
                scf.yield %p8 : tensor<?x3x4xf32>
              }
              scf.yield %p7 : tensor<?x3x4xf32>
            }
            scf.yield %p6 : tensor<?x3x4xf32>
          }
          scf.yield %p5 : tensor<?x3x4xf32>
        }
        scf.yield %p4 : tensor<?x3x4xf32>
      }
      scf.yield %p3 : tensor<?x3x4xf32>
    }
    scf.yield %p2 : tensor<?x3x4xf32>
  }
  // CHECK: return
  return %p1 : tensor<?x3x4xf32>
}

// One loop after the other is no better.

// CHECK-LABEL: func.func @row
func.func @row(%x: tensor<3x4xf32>, %a: index, %b: index, %c: index) -> tensor<3x4xf32> {
  // CHECK-COUNT-3: scf.for
  // CHECK-NOT: linalg.copy
  // CHECK: %[[FOURTH:.*]] = scf.for
  // CHECK: %[[COPY:.*]] = linalg.copy ins(%[[FOURTH]]
  // CHECK-NEXT: scf.for {{.*}} iter_args(%{{.*}} = %[[COPY]])
  // CHECK-NOT: linalg.copy
  %p1 = scf.for %i = %a to %b step %c iter_args(%s = %x) -> (tensor<3x4xf32>) {
    %y = "test.block"(%s) : (tensor<3x4xf32>) -> tensor<3x4xf32>
    scf.yield %y : tensor<3x4xf32>
  }
  %p2 = scf.for %i = %a to %b step %c iter_args(%s = %p1) -> (tensor<3x4xf32>) {
    %y = "test.block"(%s) : (tensor<3x4xf32>) -> tensor<3x4xf32>
    scf.yield %y : tensor<3x4xf32>
  }
  %p3 = scf.for %i = %a to %b step %c iter_args(%s = %p2) -> (tensor<3x4xf32>) {
    %y = "test.block"(%s) : (tensor<3x4xf32>) -> tensor<3x4xf32>
    scf.yield %y : tensor<3x4xf32>
  }
  %p4 = scf.for %i = %a to %b step %c iter_args(%s = %p3) -> (tensor<3x4xf32>) {
    %y = "test.block"(%s) : (tensor<3x4xf32>) -> tensor<3x4xf32>
    scf.yield %y : tensor<3x4xf32>
  }
  %p5 = scf.for %i = %a to %b step %c iter_args(%s = %p4) -> (tensor<3x4xf32>) {
    %y = "test.block"(%s) : (tensor<3x4xf32>) -> tensor<3x4xf32>
    scf.yield %y : tensor<3x4xf32>
  }
  return %p5 : tensor<3x4xf32>
}

// A view of a state is the state.

// CHECK-LABEL: func.func @views
func.func @views(%x: tensor<2x3x4xf32>, %a: index, %b: index, %c: index) -> tensor<2x3x4xf32> {
  %p1 = scf.for %i1 = %a to %b step %c iter_args(%s1 = %x) -> (tensor<2x3x4xf32>) {
    %u2 = tensor.collapse_shape %s1 [[0], [1, 2]] : tensor<2x3x4xf32> into tensor<2x12xf32>
    %v2 = tensor.expand_shape %u2 [[0], [1, 2]] output_shape [2, 3, 4] : tensor<2x12xf32> into tensor<2x3x4xf32>
    %p2 = scf.for %i2 = %a to %b step %c iter_args(%s2 = %v2) -> (tensor<2x3x4xf32>) {
      %u3 = tensor.collapse_shape %s2 [[0], [1, 2]] : tensor<2x3x4xf32> into tensor<2x12xf32>
      %v3 = tensor.expand_shape %u3 [[0], [1, 2]] output_shape [2, 3, 4] : tensor<2x12xf32> into tensor<2x3x4xf32>
      %p3 = scf.for %i3 = %a to %b step %c iter_args(%s3 = %v3) -> (tensor<2x3x4xf32>) {
        %u4 = tensor.collapse_shape %s3 [[0], [1, 2]] : tensor<2x3x4xf32> into tensor<2x12xf32>
        %v4 = tensor.expand_shape %u4 [[0], [1, 2]] output_shape [2, 3, 4] : tensor<2x12xf32> into tensor<2x3x4xf32>
        %p4 = scf.for %i4 = %a to %b step %c iter_args(%s4 = %v4) -> (tensor<2x3x4xf32>) {
          %u5 = tensor.collapse_shape %s4 [[0], [1, 2]] : tensor<2x3x4xf32> into tensor<2x12xf32>
          %v5 = tensor.expand_shape %u5 [[0], [1, 2]] output_shape [2, 3, 4] : tensor<2x12xf32> into tensor<2x3x4xf32>
          // CHECK: %[[COPY:.*]] = linalg.copy
          // CHECK-NEXT: scf.for {{.*}} iter_args(%{{.*}} = %[[COPY]])
          %p5 = scf.for %i5 = %a to %b step %c iter_args(%s5 = %v5) -> (tensor<2x3x4xf32>) {
            %y = "test.block"(%s5) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
            scf.yield %y : tensor<2x3x4xf32>
          }
          scf.yield %p5 : tensor<2x3x4xf32>
        }
        scf.yield %p4 : tensor<2x3x4xf32>
      }
      scf.yield %p3 : tensor<2x3x4xf32>
    }
    scf.yield %p2 : tensor<2x3x4xf32>
  }
  return %p1 : tensor<2x3x4xf32>
}
