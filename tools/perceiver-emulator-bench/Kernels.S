/*===- Kernels.S - PTX inside the benchmark -------------------------------===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

.section .rodata
.globl attention_ptx
.hidden attention_ptx
attention_ptx:
  .incbin "attention.ptx"
  .byte 0
.globl product_ptx
.hidden product_ptx
product_ptx:
  .incbin "product.ptx"
  .byte 0

.section .note.GNU-stack, "", %progbits
