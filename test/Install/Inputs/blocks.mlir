perceiver.parameter @q : tensor<32x32xf32> key "q"
perceiver.parameter @k : tensor<32x32xf32> key "k"
perceiver.parameter @v : tensor<32x32xf32> key "v"
perceiver.parameter @o : tensor<32x32xf32> key "o"

func.func @run(%z: tensor<?x16x32xf32>) -> tensor<?x16x32xf32> {
  %p = perceiver.process iterations = 2 (%s = %z : tensor<?x16x32xf32>) -> tensor<?x16x32xf32> {
    %0 = perceiver.self_block %s heads = 4 qk_channels = 32 v_channels = 32 mlp = none
        weights {query = [@q], key = [@k], value = [@v], output = [@o]} : tensor<?x16x32xf32>
    perceiver.yield %0 : tensor<?x16x32xf32>
  }
  return %p : tensor<?x16x32xf32>
}
