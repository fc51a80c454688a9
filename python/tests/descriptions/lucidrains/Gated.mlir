// gated.Perceiver of lucidrains' perceiver-pytorch. Written by
// perceiver-import for the weights of model.safetensors, under the names that they have there.
//
//   data [batch, 4, 5, 3]
//       -> rows of 21 channels
//     encode   5 latents of 12 channels; 3 times:
//       cross-attention to the rows, 2 heads of 6 channels
//       self-attention, 3 heads of 4 channels
//       each in a gated recurrent unit
//     decode   average over the latents, layer norm, linear layer
//     -> output [batch, 7]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the inputs, which are read in each layer, to the latents.
func.func @encode(
    %data: tensor<?x4x5x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]},
    %mask: tensor<?x4x5xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"], perceiver.default = true})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %elements = tensor.collapse_shape %data [[0], [1, 2], [3]]
      : tensor<?x4x5x3xf32> into tensor<?x20x3xf32>
  %positions = perceiver.fourier_positions grid = [4, 5] bands = 4 max_resolution = [10, 10] layout = axis_major
      : tensor<20x18xf32>
  %x = perceiver.concat %elements, %positions
      : (tensor<?x20x3xf32>, tensor<20x18xf32>) -> tensor<?x20x21xf32>
  %keys = tensor.collapse_shape %mask [[0], [1, 2]] : tensor<?x4x5xi1> into tensor<?x20xi1>
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %0 = perceiver.cross_block %latents, %x mask(%keys : tensor<?x20xi1>) heads = 2 qk_channels = 12 v_channels = 12 mlp = none
      weights @first_cross without_bias [query, key, value] {masked_rows = #perceiver.masked_rows<uniform>, residual = false}
      : tensor<5x12xf32>, tensor<?x20x21xf32> -> tensor<?x5x12xf32>
  %1 = perceiver.project %0 weight @first_cross.input_reset.weight bias @first_cross.input_reset.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %2 = perceiver.project %latents weight @first_cross.state_reset.weight bias @first_cross.state_reset.bias
      : tensor<5x12xf32> -> tensor<5x12xf32>
  %3 = perceiver.add %1, %2 : tensor<?x5x12xf32>, tensor<5x12xf32> -> tensor<?x5x12xf32>
  %4 = perceiver.activate %3 with sigmoid : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %5 = perceiver.project %0 weight @first_cross.input_update.weight bias @first_cross.input_update.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %6 = perceiver.project %latents weight @first_cross.state_update.weight bias @first_cross.state_update.bias
      : tensor<5x12xf32> -> tensor<5x12xf32>
  %7 = perceiver.add %5, %6 : tensor<?x5x12xf32>, tensor<5x12xf32> -> tensor<?x5x12xf32>
  %8 = perceiver.activate %7 with sigmoid : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %9 = perceiver.project %latents weight @first_cross.state_new.weight bias @first_cross.state_new.bias
      : tensor<5x12xf32> -> tensor<5x12xf32>
  %10 = perceiver.multiply %4, %9 : tensor<?x5x12xf32>, tensor<5x12xf32> -> tensor<?x5x12xf32>
  %11 = perceiver.project %0 weight @first_cross.input_new.weight bias @first_cross.input_new.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %12 = perceiver.add %11, %10 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %13 = perceiver.activate %12 with tanh : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %14 = perceiver.scale %13 by -1.0 : tensor<?x5x12xf32>
  %15 = perceiver.add %14, %latents : tensor<?x5x12xf32>, tensor<5x12xf32> -> tensor<?x5x12xf32>
  %16 = perceiver.multiply %8, %15 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %17 = perceiver.add %13, %16 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %18 = perceiver.norm %17 weight @first_cross_ff.mlp_norm.weight bias @first_cross_ff.mlp_norm.bias
      : tensor<?x5x12xf32>
  %19 = perceiver.project %18 weight @first_cross_ff.mlp_in.weight bias @first_cross_ff.mlp_in.bias activation = gated(gelu_erf)
      : tensor<?x5x12xf32> -> tensor<?x5x48xf32>
  %20 = perceiver.project %19 weight @first_cross_ff.mlp_out.weight bias @first_cross_ff.mlp_out.bias
      : tensor<?x5x48xf32> -> tensor<?x5x12xf32>
  %21 = perceiver.add %17, %20 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %22 = perceiver.self_block %21 heads = 3 qk_channels = 12 v_channels = 12 mlp = none
      weights @first_self without_bias [query, key, value] {residual = false} : tensor<?x5x12xf32>
  %23 = perceiver.project %22 weight @first_self.input_reset.weight bias @first_self.input_reset.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %24 = perceiver.project %21 weight @first_self.state_reset.weight bias @first_self.state_reset.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %25 = perceiver.add %23, %24 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %26 = perceiver.activate %25 with sigmoid : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %27 = perceiver.project %22 weight @first_self.input_update.weight bias @first_self.input_update.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %28 = perceiver.project %21 weight @first_self.state_update.weight bias @first_self.state_update.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %29 = perceiver.add %27, %28 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %30 = perceiver.activate %29 with sigmoid : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %31 = perceiver.project %21 weight @first_self.state_new.weight bias @first_self.state_new.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %32 = perceiver.multiply %26, %31 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %33 = perceiver.project %22 weight @first_self.input_new.weight bias @first_self.input_new.bias
      : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %34 = perceiver.add %33, %32 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %35 = perceiver.activate %34 with tanh : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %36 = perceiver.scale %35 by -1.0 : tensor<?x5x12xf32>
  %37 = perceiver.add %36, %21 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %38 = perceiver.multiply %30, %37 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %39 = perceiver.add %35, %38 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %40 = perceiver.norm %39 weight @first_self_ff.mlp_norm.weight bias @first_self_ff.mlp_norm.bias
      : tensor<?x5x12xf32>
  %41 = perceiver.project %40 weight @first_self_ff.mlp_in.weight bias @first_self_ff.mlp_in.bias activation = gated(gelu_erf)
      : tensor<?x5x12xf32> -> tensor<?x5x48xf32>
  %42 = perceiver.project %41 weight @first_self_ff.mlp_out.weight bias @first_self_ff.mlp_out.bias
      : tensor<?x5x48xf32> -> tensor<?x5x12xf32>
  %43 = perceiver.add %39, %42 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %z = perceiver.process iterations = 2 (%44 = %43 : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %45 = perceiver.cross_block %44, %x mask(%keys : tensor<?x20xi1>) heads = 2 qk_channels = 12 v_channels = 12 mlp = none
        weights @cross without_bias [query, key, value] {masked_rows = #perceiver.masked_rows<uniform>, residual = false}
        : tensor<?x5x12xf32>, tensor<?x20x21xf32> -> tensor<?x5x12xf32>
    %46 = perceiver.project %45 weight @cross.input_reset.weight bias @cross.input_reset.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %47 = perceiver.project %44 weight @cross.state_reset.weight bias @cross.state_reset.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %48 = perceiver.add %46, %47 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %49 = perceiver.activate %48 with sigmoid : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %50 = perceiver.project %45 weight @cross.input_update.weight bias @cross.input_update.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %51 = perceiver.project %44 weight @cross.state_update.weight bias @cross.state_update.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %52 = perceiver.add %50, %51 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %53 = perceiver.activate %52 with sigmoid : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %54 = perceiver.project %44 weight @cross.state_new.weight bias @cross.state_new.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %55 = perceiver.multiply %49, %54 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %56 = perceiver.project %45 weight @cross.input_new.weight bias @cross.input_new.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %57 = perceiver.add %56, %55 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %58 = perceiver.activate %57 with tanh : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %59 = perceiver.scale %58 by -1.0 : tensor<?x5x12xf32>
    %60 = perceiver.add %59, %44 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %61 = perceiver.multiply %53, %60 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %62 = perceiver.add %58, %61 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %63 = perceiver.norm %62 weight @cross_ff.mlp_norm.weight bias @cross_ff.mlp_norm.bias
        : tensor<?x5x12xf32>
    %64 = perceiver.project %63 weight @cross_ff.mlp_in.weight bias @cross_ff.mlp_in.bias activation = gated(gelu_erf)
        : tensor<?x5x12xf32> -> tensor<?x5x48xf32>
    %65 = perceiver.project %64 weight @cross_ff.mlp_out.weight bias @cross_ff.mlp_out.bias
        : tensor<?x5x48xf32> -> tensor<?x5x12xf32>
    %66 = perceiver.add %62, %65 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %67 = perceiver.self_block %66 heads = 3 qk_channels = 12 v_channels = 12 mlp = none
        weights @self without_bias [query, key, value] {residual = false} : tensor<?x5x12xf32>
    %68 = perceiver.project %67 weight @self.input_reset.weight bias @self.input_reset.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %69 = perceiver.project %66 weight @self.state_reset.weight bias @self.state_reset.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %70 = perceiver.add %68, %69 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %71 = perceiver.activate %70 with sigmoid : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %72 = perceiver.project %67 weight @self.input_update.weight bias @self.input_update.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %73 = perceiver.project %66 weight @self.state_update.weight bias @self.state_update.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %74 = perceiver.add %72, %73 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %75 = perceiver.activate %74 with sigmoid : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %76 = perceiver.project %66 weight @self.state_new.weight bias @self.state_new.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %77 = perceiver.multiply %71, %76 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %78 = perceiver.project %67 weight @self.input_new.weight bias @self.input_new.bias
        : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %79 = perceiver.add %78, %77 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %80 = perceiver.activate %79 with tanh : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %81 = perceiver.scale %80 by -1.0 : tensor<?x5x12xf32>
    %82 = perceiver.add %81, %66 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %83 = perceiver.multiply %75, %82 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %84 = perceiver.add %80, %83 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %85 = perceiver.norm %84 weight @self_ff.mlp_norm.weight bias @self_ff.mlp_norm.bias
        : tensor<?x5x12xf32>
    %86 = perceiver.project %85 weight @self_ff.mlp_in.weight bias @self_ff.mlp_in.bias activation = gated(gelu_erf)
        : tensor<?x5x12xf32> -> tensor<?x5x48xf32>
    %87 = perceiver.project %86 weight @self_ff.mlp_out.weight bias @self_ff.mlp_out.bias
        : tensor<?x5x48xf32> -> tensor<?x5x12xf32>
    %88 = perceiver.add %84, %87 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    perceiver.yield %88 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// From the latents to logits.
func.func @decode(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %mean = perceiver.mean_pool %latents : tensor<?x5x12xf32> -> tensor<?x12xf32>
  %normed = perceiver.norm %mean weight @head_norm.weight bias @head_norm.bias : tensor<?x12xf32>
  %logits = perceiver.project %normed weight @classes.weight bias @classes.bias
      : tensor<?x12xf32> -> tensor<?x7xf32>
  return %logits : tensor<?x7xf32>
}

// All of it.
func.func @run(
    %data: tensor<?x4x5x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]},
    %mask: tensor<?x4x5xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"], perceiver.default = true})
    -> (tensor<?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%data, %mask) : (tensor<?x4x5x3xf32>, tensor<?x4x5xi1>) -> tensor<?x5x12xf32>
  %output = call @decode(%0) : (tensor<?x5x12xf32>) -> tensor<?x7xf32>
  return %output : tensor<?x7xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

perceiver.parameter @latents : tensor<5x12xf32> key "latents"

// The cross-attention to the inputs.
perceiver.parameter @first_cross.q_norm.weight : tensor<12xf32>
    key "layers.0.0.fn.norm.weight"
perceiver.parameter @first_cross.q_norm.bias : tensor<12xf32>
    key "layers.0.0.fn.norm.bias"
perceiver.parameter @first_cross.kv_norm.weight : tensor<21xf32>
    key "layers.0.0.fn.norm_context.weight"
perceiver.parameter @first_cross.kv_norm.bias : tensor<21xf32>
    key "layers.0.0.fn.norm_context.bias"
perceiver.parameter @first_cross.query.weight : tensor<12x12xf32>
    key "layers.0.0.fn.fn.to_q.weight" transpose
perceiver.parameter @first_cross.key.weight : tensor<21x12xf32>
    key "layers.0.0.fn.fn.to_kv.weight" slice [0:12, 0:21] of [24, 21] transpose
perceiver.parameter @first_cross.value.weight : tensor<21x12xf32>
    key "layers.0.0.fn.fn.to_kv.weight" slice [12:24, 0:21] of [24, 21] transpose
perceiver.parameter @first_cross.output.weight : tensor<12x12xf32>
    key "layers.0.0.fn.fn.to_out.weight" transpose
perceiver.parameter @first_cross.output.bias : tensor<12xf32>
    key "layers.0.0.fn.fn.to_out.bias"
perceiver.parameter @first_cross.input_reset.weight : tensor<12x12xf32>
    key "layers.0.0.gru.weight_ih" slice [0:12, 0:12] of [36, 12] transpose
perceiver.parameter @first_cross.input_reset.bias : tensor<12xf32>
    key "layers.0.0.gru.bias_ih" slice [0:12] of [36]
perceiver.parameter @first_cross.input_update.weight : tensor<12x12xf32>
    key "layers.0.0.gru.weight_ih" slice [12:24, 0:12] of [36, 12] transpose
perceiver.parameter @first_cross.input_update.bias : tensor<12xf32>
    key "layers.0.0.gru.bias_ih" slice [12:24] of [36]
perceiver.parameter @first_cross.input_new.weight : tensor<12x12xf32>
    key "layers.0.0.gru.weight_ih" slice [24:36, 0:12] of [36, 12] transpose
perceiver.parameter @first_cross.input_new.bias : tensor<12xf32>
    key "layers.0.0.gru.bias_ih" slice [24:36] of [36]
perceiver.parameter @first_cross.state_reset.weight : tensor<12x12xf32>
    key "layers.0.0.gru.weight_hh" slice [0:12, 0:12] of [36, 12] transpose
perceiver.parameter @first_cross.state_reset.bias : tensor<12xf32>
    key "layers.0.0.gru.bias_hh" slice [0:12] of [36]
perceiver.parameter @first_cross.state_update.weight : tensor<12x12xf32>
    key "layers.0.0.gru.weight_hh" slice [12:24, 0:12] of [36, 12] transpose
perceiver.parameter @first_cross.state_update.bias : tensor<12xf32>
    key "layers.0.0.gru.bias_hh" slice [12:24] of [36]
perceiver.parameter @first_cross.state_new.weight : tensor<12x12xf32>
    key "layers.0.0.gru.weight_hh" slice [24:36, 0:12] of [36, 12] transpose
perceiver.parameter @first_cross.state_new.bias : tensor<12xf32>
    key "layers.0.0.gru.bias_hh" slice [24:36] of [36]
perceiver.parameter @first_cross_ff.mlp_norm.weight : tensor<12xf32>
    key "layers.0.1.fn.norm.weight"
perceiver.parameter @first_cross_ff.mlp_norm.bias : tensor<12xf32>
    key "layers.0.1.fn.norm.bias"
perceiver.parameter @first_cross_ff.mlp_in.weight : tensor<12x96xf32>
    key "layers.0.1.fn.fn.net.0.weight" transpose
perceiver.parameter @first_cross_ff.mlp_in.bias : tensor<96xf32>
    key "layers.0.1.fn.fn.net.0.bias"
perceiver.parameter @first_cross_ff.mlp_out.weight : tensor<48x12xf32>
    key "layers.0.1.fn.fn.net.2.weight" transpose
perceiver.parameter @first_cross_ff.mlp_out.bias : tensor<12xf32>
    key "layers.0.1.fn.fn.net.2.bias"

// The self-attention of the latents behind it.
perceiver.parameter @first_self.q_norm.weight : tensor<12xf32>
    key "layers.0.2.fn.norm.weight"
perceiver.parameter @first_self.q_norm.bias : tensor<12xf32>
    key "layers.0.2.fn.norm.bias"
perceiver.parameter @first_self.query.weight : tensor<12x12xf32>
    key "layers.0.2.fn.fn.to_q.weight" transpose
perceiver.parameter @first_self.key.weight : tensor<12x12xf32>
    key "layers.0.2.fn.fn.to_kv.weight" slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @first_self.value.weight : tensor<12x12xf32>
    key "layers.0.2.fn.fn.to_kv.weight" slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @first_self.output.weight : tensor<12x12xf32>
    key "layers.0.2.fn.fn.to_out.weight" transpose
perceiver.parameter @first_self.output.bias : tensor<12xf32>
    key "layers.0.2.fn.fn.to_out.bias"
perceiver.parameter @first_self.input_reset.weight : tensor<12x12xf32>
    key "layers.0.2.gru.weight_ih" slice [0:12, 0:12] of [36, 12] transpose
perceiver.parameter @first_self.input_reset.bias : tensor<12xf32>
    key "layers.0.2.gru.bias_ih" slice [0:12] of [36]
perceiver.parameter @first_self.input_update.weight : tensor<12x12xf32>
    key "layers.0.2.gru.weight_ih" slice [12:24, 0:12] of [36, 12] transpose
perceiver.parameter @first_self.input_update.bias : tensor<12xf32>
    key "layers.0.2.gru.bias_ih" slice [12:24] of [36]
perceiver.parameter @first_self.input_new.weight : tensor<12x12xf32>
    key "layers.0.2.gru.weight_ih" slice [24:36, 0:12] of [36, 12] transpose
perceiver.parameter @first_self.input_new.bias : tensor<12xf32>
    key "layers.0.2.gru.bias_ih" slice [24:36] of [36]
perceiver.parameter @first_self.state_reset.weight : tensor<12x12xf32>
    key "layers.0.2.gru.weight_hh" slice [0:12, 0:12] of [36, 12] transpose
perceiver.parameter @first_self.state_reset.bias : tensor<12xf32>
    key "layers.0.2.gru.bias_hh" slice [0:12] of [36]
perceiver.parameter @first_self.state_update.weight : tensor<12x12xf32>
    key "layers.0.2.gru.weight_hh" slice [12:24, 0:12] of [36, 12] transpose
perceiver.parameter @first_self.state_update.bias : tensor<12xf32>
    key "layers.0.2.gru.bias_hh" slice [12:24] of [36]
perceiver.parameter @first_self.state_new.weight : tensor<12x12xf32>
    key "layers.0.2.gru.weight_hh" slice [24:36, 0:12] of [36, 12] transpose
perceiver.parameter @first_self.state_new.bias : tensor<12xf32>
    key "layers.0.2.gru.bias_hh" slice [24:36] of [36]
perceiver.parameter @first_self_ff.mlp_norm.weight : tensor<12xf32>
    key "layers.0.3.fn.norm.weight"
perceiver.parameter @first_self_ff.mlp_norm.bias : tensor<12xf32>
    key "layers.0.3.fn.norm.bias"
perceiver.parameter @first_self_ff.mlp_in.weight : tensor<12x96xf32>
    key "layers.0.3.fn.fn.net.0.weight" transpose
perceiver.parameter @first_self_ff.mlp_in.bias : tensor<96xf32>
    key "layers.0.3.fn.fn.net.0.bias"
perceiver.parameter @first_self_ff.mlp_out.weight : tensor<48x12xf32>
    key "layers.0.3.fn.fn.net.2.weight" transpose
perceiver.parameter @first_self_ff.mlp_out.bias : tensor<12xf32>
    key "layers.0.3.fn.fn.net.2.bias"

// The cross-attention to the inputs.
perceiver.parameter @cross.q_norm.weight : tensor<12xf32>
    key "layers.{}.0.fn.norm.weight" count 2 first 1
perceiver.parameter @cross.q_norm.bias : tensor<12xf32>
    key "layers.{}.0.fn.norm.bias" count 2 first 1
perceiver.parameter @cross.kv_norm.weight : tensor<21xf32>
    key "layers.{}.0.fn.norm_context.weight" count 2 first 1
perceiver.parameter @cross.kv_norm.bias : tensor<21xf32>
    key "layers.{}.0.fn.norm_context.bias" count 2 first 1
perceiver.parameter @cross.query.weight : tensor<12x12xf32>
    key "layers.{}.0.fn.fn.to_q.weight" count 2 first 1 transpose
perceiver.parameter @cross.key.weight : tensor<21x12xf32>
    key "layers.{}.0.fn.fn.to_kv.weight" count 2 first 1 slice [0:12, 0:21] of [24, 21] transpose
perceiver.parameter @cross.value.weight : tensor<21x12xf32>
    key "layers.{}.0.fn.fn.to_kv.weight" count 2 first 1 slice [12:24, 0:21] of [24, 21] transpose
perceiver.parameter @cross.output.weight : tensor<12x12xf32>
    key "layers.{}.0.fn.fn.to_out.weight" count 2 first 1 transpose
perceiver.parameter @cross.output.bias : tensor<12xf32>
    key "layers.{}.0.fn.fn.to_out.bias" count 2 first 1
perceiver.parameter @cross.input_reset.weight : tensor<12x12xf32>
    key "layers.{}.0.gru.weight_ih" count 2 first 1 slice [0:12, 0:12] of [36, 12] transpose
perceiver.parameter @cross.input_reset.bias : tensor<12xf32>
    key "layers.{}.0.gru.bias_ih" count 2 first 1 slice [0:12] of [36]
perceiver.parameter @cross.input_update.weight : tensor<12x12xf32>
    key "layers.{}.0.gru.weight_ih" count 2 first 1 slice [12:24, 0:12] of [36, 12] transpose
perceiver.parameter @cross.input_update.bias : tensor<12xf32>
    key "layers.{}.0.gru.bias_ih" count 2 first 1 slice [12:24] of [36]
perceiver.parameter @cross.input_new.weight : tensor<12x12xf32>
    key "layers.{}.0.gru.weight_ih" count 2 first 1 slice [24:36, 0:12] of [36, 12] transpose
perceiver.parameter @cross.input_new.bias : tensor<12xf32>
    key "layers.{}.0.gru.bias_ih" count 2 first 1 slice [24:36] of [36]
perceiver.parameter @cross.state_reset.weight : tensor<12x12xf32>
    key "layers.{}.0.gru.weight_hh" count 2 first 1 slice [0:12, 0:12] of [36, 12] transpose
perceiver.parameter @cross.state_reset.bias : tensor<12xf32>
    key "layers.{}.0.gru.bias_hh" count 2 first 1 slice [0:12] of [36]
perceiver.parameter @cross.state_update.weight : tensor<12x12xf32>
    key "layers.{}.0.gru.weight_hh" count 2 first 1 slice [12:24, 0:12] of [36, 12] transpose
perceiver.parameter @cross.state_update.bias : tensor<12xf32>
    key "layers.{}.0.gru.bias_hh" count 2 first 1 slice [12:24] of [36]
perceiver.parameter @cross.state_new.weight : tensor<12x12xf32>
    key "layers.{}.0.gru.weight_hh" count 2 first 1 slice [24:36, 0:12] of [36, 12] transpose
perceiver.parameter @cross.state_new.bias : tensor<12xf32>
    key "layers.{}.0.gru.bias_hh" count 2 first 1 slice [24:36] of [36]
perceiver.parameter @cross_ff.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.1.fn.norm.weight" count 2 first 1
perceiver.parameter @cross_ff.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.1.fn.norm.bias" count 2 first 1
perceiver.parameter @cross_ff.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.1.fn.fn.net.0.weight" count 2 first 1 transpose
perceiver.parameter @cross_ff.mlp_in.bias : tensor<96xf32>
    key "layers.{}.1.fn.fn.net.0.bias" count 2 first 1
perceiver.parameter @cross_ff.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.1.fn.fn.net.2.weight" count 2 first 1 transpose
perceiver.parameter @cross_ff.mlp_out.bias : tensor<12xf32>
    key "layers.{}.1.fn.fn.net.2.bias" count 2 first 1

// The self-attention of the latents behind it.
perceiver.parameter @self.q_norm.weight : tensor<12xf32>
    key "layers.{}.2.fn.norm.weight" count 2 first 1
perceiver.parameter @self.q_norm.bias : tensor<12xf32>
    key "layers.{}.2.fn.norm.bias" count 2 first 1
perceiver.parameter @self.query.weight : tensor<12x12xf32>
    key "layers.{}.2.fn.fn.to_q.weight" count 2 first 1 transpose
perceiver.parameter @self.key.weight : tensor<12x12xf32>
    key "layers.{}.2.fn.fn.to_kv.weight" count 2 first 1 slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @self.value.weight : tensor<12x12xf32>
    key "layers.{}.2.fn.fn.to_kv.weight" count 2 first 1 slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @self.output.weight : tensor<12x12xf32>
    key "layers.{}.2.fn.fn.to_out.weight" count 2 first 1 transpose
perceiver.parameter @self.output.bias : tensor<12xf32>
    key "layers.{}.2.fn.fn.to_out.bias" count 2 first 1
perceiver.parameter @self.input_reset.weight : tensor<12x12xf32>
    key "layers.{}.2.gru.weight_ih" count 2 first 1 slice [0:12, 0:12] of [36, 12] transpose
perceiver.parameter @self.input_reset.bias : tensor<12xf32>
    key "layers.{}.2.gru.bias_ih" count 2 first 1 slice [0:12] of [36]
perceiver.parameter @self.input_update.weight : tensor<12x12xf32>
    key "layers.{}.2.gru.weight_ih" count 2 first 1 slice [12:24, 0:12] of [36, 12] transpose
perceiver.parameter @self.input_update.bias : tensor<12xf32>
    key "layers.{}.2.gru.bias_ih" count 2 first 1 slice [12:24] of [36]
perceiver.parameter @self.input_new.weight : tensor<12x12xf32>
    key "layers.{}.2.gru.weight_ih" count 2 first 1 slice [24:36, 0:12] of [36, 12] transpose
perceiver.parameter @self.input_new.bias : tensor<12xf32>
    key "layers.{}.2.gru.bias_ih" count 2 first 1 slice [24:36] of [36]
perceiver.parameter @self.state_reset.weight : tensor<12x12xf32>
    key "layers.{}.2.gru.weight_hh" count 2 first 1 slice [0:12, 0:12] of [36, 12] transpose
perceiver.parameter @self.state_reset.bias : tensor<12xf32>
    key "layers.{}.2.gru.bias_hh" count 2 first 1 slice [0:12] of [36]
perceiver.parameter @self.state_update.weight : tensor<12x12xf32>
    key "layers.{}.2.gru.weight_hh" count 2 first 1 slice [12:24, 0:12] of [36, 12] transpose
perceiver.parameter @self.state_update.bias : tensor<12xf32>
    key "layers.{}.2.gru.bias_hh" count 2 first 1 slice [12:24] of [36]
perceiver.parameter @self.state_new.weight : tensor<12x12xf32>
    key "layers.{}.2.gru.weight_hh" count 2 first 1 slice [24:36, 0:12] of [36, 12] transpose
perceiver.parameter @self.state_new.bias : tensor<12xf32>
    key "layers.{}.2.gru.bias_hh" count 2 first 1 slice [24:36] of [36]
perceiver.parameter @self_ff.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.3.fn.norm.weight" count 2 first 1
perceiver.parameter @self_ff.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.3.fn.norm.bias" count 2 first 1
perceiver.parameter @self_ff.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.3.fn.fn.net.0.weight" count 2 first 1 transpose
perceiver.parameter @self_ff.mlp_in.bias : tensor<96xf32>
    key "layers.{}.3.fn.fn.net.0.bias" count 2 first 1
perceiver.parameter @self_ff.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.3.fn.fn.net.2.weight" count 2 first 1 transpose
perceiver.parameter @self_ff.mlp_out.bias : tensor<12xf32>
    key "layers.{}.3.fn.fn.net.2.bias" count 2 first 1

// The head.
perceiver.parameter @head_norm.weight : tensor<12xf32> key "to_logits.0.weight"
perceiver.parameter @head_norm.bias : tensor<12xf32> key "to_logits.0.bias"
perceiver.parameter @classes.weight : tensor<12x7xf32>
    key "to_logits.1.weight" transpose
perceiver.parameter @classes.bias : tensor<7xf32> key "to_logits.1.bias"
