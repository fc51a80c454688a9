//===- TensorFileNpzTest.cpp - Reading and writing .npz files -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Npz.h"

#include "lib/TensorFile/Npy.h"
#include "lib/TensorFile/Zip.h"
#include "test/Unit/TensorFileTestSupport.h"

#include <functional>
#include <zlib.h>

using namespace perceiver;
using namespace perceiver::test;

namespace {

/// A file of an archive under construction; tests change one field.
struct ZipMember {
  std::string name;
  std::string content; // Before compression.
  uint16_t method = zip::kStored;
  uint16_t flags = 0;
  /// Put all ones into the 32-bit sizes, as NumPy does in local headers.
  bool wide = false;
  std::string packed = content;
  uint32_t crc = static_cast<uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef *>(content.data()),
              static_cast<uInt>(content.size())));
  uint64_t unpackedSize = content.size();
  std::string localName = name;
};

/// Returns the bytes of an archive, with places where tests can damage it.
struct ZipBuilder {
  std::vector<ZipMember> members;
  std::string comment;
  bool end64 = false;
  std::function<void(std::string &)> damageDirectory = [](std::string &) {};
  int countOffset = 0;

  std::string build() const {
    std::string bytes, directory;
    for (const ZipMember &member : members) {
      uint64_t offset = bytes.size();
      auto sizes = [&](size_t count) {
        return littleEndian(member.packed.size(), count) +
               littleEndian(member.unpackedSize, count);
      };
      std::string shortSizes = member.wide ? std::string(8, '\xff') : sizes(4);
      std::string wideSizes = littleEndian(member.unpackedSize, 8) +
                              littleEndian(member.packed.size(), 8);
      std::string common = littleEndian(45, 2) + littleEndian(member.flags, 2) +
                           littleEndian(member.method, 2) + littleEndian(0, 4) +
                           littleEndian(member.crc, 4) + shortSizes;
      std::string local = member.wide ? littleEndian(zip::kExtra64, 2) +
                                            littleEndian(16, 2) + wideSizes
                                      : "";
      bytes += littleEndian(zip::kLocalHeader, 4) + common +
               littleEndian(member.localName.size(), 2) +
               littleEndian(local.size(), 2) + member.localName + local +
               member.packed;
      // An unknown field first, which readers skip.
      std::string extra = member.wide ? std::string("\x99\x99\1\0x", 5) +
                                            littleEndian(zip::kExtra64, 2) +
                                            littleEndian(24, 2) + wideSizes +
                                            littleEndian(offset, 8)
                                      : "";
      directory +=
          littleEndian(zip::kDirectoryEntry, 4) + littleEndian(45, 2) + common +
          littleEndian(member.name.size(), 2) + littleEndian(extra.size(), 2) +
          std::string(10, '\0') +
          (member.wide ? std::string(4, '\xff') : littleEndian(offset, 4)) +
          member.name + extra;
    }
    damageDirectory(directory);
    uint64_t start = bytes.size();
    bytes += directory;
    uint64_t count = members.size() + static_cast<uint64_t>(countOffset);
    if (end64) {
      uint64_t at = bytes.size();
      bytes += littleEndian(zip::kEnd64, 4) + littleEndian(44, 8) +
               littleEndian(45, 2) + littleEndian(45, 2) + littleEndian(0, 8) +
               littleEndian(count, 8) + littleEndian(count, 8) +
               littleEndian(directory.size(), 8) + littleEndian(start, 8) +
               littleEndian(zip::kLocator64, 4) + littleEndian(0, 4) +
               littleEndian(at, 8) + littleEndian(1, 4) +
               littleEndian(zip::kEnd, 4) + littleEndian(0, 4) +
               std::string(12, '\xff');
    } else {
      bytes += littleEndian(zip::kEnd, 4) + littleEndian(0, 4) +
               littleEndian(count, 2) + littleEndian(count, 2) +
               littleEndian(directory.size(), 4) + littleEndian(start, 4);
    }
    return bytes + littleEndian(comment.size(), 2) + comment;
  }
};

} // namespace

static std::string npyBytes(const std::vector<float> &values) {
  TensorView view =
      viewOf("t", DType::F32, {static_cast<int64_t>(values.size())}, values);
  return *npyHeader(view) + contentOf(view);
}

