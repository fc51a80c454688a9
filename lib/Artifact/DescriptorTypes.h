//===- DescriptorTypes.h - The runtime's structures in LLVM IR --*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The structures of lib/Runtime/perceiver_runtime.h that generated code
// contains as constants. test/Unit/ArtifactDescriptorTest.cpp compares sizes
// and offsets with those that the C compiler has.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ARTIFACT_DESCRIPTORTYPES_H
#define PERCEIVER_LIB_ARTIFACT_DESCRIPTORTYPES_H

namespace llvm {
class LLVMContext;
class StructType;
} // namespace llvm

namespace mlir::perceiver {

struct DescriptorTypes {
  explicit DescriptorTypes(llvm::LLVMContext &context);

  llvm::StructType *sizeInstruction;
  llvm::StructType *buffer;
  llvm::StructType *symbol;
  llvm::StructType *derivedSize;
  llvm::StructType *condition;
  llvm::StructType *argument;
  llvm::StructType *entry;
  llvm::StructType *kernel;
  llvm::StructType *kernelShape;
  llvm::StructType *image;
  /// What artefacts for the CPU have of perceiver_artifact.
  llvm::StructType *cpuArtifact;
  /// All of it.
  llvm::StructType *artifact;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ARTIFACT_DESCRIPTORTYPES_H
