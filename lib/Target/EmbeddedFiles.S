/*===- EmbeddedFiles.S - Files inside the compiler ------------------------===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* CMakeLists.txt gives the directory with these files to the assembler. */

.macro embed symbol, file
  .balign 16
  .globl \symbol
  .hidden \symbol
  .type \symbol, %object
\symbol:
  .incbin "\file"
  .globl \symbol\()_end
  .hidden \symbol\()_end
\symbol\()_end:
  .byte 0
  .size \symbol, . - \symbol
.endm

.section .rodata
embed perceiver_embedded_runtime, "runtime.a"
embed perceiver_embedded_abi_header, "perceiver_abi.h"
embed perceiver_embedded_cuda_header, "perceiver_cuda.h"

.section .note.GNU-stack, "", %progbits
