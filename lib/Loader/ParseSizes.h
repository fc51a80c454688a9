//===- ParseSizes.h - Sizes of a run, as --size has them --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_PARSESIZES_H
#define PERCEIVER_LIB_LOADER_PARSESIZES_H

#include "lib/Loader/Binding.h"

#include <string>
#include <vector>

namespace perceiver {

/// Return the sizes that are given as text, "first=1000".
Result<SizeValues> parseSizes(const std::vector<std::string> &texts);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_PARSESIZES_H
