// MultiHeadAttention of krasserm's perceiver-io. Written by perceiver-import for the
// weights of model.safetensors, under the names that they have there.
//
//   x_q [batch, queries, 6], x_kv [batch, rows, 5]
//     -> last_hidden_state [batch, queries, 7]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// Attention of x_q to x_kv.
func.func @run(
    %x_q: tensor<?x?x6xf32> {perceiver.name = "x_q", perceiver.sizes = ["batch", "queries"]},
    %x_kv: tensor<?x?x5xf32> {perceiver.name = "x_kv", perceiver.sizes = ["batch", "rows"]},
    %pad_mask: tensor<?x?xi1> {perceiver.name = "pad_mask", perceiver.sizes = ["batch", "rows"], perceiver.default = false})
    -> (tensor<?x?x7xf32> {perceiver.name = "last_hidden_state", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %keys = perceiver.to_mask %pad_mask {inverted} : tensor<?x?xi1> -> tensor<?x?xi1>
  %query = perceiver.project %x_q weight @query.weight : tensor<?x?x6xf32> -> tensor<?x?x8xf32>
  %key = perceiver.project %x_kv weight @key.weight : tensor<?x?x5xf32> -> tensor<?x?x8xf32>
  %value = perceiver.project %x_kv weight @value.weight : tensor<?x?x5xf32> -> tensor<?x?x10xf32>
  %attended = perceiver.attend %query, %key, %value mask(%keys : tensor<?x?xi1>) heads = 2 {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x10xf32> -> tensor<?x?x10xf32>
  %result = perceiver.project %attended weight @output.weight bias @output.bias
      : tensor<?x?x10xf32> -> tensor<?x?x7xf32>
  return %result : tensor<?x?x7xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

perceiver.parameter @query.weight : tensor<6x8xf32>
    key "q_proj.weight" transpose
perceiver.parameter @key.weight : tensor<5x8xf32> key "k_proj.weight" transpose
perceiver.parameter @value.weight : tensor<5x10xf32>
    key "v_proj.weight" transpose
perceiver.parameter @output.weight : tensor<10x7xf32>
    key "o_proj.weight" transpose
perceiver.parameter @output.bias : tensor<7xf32> key "o_proj.bias"
