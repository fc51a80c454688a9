//===- Passes.td - From the model level to the block level -*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_PASSES_TD
#define PERCEIVER_LIB_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandBlocksPass : Pass<"perceiver-expand-blocks", "ModuleOp"> {
  let summary = "Expand model-level operations to the block level";
  let description = [{
    `encode`, `decode` and the blocks become layer normalisations, linear layers
    and an attention; biases, activations and residuals are operands and
    attributes of the linear layers. `process` becomes a loop whose index
    chooses the members of families.

    ```mlir
    %z = perceiver.self_block %x heads = 8 qk_channels = 512 v_channels = 512 mlp = gelu_erf
        weights @self : tensor<?x64x512xf32>
    ```

    becomes, without the reads of parameters and the destinations,

    ```mlir
    %n = block.layer_norm ins(%x) affine(%q_norm_weight, %q_norm_bias)
    %q = block.linear ins(%n, %query_weight) bias(%query_bias)
    %k = block.linear ins(%n, %key_weight) bias(%key_bias)
    %v = block.linear ins(%n, %value_weight) bias(%value_bias)
    %a = block.attention ins(%q, %k, %v) heads = 8
    %y = block.linear ins(%a, %output_weight) bias(%output_bias) residual(%x)
    %m = block.layer_norm ins(%y) affine(%mlp_norm_weight, %mlp_norm_bias)
    %h = block.linear ins(%m, %mlp_in_weight) bias(%mlp_in_bias) {activation = #perceiver.activation<gelu_erf>}
    %z = block.linear ins(%h, %mlp_out_weight) bias(%mlp_out_bias) residual(%y)
    ```

    A `require` becomes an attribute of the entry, `perceiver.conditions`.

    What has no batch gets none: a learned query is normalised and projected
    once, and everything that is computed from parameters alone stays visible
    as such. For this a `process` that starts from latents without batch has
    its first iteration in front of the loop.

    Calls between entries remain; inline them before, where each entry shall be
    compiled as a whole.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::perceiver::block::BlockDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def CountFlopsPass : Pass<"perceiver-count-flops", "func::FuncOp"> {
  let summary = "Write down the dense work of entries";
  let description = [{
    Gives each entry the attribute `perceiver.flop`: the floating-point
    operations of one run as a function of its dynamic sizes, in the order in
    which its arguments name them. Counted are multiplications and additions of
    matrix products, by the usual formula (lib/Analysis/OperationCost.h), with
    loops as often as they run and queries projected by each batch entry. This
    is what the model needs when computed plainly: what rewrites save does not
    count.

    ```mlir
    func.func @run(%x: tensor<?x12xf32> {perceiver.name = "rows", perceiver.sizes = ["batch"]}) -> ...
        attributes {perceiver.entry} {
      %w = perceiver.get_parameter @w : tensor<12x10xf32>
      %y = block.linear ins(%x, %w : tensor<?x12xf32>, tensor<12x10xf32>) ...
    ```

    gets `perceiver.flop = affine_map<()[s0] -> (s0 * 240)>`.
  }];
}

def VerifyDescriptionPass : Pass<"perceiver-verify-description", "ModuleOp"> {
  let summary = "Check that a module is a complete model description";
  let description = [{
    Refuses, with the place, what the compiler does not expect in a model
    description, whoever wrote it:

    * A module holds parameters and functions. Functions with the attribute
      `perceiver.entry` are callable from outside, the others are private.
      `entries` names functions that have to be entries; there is at least one.
    * Arguments and results of entries have names, `perceiver.name`, each
      different from the others; names are identifiers of C, perhaps with dots
      between them. A type with dynamic sizes has as many `perceiver.sizes`:
      names, or expressions of names, as `points * 16`. Each is 1 or more when
      the entry is called: an empty batch, or no rows to read, is an error. An
      argument of type `index` is a size, too, and may be 0 if no array has it.
    * Arguments may have other names, `perceiver.aliases`; integers that index a
      table the `perceiver.bounds` of that; a mask its value where it is left
      out, `perceiver.default`.
    * A body is one block of operations of the dialect `perceiver`, `func.call`
      without recursion, and `tensor.expand_shape`, `tensor.collapse_shape`,
      `tensor.extract_slice`, `tensor.dim` and, of type `index`,
      `arith.constant`, `arith.addi`, `arith.subi`, `arith.muli`,
      `arith.floordivsi` and `arith.ceildivsi`.
    * Functions have at most 2048 operations of the block level once calls are
      inlined.
    * Values are tensors of f32, or of i64, i32 and i1 for ids, lengths and
      masks, and not empty. Arguments that `perceiver.to_mask` reads may also be
      tensors of f64, f16, bf16, i16, i8 and ui8.
    * Dynamic sizes that have to be equal are so by their names, or by what
      `perceiver.require` says before: a query of batch `batch` cannot attend to
      latents of batch `images`. Slices are known to lie within their source
      and, but for integers, to be rows of channels that lie side by side.

    A description:

    ```mlir
    perceiver.parameter @w : tensor<12x10xf32> key "classifier.weight" transpose

    func.func @run(%x: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
        -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
      %0 = perceiver.mean_pool %x : tensor<?x5x12xf32> -> tensor<?x12xf32>
      %1 = perceiver.project %0 weight @w : tensor<?x12xf32> -> tensor<?x10xf32>
      return %1 : tensor<?x10xf32>
    }
    ```
  }];
  let options = [
    ListOption<"entries", "entries", "std::string",
               "Names of functions that have to be entries">,
  ];
  // Errors list its operations.
  let dependentDialects = ["::mlir::perceiver::PerceiverDialect"];
}

#endif // PERCEIVER_LIB_CONVERSION_PASSES_TD
