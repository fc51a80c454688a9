// RUN: perceiver-opt %s --perceiver-verify-description -o /dev/null

// A mask that callers may leave out is passed on through many functions.

func.func @run(%mask: tensor<4x8xf32> {perceiver.name = "mask", perceiver.default = true})
    -> (tensor<4x8xi1> {perceiver.name = "keys"}) attributes {perceiver.entry} {
  %keys = call @pass_0(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %keys : tensor<4x8xi1>
}

func.func private @pass_0(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_1(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_1(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_2(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_2(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_3(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_3(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_4(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_4(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_5(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_5(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_6(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_6(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_7(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_7(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_8(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_8(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_9(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_9(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_10(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_10(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_11(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_11(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_12(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_12(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_13(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_13(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_14(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_14(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_15(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_15(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_16(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_16(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_17(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_17(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = call @pass_18(%mask) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}

func.func private @pass_18(%mask: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %0 = perceiver.to_mask %mask : tensor<4x8xf32> -> tensor<4x8xi1>
  return %0 : tensor<4x8xi1>
}
