//===- Passes.td - Passes of the CPU back end --------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_PASSES_TD
#define PERCEIVER_LIB_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def SelectAlgebraPass
    : Pass<"perceiver-select-algebra", "::mlir::func::FuncOp"> {
  let summary = "Choose what attentions do without by the cost model";
  let description = [{
    Writes `perceiver.algebra` on every attention that has none: whether its keys
    and values are projected, or its queries and its result instead, or those of
    its queries and its result become part of the keys and values. Counted are
    the FLOPs of the layers, with those before a loop shared by its iterations,
    and for each pair of a query and a key those of the score, the weighted sum
    and the softmax. Dynamic numbers of rows count as 4096.

    ```mlir
    %k = block.linear ins(%n, %wk : tensor<?x900x29xf32>, tensor<29x64xf32>) ...
    %v = block.linear ins(%n, %wv : tensor<?x900x29xf32>, tensor<29x64xf32>) ...
    %o = block.attention ins(%q, %k, %v : tensor<?x8x64xf32>, tensor<?x900x64xf32>, tensor<?x900x64xf32>)
        outs(%i : tensor<?x8x64xf32>) heads = 1 ...
    ```

    becomes

    ```mlir
    %o = block.attention ins(%q, %k, %v : tensor<?x8x64xf32>, tensor<?x900x64xf32>, tensor<?x900x64xf32>)
        outs(%i : tensor<?x8x64xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb>} ...
    ```

    Attributes that are there already stay: they are a researcher's choice.
  }];
}

def SelectStrategyPass
    : Pass<"perceiver-select-strategy", "::mlir::func::FuncOp"> {
  let summary = "Choose tasks, tiles and panels by the cost model";
  let description = [{
    Writes `perceiver.tiling` on every tileable operation that has none, from
    its sizes and the module's target alone; the number of threads plays no part.
    Attributes that are there already stay: they are a researcher's choice.
  }];
}

def PackWeightsPass : Pass<"perceiver-pack-weights", "::mlir::func::FuncOp"> {
  let summary = "Give linear layers packed weights";
  let description = [{
    ```mlir
    %y = block.linear ins(%x, %w : tensor<8x261xf32>, tensor<261x96xf32>) ..
    ```

    becomes

    ```mlir
    %p = block.pack_weight ins(%w) outs(%e : tensor<2x261x48xf32>) layout = #block.panels<columns = 48, lanes = 48>
    %y = block.linear ins(%x, %p) .. {layout = #block.panels<columns = 48, lanes = 48>}
    ```

    The width of a panel divides the head width of an attention that reads the
    result, so that the columns of a head are whole panels. Layers that depend
    on parameters alone keep their plain weights, as they are computed when the
    model is compiled, unless `perceiver.in_model` says otherwise. A layer with
    packed weights is one of the model, and loses that mark.
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def LowerKernelsPass : Pass<"perceiver-lower-kernels"> {
  let summary = "Replace block operations on memrefs by vector code";
  let description = [{
    Each operation of the block level on memrefs becomes loops over vectors of
    as many float32 elements as the module's target has lanes. Linear layers
    need a packed weight, attention a bounded number of keys. What cannot be
    lowered is an error.

    ```mlir
    block.add ins(%a, %b : memref<8x16xf32>, memref<8x16xf32>) outs(%y : memref<8x16xf32>)
    ```

    becomes

    ```mlir
    scf.for %n = %c0 to %c8 step %c1 {
      %0 = vector.load %a[%n, %c0] : memref<8x16xf32>, vector<16xf32>
      %1 = vector.load %b[%n, %c0] : memref<8x16xf32>, vector<16xf32>
      %2 = arith.addf %0, %1 : vector<16xf32>
      vector.store %2, %y[%n, %c0] : memref<8x16xf32>, vector<16xf32>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def SplitFMAPass : Pass<"perceiver-split-fma"> {
  let summary = "Multiply and add apart on targets that cannot do both at once";
  let description = [{
    ```mlir
    %y = math.fma %a, %b, %c : vector<4xf32>
    ```

    becomes, where the module's target has no such instruction,

    ```mlir
    %p = arith.mulf %a, %b : vector<4xf32>
    %y = arith.addf %p, %c : vector<4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

#endif // PERCEIVER_LIB_CPU_PASSES_TD
