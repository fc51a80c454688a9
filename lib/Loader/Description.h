//===- Description.h - Metadata as text for people --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_DESCRIPTION_H
#define PERCEIVER_LIB_LOADER_DESCRIPTION_H

#include "lib/Loader/Metadata.h"

namespace perceiver {

/// Return several lines: target, weights, each entry with its signature and
/// memory plan, and the fusion log.
std::string describe(const Metadata &metadata);

/// Return the metadata as JSON, with a member "glibc" for what it does not say
/// itself.
std::string describeAsJSON(const Metadata &metadata);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_DESCRIPTION_H
