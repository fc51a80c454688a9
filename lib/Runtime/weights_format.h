/*===- weights_format.h - The weights file ------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* A compiled model's parameters, in the layout that its code reads, as one
   file that processes share by mapping it. Everything is little-endian.

     0                 perceiver_weights_header, 128 bytes
     directory_offset  JSON text, directory_bytes long, no terminating zero:
                       [{"name": "...", "dtype": "f32", "shape": [64, 1024],
                         "layout": "...", "offset": 0, "bytes": 262144}, ...]
                       offsets count from the start of the data and are
                       multiples of 64; gaps are zero. The runtime does not
                       read the directory: tools and people do
     data_offset       the data, a multiple of 4096
     file_bytes        end of the file

   The checksums are those of checksum.h: header_checksum covers the 120 bytes
   before it, the other two cover directory and data. Loading a model checks
   everything but data_checksum and directory_checksum, which would read the
   whole file; perceiver_rt_check_weights checks these too. */

#ifndef PERCEIVER_LIB_RUNTIME_WEIGHTS_FORMAT_H
#define PERCEIVER_LIB_RUNTIME_WEIGHTS_FORMAT_H

#include <stdint.h>

#define PERCEIVER_WEIGHTS_MAGIC "PRCVWGT" /* and its terminating zero */
#define PERCEIVER_WEIGHTS_VERSION 1
#define PERCEIVER_WEIGHTS_DATA_ALIGNMENT 4096
#define PERCEIVER_WEIGHTS_TENSOR_ALIGNMENT 64

/* Every field is naturally aligned: there is no padding. */
typedef struct perceiver_weights_header {
  char magic[8];
  uint32_t format_version;
  uint32_t header_bytes; /* sizeof(perceiver_weights_header) */
  /* Identifies the model and the layout of its data, not the values: new
     weights for the same model keep it. Equal to perceiver_artifact.id. */
  uint8_t id[32];
  uint64_t file_bytes;
  uint64_t directory_offset;
  uint64_t directory_bytes;
  uint64_t data_offset;
  uint64_t data_bytes;
  uint64_t directory_checksum;
  uint64_t data_checksum;
  uint64_t reserved[2]; /* zero */
  uint64_t header_checksum;
} perceiver_weights_header;

#endif /* PERCEIVER_LIB_RUNTIME_WEIGHTS_FORMAT_H */
