//===- EmulatorParserTest.cpp - PTX that the emulated device refuses ------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

using namespace perceiver::test;

namespace {
class EmulatorParserTest : public EmulatorTest {
protected:
  /// The error of a kernel's body, which begins in line 8.
  std::string bodyError(const std::string &body) {
    return loadError(std::string(kPtxHeader) +
                     ".visible .entry k(.param .u64 x)\n{\n"
                     ".reg .pred %p<4>; .reg .b32 %r<4>; .reg .b64 %d<4>; .reg "
                     ".b16 %h<4>;\n\n" +
                     body + "\nret;\n}\n");
  }
};
} // namespace

TEST_F(EmulatorParserTest, NamesUnknownInstructionsAndForms) {
  const char *forms[] = {
      "frobnicate.b32",
      "add.f16x4",
      "add.rn.s32",
      "mul.s32",
      "fma.f32",
      "setp.foo.s32",
      "ld.local.u32",
      "atom.add.u32",
      "shfl.bfly.b32",
      "bar.arrive",
      "cvt.f32.s32",
      "cvt.s32.f32",
      "div.f32",
      "min.rz.f32",
      "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16",
      "ldmatrix.sync.aligned.m8n8.x8.shared.b16",
      "call",
  };
  for (std::string form : forms)
    EXPECT_EQ(bodyError(form + " %r1, %r2, %r3;"),
              "line 8: unknown instruction or form '" + form + "'");
}

TEST_F(EmulatorParserTest, ChecksOperands) {
  EXPECT_EQ(bodyError("add.s32 %r1, %r2;"),
            "line 8: expected 3 operands of 'add.s32', but got 2");
  EXPECT_EQ(bodyError("\n\nadd.s32 %r1, %d2, %r3;"),
            "line 10: expected a register of 32 bits, but %d2 has 64");
  EXPECT_EQ(bodyError("add.s32 5, %r2, %r3;"),
            "line 8: expected a register that is written");
  EXPECT_EQ(bodyError("add.s32 %r1, %r2, %r9;"),
            "line 8: expected a register, special register or variable, but "
            "%r9 is none");
  EXPECT_EQ(bodyError("add.f32 %r1, %r2, 1;"),
            "line 8: expected a constant like 0f3F800000, but got an integer");
  EXPECT_EQ(bodyError("ld.global.u32 %r1, [%r2];"),
            "line 8: expected a register of 64 bits, but %r2 has 32");
  EXPECT_EQ(bodyError("ld.shared.u32 %r1, [x];"),
            "line 8: expected a variable of the instruction's space, but x is "
            "in another");
  EXPECT_EQ(bodyError("ld.global.v4.u32 {%r1, %r2}, [%d2];"),
            "line 8: expected 4 registers, but got 2");
  EXPECT_EQ(bodyError("bra nowhere;"),
            "line 8: expected a label, but got nowhere");
  EXPECT_EQ(bodyError("@%r1 bra there; there:"),
            "line 8: expected a declared predicate, but got %r1");
  EXPECT_EQ(bodyError("cp.async.cg.shared.global [%r1], [%d1], 8;"),
            "line 8: expected 16 bytes, or 4 or 8 of a copy through all "
            "caches, but got 8");
}

TEST_F(EmulatorParserTest, ChecksSyntax) {
  EXPECT_EQ(bodyError("add.s32 %r1 %r2;"),
            "line 8: expected ';', but got '%r2'");
  EXPECT_EQ(bodyError("mov.f32 %r1, 0f123;"),
            "line 8: expected an operand, but got what is no token of PTX");
  EXPECT_EQ(bodyError(".reg .b32 %r<4>;"),
            "line 8: expected one declaration of %r, but got another");
  EXPECT_EQ(bodyError("a: a: ret;"),
            "line 8: expected one label a, but got another");
  EXPECT_EQ(bodyError("mov.u32 %r1, {{{{{{{{0}}}}}}}};"),
            "line 8: expected a simpler operand, but got '{'");
  EXPECT_EQ(bodyError(std::string(100, '{')),
            "line 8: expected fewer scopes in each other, but got '{'");
  EXPECT_EQ(bodyError(".local .b8 x[4];"),
            "line 8: expected an instruction, but got '.local'");
  EXPECT_EQ(bodyError(".pragma `"),
            "line 8: expected ';', but got what is no token of PTX");
  EXPECT_EQ(bodyError(".loc 1 2 `\n5;"),
            "line 8: expected an instruction, but got what is no token of PTX");
  EXPECT_EQ(loadError("hello"), "line 1: expected '.version', but got 'hello'");
  EXPECT_EQ(loadError(""),
            "line 1: expected '.version', but got the end of the text");
  EXPECT_EQ(loadError(".version 8.0\n.target sm_x\n"),
            "line 2: expected a target like sm_80, but got sm_x");
  EXPECT_EQ(loadError(".version 8.0\n.target sm_80\n.address_size 32\n"),
            "line 3: expected .address_size 64, but got 32");
  EXPECT_EQ(loadError(std::string(kPtxHeader) + ".visible .func f() { ret; }"),
            "line 4: expected a directive that is known, but got '.func'");
  EXPECT_EQ(loadError(std::string(kPtxHeader) + ".visible .entry k() {"),
            "line 4: expected an instruction, but got the end of the text");
}

TEST_F(EmulatorParserTest, ChecksVariables) {
  auto error = [&](const std::string &declaration) {
    return loadError(kPtxHeader + declaration);
  };
  EXPECT_EQ(error(".global .align 3 .b8 x[4];"),
            "line 4: expected an alignment that is a power of two up to 1024, "
            "but got 3");
  EXPECT_EQ(error(".global .b8 x[2] = {1, 2, 3};"),
            "line 4: expected at most 2 bytes for x");
  EXPECT_EQ(error(".global .b8 x[99999999999999];"),
            "line 4: expected less than 1 TiB in x");
  EXPECT_EQ(error(".const .b8 x[65537];"),
            "line 4: expected at most 64 KiB of constants that are defined "
            "here");
  EXPECT_EQ(error(".extern .global .b8 x[4];"),
            "line 4: expected a definition of x");
  EXPECT_EQ(error(".visible .entry k() { .shared .b8 x[49153]; ret; }"),
            "line 4: expected at most 49152 bytes of shared memory in k, but "
            "got 49153");
}

TEST_F(EmulatorParserTest, RefusesOtherImages) {
  EXPECT_EQ(loadError("\x7f"
                      "ELF and so on",
                      CUDA_ERROR_NO_BINARY_FOR_GPU),
            "expected PTX, but got a binary image");
  EXPECT_EQ(loadError(".version 9.1\n.target sm_80\n",
                      CUDA_ERROR_UNSUPPORTED_PTX_VERSION),
            "expected a version of PTX up to 9.0");
  EXPECT_EQ(
      loadError(".version 8.0\n.target sm_90a\n", CUDA_ERROR_NO_BINARY_FOR_GPU),
      "expected PTX for sm_80 or older");
}
