//===- FrameDialect.td - The frame dialect -----------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_FRAME_FRAMEDIALECT_TD
#define PERCEIVER_DIALECT_FRAME_FRAMEDIALECT_TD

include "dialect/CommonInvariants.td"
include "mlir/IR/OpBase.td"

def FrameDialect : Dialect {
  let name = "frame";
  let cppNamespace = "::mlir::perceiver::frame";
  let summary = "What compiled code gets from the runtime";
  let description = [{
    Reads of a `perceiver_frame` (lib/Runtime/perceiver_runtime.h), which the
    runtime makes for each run of an entry: its sizes, arguments, weights and
    buffers. `run_tasks` hands the tasks of a phase to the runtime.

    Entries carry what the runtime has to know to make the frame, the attribute
    `frame.entry`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = [{
    /// Parses what is no operation of the dialect: an error with a suggestion.
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef name) const override;
    /// Registers the attributes; defined apart, where their storage is.
    void registerAttributes();
  }];
}

defvar Frame_Lacks = [
  "numeric: is in the code of numeric tests, not in their text",
  "reference: computes nothing"
];

class Frame_Op<string mnemonic, list<Trait> traits = []>
    : Op<FrameDialect, mnemonic, [Perceiver_CommonInvariants] # traits>,
      Perceiver_Lacks {
  let lacks = Frame_Lacks;
}

#endif // PERCEIVER_DIALECT_FRAME_FRAMEDIALECT_TD
