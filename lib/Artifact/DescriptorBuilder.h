//===- DescriptorBuilder.h - What makes a module an artefact ----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ARTIFACT_DESCRIPTORBUILDER_H
#define PERCEIVER_LIB_ARTIFACT_DESCRIPTORBUILDER_H

#include "lib/Artifact/ArtifactDescription.h"

namespace llvm {
class GlobalVariable;
class Module;
} // namespace llvm

namespace mlir::perceiver {

/// Add to a module, which defines a body `void P__body_<entry>(ptr frame)` for
/// each entry (ArtifactNames.h), what makes it an artefact:
///
///  * the constant `perceiver_artifact`,
///  * the exported functions, which collect sizes and arguments and call
///    lib/Runtime,
///  * the metadata (MetadataWriter.h).
///
/// Everything else that the module defines becomes internal, so that LLVM may
/// inline, specialize and drop it. Call this before ObjectEmitter::optimize.
llvm::Error addArtifact(llvm::Module &module,
                        const ArtifactDescription &artifact);

/// The parts of addArtifact. The first returns the constant.
llvm::Expected<llvm::GlobalVariable *>
addDescriptor(llvm::Module &module, const ArtifactDescription &artifact);
void addExportedFunctions(llvm::Module &module,
                          const ArtifactDescription &artifact,
                          llvm::GlobalVariable &descriptor);
void addMetadataSection(llvm::Module &module,
                        const ArtifactDescription &artifact);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ARTIFACT_DESCRIPTORBUILDER_H
