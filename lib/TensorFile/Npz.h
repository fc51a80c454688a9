//===- Npz.h - Read and write .npz files ------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A .npz file is a zip archive of .npy files. Entries may be stored (they are
/// used where they lie in the mapped file) or deflated (they are unpacked into
/// memory), with or without the 64-bit extension; split archives are refused.
/// What is encrypted, packed in another way, no .npy file or an array that
/// readNpy would not read is there by name only (TensorSet::unread). Checksums
/// are verified. Written archives are stored.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_NPZ_H
#define PERCEIVER_LIB_TENSORFILE_NPZ_H

#include "lib/TensorFile/TensorSet.h"

namespace perceiver {

/// Map and check a file; tensors are named after the entries, without ".npy".
Result<TensorSet> readNpz(const std::string &path);

/// Check the bytes of a file, which must outlive the result.
Result<TensorSet> parseNpz(const uint8_t *data, size_t size,
                           const std::string &path);

/// Write a file that appears under its name only once it is complete.
Status writeNpz(const std::string &path,
                const std::vector<TensorView> &tensors);

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_NPZ_H
