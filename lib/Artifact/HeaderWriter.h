//===- HeaderWriter.h - The C header of an artefact -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ARTIFACT_HEADERWRITER_H
#define PERCEIVER_LIB_ARTIFACT_HEADERWRITER_H

#include "lib/Artifact/ArtifactDescription.h"

namespace mlir::perceiver {

/// The text of a header that declares what addArtifact exports, for C99 and
/// C++. It needs no other file: the text of perceiver_abi.h is part of it, so
/// that headers of several models fit into one program. `artifact` has passed
/// checkArtifact.
std::string writeHeader(const ArtifactDescription &artifact);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ARTIFACT_HEADERWRITER_H
