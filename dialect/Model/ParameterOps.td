//===- ParameterOps.td - Tensors of the checkpoint ---------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How a model names the tensors of its checkpoint. Constants live outside the
// IR.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_PARAMETEROPS_TD
#define PERCEIVER_DIALECT_MODEL_PARAMETEROPS_TD

include "dialect/Model/PerceiverDialect.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Perceiver_ParameterOp
    : Perceiver_Op<"parameter",
        [DeclareOpInterfaceMethods<Symbol, ["getVisibility"]>]> {
  let summary = "a tensor of the checkpoint, or a family of them";
  let description = [{
    Names a tensor of the checkpoint and says how the model sees it. The type is
    what the model sees: a weight of a linear layer is `[inputs, outputs]`.
    In this order,

    * `slice [0:64, 0:29] of [128, 29]` takes a part of the checkpoint's tensor,
      first and last index (exclusive) for each dimension; `of` alone states the
      tensor's shape;
    * `transpose` exchanges the two dimensions, `permutation [2, 3, 1, 0]`
      reorders any number: dimension `i` of the outcome is dimension
      `permutation[i]` of the part;
    * the outcome is reshaped, row-major, to the type (so a `1 x 1` convolution
      is a matrix). This needs `of`; without it the checkpoint's tensor has
      exactly the permuted shape of the type.

    Elements are converted to the element type, rounding to nearest even.

    `count` makes a family of equal tensors: `{}` in the key stands for
    `first + member * stride` (by default 0 and 1). A layer that is repeated
    with its own weights reads one member in each iteration.

    Each of the `aliases` is another name of the same tensor. One of the names
    has to be in the checkpoint; all that are there must hold equal bits.

    Example:

    ```mlir
    perceiver.parameter @query_weight : tensor<1024x261xf32>
        key "perceiver.encoder.cross_attention.attention.self.query.weight" transpose
    // One half of a fused weight, [keys | values, channels] in the checkpoint.
    perceiver.parameter @key_weight : tensor<29x64xf32>
        key "layers.0.0.fn.to_kv.weight" slice [0:64, 0:29] of [128, 29] transpose
    // The same layer of six self-attention blocks.
    perceiver.parameter @self_query_weight : tensor<1024x1024xf32>
        key "perceiver.encoder.self_attends.{}.attention.self.query.weight"
        count 6 transpose
    // A 1 x 1 convolution as a linear layer, under either of two names.
    perceiver.parameter @pixel_weight : tensor<3x256xf32>
        key "conv.weight" aliases ["stem.conv.weight"]
        of [256, 3, 1, 1] permutation [1, 0, 2, 3]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyRankedTensor>:$type,
                       StrAttr:$key, OptionalAttr<StrArrayAttr>:$aliases,
                       OptionalAttr<I64Attr>:$count,
                       OptionalAttr<I64Attr>:$first,
                       OptionalAttr<I64Attr>:$stride,
                       OptionalAttr<DenseI64ArrayAttr>:$offsets,
                       OptionalAttr<DenseI64ArrayAttr>:$sizes,
                       OptionalAttr<DenseI64ArrayAttr>:$source_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$permutation);
  let assemblyFormat = [{
    $sym_name `:` $type `key` $key (`aliases` $aliases^)?
    (`count` $count^)? (`first` $first^)? (`stride` $stride^)?
    `` custom<Slice>($offsets, $sizes, $source_shape)
    `` custom<Permutation>($permutation)
    attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The shape of the checkpoint's tensor.
    ::llvm::SmallVector<int64_t> getCheckpointShape();
    /// The part of it that is taken, dimension by dimension.
    ::llvm::SmallVector<int64_t> getSliceOffsets();
    ::llvm::SmallVector<int64_t> getSliceSizes();
    /// Dimension `i` of the permuted part is dimension `[i]` of the part.
    ::llvm::SmallVector<int64_t> getSourcePermutation();
    /// Number of members; 1 if the parameter is no family.
    int64_t getMemberCount() { return getCount().value_or(1); }
    /// What stands for `{}` is `first + member * stride`.
    int64_t getFirstNumber() { return getFirst().value_or(0); }
    int64_t getNumberStride() { return getStride().value_or(1); }
    /// The names under which the checkpoint may hold a member: key, aliases.
    ::llvm::SmallVector<::std::string> getCheckpointNames(int64_t member = 0);
  }];
  let lacks = [
    "reference: computes nothing",
    "MemoryEffectOpInterface: a symbol, which is not executed",
    "SizedOpInterface: a symbol, which is not executed",
    "ExpandableOpInterface: stays until weights are split off"
  ];
}

def Perceiver_GetParameterOp
    : Perceiver_Op<"get_parameter",
        [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a parameter";
  let description = [{
    Of a family, the member `index mod count`; the index is not negative.

    Example:

    ```mlir
    perceiver.parameter @gain : tensor<1024xf32> key "norm.weight"
    perceiver.parameter @weight : tensor<1024x1024xf32> key "layers.{}.weight" count 6 transpose

    func.func @member(%i: index) -> (tensor<1024xf32>, tensor<1024x1024xf32>) {
      %g = perceiver.get_parameter @gain : tensor<1024xf32>
      %w = perceiver.get_parameter @weight[%i] : tensor<1024x1024xf32>
      return %g, %w : tensor<1024xf32>, tensor<1024x1024xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$parameter, Optional<Index>:$index);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $parameter (`[` $index^ `]`)? attr-dict `:` type($result)
  }];
  let lacks = [
    "reference: computes nothing",
    "SizedOpInterface: its result has a static shape",
    "ExpandableOpInterface: stays until weights are split off"
  ];
}

#endif // PERCEIVER_DIALECT_MODEL_PARAMETEROPS_TD
