//===- PerceiverDialect.td - The perceiver dialect ---------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_PERCEIVERDIALECT_TD
#define PERCEIVER_DIALECT_MODEL_PERCEIVERDIALECT_TD

include "dialect/CommonInvariants.td"
include "mlir/IR/OpBase.td"

def PerceiverDialect : Dialect {
  let name = "perceiver";
  let cppNamespace = "::mlir::perceiver";
  let summary = "Models of the Perceiver family, as their papers draw them";
  let description = [{
    The level of descriptions: `encode`, `process`, `decode` and what surrounds
    them, on tensors, with weights that are bound to parameters by name. Two
    lower levels have dialects of their own, `block` and `frame`:

    | `perceiver`           | `block`                         | `frame`     |
    |-----------------------|---------------------------------|-------------|
    | `attend`              | `attention`, `mask_rows`        |             |
    | `encode`, `decode`, `cross_block`, `self_block` | `layer_norm`, `linear`, `attention` | |
    | `process`             | (`scf.for`)                     |             |
    | `norm`                | `layer_norm`                    |             |
    | `project`             | `linear`                        |             |
    | `mean_pool`           | `mean_rows`                     |             |
    | `add`, `multiply`, `scale`, `activate` | the same       |             |
    | `concat`              | `concat_channels`               |             |
    | `concat_rows`         | `concat_rows`                   |             |
    | `embedding`           | `embed`, `add`                  |             |
    | `take_rows`           | `take_rows`                     |             |
    | `broadcast`           | `concat_channels`               |             |
    | `transpose`, `to_channels_last` | `transpose`           |             |
    | `to_mask`             | `to_mask`                       |             |
    | `windows`, `max_pool` | the same                        |             |
    | `batch_norm`          | `inverse_deviation`, `multiply`, `add` |      |
    | `resize_grid`         | `resize_grid`                   |             |
    | `fourier_positions`   | `axis_table`, `grid_positions`, `grid_coordinates`, `fourier_features` | |
    | `parameter`           | `weight`                        |             |
    | `get_parameter`       | `get_weight`                    | `weight`    |
    | `require`             | (attribute of entries)          | (attribute) |
    | arguments and results | (tensors, memrefs)              | `argument`  |
    | dynamic sizes, `index` arguments | (`tensor.dim`)       | `size`      |
    |                       | (`memref.alloc`)                | `buffer`    |
    |                       | (`scf.forall`)                  | `run_tasks` |

    `parameter` and `get_parameter` stay longer than the rest: the functions
    that compute weights read the checkpoint through them.

    What levels share belongs to this dialect: the enumerations of activations,
    masked rows and positions, and all attributes that a person writes, such as
    `perceiver.entry` on functions and `perceiver.tiling` on blocks.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let extraClassDeclaration = [{
    /// Parses what is no operation of the dialect: an error with a suggestion.
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef name) const override;
    /// Registers the attributes; defined apart, where their storage is.
    void registerAttributes();
  }];
}

class Perceiver_Op<string mnemonic, list<Trait> traits = []>
    : Op<PerceiverDialect, mnemonic, [Perceiver_CommonInvariants] # traits>,
      Perceiver_Lacks;

#endif // PERCEIVER_DIALECT_MODEL_PERCEIVERDIALECT_TD
