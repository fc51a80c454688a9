//===- ArtifactMetadataTest.cpp - What tools read from artefacts
//------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/MetadataWriter.h"

#include "ArtifactTestModel.h"

#include "lib/Artifact/DescriptorBuilder.h"
#include "lib/Loader/ElfMetadata.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;

namespace {

TEST(Metadata, SaysWhatTheDescriptionSays) {
  ArtifactDescription artifact = toyDescription();
  artifact.target.triple = llvm::Triple("x86_64-linux-gnu");
  artifact.target.cpu = "x86-64-v3";
  artifact.target.requiredFeatureNames = {"avx2", "fma"};
  artifact.entries[1].sizes = {{"rows", 0, INT64_MAX}};
  llvm::Expected<llvm::json::Value> expected = llvm::json::parse(R"({
    "schema": 1, "model": "Toy model", "prefix": "toy", "compiler": "0.1.0",
    "id":
      "00070e151c232a31383f464d545b626970777e858c939aa1a8afb6bdc4cbd2d9",
    "target": {"kind": "cpu", "triple": "x86_64-linux-gnu",
               "cpu": "x86-64-v3",
               "tune_cpu": "", "features": "", "opt_level": 3,
               "required_features": ["avx2", "fma"]},
    "weights": {"bytes": 64, "tensors": [
      {"name": "w", "dtype": "f32", "shape": [4], "layout": "row-major",
       "offset": 0, "bytes": 16}]},
    "entries": [
      {"name": "run", "symbol": "toy_run", "index": 0,
       "sizes": [{"name": "batch", "min": 1, "max": 64}],
       "arguments": [
         {"name": "image", "dtype": "f32", "shape": ["batch", 4],
          "output": false},
         {"name": "scaled", "dtype": "f32", "shape": ["batch", 4],
          "output": true}],
       "buffers": [
         {"name": "copy", "bytes": [{"size": 0}, 16, "*"], "first": 0,
          "last": 1, "per_worker": false},
         {"name": "tile", "bytes": 16, "first": 1, "last": 1,
          "per_worker": true}],
       "phases": [{"name": "copy", "tasks": [{"size": 0}]},
                  {"name": "scale", "tasks": [{"size": 0}]}],
       "flop": [{"size": 0}, 8, "*"]},
      {"name": "masked", "symbol": "toy_masked", "index": 1,
       "sizes": [{"name": "rows", "min": 0}],
       "arguments": [
         {"name": "attention mask", "dtype": "bool", "shape": [3],
          "output": false},
         {"name": "ids", "dtype": "i64", "shape": [3], "output": false},
         {"name": "class", "dtype": "f32", "shape": [3], "output": true}],
       "buffers": [], "phases": [], "flop": null}],
    "fusion_log": ["scale: fused with copy because \"both\" are small"]
  })");
  ASSERT_TRUE(bool(expected)) << text(expected.takeError());
  llvm::Expected<llvm::json::Value> written =
      llvm::json::parse(writeMetadata(artifact));
  ASSERT_TRUE(bool(written)) << text(written.takeError());
  // Of the text, not of the JSON: `expected` has no such member.
  std::optional<llvm::StringRef> checksum =
      written->getAsObject()->getString("checksum");
  ASSERT_TRUE(checksum.has_value());
  EXPECT_EQ(checksum->size(), 16u);
  written->getAsObject()->erase("checksum");
  EXPECT_EQ(*written, *expected) << llvm::formatv("{0:2}", *written).str();
}

TEST(Metadata, SaysWhatRunsOnADevice) {
  ArtifactDescription artifact = toyDeviceDescription();
  llvm::Expected<llvm::json::Value> written =
      llvm::json::parse(writeMetadata(artifact));
  ASSERT_TRUE(bool(written)) << text(written.takeError());
  llvm::json::Object *metadata = written->getAsObject();
  EXPECT_EQ(metadata->getObject("target")->getString("kind"), "cuda");
  llvm::Expected<llvm::json::Value> images = llvm::json::parse(R"([
    {"arch": 80, "kind": "ptx"},
    {"arch": 80, "kind": "cubin", "bytes": 4}])");
  llvm::Expected<llvm::json::Value> kernels = llvm::json::parse(R"([
    {"name": "doubled", "launches": 1, "images": [
      {"arch": 80, "kind": "ptx", "threads": 4, "shared_bytes": 0,
       "registers": null, "spill_bytes": null},
      {"arch": 80, "kind": "cubin", "threads": 4, "shared_bytes": 0,
       "registers": 10, "spill_bytes": 0}]},
    {"name": "scaled", "launches": null, "images": [
      {"arch": 80, "kind": "ptx", "threads": 4, "shared_bytes": 256,
       "registers": null, "spill_bytes": null},
      {"arch": 80, "kind": "cubin", "threads": 4, "shared_bytes": 256,
       "registers": 40, "spill_bytes": 8}]}])");
  ASSERT_TRUE(bool(images)) << text(images.takeError());
  (*images->getAsArray())[0].getAsObject()->insert(
      {"bytes", artifact.images[0].data.size()});
  ASSERT_TRUE(bool(kernels)) << text(kernels.takeError());
  EXPECT_EQ(*metadata->get("images"), *images);
  EXPECT_EQ(*metadata->get("kernels"), *kernels);
}

/// What the tools find.
static ::perceiver::Result<::perceiver::ElfMetadata>
findMetadata(const Bytes &file, const char *name) {
  return ::perceiver::findElfMetadata(
      reinterpret_cast<const uint8_t *>(file.data()), file.size(), name);
}

TEST(Metadata, ComesBackFromArtefacts) {
  ArtifactDescription artifact = toyDescription();
  // Not known: null.
  artifact.entries[0].phases[0].tasks.clear();
  Bytes linked = linkArtifact(artifact, toyCode());
  auto found = findMetadata(linked, "toy.so");
  ASSERT_TRUE(bool(found)) << found.error().str();
  EXPECT_EQ(found->text, writeMetadata(artifact));
  EXPECT_NE(found->text.find("\"tasks\":null"), std::string::npos);
}

TEST(Metadata, ComesBackFromObjectsForOtherMachines) {
  for (const char *triple : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    TargetOptions options;
    options.triple = triple;
    options.cpu = "generic";
    ObjectEmitter emitter = llvm::cantFail(ObjectEmitter::create(options));
    ArtifactDescription artifact = toyDescription();
    artifact.target = emitter.target();
    OwnedModule owned = translate(toyCode());
    ASSERT_TRUE(owned.module);
    EXPECT_EQ(text(addArtifact(*owned.module, artifact)), "");
    EXPECT_EQ(text(emitter.optimize(*owned.module)), "");
    Bytes object =
        llvm::cantFail(emitter.emit(*owned.module, CodeFormat::Object));
    auto found = findMetadata(object, "toy.o");
    ASSERT_TRUE(bool(found)) << found.error().str();
    EXPECT_EQ(found->text, writeMetadata(artifact));
  }
}

} // namespace
