/*===- size_program.c - Sizes as functions of dynamic sizes -------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* Artefacts carry this file, so it needs no mathematical library.

   Test: test/Unit/RuntimeSizeProgramTest.cpp. */

#include "lib/Runtime/size_program.h"

#include "lib/Runtime/runtime_internal.h"

static const double NOT_A_NUMBER = __builtin_nan("");

/* From 2^52 on every double is an integer. */
static double round_down(double value) {
  if (!(value > -0x1p52 && value < 0x1p52))
    return value;
  double whole = (double)(int64_t)value;
  return whole > value ? whole - 1 : whole;
}

/* Apply a binary opcode. False if the result is not defined or leaves 64 bits.
   This is what the opcodes mean. */
static bool apply_exactly(int64_t opcode, int64_t a, int64_t b,
                          int64_t *result) {
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

/* The same for values of which one is, or the result will be, beyond 64 bits.
   What is not a number stays so. */
static double apply_rounded(int64_t opcode, double a, double b) {
  if (a != a || b != b)
    return NOT_A_NUMBER;
  if (opcode == PERCEIVER_SIZE_ADD)
    return a + b;
  if (opcode == PERCEIVER_SIZE_MUL)
    return a * b;
  if (opcode == PERCEIVER_SIZE_MIN)
    return a < b ? a : b;
  if (opcode == PERCEIVER_SIZE_MAX)
    return a > b ? a : b;
  if (b <= 0)
    return NOT_A_NUMBER;
  if (opcode == PERCEIVER_SIZE_FLOORDIV)
    return round_down(a / b);
  if (opcode == PERCEIVER_SIZE_CEILDIV)
    return -round_down(-a / b);
  /* PERCEIVER_SIZE_MOD */
  return a - b * round_down(a / b);
}

static perceiver_size_value make_integer(int64_t value) {
  return (perceiver_size_value){
      .real = (double)value, .integer = value, .is_integer = true};
}

static perceiver_size_value apply(int64_t opcode, perceiver_size_value a,
                                  perceiver_size_value b) {
  int64_t result;
  if (a.is_integer && b.is_integer &&
      apply_exactly(opcode, a.integer, b.integer, &result))
    return make_integer(result);
  double real = apply_rounded(opcode, a.real, b.real);
  /* Infinity less itself is no number. */
  return (perceiver_size_value){.real = real - real == 0 ? real : NOT_A_NUMBER};
}

const char *perceiver_size_operator(int64_t opcode) {
  static const char *const names[] = {
      [PERCEIVER_SIZE_ADD] = "+",
      [PERCEIVER_SIZE_MUL] = "*",
      [PERCEIVER_SIZE_FLOORDIV] = "floordiv",
      [PERCEIVER_SIZE_CEILDIV] = "ceildiv",
      [PERCEIVER_SIZE_MOD] = "mod",
      [PERCEIVER_SIZE_MIN] = "min",
      [PERCEIVER_SIZE_MAX] = "max",
  };
  bool is_known =
      opcode >= 0 && opcode < (int64_t)(sizeof names / sizeof *names);
  return is_known ? names[opcode] : NULL;
}

const char *perceiver_size_evaluate(const perceiver_size_instruction *program,
                                    int32_t length, const int64_t *sizes,
                                    int32_t size_count,
                                    perceiver_size_value *result,
                                    int32_t *position) {
  perceiver_size_value stack[PERCEIVER_RT_MAX_STACK];
  int32_t depth = 0;
  for (int32_t i = 0; i < length; ++i) {
    int64_t opcode = program[i].opcode, value = program[i].value;
    *position = i;
    if (opcode == PERCEIVER_SIZE_SYMBOL || opcode == PERCEIVER_SIZE_CONSTANT) {
      bool is_symbol = opcode == PERCEIVER_SIZE_SYMBOL;
      if (is_symbol && (value < 0 || value >= size_count))
        return "unknown symbol";
      if (depth == PERCEIVER_RT_MAX_STACK)
        return "stack overflow";
      stack[depth++] = make_integer(is_symbol ? sizes[value] : value);
      continue;
    }
    if (!perceiver_size_operator(opcode))
      return "unknown opcode";
    if (depth < 2)
      return "missing operand";
    --depth;
    stack[depth - 1] = apply(opcode, stack[depth - 1], stack[depth]);
  }
  *position = length;
  if (depth != 1)
    return depth ? "values left over" : "no value";
  *result = stack[0];
  return NULL;
}

perceiver_status
perceiver_rt_evaluate(const perceiver_size_instruction *program, int32_t length,
                      const int64_t *sizes, int32_t size_count,
                      int64_t *result) {
  perceiver_size_value value;
  int32_t position;
  const char *mistake = perceiver_size_evaluate(program, length, sizes,
                                                size_count, &value, &position);
  if (mistake)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "malformed size program: %s at instruction %d",
                             mistake, position);
  if (!value.is_integer)
    return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                             "a size leaves 64 bits or divides by a number "
                             "that is not positive");
  if (value.integer < 0)
    return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                             "a size is negative: %lld",
                             (long long)value.integer);
  *result = value.integer;
  return PERCEIVER_OK;
}
