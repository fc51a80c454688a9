/*===- expression.c - Sizes as functions of dynamic sizes ---------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/runtime_internal.h"

#include <stdbool.h>

/* Apply a binary opcode. False if the result is not defined. */
static bool apply(int64_t opcode, int64_t a, int64_t b, int64_t *result) {
  if (opcode == PERCEIVER_SIZE_ADD)
    return !__builtin_add_overflow(a, b, result);
  if (opcode == PERCEIVER_SIZE_MUL)
    return !__builtin_mul_overflow(a, b, result);
  if (opcode == PERCEIVER_SIZE_MIN) {
    *result = a < b ? a : b;
    return true;
  }
  if (opcode == PERCEIVER_SIZE_MAX) {
    *result = a > b ? a : b;
    return true;
  }
  if (b <= 0)
    return false;
  if (opcode == PERCEIVER_SIZE_FLOORDIV)
    *result = a / b - (a % b < 0);
  else if (opcode == PERCEIVER_SIZE_CEILDIV)
    *result = a / b + (a % b > 0);
  else /* PERCEIVER_SIZE_MOD */
    *result = a % b + (a % b < 0 ? b : 0);
  return true;
}

static perceiver_status malformed(const char *what, int32_t position) {
  return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                           "malformed size program: %s at instruction %d", what,
                           position);
}

perceiver_status
perceiver_rt_evaluate(const perceiver_size_instruction *program, int32_t length,
                      const int64_t *sizes, int32_t size_count,
                      int64_t *result) {
  int64_t stack[PERCEIVER_RT_MAX_STACK];
  int32_t depth = 0;
  for (int32_t i = 0; i < length; ++i) {
    int64_t value = program[i].value;
    switch (program[i].opcode) {
    case PERCEIVER_SIZE_SYMBOL:
      if (value < 0 || value >= size_count)
        return malformed("unknown symbol", i);
      value = sizes[value];
      /* Pushed like a constant. */
      __attribute__((fallthrough));
    case PERCEIVER_SIZE_CONSTANT:
      if (depth == PERCEIVER_RT_MAX_STACK)
        return malformed("stack overflow", i);
      stack[depth++] = value;
      break;
    case PERCEIVER_SIZE_ADD:
    case PERCEIVER_SIZE_MUL:
    case PERCEIVER_SIZE_FLOORDIV:
    case PERCEIVER_SIZE_CEILDIV:
    case PERCEIVER_SIZE_MOD:
    case PERCEIVER_SIZE_MIN:
    case PERCEIVER_SIZE_MAX:
      if (depth < 2)
        return malformed("missing operand", i);
      --depth;
      if (!apply(program[i].opcode, stack[depth - 1], stack[depth],
                 &stack[depth - 1]))
        return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                                 "a size leaves 64 bits or divides by a number "
                                 "that is not positive");
      break;
    default:
      return malformed("unknown opcode", i);
    }
  }
  if (depth != 1)
    return malformed(depth ? "values left over" : "no value", length);
  if (stack[0] < 0)
    return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                             "a size is negative: %lld", (long long)stack[0]);
  *result = stack[0];
  return PERCEIVER_OK;
}
