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
    of the entry's size that it is; those that are derived come after the others.
    An output is memory that the entry writes. Of an input: other names; from
    where to below where its integers lie, which the runtime checks; and the
    truth value of all elements where a caller leaves a mask out.

    ```mlir
    #frame.argument<name = "logits", type = tensor<?x2xf32>, sizes = [0], output = true>
    #frame.argument<name = "inputs", type = tensor<?xi64>, sizes = [0],
                    aliases = ["input_ids"], bounds = [0, 262]>
    #frame.argument<name = "mask", type = tensor<?xi1>, sizes = [0], default = true>
    ```
  }];
  let parameters = (ins StringRefParameter<"">:$name,
                        "::mlir::RankedTensorType":$type,
                        ArrayRefParameter<"int64_t">:$sizes,
                        DefaultValuedParameter<"bool", "false">:$output,
                        ArrayRefParameter<"::mlir::StringAttr">:$aliases,
                        ArrayRefParameter<"int64_t">:$bounds,
                        OptionalParameter<"::mlir::BoolAttr">:$defaultValue);
  let assemblyFormat = [{
    `<` custom<Argument>($name, $type, $sizes, $output, $aliases, $bounds,
                         $defaultValue) `>`
  }];
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
    is planned, its buffers. `offsets` are the numbers of sizes that may be 0,
    `derived` are sizes that follow from the others, as maps of these, and are
    numbered after them. `conditions` are maps of the sizes of which no result may
    be negative, by the sentence that an error says.

    ```mlir
    #frame.entry<sizes = ["batch"],
                 arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>],
                 buffers = [<first = 1, last = 9, size = [0, 28]>]>
    #frame.entry<sizes = ["points", "first"], offsets = [1],
                 derived = [affine_map<()[s0, s1] -> (s0 * 16)>],
                 arguments = [<name = "x", type = tensor<?xf32>, sizes = [0]>,
                              <name = "y", type = tensor<?xf32>, sizes = [2], output = true>],
                 conditions = {"at most 8 points" = affine_map<()[s0, s1] -> (8 - s0)>}>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$sizes,
                        ArrayRefParameter<"int64_t">:$offsets,
                        ArrayRefParameter<"::mlir::AffineMapAttr">:$derived,
                        ArrayRefParameter<"ArgumentAttr">:$arguments,
                        OptionalParameter<"::mlir::DictionaryAttr">:$conditions,
                        DefaultValuedParameter<"bool", "false">:$planned,
                        ArrayRefParameter<"BufferAttr">:$buffers);
  let assemblyFormat = [{
    `<` custom<Entry>($sizes, $offsets, $derived, $arguments, $conditions,
                      $planned, $buffers) `>`
  }];
  let extraClassDeclaration = [{
    /// The same entry with a memory plan of these buffers.
    EntryAttr withPlan(::llvm::ArrayRef<BufferAttr> buffers) const;
    /// What the attribute frame.entry of `op` is; null if it has none.
    static EntryAttr of(::mlir::Operation *op);
    /// Whether size `number`, which is not derived, may be 0.
    bool isOffset(int64_t number) const {
      return ::llvm::is_contained(getOffsets(), number);
    }
  }];
}

#endif // PERCEIVER_DIALECT_FRAME_FRAMEATTRS_TD
