//===- ArtifactCallsTest.cpp - What callers are told ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArtifactTestModel.h"

#include "lib/Artifact/HeaderWriter.h"
#include "lib/Artifact/MetadataWriter.h"

#include "llvm/Support/JSON.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::HasSubstr;

namespace {

/// The toy model with all that an entry may say of its arguments and sizes.
ArtifactDescription callsDescription() {
  ArtifactDescription artifact = toyDescription();
  EntryDescription &masked = artifact.entries[1];
  masked.sizes = {{"points", 1, INT64_MAX}, {"first", 0, INT64_MAX}};
  masked.derived = {{"points * 16",
                     {{PERCEIVER_SIZE_SYMBOL, 0},
                      {PERCEIVER_SIZE_CONSTANT, 16},
                      {PERCEIVER_SIZE_MUL, 0}}}};
  masked.conditions = {{"first is even",
                        {{PERCEIVER_SIZE_SYMBOL, 1},
                         {PERCEIVER_SIZE_CONSTANT, 2},
                         {PERCEIVER_SIZE_MOD, 0},
                         {PERCEIVER_SIZE_CONSTANT, -1},
                         {PERCEIVER_SIZE_MUL, 0}}},
                       {"first is even", constantSize(0)}};
  masked.arguments[0].defaultValue = true;
  masked.arguments[1].aliases = {"input_ids"};
  masked.arguments[1].bounds = {0, 262};
  masked.arguments[2].shape = {symbolicDimension(2)};
  return artifact;
}

std::string messageOf(const ArtifactDescription &artifact) {
  llvm::Error error = checkArtifact(artifact);
  return error ? llvm::toString(std::move(error)) : "";
}

TEST(ArtifactCalls, AreChecked) {
  auto message = [](auto change) {
    ArtifactDescription artifact = callsDescription();
    change(artifact.entries[1]);
    return messageOf(artifact);
  };
  using E = EntryDescription;
  EXPECT_EQ(message([](E &) {}), "");
  EXPECT_EQ(
      message([](E &e) { e.arguments[2].shape = {symbolicDimension(3)}; }),
      "argument 'class' of entry 'masked' has a dimension that is no size "
      "of the entry");
  EXPECT_EQ(message([](E &e) { e.arguments[1].aliases = {"attention mask"}; }),
            "argument 'attention mask' of entry 'masked' appears twice");
  EXPECT_EQ(message([](E &e) { e.arguments[1].dtype = PERCEIVER_F32; }),
            "argument 'ids' of entry 'masked' has bounds, but is no array of "
            "integers");
  EXPECT_EQ(
      message([](E &e) { e.arguments[2].defaultValue = true; }),
      "argument 'class' of entry 'masked' is an output, but has what only "
      "inputs have");
  EXPECT_THAT(message([](E &e) { e.derived[0].value.pop_back(); }),
              HasSubstr("derived size 'points * 16' of entry 'masked': "
                        "malformed size program"));
  EXPECT_THAT(message([](E &e) { e.conditions[0].value.clear(); }),
              HasSubstr("condition 'first is even' of entry 'masked': "
                        "malformed size program"));
  EXPECT_EQ(message([](E &e) { e.conditions[0].sentence = ""; }),
            "condition '' of entry 'masked' has no name");
}

TEST(ArtifactCalls, StandInTheMetadata) {
  llvm::json::Value written =
      llvm::cantFail(llvm::json::parse(writeMetadata(callsDescription())));
  const llvm::json::Object &entry =
      *(*written.getAsObject()->getArray("entries"))[1].getAsObject();
  llvm::json::Value arguments = llvm::cantFail(llvm::json::parse(R"([
    {"name": "attention mask", "dtype": "bool", "shape": [3], "output": false,
     "default": true},
    {"name": "ids", "dtype": "i64", "shape": [3], "output": false,
     "aliases": ["input_ids"], "bounds": [0, 262]},
    {"name": "class", "dtype": "f32", "output": true,
     "shape": [{"text": "points * 16", "value": [{"size": 0}, 16, "*"]}]}])"));
  EXPECT_EQ(*entry.get("arguments"), arguments);
  llvm::json::Value conditions = llvm::cantFail(llvm::json::parse(R"([
    {"sentence": "first is even",
     "value": [{"size": 1}, 2, "mod", -1, "*"]},
    {"sentence": "first is even", "value": 0}])"));
  EXPECT_EQ(*entry.get("conditions"), conditions);
}

TEST(ArtifactCalls, StandInTheHeader) {
  std::string header = writeHeader(callsDescription());
  for (const char *line :
       {"attention_mask (\"attention mask\"): input, bytes [3], 0: false, "
        "others: true, NULL: all true\n",
        "ids: input, i64 [3], each at least 0 and less than 262\n",
        "class_ (\"class\"): output, f32 [points * 16]\n",
        "     first: at least 0\n",
        "   Conditions, without which a call fails:\n     first is even\n   "
        "The",
        "int64_t points, int64_t first,"})
    EXPECT_THAT(header, HasSubstr(line));
}

} // namespace
