//===- MaskedKeysInterface.td - Keys that take no part -----*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_MASKEDKEYSINTERFACE_TD
#define PERCEIVER_DIALECT_BLOCK_MASKEDKEYSINTERFACE_TD

include "mlir/IR/OpBase.td"

def Block_MaskedKeysOpInterface : OpInterface<"MaskedKeysOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    An operation that takes keys into the states in its destinations. Keys that
    its mask leaves out change no bit of the states, whatever they hold.
  }];
  let methods = [
    InterfaceMethod<[{
      The mask, `[B, M]` as `block.key_mask` makes it: 0 for a key that is left
      out. Null if there is none.
    }], "::mlir::Value", "getKeyMask">,
    InterfaceMethod<[{
      The operands that have a row for each key, in dimension 1, and the mask.
      What has keys in another dimension may go on beyond them.
    }], "::llvm::SmallVector<::mlir::OpOperand *>", "getKeyRows">,
  ];
}

#endif // PERCEIVER_DIALECT_BLOCK_MASKEDKEYSINTERFACE_TD
