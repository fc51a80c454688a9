/*===- size_program.h - Sizes as functions of dynamic sizes -------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The one form in which sizes travel: in artefacts, in their metadata, and in
   attributes of the IR. The runtime, the reader of metadata and the compiler
   share the evaluator. Codes keep their meaning; who does not know one refuses
   the program. */

#ifndef PERCEIVER_LIB_RUNTIME_SIZE_PROGRAM_H
#define PERCEIVER_LIB_RUNTIME_SIZE_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Operands that a size program may have on its stack. */
#define PERCEIVER_RT_MAX_STACK 16

/* Programs are in postfix order, with the meaning of MLIR's affine expressions:
   floordiv, ceildiv and mod round towards minus infinity (plus infinity for
   ceildiv) and want a positive divisor. Values may be negative. */
typedef enum perceiver_size_opcode {
  PERCEIVER_SIZE_CONSTANT = 0, /* push value */
  PERCEIVER_SIZE_SYMBOL = 1,   /* push sizes[value] */
  PERCEIVER_SIZE_ADD = 2,      /* pop b, pop a, push a + b; value is 0 */
  PERCEIVER_SIZE_MUL = 3,
  PERCEIVER_SIZE_FLOORDIV = 4,
  PERCEIVER_SIZE_CEILDIV = 5,
  PERCEIVER_SIZE_MOD = 6,
  PERCEIVER_SIZE_MIN = 7,
  PERCEIVER_SIZE_MAX = 8
} perceiver_size_opcode;

typedef struct perceiver_size_instruction {
  int64_t opcode;
  int64_t value;
} perceiver_size_instruction;

/* What a program gives. As long as all is well within 64 bits a value is an
   integer; beyond, figures such as FLOPs go on in floating point, and memory
   cannot be had. */
typedef struct perceiver_size_value {
  /* The value, rounded; not a number if something is divided by a number that
     is not positive, or if even a double cannot hold it. */
  double real;
  /* The value, if `is_integer`: no step of the program has left 64 bits. */
  int64_t integer;
  bool is_integer;
} perceiver_size_value;

/* Return null and the value of a program; or, for a program that is none
   whatever the sizes are, what is wrong with it and at which instruction. */
const char *perceiver_size_evaluate(const perceiver_size_instruction *program,
                                    int32_t length, const int64_t *sizes,
                                    int32_t size_count,
                                    perceiver_size_value *result,
                                    int32_t *position);

/* How metadata spells an opcode that has two operands: "+", "floordiv"; null
   for other codes. */
const char *perceiver_size_operator(int64_t opcode);

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_RUNTIME_SIZE_PROGRAM_H */
