// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Five loops that each start from the state of the loop around them, which is
// copied on the way, are one loop with as many iterations.

perceiver.parameter @query : tensor<8x8xf32> key "query"
perceiver.parameter @key : tensor<8x8xf32> key "key"
perceiver.parameter @value : tensor<8x8xf32> key "value"
perceiver.parameter @output : tensor<8x8xf32> key "output"

check.checkpoint {
  %0 = check.generate "query" scale = 0.05 : tensor<8x8xf32>
  check.tensor "query", %0 : tensor<8x8xf32>
  %1 = check.generate "key" scale = 0.05 : tensor<8x8xf32>
  check.tensor "key", %1 : tensor<8x8xf32>
  %2 = check.generate "value" scale = 0.05 : tensor<8x8xf32>
  check.tensor "value", %2 : tensor<8x8xf32>
  %3 = check.generate "output" scale = 0.05 : tensor<8x8xf32>
  check.tensor "output", %3 : tensor<8x8xf32>
}

func.func @nested(%x: tensor<?x5x8xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]}) -> (tensor<?x5x8xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %p1 = perceiver.process iterations = 2 (%s1 = %x : tensor<?x5x8xf32>) -> tensor<?x5x8xf32> {
    %p2 = perceiver.process iterations = 2 (%s2 = %s1 : tensor<?x5x8xf32>) -> tensor<?x5x8xf32> {
      %p3 = perceiver.process iterations = 2 (%s3 = %s2 : tensor<?x5x8xf32>) -> tensor<?x5x8xf32> {
        %p4 = perceiver.process iterations = 2 (%s4 = %s3 : tensor<?x5x8xf32>) -> tensor<?x5x8xf32> {
          %p5 = perceiver.process iterations = 2 (%s5 = %s4 : tensor<?x5x8xf32>) -> tensor<?x5x8xf32> {
            %y = perceiver.self_block %s5 heads = 2 qk_channels = 8 v_channels = 8 mlp = none
                weights {query = [@query], key = [@key], value = [@value], output = [@output]} : tensor<?x5x8xf32>
            perceiver.yield %y : tensor<?x5x8xf32>
          }
          perceiver.yield %p5 : tensor<?x5x8xf32>
        }
        perceiver.yield %p4 : tensor<?x5x8xf32>
      }
      perceiver.yield %p3 : tensor<?x5x8xf32>
    }
    perceiver.yield %p2 : tensor<?x5x8xf32>
  }
  return %p1 : tensor<?x5x8xf32>
}

func.func @flat(%x: tensor<?x5x8xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]}) -> (tensor<?x5x8xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %p = perceiver.process iterations = 32 (%s = %x : tensor<?x5x8xf32>) -> tensor<?x5x8xf32> {
    %y = perceiver.self_block %s heads = 2 qk_channels = 8 v_channels = 8 mlp = none
        weights {query = [@query], key = [@key], value = [@value], output = [@output]} : tensor<?x5x8xf32>
    perceiver.yield %y : tensor<?x5x8xf32>
  }
  return %p : tensor<?x5x8xf32>
}

check.test "the same bits" {
  %x = check.generate "x" : tensor<3x5x8xf32>
  %a = check.run @nested(%x) : (tensor<3x5x8xf32>) -> tensor<3x5x8xf32>
  %b = check.run @flat(%x) : (tensor<3x5x8xf32>) -> tensor<3x5x8xf32>
  check.expect_equal %a, %b : tensor<3x5x8xf32>
}
