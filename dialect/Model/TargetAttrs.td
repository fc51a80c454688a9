//===- TargetAttrs.td - What code is made for --------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_TARGETATTRS_TD
#define PERCEIVER_DIALECT_MODEL_TARGETATTRS_TD

include "dialect/Model/PerceiverDialect.td"
include "dialect/Model/TargetAttrInterface.td"
include "mlir/IR/AttrTypeBase.td"

def Perceiver_CPUTargetAttr
    : AttrDef<PerceiverDialect, "CPUTarget",
              [DeclareAttrInterfaceMethods<Perceiver_TargetAttrInterface>]> {
  let mnemonic = "cpu_target";
  let summary = "a processor and what strategy has to know of it";
  let description = [{
    All but `tasks` follows from the triple, the names and the features, never
    from the machine that compiles. It is written down so that a person can change
    it, and so that passes do not ask elsewhere.

    * `triple`, `cpu`, `features`: as LLVM names them; `tune`: the processor
      whose timing instructions are scheduled for, if that is another;
    * `lanes`, `registers`: float32 elements of a vector register, and their
      number; `fma`: whether one instruction multiplies and adds;
    * `l1_bytes`, `l2_bytes`: the data caches of one core;
    * `tasks`: parts that the rows and columns of one batch entry should be cut
      into, so that the largest machine that we tune for is busy (`--tasks`).
      Results have the same bits whatever it is;
    * `key_parts`: parts that the keys of an attention should be cut into where
      its heads and queries give too few tasks. They are summed apart, so the
      last bits depend on it.

    ```mlir
    module attributes {perceiver.target = #perceiver.cpu_target<
        triple = "x86_64-unknown-linux-gnu", cpu = "x86-64-v4",
        lanes = 16, registers = 32, fma = true, l1_bytes = 32768,
        l2_bytes = 1048576, tasks = 64, key_parts = 16>} {
    ```
  }];
  let parameters = (ins StringRefParameter<>:$triple,
                        StringRefParameter<>:$cpu,
                        StringRefParameter<"", [{""}]>:$tune,
                        StringRefParameter<"", [{""}]>:$features,
                        "int64_t":$lanes, "int64_t":$registers, "bool":$fma,
                        "int64_t":$l1_bytes, "int64_t":$l2_bytes,
                        "int64_t":$tasks, "int64_t":$key_parts);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Perceiver_CUDATargetAttr
    : AttrDef<PerceiverDialect, "CUDATarget",
              [DeclareAttrInterfaceMethods<Perceiver_TargetAttrInterface>]> {
  let mnemonic = "cuda_target";
  let summary = "NVIDIA GPUs and what strategy has to know of them";
  let description = [{
    * `architectures`: compute capabilities that get machine code, as 80 for 8.0;
      newer ones run what their driver makes of the PTX, which is for 8.0;
    * `multiprocessors`: how many of them work is cut for. Sums may be cut apart
      by it, so it is a number of the target and never the device's;
    * `shared_bytes`: memory that a block of threads may share, the least of the
      architectures;
    * `triple`, `cpu`, `features`: of the code that starts kernels, as LLVM names
      them.

    ```mlir
    module attributes {perceiver.target = #perceiver.cuda_target<
        architectures = [80, 90], multiprocessors = 132, shared_bytes = 166912,
        triple = "x86_64-unknown-linux-gnu", cpu = "x86-64">} {
    ```
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$architectures,
                        "int64_t":$multiprocessors, "int64_t":$shared_bytes,
                        StringRefParameter<>:$triple, StringRefParameter<>:$cpu,
                        StringRefParameter<"", [{""}]>:$features);
  let assemblyFormat = [{
    `<` `architectures` `=` `[` $architectures `]` `,`
    struct($multiprocessors, $shared_bytes, $triple, $cpu, $features) `>`
  }];
  let genVerifyDecl = 1;
}

#endif // PERCEIVER_DIALECT_MODEL_TARGETATTRS_TD
