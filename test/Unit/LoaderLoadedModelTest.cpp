//===- LoaderLoadedModelTest.cpp - Models in this process -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/LoadedModel.h"
#include "test/Unit/TensorFileTestSupport.h"

#include <elf.h>

using namespace perceiver;
using namespace perceiver::test;

namespace {

class LoadedModelTest : public FileTest {
protected:
  Result<LoadedModel> open(const std::string &name) {
    std::filesystem::copy_file(PERCEIVER_LOADER_TEST_MODEL, path(name));
    Metadata metadata;
    metadata.prefix = "toy";
#if defined(__x86_64__)
    metadata.machine = EM_X86_64;
#else
    metadata.machine = EM_AARCH64;
#endif
    return LoadedModel::open(path(name), metadata, "");
  }
};

} // namespace

TEST_F(LoadedModelTest, FreesAModelBeforeItsCodeGoes) {
  Result<LoadedModel> first = open("a.so"), second = open("b.so");
  ASSERT_TRUE(first) << first.error().str();
  ASSERT_TRUE(second) << second.error().str();
  LoadedModel model = std::move(*first);
  model = std::move(*second);
}
