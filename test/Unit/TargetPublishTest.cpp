//===- TargetPublishTest.cpp - Files that appear together -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Publish.h"

#include "TargetTestSupport.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

/// What SupportOutputFilesTest.cpp says of files holds here; this is about the
/// streams.
struct PublicationTest : testing::Test {
  llvm::raw_pwrite_stream &add(Publication &outputs, const std::string &path) {
    llvm::Expected<llvm::raw_pwrite_stream *> stream = outputs.add(path);
    EXPECT_TRUE(bool(stream)) << text(stream.takeError());
    return **stream;
  }

  TemporaryDirectory directory;
};

TEST_F(PublicationTest, WritesThroughStreams) {
  Publication outputs;
  std::string large(1 << 20, 'x');
  llvm::raw_pwrite_stream &weights = add(outputs, directory.file("weights"));
  weights << "1234" << large;
  EXPECT_EQ(weights.tell(), 4 + large.size());
  weights.pwrite("56", 2, 1);
  weights << "end";
  llvm::raw_pwrite_stream &code = add(outputs, directory.file("100%.so"));
  code << "code";
  code.pwrite("n", 1, 0);
  EXPECT_EQ(text(outputs.commit()), "");
  EXPECT_EQ(readFile(directory.file("weights")), "1564" + large + "end");
  EXPECT_EQ(readFile(directory.file("100%.so")), "node");
  EXPECT_THAT(directory.names(), ElementsAre("100%.so", "weights"));
}

TEST_F(PublicationTest, LeavesNothingWithoutCommit) {
  {
    Publication outputs;
    add(outputs, directory.file("a")) << "text that is still in the buffer";
  }
  EXPECT_THAT(directory.names(), IsEmpty());
}

TEST_F(PublicationTest, SaysWhatCannotBeWritten) {
  Publication outputs;
  EXPECT_EQ(text(outputs.add("")), "'' is not a file name");
  add(outputs, directory.file("a")) << "new";
  add(outputs, "/dev/full") << std::string(1 << 20, 'x');
  EXPECT_EQ(text(outputs.commit()),
            "/dev/full: cannot write: No space left on device (at byte 0)");
  EXPECT_THAT(directory.names(), IsEmpty());
}

} // namespace
