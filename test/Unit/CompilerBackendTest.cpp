//===- CompilerBackendTest.cpp - Back ends that the driver never saw ------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/Compiler.h"
#include "lib/Init/Init.h"
#include "lib/Pipelines/Backend.h"
#include "test/Unit/FileTest.h"
#include "test/lib/ToyBackend/ToyBackend.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Parser/Parser.h"

#include "gmock/gmock.h"

using namespace mlir;
using namespace mlir::perceiver;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr StringLiteral kDescription = R"(
  func.func @run(%x: tensor<?x4x8xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
      -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
      attributes {perceiver.entry} {
    %y = perceiver.mean_pool %x : tensor<?x4x8xf32> -> tensor<?x8xf32>
    return %y : tensor<?x8xf32>
  })";

class CompilerBackendTest : public ::perceiver::test::FileTest {
protected:
  CompilerBackendTest() {
    DialectRegistry registry;
    registerAllDialects(registry);
    registerToyBackend(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    context.getDiagEngine().registerHandler([&](Diagnostic &diagnostic) {
      messages += diagnostic.str() + "\n";
      return success();
    });
    options.backend = "toy";
  }

  void SetUp() override {
    FileTest::SetUp();
    options.outputFile = path("out.mlir");
  }

  /// Compile `text`; return what is in the output.
  std::string compile(StringRef text) {
    messages.clear();
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(text, ParserConfig(&context));
    if (!module || failed(compileModel(*module, options)))
      return "failed";
    return readFile(options.outputFile);
  }

  MLIRContext context;
  CompilerOptions options;
  std::string messages;
};

TEST_F(CompilerBackendTest, StandsBesideTheOthers) {
  ASSERT_EQ(getBackends(&context).size(), 3U);
  EXPECT_EQ(findBackend(&context, "")->getName(), "cpu");
  EXPECT_EQ(findBackend(&context, "cuda")->getName(), "cuda");
  EXPECT_EQ(findBackend(&context, "toy")->getStages().size(), 2U);
  EXPECT_EQ(findBackend(&context, "abacus"), nullptr);
}

TEST_F(CompilerBackendTest, StopsAfterAStage) {
  options.emit = "expand";
  std::string expanded = compile(kDescription);
  EXPECT_THAT(expanded, HasSubstr("perceiver.stage = \"expand\""));
  EXPECT_THAT(expanded, Not(HasSubstr("perceiver.target")));
  EXPECT_THAT(expanded, Not(HasSubstr("mean_pool")));
}

TEST_F(CompilerBackendTest, WithoutCodeStopsAfterTheLastStage) {
  std::string counted = compile(kDescription);
  EXPECT_THAT(counted,
              HasSubstr("perceiver.target = #toy.target<fingers = 10>"));
  EXPECT_THAT(counted, HasSubstr("toy.count = 10"));
}

TEST_F(CompilerBackendTest, GoesOnFromAStage) {
  options.emit = "expand";
  std::string expanded = compile(kDescription);
  options.emit = "count";
  options.from = "count";
  options.target.cpu = "7";
  std::string counted = compile(expanded);
  EXPECT_THAT(counted, HasSubstr("toy.count = 7"));

  EXPECT_EQ(compile(kDescription), "failed");
  EXPECT_THAT(messages, HasSubstr("start with --from=expand"));
  EXPECT_EQ(compile(counted), "failed");
  EXPECT_THAT(messages, HasSubstr("no stage follows it"));
}

TEST_F(CompilerBackendTest, IsKnownByTheTargetOfAModule) {
  options.backend = "";
  EXPECT_THAT(compile("module attributes {perceiver.target = #toy.target<"
                      "fingers = 3>} {" +
                      kDescription.str() + "}"),
              HasSubstr("toy.count = 3"));
  options.backend = "cpu";
  EXPECT_EQ(compile("module attributes {perceiver.target = #toy.target<"
                    "fingers = 3>} {" +
                    kDescription.str() + "}"),
            "failed");
  EXPECT_THAT(messages, HasSubstr("was made for toy; go on with --target=toy"));
}

TEST_F(CompilerBackendTest, ExplainsItself) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  options.explanation = &stream;
  options.explainParts = "all";
  EXPECT_THAT(compile(kDescription), HasSubstr("toy.count = 10"));
  EXPECT_THAT(text, HasSubstr("model out for hands: 10 fingers\n"));
  options.emit = "expand";
  EXPECT_EQ(compile(kDescription), "failed");
  EXPECT_THAT(messages, HasSubstr("expected to go on to 'count'"));
}

TEST_F(CompilerBackendTest, HasNoPhasesForAScript) {
  options.transformFile = "script.mlir";
  EXPECT_EQ(compile(kDescription), "failed");
  EXPECT_EQ(messages, "expected a target whose code has phases, as a transform "
                      "script makes them, but got 'toy'\n");
}

TEST_F(CompilerBackendTest, MakesNoObjects) {
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(kDescription, ParserConfig(&context));
  EXPECT_TRUE(failed(compileToObject(*module, options)));
  EXPECT_THAT(
      messages,
      HasSubstr("expected a back end that makes objects, but got 'toy'"));
}

TEST_F(CompilerBackendTest, NamesItsStages) {
  options.emit = "so";
  EXPECT_EQ(compile(kDescription), "failed");
  EXPECT_THAT(messages,
              HasSubstr("expected to emit one of expand, count, but got 'so'"));
  options.emit = "count";
  options.from = "tile";
  EXPECT_EQ(compile(kDescription), "failed");
  EXPECT_THAT(
      messages,
      HasSubstr("expected to start at one of expand, count, but got 'tile'"));
}

} // namespace
