//===- ArtifactTestModel.h - A small artefact -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_ARTIFACTTESTMODEL_H
#define PERCEIVER_TEST_UNIT_ARTIFACTTESTMODEL_H

#include "TargetTestSupport.h"

#include "lib/Artifact/ArtifactDescription.h"

#include "gtest/gtest.h"

#include <dlfcn.h>

namespace mlir::perceiver::test {

/// A model with two entries, which use everything that generated code gets.
///
///   run:     scaled[i, :] = image[i, :] * w + image[i, :]   for i < batch,
///            in two phases, with one buffer for all and one for each worker
///   masked:  class = mask ? ids : 0                         three numbers
ArtifactDescription toyDescription(llvm::StringRef prefix = "toy");

/// A model for CUDA devices, with two kernels as PTX and as a broken cubin.
///
///   run:     scaled[i, :] = 2 image[i, :] w                 for i < batch,
///            in two launches and a copy
ArtifactDescription toyDeviceDescription();
std::string toyDeviceCode();

/// The code of its entries in the LLVM dialect.
std::string toyCode(llvm::StringRef prefix = "toy");

/// Its weights file: w = 1, 2, 3, 4.
std::string toyWeights(const ArtifactDescription &artifact);

/// The shared object of a description and its code.
Bytes linkArtifact(const ArtifactDescription &artifact, llvm::StringRef code);

/// A shared object in the file system, loaded into this process.
class Library {
public:
  explicit Library(const std::string &path)
      : handle(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    EXPECT_NE(handle, nullptr) << ::dlerror();
  }
  ~Library() {
    if (handle)
      ::dlclose(handle);
  }

  template <typename Function>
  Function *get(const char *name) const {
    void *symbol = handle ? ::dlsym(handle, name) : nullptr;
    EXPECT_NE(symbol, nullptr) << name;
    return reinterpret_cast<Function *>(symbol);
  }

private:
  void *handle;
};

} // namespace mlir::perceiver::test

#endif // PERCEIVER_TEST_UNIT_ARTIFACTTESTMODEL_H
