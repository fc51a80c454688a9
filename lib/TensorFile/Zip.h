//===- Zip.h - Constants of the zip format ----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_ZIP_H
#define PERCEIVER_LIB_TENSORFILE_ZIP_H

#include <cstddef>
#include <cstdint>

namespace perceiver::zip {

// Signatures, and the sizes of the records up to their variable parts.
constexpr uint32_t kLocalHeader = 0x04034b50;
constexpr size_t kLocalHeaderBytes = 30;
constexpr uint32_t kDirectoryEntry = 0x02014b50;
constexpr size_t kDirectoryEntryBytes = 46;
constexpr uint32_t kEnd = 0x06054b50;
constexpr size_t kEndBytes = 22;
constexpr uint32_t kEnd64 = 0x06064b50;
constexpr size_t kEnd64Bytes = 56;
constexpr uint32_t kLocator64 = 0x07064b50;
constexpr size_t kLocator64Bytes = 20;

/// The extra field with 64-bit sizes, used where a field is all ones.
constexpr uint16_t kExtra64 = 1;
constexpr uint32_t kIn64 = 0xffffffff;
constexpr uint16_t kCountIn64 = 0xffff;

constexpr uint16_t kStored = 0;
constexpr uint16_t kDeflated = 8;
constexpr uint16_t kFlagEncrypted = 1;
constexpr uint16_t kFlagUtf8 = 0x800;

} // namespace perceiver::zip

#endif // PERCEIVER_LIB_TENSORFILE_ZIP_H