static std::string deflated(const std::string &text) {
  z_stream stream = {};
  EXPECT_EQ(
      ::deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
      Z_OK);
  std::string packed(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef *>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
}

static ZipMember deflatedMember(const std::string &name,
                                const std::string &content) {
  ZipMember member{name, content, zip::kDeflated};
  member.packed = deflated(content);
  return member;
}

static std::string errorOf(const std::string &bytes) {
  std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  copy.shrink_to_fit();
  Result<TensorSet> result = parseNpz(copy.data(), copy.size(), "f");
  return result ? "" : result.error().str();
}

static bool failsWith(const ZipBuilder &archive, const std::string &text) {
  std::string error = errorOf(archive.build());
  return error.find(text) != std::string::npos
             ? true
             : (ADD_FAILURE() << "got: " << error, false);
}

static const std::vector<float> kValues = {1.5f, -2.0f, 3.25f};

TEST(NpzTest, ReadsStoredAndDeflatedEntries) {
  for (bool end64 : {false, true})
    for (bool wide : {false, true}) {
      ZipBuilder archive;
      archive.end64 = end64;
      archive.members = {ZipMember{"a.npy", npyBytes(kValues)},
                         deflatedMember("b.npy", npyBytes({7.0f}))};
      archive.members[0].wide = archive.members[1].wide = wide;
      std::string bytes = archive.build();
      Result<TensorSet> result = parseNpz(
          reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "f");
      ASSERT_TRUE(result) << result.error().str();
      EXPECT_EQ(contentOf(*result->find("a")), bytesOf(kValues));
      EXPECT_EQ(result->find("b")->element(0), 7.0);
      EXPECT_TRUE(result->find("b")->isAligned());
    }
}

TEST(NpzTest, ReadsAnEmptyArchiveAndAComment) {
  ZipBuilder archive;
  EXPECT_EQ(errorOf(archive.build()), "");
  archive.comment = "with PK\5\6 inside";
  archive.members = {ZipMember{"a.npy", npyBytes(kValues)}};
  EXPECT_EQ(errorOf(archive.build()), "");
}

TEST(NpzTest, RefusesWhatIsCutShort) {
  ZipBuilder archive;
  archive.members = {ZipMember{"a.npy", npyBytes(kValues)}};
  std::string bytes = archive.build();
  EXPECT_EQ(errorOf("no zip archive"),
            "f: expected a .npz file, which is a zip archive (at byte 0)");
  EXPECT_EQ(
      errorOf(bytes.substr(0, bytes.size() - 1)),
      "f: the archive has no end record; is the file cut short? (at byte " +
          std::to_string(bytes.size() - 1) + ")");
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(errorOf(bytes.substr(0, length)), "") << length;
  EXPECT_NE(errorOf(bytes + "x"), "");
}

/// As in NumPy, what nobody asks for hinders nobody.
TEST(NpzTest, KnowsWhatItDoesNotReadByName) {
  ZipMember good{"good.npy", npyBytes(kValues)};
  ZipMember other = good, encrypted = good;
  other.method = 14;
  encrypted.flags = zip::kFlagEncrypted;
  auto npy = [](const std::string &dictionary) {
    return "\x93NUMPY" + std::string("\1\0", 2) +
           littleEndian(dictionary.size(), 2) + dictionary;
  };
  auto array = [&](const std::string &descr, const std::string &order) {
    return npy("{'descr': " + descr + ", 'fortran_order': " + order +
               ", 'shape': (2, 2)}") +
           std::string(8, '\1');
  };
  struct Case {
    std::string content, reason;
  };
  const std::string types = ", expected float16, float32, float64, int8 to "
                            "int64, uint8 or bool";
  std::vector<Case> cases = {
      {array("'<u2'", "False"), "unsupported dtype '<u2'" + types},
      {array("'|O'", "False"), "unsupported dtype '|O'" + types},
      {array("'>f2'", "False"), "big-endian data ('>f2') is not supported"},
      {array("[('x', '<f2')]", "False"), "structured dtypes are not supported"},
      {array("'<f2'", "True"),
       "the array is in Fortran order; save it in C order, for example with "
       "numpy.ascontiguousarray"},
      {"\x93NUMPY" + std::string("\4\0", 2),
       "unsupported .npy version 4.0, expected 1.0, 2.0 or 3.0"}};
  ZipBuilder archive;
  archive.members = {good};
  for (size_t i = 0; i < cases.size(); ++i)
    archive.members.push_back(
        ZipMember{std::to_string(i) + ".npy", cases[i].content});
  other.name = other.localName = "other.npy";
  encrypted.name = encrypted.localName = "encrypted.npy";
  archive.members.insert(archive.members.end(),
                         {other, encrypted, ZipMember{"a.txt", "hello"},
                          ZipMember{"folder/", ""}, ZipMember{".npy", ""}});
  std::string bytes = archive.build();
  Result<TensorSet> result = parseNpz(
      reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "f");
  ASSERT_TRUE(result) << result.error().str();
  ASSERT_EQ(result->tensors().size(), 1u);
  EXPECT_EQ(contentOf(*result->find("good")), bytesOf(kValues));
  ASSERT_EQ(result->unread().size(), cases.size() + 5);
  for (size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(result->findUnread(std::to_string(i))->reason, cases[i].reason);
  EXPECT_EQ(result->findUnread("other")->reason,
            "unsupported compression method 14, expected stored or deflated");
  EXPECT_EQ(result->findUnread("encrypted")->reason,
            "encrypted data is not supported");
  EXPECT_EQ(result->findUnread("a.txt")->reason, "is not a .npy file");
  EXPECT_NE(result->findUnread("folder/"), nullptr);
  EXPECT_NE(result->findUnread(".npy"), nullptr);
}

TEST(NpzTest, RefusesBrokenMembersAndDuplicates) {
  ZipBuilder archive;
  ZipMember good{"a.npy", npyBytes(kValues)};
  ZipMember member{"a.txt", "hello"};
  member.crc ^= 1;
  archive.members = {member};
  failsWith(archive, "f: tensor 'a.txt': the checksum does not match");
  archive.members = {ZipMember{std::string("a\0.npy", 6), good.content}};
  failsWith(archive, "f: the name 'a\\x00.npy' holds a NUL byte or is not "
                     "valid UTF-8");
  archive.members = {ZipMember{"\xff.npy", good.content}};
  failsWith(archive, "holds a NUL byte or is not valid UTF-8");
  archive.members = {good, good};
  failsWith(archive, "f: tensor 'a': there are two tensors with this name");
  archive.members = {ZipMember{"a.npy", "hello"}};
  failsWith(archive, "f: tensor 'a': expected a .npy file, which begins with "
                     "\\x93NUMPY (at byte 35)");
  archive.members = {deflatedMember("a.npy", "hello")};
  failsWith(archive, "f: tensor 'a': expected a .npy file");
}

TEST(NpzTest, RefusesContradictions) {
  ZipBuilder archive;
  ZipMember good{"a.npy", npyBytes(kValues)};
  ZipMember member = good;
  member.crc ^= 1;
  archive.members = {member};
  failsWith(archive, "f: tensor 'a': the checksum does not match: the file is "
                     "damaged");
  member = good;
  member.unpackedSize += 1;
  archive.members = {member};
  failsWith(archive, "f: tensor 'a': a stored file has two sizes");
  member = good;
  member.localName = "b.npy";
  archive.members = {member};
  failsWith(archive, "f: tensor 'a': the file's header contradicts the "
                     "directory");
  archive.members = {good};
  archive.countOffset = 1;
  failsWith(archive, "f: the archive has 1 files, but its end record says 2");
  archive.countOffset = 0;
  archive.damageDirectory = [](std::string &text) { text[0] = 'x'; };
  failsWith(archive, "f: expected an entry of the archive's directory");
  archive.damageDirectory = [](std::string &text) { text[28] = 'x'; };
  failsWith(archive, "f: the directory entry is cut short");
  archive.damageDirectory = [](std::string &text) { text[42] = 1; };
  failsWith(archive, "f: tensor 'a': expected the header of an archived file "
                     "(at byte 1)");
  archive.damageDirectory = [](std::string &text) { text[22] = text[26] = 99; };
  failsWith(archive, "f: tensor 'a': the data ends outside the file; is it cut "
                     "short?");
  archive.damageDirectory = [](std::string &text) {
    text.replace(20, 8, std::string(8, '\xff'));
  };
  failsWith(archive, "f: tensor 'a': the 64-bit sizes are missing");
  // Both entries name the first file.
  archive.members = {good, good};
  archive.damageDirectory = [](std::string &text) {
    text.replace(text.size() / 2, text.size() / 2,
                 text.substr(0, text.size() / 2));
  };
  failsWith(archive, "f: tensor 'a': the data overlaps that of another file");
}

TEST(NpzTest, RefusesBrokenEndRecords) {
  ZipBuilder archive;
  archive.members = {ZipMember{"a.npy", npyBytes(kValues)}};
  std::string bytes = archive.build();
  std::string split = bytes;
  split[bytes.size() - 18] = 1;
  EXPECT_NE(errorOf(split).find("split archives are not supported"),
            std::string::npos);
  std::string outside = bytes;
  outside[bytes.size() - 4] = 1;
  EXPECT_NE(errorOf(outside).find(
                "the directory is outside the file; is it cut short?"),
            std::string::npos);
  archive.end64 = true;
  std::string lost = archive.build();
  lost[lost.size() - 22 - 12] ^= 1;
  EXPECT_NE(
      errorOf(lost).find("the 64-bit end record is not where it should be"),
      std::string::npos);
}

TEST(NpzTest, RefusesBrokenCompressedData) {
  ZipBuilder archive;
  ZipMember good = deflatedMember("a.npy", npyBytes(kValues));
  for (int64_t change : {-1, 1, 1000}) {
    ZipMember member = good;
    member.unpackedSize += static_cast<uint64_t>(change);
    archive.members = {member};
    failsWith(archive, "f: tensor 'a': the compressed data is broken");
  }
  ZipMember member = good;
  member.packed.resize(member.packed.size() / 2);
  archive.members = {member};
  failsWith(archive, "f: tensor 'a': the compressed data is broken");
  member = good;
  member.packed += "x";
  archive.members = {member};
  failsWith(archive, "f: tensor 'a': the compressed data is broken");
  // A size that would take all memory is refused before memory is taken.
  member = good;
  member.wide = true;
  member.unpackedSize = uint64_t(1) << 50;
  archive.members = {member};
  failsWith(archive, "f: tensor 'a': the size of 1125899906842624 bytes is "
                     "impossible for ");
}

using NpzFileTest = FileTest;

TEST_F(NpzFileTest, RoundTrips) {
  std::vector<int64_t> indices = {1, 2, 3, 4};
  std::vector<uint8_t> mask;
  Status written =
      writeNpz(path("x.npz"), {viewOf("inputs", DType::F32, {3, 1}, kValues),
                               viewOf("ids", DType::I64, {2, 2}, indices),
                               viewOf("mask", DType::BOOL, {0}, mask)});
  ASSERT_TRUE(written) << written.error().str();
  Result<TensorSet> read = readNpz(path("x.npz"));
  ASSERT_TRUE(read) << read.error().str();
  ASSERT_EQ(read->tensors().size(), 3u);
  EXPECT_EQ(read->tensors()[1].name, "ids");
  EXPECT_EQ(read->tensors()[1].shape, std::vector<int64_t>({2, 2}));
  EXPECT_EQ(contentOf(read->tensors()[0]), bytesOf(kValues));
  EXPECT_EQ(contentOf(read->tensors()[1]), bytesOf(indices));
  EXPECT_EQ(read->tensors()[2].dtype, DType::BOOL);
}

TEST_F(NpzFileTest, RefusesToWriteWhatTheFormatCannotHold) {
  auto error = [&](const std::vector<TensorView> &tensors) {
    Status written = writeNpz(path("x.npz"), tensors);
    EXPECT_TRUE(fileNames().empty());
    return written ? "" : written.error().str();
  };
  TensorView view = viewOf("a", DType::F32, {3}, kValues);
  EXPECT_EQ(error({view, view}), path("x.npz") + ": tensor 'a': there are two "
                                                 "tensors with this name");
  for (const std::string &name :
       {std::string(), std::string("a\0b", 3), std::string("\xff"),
        std::string(70000, 'a')}) {
    view.name = name;
    EXPECT_NE(error({view}).find("a .npz file cannot hold a tensor of this "
                                 "name"),
              std::string::npos);
  }
  std::vector<uint16_t> half(2);
  EXPECT_NE(error({viewOf("h", DType::BF16, {2}, half)})
                .find("tensor 'h': .npy files cannot hold BF16"),
            std::string::npos);
}
