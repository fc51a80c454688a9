//===- ProcessOps.td - Repeated blocks ---------------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_PROCESSOPS_TD
#define PERCEIVER_DIALECT_MODEL_PROCESSOPS_TD

include "dialect/Model/PerceiverDialect.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Perceiver_ProcessOp
    : Perceiver_Op<"process", [SingleBlock, RecursiveMemoryEffects,
                               RecursivelySpeculatable]> {
  let summary = "repeat blocks on the latents";
  let description = [{
    ```
    for t in 0 .. iterations - 1:  state = region(state)
    ```

    The region is made of blocks and may use outer values, such as the input
    array that an iterative Perceiver reads in each iteration (arXiv
    2103.03206, section 3.1). Its blocks share their weights over the
    iterations, but where a weight is a family (see `parameter`): there
    iteration `t` of the innermost `process` reads member `t mod count`. So

    * six layers that are applied eight times in turn are one `self_block`, 48
      iterations and families of six;
    * untied layers have families as large as the number of iterations;
    * a first iteration with weights of its own stands before the `process`.

    A first state without batch is broadcast over it; only the query of a
    `cross_block` may then use the state.

    Example:

    ```mlir
    func.func @identity(%z: tensor<?x256x512xf32>) -> tensor<?x256x512xf32> {
      %y = perceiver.process iterations = 6 (%state = %z : tensor<?x256x512xf32>) -> tensor<?x256x512xf32> {
        perceiver.yield %state : tensor<?x256x512xf32>
      }
      return %y : tensor<?x256x512xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$init, I64Attr:$iterations);
  let results = (outs AnyRankedTensor:$result);
  let regions = (region SizedRegion<1>:$region);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The state within an iteration.
    ::mlir::BlockArgument getState() { return getBody()->getArgument(0); }
    /// The state after an iteration.
    ::mlir::Value getYielded();
  }];
}

def Perceiver_YieldOp
    : Perceiver_Op<"yield", [Pure, Terminator, HasParent<"ProcessOp">]> {
  let summary = "the state after an iteration";
  let description = [{
    Ends the region of `process`.

    Example:

    ```mlir
    func.func @f(%z: tensor<4x8x32xf32>) -> tensor<4x8x32xf32> {
      %y = perceiver.process iterations = 2 (%state = %z : tensor<4x8x32xf32>) -> tensor<4x8x32xf32> {
        perceiver.yield %state : tensor<4x8x32xf32>
      }
      return %y : tensor<4x8x32xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$state);
  let assemblyFormat = "$state attr-dict `:` type($state)";
  let lacks = [
    "reference: computes nothing",
    "SizedOpInterface: has no results",
    "ExpandableOpInterface: process expands it"
  ];
}

#endif // PERCEIVER_DIALECT_MODEL_PROCESSOPS_TD
