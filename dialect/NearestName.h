//===- NearestName.h - Suggest what a user meant ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_NEARESTNAME_H
#define PERCEIVER_DIALECT_NEARESTNAME_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace mlir::perceiver {

/// The candidate with the fewest edits from `name`, or "" if none is close: at
/// most a third of the longer name differs, and never all of it.
StringRef nearestName(StringRef name, ArrayRef<StringRef> candidates);

/// "; did you mean 'x'?" for the nearest name, or "".
std::string didYouMean(StringRef name, ArrayRef<StringRef> candidates);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_NEARESTNAME_H
