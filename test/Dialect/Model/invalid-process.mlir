// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected at least one iteration, but got 0}}
  %0 = perceiver.process iterations = 0 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    perceiver.yield %s : tensor<?x5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a state of rank 3, but got 'tensor<5x12xf32>'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<5x12xf32>) -> tensor<5x12xf32> {
    perceiver.yield %s : tensor<5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<4x12xf32>) {
  // expected-error @+1 {{expected the first state to have the type 'tensor<?x5x12xf32>', with or without batch, but got 'tensor<4x12xf32>'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<4x12xf32>) -> tensor<?x5x12xf32> {
    perceiver.yield %s : tensor<?x5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<5x12xf32>) {
  // expected-error @+1 {{expected only queries of cross_block to use a state that starts without batch}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
    // expected-note @+1 {{another use is here}}
    perceiver.yield %s : tensor<?x5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>, %y: tensor<4x5x12xf32>) {
  // expected-error @+1 {{expected to yield 'tensor<?x5x12xf32>', but got 'tensor<4x5x12xf32>'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    perceiver.yield %y : tensor<4x5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected one argument of the region, of type 'tensor<?x5x12xf32>'}}
  %0 = "perceiver.process"(%z) <{iterations = 2 : i64}> ({
    perceiver.yield %z : tensor<?x5x12xf32>
  }) : (tensor<?x5x12xf32>) -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a region that ends in perceiver.yield}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    llvm.unreachable
  }
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a body that ends in 'perceiver.yield'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %1 = perceiver.mean_pool %s : tensor<?x5x12xf32> -> tensor<?x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a body that ends in 'perceiver.yield'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
  }
  return
}
