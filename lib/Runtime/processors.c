/*===- processors.c - How many processors there are ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* A container of two processors on a machine of 64 may run on all 64: what it
   has is a quota of time. More threads than that are stopped together, in the
   middle of a phase, until the next period. The quota is that of the process's
   control group, or of one above it. /proc/self/cgroup names the group,
   /proc/self/mountinfo says where its files are:

     version 2   0::/a/b          cpu.max in /sys/fs/cgroup/a/b, then in a
     version 1   4:cpu,cpuacct:/a/b   cpu.cfs_quota_us, cpu.cfs_period_us

   A system may have both. A mount shows the groups below its root, which is
   a part of the group's name. What cannot be read or understood is no limit.

   Test: test/Unit/RuntimeProcessorsTest.cpp. */

#include "lib/Runtime/runtime_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, LINE_BYTES = 3 * PATH_BYTES };

/* Everything that is read, too much for the stack of a small thread. */
typedef struct search {
  const char *root;
  /* The groups of this process; empty if there is none. */
  char version1[PATH_BYTES], version2[PATH_BYTES];
  char file[PATH_BYTES], directory[PATH_BYTES], line[LINE_BYTES];
  int32_t processors;
} search;

/*===----------------------------------------------------------------------===*
 * Reading
 *===----------------------------------------------------------------------===*/

typedef struct line_reader {
  int descriptor;
  size_t next, end;
  char block[PATH_BYTES];
} line_reader;

/* The next byte, or -1 at the end. */
static int read_byte(line_reader *reader) {
  while (reader->next == reader->end) {
    ssize_t count =
        read(reader->descriptor, reader->block, sizeof reader->block);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return -1;
    reader->next = 0;
    reader->end = (size_t)count;
  }
  return (unsigned char)reader->block[reader->next++];
}

/* Read one line without its end into `state->line`; one that is too long is
   empty. False: there is none. */
static bool read_line(line_reader *reader, search *state) {
  size_t length = 0;
  int byte = read_byte(reader);
  if (byte < 0)
    return false;
  for (; byte >= 0 && byte != '\n'; byte = read_byte(reader), ++length)
    if (length < sizeof state->line - 1)
      state->line[length] = (char)byte;
  state->line[length < sizeof state->line ? length : 0] = 0;
  return true;
}

/* Open `<folder>/<name>`. */
static bool open_file(search *state, const char *folder, const char *name,
                      line_reader *reader) {
  int length = snprintf(state->file, sizeof state->file, "%s/%s", folder, name);
  *reader = (line_reader){.descriptor = -1};
  if (length >= 0 && (size_t)length < sizeof state->file)
    reader->descriptor = open(state->file, O_RDONLY | O_CLOEXEC);
  return reader->descriptor >= 0;
}

/* Read the first line of `<folder>/<name>`. */
static bool read_first_line(search *state, const char *folder,
                            const char *name) {
  line_reader reader;
  if (!open_file(state, folder, name, &reader))
    return false;
  bool found = read_line(&reader, state);
  close(reader.descriptor);
  return found;
}

/*===----------------------------------------------------------------------===*
 * Parsing
 *===----------------------------------------------------------------------===*/

/* Cut off what comes before `separator`; null if nothing is left. */
static char *next_field(char **text, char separator) {
  char *field = *text;
  if (!field)
    return NULL;
  *text = strchr(field, separator);
  if (*text)
    *(*text)++ = 0;
  return field;
}

/* Whether `item` is one of those in `list`, which commas separate. */
static bool has_item(const char *list, const char *item) {
  size_t length = strlen(item);
  for (; list; list = strchr(list, ',')) {
    list += *list == ',';
    if (!strncmp(list, item, length) && (list[length] == ',' || !list[length]))
      return true;
  }
  return false;
}

/* Replace \040 and the like, by which mountinfo writes blanks. */
static void unescape(char *text) {
  char *to = text;
  for (; *text; ++text) {
    if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] >= '0' &&
        text[2] <= '7' && text[3] >= '0' && text[3] <= '7') {
      *to++ =
          (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
      text += 3;
    } else {
      *to++ = *text;
    }
  }
  *to = 0;
}

/* A positive number; 0 for everything else. */
static int64_t parse_positive(const char *text) {
  int64_t number = 0;
  if (!text)
    return 0;
  for (; *text; ++text)
    if (*text < '0' || *text > '9' ||
        __builtin_mul_overflow(number, 10, &number) ||
        __builtin_add_overflow(number, *text - '0', &number))
      return 0;
  return number;
}

