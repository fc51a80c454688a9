//===- TargetPTXAssemblerTest.cpp - Reports and failures of ptxas --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/PTXAssembler.h"

#include "gtest/gtest.h"

using namespace mlir::perceiver;

TEST(PTXAssemblerTest, ReadsResourcesOfEachKernel) {
  llvm::StringMap<KernelResources> kernels = parseResources(
      "ptxas info    : 0 bytes gmem\n"
      "ptxas info    : Compiling entry function 'linear_0' for 'sm_90'\n"
      "ptxas info    : Function properties for linear_0\n"
      "    8 bytes stack frame, 12 bytes spill stores, 16 bytes spill loads\n"
      "ptxas info    : Used 128 registers, used 1 barriers, 424 bytes cmem[0]\n"
      "ptxas info    : Compiling entry function 'add_0' for 'sm_90'\n"
      "ptxas info    : Function properties for add_0\n"
      "    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads\n"
      "ptxas info    : Used 24 registers, used 0 barriers, 400 bytes "
      "cmem[0]\n");
  ASSERT_EQ(kernels.size(), 2u);
  EXPECT_EQ(kernels["linear_0"].registers, 128);
  EXPECT_EQ(kernels["linear_0"].spillBytes, 16);
  EXPECT_EQ(kernels["add_0"].registers, 24);
  EXPECT_EQ(kernels["add_0"].spillBytes, 0);
}

TEST(PTXAssemblerTest, ReadsNothingWhereNothingIsReported) {
  EXPECT_TRUE(parseResources("").empty());
  EXPECT_TRUE(parseResources("Used 24 registers\n").empty());
}

TEST(PTXAssemblerTest, NamesEachArchitectureThatFails) {
  llvm::Expected<std::vector<Cubin>> cubins =
      assemble("/bin/false", ".version 8.0\n", {80, 90});
  ASSERT_FALSE(cubins);
  EXPECT_EQ(llvm::toString(cubins.takeError()),
            "cannot assemble for sm_80 with /bin/false: it ended with an error "
            "and no message\n"
            "cannot assemble for sm_90 with /bin/false: it ended with an error "
            "and no message");
}

TEST(PTXAssemblerTest, RefusesAProgramThatWritesNothing) {
  llvm::Expected<std::vector<Cubin>> cubins =
      assemble("/bin/true", ".version 8.0\n", {80});
  ASSERT_FALSE(cubins);
  EXPECT_EQ(llvm::toString(cubins.takeError()),
            "expected machine code for sm_80, but /bin/true wrote none");
}

TEST(PTXAssemblerTest, RefusesAProgramThatIsNone) {
  llvm::Expected<std::vector<Cubin>> cubins =
      assemble("/nowhere/ptxas", ".version 8.0\n", {80});
  ASSERT_FALSE(cubins);
  EXPECT_NE(llvm::toString(cubins.takeError()).find("/nowhere/ptxas"),
            std::string::npos);
}
