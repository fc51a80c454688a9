//===- ElementTypes.h - Element types in IR and artefacts -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ARTIFACT_ELEMENTTYPES_H
#define PERCEIVER_LIB_ARTIFACT_ELEMENTTYPES_H

#include "lib/Runtime/perceiver_runtime.h"

#include "mlir/IR/Types.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorHandling.h"

#include <optional>

namespace mlir::perceiver {

/// What artefacts call an element type; nothing for types that C programs
/// cannot pass.
inline std::optional<perceiver_dtype> toDType(Type type) {
  if (type.isF32())
    return PERCEIVER_F32;
  if (type.isF64())
    return PERCEIVER_F64;
  if (type.isF16())
    return PERCEIVER_F16;
  if (type.isBF16())
    return PERCEIVER_BF16;
  if (type.isSignlessInteger(64))
    return PERCEIVER_I64;
  if (type.isSignlessInteger(32))
    return PERCEIVER_I32;
  if (type.isSignlessInteger(16))
    return PERCEIVER_I16;
  if (type.isSignlessInteger(8))
    return PERCEIVER_I8;
  if (type.isUnsignedInteger(8))
    return PERCEIVER_U8;
  if (type.isSignlessInteger(1))
    return PERCEIVER_BOOL;
  return std::nullopt;
}

/// The name of an element type in metadata: "f32", "i64", "bool".
inline llvm::StringRef dtypeName(perceiver_dtype dtype) {
  switch (dtype) {
  case PERCEIVER_F32:
    return "f32";
  case PERCEIVER_F64:
    return "f64";
  case PERCEIVER_F16:
    return "f16";
  case PERCEIVER_BF16:
    return "bf16";
  case PERCEIVER_I8:
    return "i8";
  case PERCEIVER_I16:
    return "i16";
  case PERCEIVER_I32:
    return "i32";
  case PERCEIVER_I64:
    return "i64";
  case PERCEIVER_U8:
    return "u8";
  case PERCEIVER_BOOL:
    return "bool";
  }
  llvm_unreachable("unknown perceiver_dtype");
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ARTIFACT_ELEMENTTYPES_H