/*===----------------------------------------------------------------------===*
 * Groups
 *===----------------------------------------------------------------------===*/

/* So many processors give `quota` units of time in a period. */
static void limit(search *state, int64_t quota, int64_t period) {
  if (quota <= 0 || period <= 0)
    return;
  int64_t processors = (quota - 1) / period + 1;
  if (processors < INT32_MAX &&
      (!state->processors || processors < state->processors))
    state->processors = (int32_t)processors;
}

/* Look at the files of the group in `state->directory`. */
static void look_at_group(search *state, bool is_version2) {
  if (is_version2) {
    if (!read_first_line(state, state->directory, "cpu.max"))
      return;
    char *rest = state->line;
    int64_t quota = parse_positive(next_field(&rest, ' '));
    limit(state, quota, parse_positive(rest));
    return;
  }
  if (!read_first_line(state, state->directory, "cpu.cfs_quota_us"))
    return;
  int64_t quota = parse_positive(state->line);
  if (read_first_line(state, state->directory, "cpu.cfs_period_us"))
    limit(state, quota, parse_positive(state->line));
}

/* Look at the group that this process has in the mount of `state->line`, and at
   those above. Destroys the line. */
static void look_at_mount(search *state) {
  char *rest = state->line, *fields[5], *field;
  for (int i = 0; i < 5; ++i)
    if (!(fields[i] = next_field(&rest, ' ')))
      return;
  char *top = fields[3], *mount_point = fields[4];
  while ((field = next_field(&rest, ' ')) && strcmp(field, "-"))
    ;
  const char *type = next_field(&rest, ' ');
  next_field(&rest, ' ');
  bool is_version2 = type && !strcmp(type, "cgroup2");
  if (!is_version2 &&
      (!type || strcmp(type, "cgroup") || !rest || !has_item(rest, "cpu")))
    return;
  const char *group = is_version2 ? state->version2 : state->version1;
  unescape(top);
  unescape(mount_point);
  size_t length = strcmp(top, "/") ? strlen(top) : 0;
  if (group[0] != '/' || strncmp(group, top, length) ||
      (group[length] != '/' && group[length]))
    return;
  int bytes = snprintf(state->directory, sizeof state->directory, "%s%s%s",
                       state->root, mount_point, group + length);
  if (bytes < 0 || (size_t)bytes >= sizeof state->directory)
    return;
  size_t shortest = strlen(state->root) + strlen(mount_point);
  for (;;) {
    look_at_group(state, is_version2);
    if (strlen(state->directory) <= shortest)
      return;
    *strrchr(state->directory, '/') = 0;
  }
}

/* Keep the group of `state->line` if its controllers have quotas. */
static void look_at_membership(search *state) {
  char *rest = state->line;
  const char *hierarchy = next_field(&rest, ':');
  const char *controllers = next_field(&rest, ':');
  if (!controllers || !rest || strlen(rest) >= PATH_BYTES)
    return;
  if (!strcmp(hierarchy, "0") && !*controllers)
    strcpy(state->version2, rest);
  else if (has_item(controllers, "cpu"))
    strcpy(state->version1, rest);
}

static void look_at_lines(search *state, const char *name,
                          void (*look)(search *)) {
  line_reader reader;
  if (!open_file(state, state->root, name, &reader))
    return;
  while (read_line(&reader, state))
    look(state);
  close(reader.descriptor);
}

int32_t perceiver_rt_quota(const char *root) {
  search *state = calloc(1, sizeof *state);
  if (!state)
    return 0;
  state->root = root;
  look_at_lines(state, "proc/self/cgroup", look_at_membership);
  look_at_lines(state, "proc/self/mountinfo", look_at_mount);
  int32_t processors = state->processors;
  free(state);
  return processors;
}

/*===----------------------------------------------------------------------===*
 * Processors
 *===----------------------------------------------------------------------===*/

/* Processors that this thread may run on. */
static int32_t count_affine(void) {
  unsigned long mask[PERCEIVER_RT_MAX_WORKERS / (8 * sizeof(unsigned long))];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  int32_t count = 0;
  for (long i = 0; i < bytes / (long)sizeof *mask; ++i)
    for (unsigned long rest = mask[i]; rest; rest &= rest - 1)
      ++count;
  return count ? count : 1;
}

int32_t perceiver_rt_processor_count(void) {
  int32_t count = count_affine(), quota = perceiver_rt_quota("");
  return quota && quota < count ? quota : count;
}
