//===- TensorFileCheckpointTest.cpp - The files of a checkpoint -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Checkpoint.h"
#include "lib/TensorFile/Safetensors.h"

#include "gtest/gtest.h"

#include <filesystem>
#include <fstream>

using namespace perceiver;

namespace {

class CheckpointFiles : public testing::Test {
protected:
  void SetUp() override {
    std::string text = testing::TempDir() + "checkpoint-XXXXXX";
    ASSERT_NE(::mkdtemp(text.data()), nullptr);
    folder = text;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string path(const std::string &name) const {
    return (folder / name).string();
  }

  /// Write a file with these tensors, of one number.
  void write(const std::string &name, const std::vector<std::string> &tensors) {
    float value = 1;
    std::vector<TensorView> views;
    views.reserve(tensors.size());
    for (const std::string &tensor : tensors)
      views.push_back({tensor,
                       DType::F32,
                       {1},
                       reinterpret_cast<const uint8_t *>(&value),
                       4});
    Status written = writeSafetensors(path(name), views);
    ASSERT_TRUE(written) << written.error().str();
  }

  void writeText(const std::string &name, const std::string &text) {
    std::ofstream(path(name)) << text;
  }

  /// Return the tensors that are found, or the error without the folder.
  std::string open(std::vector<std::string> names) {
    for (std::string &name : names)
      name = path(name);
    Result<Checkpoint> opened = openCheckpoint(names);
    std::string text;
    if (!opened) {
      text = opened.error().str();
      std::string prefix = folder.string() + "/";
      for (size_t at; (at = text.find(prefix)) != std::string::npos;)
        text.erase(at, prefix.size());
      return text;
    }
    files = opened->files;
    for (const TensorView &view : opened->tensors.tensors())
      text += (text.empty() ? "" : " ") + view.name;
    return text;
  }

  std::filesystem::path folder;
  std::vector<std::string> files;
};

TEST_F(CheckpointFiles, AreOneOrSeveral) {
  write("a.safetensors", {"a", "b"});
  write("c.safetensors", {"c"});
  write("again.safetensors", {"b"});
  EXPECT_EQ(open({"a.safetensors"}), "a b");
  EXPECT_EQ(open({"a.safetensors", "c.safetensors"}), "a b c");
  EXPECT_EQ(files.size(), 2u);
  EXPECT_EQ(open({"a.safetensors", "again.safetensors"}),
            "again.safetensors: tensor 'b': an earlier file has a tensor of "
            "this name too");
}

TEST_F(CheckpointFiles, AreFoundInFolders) {
  EXPECT_EQ(open({""}), ": expected a folder with model.safetensors or "
                        "model.safetensors.index.json; other weights have to "
                        "be named one by one");
  writeText("model.pt", "PK and more than eight bytes");
  const std::string imported =
      "; torch's files and pickles are imported first: perceiver-import writes "
      "their weights to NAME.safetensors beside NAME.mlir";
  EXPECT_EQ(open({""}), ": expected a folder with model.safetensors or "
                        "model.safetensors.index.json" +
                            imported);
  EXPECT_NE(open({"model.pt"}).find(imported), std::string::npos);
  EXPECT_EQ(open({"none.pt"}).find(imported), std::string::npos);
  write("part.safetensors", {"a"});
  EXPECT_EQ(open({""}),
            ": expected a folder with model.safetensors or "
            "model.safetensors.index.json; other weights have to be named one "
            "by one, as 'part.safetensors' there");
  writeText("model.safetensors.index.json",
            R"({"metadata": {"total_size": 4},
                "weight_map": {"a": "part.safetensors"}})");
  EXPECT_EQ(open({""}), "a");
  EXPECT_EQ(files.size(), 2u);
  // A whole file comes first; others beside it are no weights.
  write("model.safetensors", {"whole"});
  EXPECT_EQ(open({""}), "whole");
}

TEST_F(CheckpointFiles, AreThoseOfTheIndex) {
  write("1.safetensors", {"a", "more"});
  write("2.safetensors", {"b"});
  writeText("x.json", R"({"weight_map": {"b": "2.safetensors",
                                         "a": "1.safetensors"}})");
  // What the index does not name is left over, but there.
  EXPECT_EQ(open({"x.json"}), "a more b");
  EXPECT_EQ(files.size(), 3u);
  writeText("x.json", R"({"weight_map": {"a": "2.safetensors"}})");
  EXPECT_EQ(open({"x.json"}), "x.json: tensor 'a': expected it in "
                              "'2.safetensors', where there is no such tensor");
  write("2.safetensors", {"b", "a"});
  writeText("x.json", R"({"weight_map": {"b": "2.safetensors",
                                         "a": "1.safetensors"}})");
  EXPECT_EQ(open({"x.json"}), "2.safetensors: tensor 'a': an earlier file has "
                              "a tensor of this name too");
}

TEST_F(CheckpointFiles, RefuseBadIndices) {
  auto expectError = [&](const std::string &text, const std::string &message) {
    writeText("x.json", text);
    EXPECT_EQ(open({"x.json"}), "x.json: " + message) << text;
  };
  for (const char *text : {"{", "[]", "{} {}", "{\"weight_map\": NaN}"})
    expectError(text, "the index is not a valid JSON object");
  expectError(std::string(100, '[') + std::string(100, ']'),
              "the index is not a valid JSON object");
  expectError("{}", "expected an index with a \"weight_map\"");
  expectError(R"({"weight_map": {"a": "1", "a": "2"}})",
              "the index has the key 'a' twice");
  expectError(R"({"weight_map": {"a": 1}})",
              "tensor 'a': expected the name of a file, but got 1");
  for (const char *name : {"../b", "/b", "..", ""})
    expectError(R"({"weight_map": {"a": ")" + std::string(name) + "\"}}",
                "tensor 'a': expected a file in the folder of the index, but "
                "got '" +
                    std::string(name) + "'");
}

} // namespace
