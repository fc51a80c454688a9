//===- TensorFileWriteTest.cpp - Writing files, and all or nothing --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Safetensors.h"
#include "lib/TensorFile/TensorFile.h"
#include "test/Unit/TensorFileTestSupport.h"

using namespace perceiver;
using namespace perceiver::test;

using TensorFileWriteTest = FileTest;

static const std::vector<float> kFloats = {1, 2, 3, 4, 5, 6};
static const std::vector<int64_t> kInts = {-1, 7};
static const std::vector<uint8_t> kBytes = {1, 0, 1};

static std::vector<TensorView> someTensors() {
  return {viewOf("mask", DType::BOOL, {3}, kBytes),
          viewOf("b \"quoted\"\n", DType::F32, {2, 3}, kFloats),
          viewOf("a", DType::F32, {6}, kFloats),
          viewOf("ids", DType::I64, {2, 1}, kInts),
          TensorView{"none", DType::F16, {0, 4}, nullptr, 0}};
}

TEST_F(TensorFileWriteTest, RoundTripsSafetensors) {
  Status written = writeSafetensors(path("x.safetensors"), someTensors(),
                                    {{"other", "a"}, {"format", "pt"}});
  ASSERT_TRUE(written) << written.error().str();
  Result<SafetensorsFile> read = SafetensorsFile::open(path("x.safetensors"));
  ASSERT_TRUE(read) << read.error().str();
  std::vector<std::string> order;
  for (const TensorView &view : read->tensors()) {
    order.push_back(view.name);
    EXPECT_TRUE(view.isAligned()) << view.name;
  }
  EXPECT_EQ(order, std::vector<std::string>(
                       {"ids", "a", "b \"quoted\"\n", "none", "mask"}));
  for (const TensorView &view : someTensors()) {
    const TensorView *back = read->find(view.name);
    ASSERT_NE(back, nullptr);
    EXPECT_EQ(back->dtype, view.dtype);
    EXPECT_EQ(back->shape, view.shape);
    EXPECT_EQ(contentOf(*back), contentOf(view));
  }
  EXPECT_EQ(read->find("other"), read->find("a"));
  EXPECT_EQ(read->metadata().at("format"), "pt");
}

TEST_F(TensorFileWriteTest, WritesTheSameBytesForTheSameTensors) {
  std::vector<TensorView> tensors = someTensors();
  ASSERT_TRUE(writeSafetensors(path("1"), tensors));
  std::swap(tensors[0], tensors[2]);
  ASSERT_TRUE(writeSafetensors(path("2"), tensors));
  EXPECT_EQ(readFile(path("1")), readFile(path("2")));
}

TEST_F(TensorFileWriteTest, RefusesToWriteWhatCannotBeRead) {
  auto error = [&](const std::vector<TensorView> &tensors,
                   const std::map<std::string, std::string> &metadata = {}) {
    Status written = writeSafetensors(path("x"), tensors, metadata);
    EXPECT_TRUE(fileNames().empty());
    return written ? "" : written.error().str();
  };
  TensorView view = viewOf("a", DType::F32, {6}, kFloats);
  std::string prefix = path("x") + ": ";
  EXPECT_EQ(error({view, view}),
            prefix + "tensor 'a': there are two tensors with this name");
  EXPECT_EQ(error({view}, {{"a", "\xff"}}),
            prefix + "the metadata of 'a' is not valid UTF-8");
  view.shape = {7};
  EXPECT_EQ(error({view}),
            prefix + "tensor 'a': the shape [7] does not fit its 24 bytes");
  view.shape = {-6};
  EXPECT_EQ(error({view}),
            prefix + "tensor 'a': the shape [-6] does not fit its 24 bytes");
  view.shape = {6};
  view.name = "";
  EXPECT_EQ(error({view}), prefix + "a tensor has an empty name");
  view.name = "__metadata__";
  EXPECT_EQ(error({view}), prefix + "tensor '__metadata__': the name is "
                                    "reserved by the format");
  view.name = std::string("a\0b", 3);
  EXPECT_EQ(error({view}),
            prefix + "tensor 'a\\x00b': the name holds a NUL byte");
  view.name = "\xc0\x80";
  EXPECT_NE(error({view}).find("the name is not valid UTF-8"),
            std::string::npos);
}

