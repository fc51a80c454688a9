/*===- weights.c - Reading weights files --------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/checksum.h"
#include "lib/Runtime/runtime_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

uint64_t perceiver_rt_header_checksum(const perceiver_weights_header *header) {
  return perceiver_checksum(
      header, offsetof(perceiver_weights_header, header_checksum));
}

/* True if a part of the file lies behind the header and before the end. */
static bool part_fits(const perceiver_weights_header *header, uint64_t offset,
                      uint64_t bytes) {
  return offset >= sizeof *header && offset <= header->file_bytes &&
         bytes <= header->file_bytes - offset;
}

static bool is_consistent(const perceiver_weights_header *header) {
  return part_fits(header, header->directory_offset, header->directory_bytes) &&
         part_fits(header, header->data_offset, header->data_bytes) &&
         header->data_offset % PERCEIVER_WEIGHTS_DATA_ALIGNMENT == 0;
}

/* Check the first `available` bytes of a file of `file_bytes` bytes. */
static perceiver_status check_header(const char *path,
                                     const perceiver_weights_header *header,
                                     size_t available, uint64_t file_bytes) {
  size_t magic_bytes = sizeof header->magic;
  if (available < magic_bytes)
    magic_bytes = available;
  if (memcmp(header->magic, PERCEIVER_WEIGHTS_MAGIC, magic_bytes) != 0)
    return perceiver_rt_fail(PERCEIVER_FILE_FORMAT, "%s is not a weights file",
                             path);
  if (available < sizeof *header)
    return perceiver_rt_fail(PERCEIVER_FILE_TRUNCATED,
                             "%s is cut off: %zu bytes do not hold a header",
                             path, available);
  if (header->format_version != PERCEIVER_WEIGHTS_VERSION)
    return perceiver_rt_fail(
        PERCEIVER_VERSION_MISMATCH,
        "%s has version %u of the weights file format, but this model reads "
        "version %d",
        path, header->format_version, PERCEIVER_WEIGHTS_VERSION);
  if (header->header_bytes != sizeof *header)
    return perceiver_rt_fail(PERCEIVER_FILE_FORMAT,
                             "%s is damaged: a header of %u bytes, but %zu "
                             "were expected",
                             path, header->header_bytes, sizeof *header);
  if (header->header_checksum != perceiver_rt_header_checksum(header))
    return perceiver_rt_fail(
        PERCEIVER_CHECKSUM_MISMATCH,
        "%s is damaged: the header does not match its checksum", path);
  if (!is_consistent(header))
    return perceiver_rt_fail(PERCEIVER_FILE_FORMAT,
                             "%s is damaged: its parts do not fit into it",
                             path);
  if (file_bytes < header->file_bytes)
    return perceiver_rt_fail(PERCEIVER_FILE_TRUNCATED,
                             "%s is cut off: %llu bytes, but its header says "
                             "%llu",
                             path, (unsigned long long)file_bytes,
                             (unsigned long long)header->file_bytes);
  if (file_bytes > header->file_bytes)
    return perceiver_rt_fail(PERCEIVER_FILE_FORMAT,
                             "%s is damaged: %llu bytes, but its header says "
                             "%llu",
                             path, (unsigned long long)file_bytes,
                             (unsigned long long)header->file_bytes);
  return PERCEIVER_OK;
}

static perceiver_status check_owner(const char *path,
                                    const perceiver_weights_header *header,
                                    const perceiver_artifact *artifact) {
  if (memcmp(header->id, artifact->id, sizeof header->id) != 0)
    return perceiver_rt_fail(
        PERCEIVER_OTHER_MODEL,
        "%s does not belong to model \"%s\": compile it again, or pass the "
        "path of the file that was written with it",
        path, artifact->model_name);
  if (header->data_bytes != artifact->weights_bytes)
    return perceiver_rt_fail(
        PERCEIVER_OTHER_MODEL,
        "%s has %llu bytes of data, but model \"%s\" reads %llu", path,
        (unsigned long long)header->data_bytes, artifact->model_name,
        (unsigned long long)artifact->weights_bytes);
  return PERCEIVER_OK;
}

/* Check and map an open file. */
static perceiver_status map_file(int file, const char *path,
                                 const perceiver_artifact *artifact,
                                 perceiver_mapping *mapping) {
  perceiver_weights_header *header = &mapping->header;
  ssize_t available = pread(file, header, sizeof *header, 0);
  off_t file_bytes = available < 0 ? -1 : lseek(file, 0, SEEK_END);
  if (file_bytes < 0)
    return perceiver_rt_fail(PERCEIVER_FILE_UNREADABLE, "cannot read %s: %m",
                             path);
  perceiver_status status =
      check_header(path, header, (size_t)available, (uint64_t)file_bytes);
  if (status == PERCEIVER_OK && artifact)
    status = check_owner(path, header, artifact);
  if (status != PERCEIVER_OK)
    return status;
  void *address =
      mmap(NULL, (size_t)file_bytes, PROT_READ, MAP_PRIVATE, file, 0);
  if (address == MAP_FAILED)
    return perceiver_rt_fail(errno == ENOMEM ? PERCEIVER_OUT_OF_MEMORY
                                             : PERCEIVER_FILE_UNREADABLE,
                             "cannot map %s: %m", path);
  mapping->address = address;
  mapping->bytes = (size_t)file_bytes;
  /* A hint: start reading now. */
  (void)madvise(address, mapping->bytes, MADV_WILLNEED);
  return PERCEIVER_OK;
}

perceiver_status perceiver_rt_map_weights(const char *path,
                                          const perceiver_artifact *artifact,
                                          perceiver_mapping *mapping) {
  mapping->address = NULL;
  /* Not blocking: a pipe is refused, not waited for. */
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return perceiver_rt_fail(errno == ENOENT || errno == ENOTDIR
                                 ? PERCEIVER_FILE_NOT_FOUND
                                 : PERCEIVER_FILE_UNREADABLE,
                             "cannot open %s: %m", path);
  perceiver_status status = map_file(file, path, artifact, mapping);
  close(file);
  return status;
}

void perceiver_rt_unmap_weights(perceiver_mapping *mapping) {
  if (mapping->address)
    munmap(mapping->address, mapping->bytes);
  mapping->address = NULL;
}

static perceiver_status check_part(const char *path, const char *what,
                                   const perceiver_mapping *mapping,
                                   uint64_t offset, uint64_t bytes,
                                   uint64_t expected) {
  const char *part = (const char *)mapping->address + offset;
  if (perceiver_checksum(part, bytes) == expected)
    return PERCEIVER_OK;
  return perceiver_rt_fail(PERCEIVER_CHECKSUM_MISMATCH,
                           "%s is damaged: the %s does not match its checksum",
                           path, what);
}

perceiver_status perceiver_rt_check_weights(const char *path,
                                            const perceiver_artifact *artifact,
                                            perceiver_weights_header *header) {
  if (!path)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT, "the path is null");
  perceiver_mapping mapping;
  perceiver_status status = perceiver_rt_map_weights(path, artifact, &mapping);
  if (status != PERCEIVER_OK)
    return status;
  if (header)
    *header = mapping.header;
  status = check_part(
      path, "directory", &mapping, mapping.header.directory_offset,
      mapping.header.directory_bytes, mapping.header.directory_checksum);
  if (status == PERCEIVER_OK)
    status =
        check_part(path, "data", &mapping, mapping.header.data_offset,
                   mapping.header.data_bytes, mapping.header.data_checksum);
  perceiver_rt_unmap_weights(&mapping);
  return status;
}
