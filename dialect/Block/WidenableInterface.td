//===- WidenableInterface.td - Rows with more channels -----*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_WIDENABLEINTERFACE_TD
#define PERCEIVER_DIALECT_BLOCK_WIDENABLEINTERFACE_TD

include "mlir/IR/OpBase.td"

def Block_WidenableOpInterface : OpInterface<"WidenableOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    An operation on rows that computes the same if there are more channels, zeros
    in what it reads. In what it writes they are zeros then.
  }];
  let methods = [
    InterfaceMethod<[{
      What has to be widened with the last dimension of `rows`, an operand or a
      destination, which stands for a result; nothing if `rows` has to remain as
      it is.
    }], "::std::optional<::mlir::perceiver::ChannelTies>", "getChannelTies",
      (ins "::mlir::OpOperand &":$rows)>,
    InterfaceMethod<[{
      Write down in attributes what is otherwise told from the number of channels;
      to be called before anything is widened.
    }], "void", "fixChannels">,
  ];
}

#endif // PERCEIVER_DIALECT_BLOCK_WIDENABLEINTERFACE_TD
