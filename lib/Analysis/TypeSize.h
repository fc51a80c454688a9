//===- TypeSize.h - Bytes of arrays -----------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_TYPESIZE_H
#define PERCEIVER_LIB_ANALYSIS_TYPESIZE_H

#include "mlir/IR/BuiltinTypeInterfaces.h"

#include <cstdint>
#include <optional>

namespace mlir::perceiver {

/// The bytes from one element to the next: a bool takes a whole byte.
int64_t getElementBytes(ShapedType type);

/// The bytes of an array of the static sizes of `type`, or nothing if the
/// number does not fit.
std::optional<int64_t> getStaticBytes(ShapedType type);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_TYPESIZE_H
