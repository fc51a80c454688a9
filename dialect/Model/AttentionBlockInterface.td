//===- AttentionBlockInterface.td - Blocks of a model ------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ATTENTIONBLOCKINTERFACE_TD
#define PERCEIVER_DIALECT_MODEL_ATTENTIONBLOCKINTERFACE_TD

include "mlir/IR/OpBase.td"

def Perceiver_AttentionBlockOpInterface
    : OpInterface<"AttentionBlockOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    The model-level blocks: attention, residual and MLP with bound weights.
    `LayerWeights.h` reads the bindings. Self-attention has no source, lengths
    and masks; they are null.
  }];
  let methods = [
    InterfaceMethod<"The rows of the queries.", "::mlir::Value", "getQuery">,
    InterfaceMethod<"The rows of the keys and values; null if they are the query.",
                    "::mlir::Value", "getSource">,
    InterfaceMethod<"The number of keys of each batch entry, or null.",
                    "::mlir::Value", "getLengths">,
    InterfaceMethod<"Which keys take part, or null.", "::mlir::Value",
                    "getMask">,
    InterfaceMethod<"Which queries take part, or null.", "::mlir::Value",
                    "getQueryMask">,
    InterfaceMethod<"The value of the block.", "::mlir::Value", "getResult">,
    InterfaceMethod<"Number of heads.", "uint64_t", "getHeads">,
    InterfaceMethod<"Channels of queries and keys, all heads together.",
                    "uint64_t", "getQkChannels">,
    InterfaceMethod<"Channels of values, all heads together.", "uint64_t",
                    "getVChannels">,
    InterfaceMethod<"The activation of the MLP; `none` if there is none.",
                    "::mlir::perceiver::Activation", "getMlp">,
    InterfaceMethod<"The symbols of the layers.", "::mlir::DictionaryAttr",
                    "getWeights">,
    InterfaceMethod<"Whether the query is added to the attention.", "bool",
                    "getResidual">,
    InterfaceMethod<"Epsilon of the layer normalisations.", "::mlir::FloatAttr",
                    "getEpsilonAttr">,
    InterfaceMethod<"The scale of the scores; null for the default.",
                    "::mlir::FloatAttr", "getScaleAttr">,
    InterfaceMethod<"A row whose keys are all masked.",
                    "::mlir::perceiver::MaskedRows", "getMaskedRows">,
  ];
}

#endif // PERCEIVER_DIALECT_MODEL_ATTENTIONBLOCKINTERFACE_TD
