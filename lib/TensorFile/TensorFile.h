//===- TensorFile.h - Read and write any tensor file ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_TENSORFILE_H
#define PERCEIVER_LIB_TENSORFILE_TENSORFILE_H

#include "lib/TensorFile/TensorSet.h"

namespace perceiver {

/// Read a .safetensors, .npz or .npy file: which, says the name's suffix, or
/// the first bytes where the suffix is another one.
Result<TensorSet> readTensors(const std::string &path);

/// Write a file in the format of its suffix, which has to be one of the three;
/// devices and pipes receive .safetensors. A .npy file takes exactly one
/// tensor; only .safetensors has metadata.
Status writeTensors(const std::string &path,
                    const std::vector<TensorView> &tensors,
                    const std::map<std::string, std::string> &metadata = {});

/// Refuse an output before anything is computed for it: one that has no format,
/// and one that would replace a file that is read, also under another name.
/// Names of no file are nobody's; an empty one is no output.
Status verifyOutput(const std::string &output,
                    const std::vector<std::string> &inputs);

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_TENSORFILE_H
