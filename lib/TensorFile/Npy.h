//===- Npy.h - Read and write .npy files ------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Format versions 1, 2 and 3, little-endian, C order. Refused: Fortran order,
/// big-endian and structured data, objects, bytes after the data (NumPy itself
/// ignores those).
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_NPY_H
#define PERCEIVER_LIB_TENSORFILE_NPY_H

#include "lib/TensorFile/TensorSet.h"

namespace perceiver {

/// Map and check a file; its one tensor is named after the file, without the
/// folder and ".npy".
Result<TensorSet> readNpy(const std::string &path);

/// Check the bytes of a .npy file and return a view of its data. `path` and
/// `name` are for diagnostics and the view's name.
Result<TensorView> parseNpy(const uint8_t *data, size_t size,
                            const std::string &path, const std::string &name);

/// Return what precedes the data of `view` in a file (version 1), a multiple of
/// 64 bytes. Fails for BF16, which NumPy has no name for.
Result<std::string> npyHeader(const TensorView &view);

/// Write a file that appears under its name only once it is complete.
Status writeNpy(const std::string &path, const TensorView &view);

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_NPY_H