TEST_F(TensorFileWriteTest, PicksTheFormatByTheSuffix) {
  std::vector<TensorView> one = {viewOf("a", DType::F32, {6}, kFloats)};
  for (const char *name : {"a.npy", "a.npz", "a.safetensors"}) {
    ASSERT_TRUE(writeTensors(path(name), one)) << name;
    // A name without suffix is read by its first bytes.
    std::filesystem::copy_file(
        path(name), path("a"),
        std::filesystem::copy_options::overwrite_existing);
    for (const char *readName : {name, "a"}) {
      Result<TensorSet> read = readTensors(path(readName));
      ASSERT_TRUE(read) << read.error().str();
      EXPECT_EQ(contentOf(*read->find("a")), bytesOf(kFloats));
    }
  }
  for (const char *name : {"a.txt", "a", "a.npy.gz", "a.NPZ", "npz"}) {
    Status refused = writeTensors(path(std::string("new-") + name), one);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().message,
              "expected a name that ends in .safetensors, .npz or .npy for an "
              "output");
    EXPECT_FALSE(std::filesystem::exists(path(std::string("new-") + name)));
  }
  Status two = writeTensors(path("b.npy"), someTensors());
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().str(), path("b.npy") +
                                   ": a .npy file holds one tensor, but there "
                                   "are 5; use .npz or .safetensors");
  Result<TensorSet> other = readTensors(writeFile("other", "some text here"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().str(),
            path("other") + ": is not a .safetensors, .npz or .npy file");
}

TEST_F(TensorFileWriteTest, MergesFiles) {
  std::vector<TensorView> one = {viewOf("a", DType::F32, {6}, kFloats)};
  std::vector<TensorView> two = {viewOf("b", DType::F32, {6}, kFloats)};
  ASSERT_TRUE(writeSafetensors(path("1"), one, {{"x", "a"}}));
  ASSERT_TRUE(writeSafetensors(path("2"), two, {{"y", "b"}}));
  ASSERT_TRUE(writeSafetensors(path("3"), two, {{"a", "b"}}));
  TensorSet all;
  ASSERT_TRUE(all.merge(*readTensors(path("1")), path("1")));
  ASSERT_TRUE(all.merge(*readTensors(path("2")), path("2")));
  EXPECT_EQ(all.find("x"), &all.tensors()[0]);
  EXPECT_EQ(all.find("y"), &all.tensors()[1]);
  Status again = all.merge(*readTensors(path("1")), path("1"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().str(), path("1") +
                                     ": tensor 'a': an earlier file has "
                                     "a tensor of this name too");
  TensorSet aliased;
  ASSERT_TRUE(aliased.merge(*readTensors(path("1")), path("1")));
  EXPECT_FALSE(aliased.merge(*readTensors(path("3")), path("3")));
  TensorSet unread;
  ASSERT_TRUE(unread.addUnread({"u", "unsupported dtype 'U16'"}));
  EXPECT_FALSE(unread.add(viewOf("u", DType::F32, {6}, kFloats)));
  ASSERT_TRUE(all.merge(unread, path("4")));
  EXPECT_EQ(all.findUnread("u")->reason, "unsupported dtype 'U16'");
  EXPECT_FALSE(all.merge(unread, path("4")));
}

TEST_F(TensorFileWriteTest, SaysWhatCannotBeWritten) {
  for (const char *name : {"no/a.npy", "no/a.npz", "no/a.safetensors"}) {
    Status written =
        writeTensors(path(name), {viewOf("a", DType::F32, {6}, kFloats)});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().str(),
              path(name) +
                  ": cannot create a file there: No such file or directory");
  }
}
