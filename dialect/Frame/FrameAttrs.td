//===- FrameAttrs.td - What the frame of an entry holds ----*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_FRAME_FRAMEATTRS_TD
#define PERCEIVER_DIALECT_FRAME_FRAMEATTRS_TD

include "dialect/Frame/FrameDialect.td"
include "mlir/IR/AttrTypeBase.td"

class Frame_Attr<string name, string attrMnemonic>
    : AttrDef<FrameDialect, name> {
  let mnemonic = attrMnemonic;
  let genVerifyDecl = 1;
}

def Frame_ArgumentAttr : Frame_Attr<"Argument", "argument"> {
  let summary = "an input or an output of an entry";
  let description = [{
    Its name outside, its tensor type, and for each dynamic dimension the number
    of the entry's size that it is. An output is memory that the entry writes.

    ```mlir
    #frame.argument<name = "logits", type = tensor<?x2xf32>, sizes = [0], output = true>
    ```
  }];
  let parameters = (ins StringRefParameter<"">:$name,
                        "::mlir::RankedTensorType":$type,
                        ArrayRefParameter<"int64_t">:$sizes,
                        DefaultValuedParameter<"bool", "false">:$output);
  let assemblyFormat =
      "`<` custom<Argument>($name, $type, $sizes, $output) `>`";
}

def Frame_BufferAttr : Frame_Attr<"Buffer", "buffer"> {
  let summary = "a buffer of an entry's memory plan";
  let description = [{
    `size` is its size in bytes, a postfix program over the sizes of the entry as
    pairs of opcode and value (lib/Runtime/perceiver_runtime.h). It is live from
    step `first` to step `last`. With `per_worker` each worker has its own.

    ```mlir
    #frame.buffer<first = 3, last = 17, size = [1, 0, 0, 132, 3, 0], per_worker = true>
    ```
  }];
  let parameters = (ins "int64_t":$first, "int64_t":$last,
                        ArrayRefParameter<"int64_t">:$size,
                        DefaultValuedParameter<"bool", "false">:$perWorker);
  let assemblyFormat =
      "`<` custom<Buffer>($first, $last, $size, $perWorker) `>`";
}

def Frame_EntryAttr : Frame_Attr<"Entry", "entry"> {
  let summary = "what the frame of an entry holds";
  let description = [{
    The names of its dynamic sizes, its arguments, inputs first, and, once memory
    is planned, its buffers.

    ```mlir
    #frame.entry<sizes = ["batch"],
                 arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>],
                 buffers = [<first = 1, last = 9, size = [0, 28]>]>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$sizes,
                        ArrayRefParameter<"ArgumentAttr">:$arguments,
                        DefaultValuedParameter<"bool", "false">:$planned,
                        ArrayRefParameter<"BufferAttr">:$buffers);
  let assemblyFormat =
      "`<` custom<Entry>($sizes, $arguments, $planned, $buffers) `>`";
  let builders = [
    AttrBuilder<(ins "::llvm::ArrayRef<::mlir::StringAttr>":$sizes,
                     "::llvm::ArrayRef<ArgumentAttr>":$arguments), [{
      return $_get($_ctxt, sizes, arguments, /*planned=*/false,
                   ::llvm::ArrayRef<BufferAttr>());
    }]>
  ];
  let extraClassDeclaration = [{
    /// The same entry with a memory plan of these buffers.
    EntryAttr withPlan(::llvm::ArrayRef<BufferAttr> buffers) const;
    /// What the attribute frame.entry of `op` is; null if it has none.
    static EntryAttr of(::mlir::Operation *op);
  }];
}

#endif // PERCEIVER_DIALECT_FRAME_FRAMEATTRS_TD
