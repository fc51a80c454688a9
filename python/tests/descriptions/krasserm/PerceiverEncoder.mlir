// PerceiverEncoder of krasserm's perceiver-io. Written by perceiver-import for the
// weights of model.safetensors, under the names that they have there.
//
//   x [batch, rows], ids of 23 tokens
//     encode   5 latents of 12 channels attend to the rows, 4 heads
//       3 times, with 4 blocks of 2 layers of self-attention, 4 heads
//     -> output [batch, 5, 12]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From ids to the latents.
func.func @encode(
    %x: tensor<?x?xi64> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"], perceiver.bounds = [0, 23]},
    %pad_mask: tensor<?x?xi1> {perceiver.name = "pad_mask", perceiver.sizes = ["batch", "rows"], perceiver.default = false})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = perceiver.embedding %x table @tokens : tensor<?x?xi64> -> tensor<?x?x6xf32>
  %keys = perceiver.to_mask %pad_mask {inverted} : tensor<?x?xi1> -> tensor<?x?xi1>
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %1 = perceiver.encode %latents, %0 mask(%keys : tensor<?x?xi1>) heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf
      weights @cross {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<5x12xf32>, tensor<?x?x6xf32> -> tensor<?x5x12xf32>
  %2 = perceiver.process iterations = 2 (%3 = %1 : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %4 = perceiver.self_block %3 heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf
        weights @self : tensor<?x5x12xf32>
    perceiver.yield %4 : tensor<?x5x12xf32>
  }
  %5 = perceiver.process iterations = 2 (%6 = %2 : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %7 = perceiver.cross_block %6, %0 mask(%keys : tensor<?x?xi1>) heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf
        weights @cross {masked_rows = #perceiver.masked_rows<uniform>}
        : tensor<?x5x12xf32>, tensor<?x?x6xf32> -> tensor<?x5x12xf32>
    %8 = perceiver.process iterations = 2 (%9 = %7 : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
      %10 = perceiver.self_block %9 heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf
          weights @self : tensor<?x5x12xf32>
      perceiver.yield %10 : tensor<?x5x12xf32>
    }
    perceiver.yield %8 : tensor<?x5x12xf32>
  }
  %z = perceiver.process iterations = 2 (%11 = %5 : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %12 = perceiver.self_block %11 heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf
        weights @self : tensor<?x5x12xf32>
    perceiver.yield %12 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// All of it.
func.func @run(
    %x: tensor<?x?xi64> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"], perceiver.bounds = [0, 23]},
    %pad_mask: tensor<?x?xi1> {perceiver.name = "pad_mask", perceiver.sizes = ["batch", "rows"], perceiver.default = false})
    -> (tensor<?x5x12xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %output = call @encode(%x, %pad_mask) : (tensor<?x?xi64>, tensor<?x?xi1>) -> tensor<?x5x12xf32>
  return %output : tensor<?x5x12xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// Tokens and their places in the text.
perceiver.parameter @tokens : tensor<23x6xf32>
    key "input_adapter.txt_embedding.weight"
perceiver.parameter @latents : tensor<5x12xf32> key "latent_provider._query"

// The cross-attention to the rows.
perceiver.parameter @cross.q_norm.weight : tensor<12xf32>
    key "cross_attn_1.0.module.q_norm.weight"
perceiver.parameter @cross.q_norm.bias : tensor<12xf32>
    key "cross_attn_1.0.module.q_norm.bias"
perceiver.parameter @cross.kv_norm.weight : tensor<6xf32>
    key "cross_attn_1.0.module.kv_norm.weight"
perceiver.parameter @cross.kv_norm.bias : tensor<6xf32>
    key "cross_attn_1.0.module.kv_norm.bias"
perceiver.parameter @cross.query.weight : tensor<12x12xf32>
    key "cross_attn_1.0.module.attention.q_proj.weight" transpose
perceiver.parameter @cross.query.bias : tensor<12xf32>
    key "cross_attn_1.0.module.attention.q_proj.bias"
perceiver.parameter @cross.key.weight : tensor<6x12xf32>
    key "cross_attn_1.0.module.attention.k_proj.weight" transpose
perceiver.parameter @cross.key.bias : tensor<12xf32>
    key "cross_attn_1.0.module.attention.k_proj.bias"
perceiver.parameter @cross.value.weight : tensor<6x12xf32>
    key "cross_attn_1.0.module.attention.v_proj.weight" transpose
perceiver.parameter @cross.value.bias : tensor<12xf32>
    key "cross_attn_1.0.module.attention.v_proj.bias"
perceiver.parameter @cross.output.weight : tensor<12x12xf32>
    key "cross_attn_1.0.module.attention.o_proj.weight" transpose
perceiver.parameter @cross.output.bias : tensor<12xf32>
    key "cross_attn_1.0.module.attention.o_proj.bias"
perceiver.parameter @cross.mlp_norm.weight : tensor<12xf32>
    key "cross_attn_1.1.module.0.weight"
perceiver.parameter @cross.mlp_norm.bias : tensor<12xf32>
    key "cross_attn_1.1.module.0.bias"
perceiver.parameter @cross.mlp_in.weight : tensor<12x12xf32>
    key "cross_attn_1.1.module.1.weight" transpose
perceiver.parameter @cross.mlp_in.bias : tensor<12xf32>
    key "cross_attn_1.1.module.1.bias"
perceiver.parameter @cross.mlp_out.weight : tensor<12x12xf32>
    key "cross_attn_1.1.module.3.weight" transpose
perceiver.parameter @cross.mlp_out.bias : tensor<12xf32>
    key "cross_attn_1.1.module.3.bias"

// The self-attention of the latents.
perceiver.parameter @self.q_norm.weight : tensor<12xf32>
    key "self_attn_1.{}.0.module.norm.weight" count 2
perceiver.parameter @self.q_norm.bias : tensor<12xf32>
    key "self_attn_1.{}.0.module.norm.bias" count 2
perceiver.parameter @self.query.weight : tensor<12x12xf32>
    key "self_attn_1.{}.0.module.attention.q_proj.weight" count 2 transpose
perceiver.parameter @self.query.bias : tensor<12xf32>
    key "self_attn_1.{}.0.module.attention.q_proj.bias" count 2
perceiver.parameter @self.key.weight : tensor<12x12xf32>
    key "self_attn_1.{}.0.module.attention.k_proj.weight" count 2 transpose
perceiver.parameter @self.key.bias : tensor<12xf32>
    key "self_attn_1.{}.0.module.attention.k_proj.bias" count 2
perceiver.parameter @self.value.weight : tensor<12x12xf32>
    key "self_attn_1.{}.0.module.attention.v_proj.weight" count 2 transpose
perceiver.parameter @self.value.bias : tensor<12xf32>
    key "self_attn_1.{}.0.module.attention.v_proj.bias" count 2
perceiver.parameter @self.output.weight : tensor<12x12xf32>
    key "self_attn_1.{}.0.module.attention.o_proj.weight" count 2 transpose
perceiver.parameter @self.output.bias : tensor<12xf32>
    key "self_attn_1.{}.0.module.attention.o_proj.bias" count 2
perceiver.parameter @self.mlp_norm.weight : tensor<12xf32>
    key "self_attn_1.{}.1.module.0.weight" count 2
perceiver.parameter @self.mlp_norm.bias : tensor<12xf32>
    key "self_attn_1.{}.1.module.0.bias" count 2
perceiver.parameter @self.mlp_in.weight : tensor<12x12xf32>
    key "self_attn_1.{}.1.module.1.weight" count 2 transpose
perceiver.parameter @self.mlp_in.bias : tensor<12xf32>
    key "self_attn_1.{}.1.module.1.bias" count 2
perceiver.parameter @self.mlp_out.weight : tensor<12x12xf32>
    key "self_attn_1.{}.1.module.3.weight" count 2 transpose
perceiver.parameter @self.mlp_out.bias : tensor<12xf32>
    key "self_attn_1.{}.1.module.3.bias" count 2
