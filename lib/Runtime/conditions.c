/*===- conditions.c - What must hold of the sizes of a run --------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* Sizes have ranges, and conditions between them that a description states.

   Test: test/Unit/RuntimeConditionsTest.cpp. */

#include "lib/Runtime/runtime_internal.h"

#include <stdio.h>

static perceiver_status check_ranges(const perceiver_entry *entry,
                                     const int64_t *sizes) {
  for (int32_t i = 0; i < entry->symbol_count; ++i) {
    const perceiver_symbol *symbol = &entry->symbols[i];
    if (sizes[i] >= symbol->minimum && sizes[i] <= symbol->maximum)
      continue;
    if (symbol->maximum == INT64_MAX)
      return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                               "entry \"%s\": %s is %lld, but must be at least "
                               "%lld",
                               entry->name, symbol->name, (long long)sizes[i],
                               (long long)symbol->minimum);
    return perceiver_rt_fail(
        PERCEIVER_SIZE_OUT_OF_RANGE,
        "entry \"%s\": %s is %lld, but must be between %lld and %lld",
        entry->name, symbol->name, (long long)sizes[i],
        (long long)symbol->minimum, (long long)symbol->maximum);
  }
  return PERCEIVER_OK;
}

/* "rows is 3000, count is 5": the sizes in a program, each once. */
static void name_sizes(const perceiver_entry *entry, const int64_t *sizes,
                       const perceiver_size_instruction *program,
                       int32_t length, char *text, size_t capacity) {
  bool named[PERCEIVER_RT_MAX_SYMBOLS] = {false};
  size_t used = 0;
  text[0] = 0;
  for (int32_t i = 0; i < length && used < capacity; ++i) {
    int64_t symbol = program[i].value;
    if (program[i].opcode != PERCEIVER_SIZE_SYMBOL || named[symbol])
      continue;
    named[symbol] = true;
    int more =
        snprintf(text + used, capacity - used, "%s%s is %lld", used ? ", " : "",
                 entry->symbols[symbol].name, (long long)sizes[symbol]);
    used += more > 0 ? (size_t)more : 0;
  }
}

static perceiver_status malformed(const perceiver_entry *entry,
                                  const char *mistake) {
  return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                           "entry \"%s\": malformed size program: %s",
                           entry->name, mistake);
}

static perceiver_status check_conditions(const perceiver_entry *entry,
                                         const int64_t *sizes) {
  for (int32_t i = 0; i < entry->condition_count; ++i) {
    const perceiver_condition *condition = &entry->conditions[i];
    perceiver_size_value value;
    int32_t position;
    const char *mistake =
        perceiver_size_evaluate(condition->value, condition->value_length,
                                sizes, entry->symbol_count, &value, &position);
    if (mistake)
      return malformed(entry, mistake);
    /* One that has left 64 bits is not known to be met. */
    if (value.is_integer && value.integer >= 0)
      continue;
    char text[256];
    name_sizes(entry, sizes, condition->value, condition->value_length, text,
               sizeof text);
    return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                             "entry \"%s\": %s (%s)", entry->name,
                             condition->sentence, text);
  }
  return PERCEIVER_OK;
}

static perceiver_status check_derived(const perceiver_entry *entry,
                                      const int64_t *sizes) {
  for (int32_t i = 0; i < entry->derived_count; ++i) {
    const perceiver_derived_size *derived = &entry->derived[i];
    perceiver_size_value value;
    int32_t position;
    const char *mistake =
        perceiver_size_evaluate(derived->value, derived->value_length, sizes,
                                entry->symbol_count, &value, &position);
    if (mistake)
      return malformed(entry, mistake);
    if (!value.is_integer) {
      char text[256];
      name_sizes(entry, sizes, derived->value, derived->value_length, text,
                 sizeof text);
      return perceiver_rt_fail(
          PERCEIVER_SIZE_OUT_OF_RANGE, "entry \"%s\": %s %s (%s)", entry->name,
          derived->text,
          value.real == value.real ? "does not fit into 63 bits"
                                   : "divides by a number below 1",
          text);
    }
    if (value.integer < 1)
      return perceiver_rt_fail(
          PERCEIVER_SIZE_OUT_OF_RANGE,
          "entry \"%s\": %s is %lld, but must be at least 1", entry->name,
          derived->text, (long long)value.integer);
  }
  return PERCEIVER_OK;
}

perceiver_status perceiver_rt_check_sizes(const perceiver_entry *entry,
                                          const int64_t *sizes) {
  if (entry->symbol_count && !sizes)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "entry \"%s\": the sizes are null", entry->name);
  perceiver_status status = check_ranges(entry, sizes);
  if (status == PERCEIVER_OK)
    status = check_conditions(entry, sizes);
  if (status == PERCEIVER_OK)
    status = check_derived(entry, sizes);
  return status;
}
