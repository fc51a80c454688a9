//===- ArtifactHeaderTest.cpp - Headers of artefacts
//------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/HeaderWriter.h"

#include "ArtifactTestModel.h"

#include "lib/Artifact/ElementTypes.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <optional>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::HasSubstr;
using testing::Not;

namespace {

struct Compiler {
  std::string path;
  std::string standard;
};

/// Compilers of this machine, in each language that headers are written for.
std::vector<Compiler> compilers() {
  std::vector<Compiler> found = {{PERCEIVER_TEST_C_COMPILER, "-std=c99"},
                                 {PERCEIVER_TEST_C_COMPILER, "-std=c11"},
                                 {PERCEIVER_TEST_CXX_COMPILER, "-std=c++11"},
                                 {PERCEIVER_TEST_CXX_COMPILER, "-std=c++17"}};
  for (auto [name, standard] :
       {std::pair("gcc", "-std=c99"), std::pair("g++", "-std=c++17")})
    if (llvm::ErrorOr<std::string> path = llvm::sys::findProgramByName(name))
      found.push_back({*path, standard});
  return found;
}

/// Run a program, with shared objects from a folder; what it printed in case of
/// failure, else "".
std::string execute(std::vector<std::string> command,
                    const std::string &libraries = "") {
  TemporaryDirectory directory;
  std::string log = directory.file("log");
  std::vector<llvm::StringRef> words(command.begin(), command.end());
  std::optional<llvm::StringRef> redirects[] = {std::nullopt, log, log};
  std::string path = "LD_LIBRARY_PATH=" + libraries;
  std::vector<llvm::StringRef> variables = {path};
  std::optional<llvm::ArrayRef<llvm::StringRef>> environment;
  if (!libraries.empty())
    environment = variables;
  int status =
      llvm::sys::ExecuteAndWait(command[0], words, environment, redirects);
  return status == 0 ? "" : command[0] + ": " + readFile(log);
}

/// Models with all kinds of names and types, for processors and devices.
std::vector<ArtifactDescription> models() {
  ArtifactDescription first = toyDescription("first");
  ArtifactDescription second = toyDescription("second");
  second.model = "Second */ model \\";
  second.weightsBytes = 0;
  second.weights.clear();
  EntryDescription types;
  types.name = "all types";
  types.sizes = {{"class", 1, INT64_MAX}, {"pool", 4, 4}};
  for (int dtype = PERCEIVER_F32; dtype <= PERCEIVER_BOOL; ++dtype)
    for (bool isOutput : {false, true}) {
      auto type = static_cast<perceiver_dtype>(dtype);
      types.arguments.push_back({(dtypeName(type) + (isOutput ? "*/"
                                                              : "?"
                                                                "?/"))
                                     .str(),
                                 type,
                                 {symbolicDimension(0), 3},
                                 isOutput});
    }
  EntryDescription nothing;
  nothing.name = "0";
  second.entries = {types, nothing};
  ArtifactDescription third = toyDeviceDescription();
  ArtifactDescription fourth = third;
  fourth.prefix = "fourth";
  return {first, second, third, fourth};
}

TEST(HeaderWriter, CompilesWithoutWarnings) {
  TemporaryDirectory directory;
  std::string source;
  for (const ArtifactDescription &artifact : models()) {
    ASSERT_EQ(text(checkArtifact(artifact)), "");
    std::string name = artifact.prefix + ".h";
    writeFile(directory.file(name), writeHeader(artifact));
    // Twice: there are guards.
    source += "#include \"" + name + "\"\n#include \"" + name + "\"\n";
  }
  source += "int answer(void);\nint answer(void) { return PERCEIVER_OK; }\n";
  for (const Compiler &compiler : compilers()) {
    bool isC = llvm::StringRef(compiler.standard).starts_with("-std=c") &&
               !llvm::StringRef(compiler.standard).starts_with("-std=c++");
    std::string file = directory.file(isC ? "both.c" : "both.cpp");
    writeFile(file, source);
    std::vector<std::string> command = {
        compiler.path, compiler.standard, "-Wall",
        "-Wextra",     "-pedantic",       "-Wshadow",
        "-Werror",     "-fsyntax-only",   file};
    if (isC)
      command.insert(command.end(), "-Wstrict-prototypes");
    EXPECT_EQ(execute(command), "") << compiler.standard;
  }
}

TEST(HeaderWriter, SaysWhatAUserHasToKnow) {
  std::string header = writeHeader(toyDescription());
  EXPECT_THAT(header, HasSubstr("image: input, f32 [batch, 4]"));
  EXPECT_THAT(header, HasSubstr("scaled: output, f32 [batch, 4]"));
  EXPECT_THAT(header, HasSubstr("batch: 1 to 64"));
  EXPECT_THAT(header, HasSubstr("class_ (\"class\"): output, f32 [3]"));
  EXPECT_THAT(header,
              HasSubstr("attention_mask (\"attention mask\"): input, bytes "
                        "[3], 0: false, others: true"));
  EXPECT_THAT(
      header,
      HasSubstr("perceiver_status toy_run(const toy_model *model, "
                "int64_t batch,\n    const float *image, float *scaled, "
                "void *workspace, size_t workspace_bytes,\n"
                "    const perceiver_pool *pool);"));
  EXPECT_THAT(header, HasSubstr("toy_entry_run = 0,"));
  for (llvm::StringRef rest = header; !rest.empty();) {
    auto [line, next] = rest.split('\n');
    EXPECT_LE(line.size(), 80u) << line.str();
    rest = next;
  }
}

TEST(HeaderWriter, DeclaresWhatRunsOnADevice) {
  std::string header = writeHeader(toyDeviceDescription());
  EXPECT_THAT(header,
              HasSubstr("perceiver_status toy_load_cuda(const char "
                        "*weights_path,\n    const perceiver_cuda_options "
                        "*options, toy_model **model);"));
  EXPECT_THAT(
      header,
      HasSubstr("perceiver_status toy_run_enqueue(const toy_model *model, "
                "int64_t batch,\n    const float *image, float *scaled, void "
                "*workspace, size_t workspace_bytes,\n    void *stream);"));
  EXPECT_THAT(header, HasSubstr("#ifndef PERCEIVER_CUDA_H"));
  // Programs for the CPU need no change.
  std::string other = writeHeader(toyDescription());
  EXPECT_THAT(other, Not(HasSubstr("cuda")));
  size_t run = other.find("perceiver_status toy_run(");
  EXPECT_THAT(header, HasSubstr(other.substr(run, other.find(';', run) - run)));
}

/// Compile and run the program that the header shows, with a main function
/// around it. "" if all is well.
std::string runShownProgram(const ArtifactDescription &artifact,
                            llvm::StringRef code, const char *expected) {
  TemporaryDirectory directory;
  Bytes linked = linkArtifact(artifact, code);
  writeFile(directory.file("toy.so"),
            llvm::StringRef(linked.data(), linked.size()));
  writeFile(directory.file("toy.weights"), toyWeights(artifact));
  writeFile(directory.file("toy.h"), writeHeader(artifact));
  // Stands in for the system's driver.
  std::error_code error = llvm::sys::fs::create_link(
      PERCEIVER_TEST_EMULATOR, directory.file("libcuda.so.1"));
  EXPECT_FALSE(error) << error.message();
  writeFile(directory.file("main.c"), std::string(R"(
#include "toy.h"
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  float image[8] = {1, 2, 3, 4, 5, 6, 7, 8}, scaled[8];
  int64_t batch = 2;
  int i;
  toy_model *model;
  size_t bytes;
  void *workspace;
  if (toy_load(NULL, &model) != PERCEIVER_OK ||
      toy_run_workspace_size(model, batch, 1, &bytes) != PERCEIVER_OK)
    return puts(toy_last_error());
  workspace = aligned_alloc(PERCEIVER_WORKSPACE_ALIGNMENT, bytes);
  if (toy_run(model, batch, image, scaled, workspace, bytes, NULL) !=
      PERCEIVER_OK)
    return puts(toy_last_error());
  for (i = 0; i < 8; ++i)
    if (scaled[i] != )") + expected + R"()
      return puts("wrong result");
  free(workspace);
  toy_free(model);
  return 0;
}
)");
  std::string program = directory.file("main");
  std::string errors =
      execute({PERCEIVER_TEST_C_COMPILER, "-std=c11", "-Wall", "-Wextra",
               "-Werror", directory.file("main.c"), directory.file("toy.so"),
               "-Wl,-rpath," + directory.path(), "-o", program});
  return errors.empty() ? execute({program}, directory.path()) : errors;
}

TEST(HeaderWriter, BelongsToTheSharedObject) {
  EXPECT_EQ(runShownProgram(toyDescription(), toyCode(),
                            "image[i] * (float)(i % 4 + 2)"),
            "");
}

/// The same program.
TEST(HeaderWriter, BelongsToTheSharedObjectForADevice) {
  EXPECT_EQ(runShownProgram(toyDeviceDescription(), toyDeviceCode(),
                            "image[i] * (float)(2 * (i % 4 + 1))"),
            "");
}

} // namespace
