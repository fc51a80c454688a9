//===- TensorFileSafetensorsTest.cpp - Reading .safetensors files ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Safetensors.h"

#include "test/Unit/TensorFileTestSupport.h"

#include <sys/stat.h>

using namespace perceiver;
using namespace perceiver::test;

static std::string file(const std::string &header, const std::string &data) {
  return littleEndian(header.size(), 8) + header + data;
}

/// Return the text of the error for these bytes, or "" if they are accepted.
/// The bytes are copied to memory of their exact size, for the sanitizers.
static std::string errorOf(const std::string &bytes) {
  std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  copy.shrink_to_fit();
  Result<SafetensorsFile> result =
      SafetensorsFile::parse(copy.data(), copy.size(), "f");
  return result ? "" : result.error().str();
}

static std::string errorOf(const std::string &header, const std::string &data) {
  return errorOf(file(header, data));
}

static const std::string kData8 = std::string(8, '\1');

TEST(SafetensorsTest, ReadsTensorsInTheOrderOfTheirData) {
  std::vector<float> values = {1, 2, 3};
  std::string bytes =
      file(R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
           R"("__metadata__":{"format":"pt"},)"
           R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
           R"("none":{"data_offsets":[12,12],"shape":[0,7],"dtype":"I64"}}  )",
           bytesOf(values));
  Result<SafetensorsFile> result = SafetensorsFile::parse(
      reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "f");
  ASSERT_TRUE(result) << result.error().str();
  ASSERT_EQ(result->tensors().size(), 3u);
  EXPECT_EQ(result->tensors()[0].name, "a");
  EXPECT_EQ(result->tensors()[0].shape, std::vector<int64_t>());
  EXPECT_EQ(result->tensors()[1].name, "b");
  EXPECT_EQ(result->tensors()[1].shape, std::vector<int64_t>({2}));
  EXPECT_EQ(result->tensors()[1].element(1), 3.0);
  EXPECT_EQ(result->tensors()[2].bytes, 0u);
  EXPECT_EQ(result->tensors()[2].shape, std::vector<int64_t>({0, 7}));
  EXPECT_EQ(result->metadata().at("format"), "pt");
  EXPECT_EQ(result->find("b"), &result->tensors()[1]);
  EXPECT_EQ(result->find("format"), nullptr);
}

TEST(SafetensorsTest, AcceptsAFileWithoutTensors) {
  EXPECT_EQ(errorOf("{}", ""), "");
}

TEST(SafetensorsTest, ResolvesAliasesOfTiedTensors) {
  std::string bytes =
      file(R"({"__metadata__":{"layers.1.w":"layers.0.w","gone":"missing",)"
           R"("layers.0.w":"other","format":"pt"},)"
           R"("layers.0.w":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})",
           kData8);
  Result<SafetensorsFile> result = SafetensorsFile::parse(
      reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "f");
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(result->find("layers.1.w"), result->find("layers.0.w"));
  ASSERT_NE(result->find("layers.1.w"), nullptr);
  EXPECT_EQ(result->find("layers.1.w")->name, "layers.0.w");
  EXPECT_EQ(result->find("gone"), nullptr);
  EXPECT_EQ(result->aliases().size(), 1u);
  EXPECT_EQ(result->names(),
            std::vector<std::string>({"layers.0.w", "layers.1.w"}));
}

TEST(SafetensorsTest, AcceptsMisalignedTensors) {
  std::string bytes =
      file(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
           R"("b":{"dtype":"F64","shape":[1],"data_offsets":[1,9]}})",
           "\7" + bytesOf(std::vector<double>{2.5}));
  std::vector<double> aligned(bytes.size() / 8 + 1);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  Result<SafetensorsFile> result = SafetensorsFile::parse(
      reinterpret_cast<const uint8_t *>(aligned.data()), bytes.size(), "f");
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_TRUE(result->find("a")->isAligned());
  EXPECT_EQ(result->find("b")->isAligned(),
            reinterpret_cast<uintptr_t>(result->find("b")->data) % 8 == 0);
  EXPECT_EQ(result->find("b")->element(0), 2.5);
}

TEST(SafetensorsTest, RefusesBrokenLengths) {
  EXPECT_EQ(errorOf("1234567"),
            "f: too short for a safetensors file: expected 8 bytes for the "
            "length of the header, but got 7");
  EXPECT_EQ(errorOf(littleEndian(100'000'001, 8) + "{}"),
            "f: the header's length of 100000001 bytes is above the limit of "
            "100000000; is this a safetensors file? (at byte 0)");
  EXPECT_EQ(errorOf(littleEndian(UINT64_MAX, 8) + "{}"),
            "f: the header's length of 18446744073709551615 bytes is above the "
            "limit of 100000000; is this a safetensors file? (at byte 0)");
  EXPECT_EQ(errorOf(littleEndian(3, 8) + "{}"),
            "f: the header has 3 bytes, but the file only 10; is it cut short? "
            "(at byte 0)");
  EXPECT_EQ(errorOf(littleEndian(0, 8)),
            "f: expected the header to be a JSON object (at byte 8)");
}

TEST(SafetensorsTest, RefusesBrokenJson) {
  EXPECT_EQ(errorOf("[]", ""),
            "f: expected the header to be a JSON object (at byte 8)");
  EXPECT_EQ(errorOf(" \n[]", ""),
            "f: expected the header to be a JSON object (at byte 8)");
  EXPECT_EQ(errorOf("  ", ""),
            "f: expected the header to be a JSON object (at byte 8)");
  EXPECT_EQ(errorOf("\v{}", ""),
            "f: expected the header to be a JSON object (at byte 8)");
  EXPECT_EQ(errorOf("{", ""), "f: the header is not valid JSON (at byte 9)");
  EXPECT_EQ(errorOf("{}x", ""), "f: the header is not valid JSON (at byte 11)");
  EXPECT_EQ(errorOf(std::string("{}\0x", 4), ""),
            "f: the header holds a NUL byte (at byte 10)");
  EXPECT_NE(errorOf("{\"\xff\":{}}", ""), "");
  // Deep nesting must not exhaust the stack.
  EXPECT_NE(errorOf("{\"a\":" + std::string(1'000'000, '['), ""), "");
  EXPECT_NE(errorOf("{\"a\":" + std::string(1'000'000, '{'), ""), "");
}

TEST(SafetensorsTest, RefusesWrongTypesInTheHeader) {
  EXPECT_EQ(errorOf(R"({"a":1})", ""),
            "f: tensor 'a': expected an object with 'dtype', 'shape' and "
            "'data_offsets' (at byte 15)");
  EXPECT_EQ(errorOf(R"({"a":{"dtype":1}})", ""),
            "f: tensor 'a': expected 'dtype' to be a string (at byte 24)");
  for (const char *shape : {"1", "\"x\"", "[-1]", "[1.0]", "[null]", "[true]",
                            "[[1]]", "{}", "[18446744073709551616]"})
    EXPECT_NE(errorOf(std::string(R"({"a":{"shape":)") + shape + "}}", "")
                  .find("f: tensor 'a': expected 'shape' to be an array of "
                        "integers from 0 to 2^63 - 1 (at byte "),
              std::string::npos)
        << shape;
  for (const char *offsets : {"1", "[1]", "[1,2,3]", "[-1,0]", "[0,1.5]"})
    EXPECT_NE(
        errorOf(std::string(R"({"a":{"data_offsets":)") + offsets + "}}", "")
            .find("f: tensor 'a': expected 'data_offsets' to be two integers "
                  "from 0 to 2^64 - 1 (at byte "),
        std::string::npos)
        << offsets;
  EXPECT_EQ(errorOf(R"({"__metadata__":[]})", ""),
            "f: tensor '__metadata__': expected an object of strings (at byte "
            "25)");
  EXPECT_EQ(errorOf(R"({"__metadata__":{"k":1}})", ""),
            "f: tensor '__metadata__': expected 'k' to be a string (at byte "
            "31)");
}

TEST(SafetensorsTest, RefusesMissingAndDuplicateKeys) {
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[2]}})", ""),
            "f: tensor 'a': the entry has no 'data_offsets' (at byte 40)");
  EXPECT_EQ(errorOf(R"({"__metadata__":{},"__metadata__":null})", ""),
            "f: tensor '__metadata__': there are two entries with this name "
            "(at byte 41)");
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","dtype":"F32"}})", ""),
            "f: tensor 'a': duplicate key 'dtype' (at byte 35)");
  EXPECT_EQ(errorOf(R"({"__metadata__":{"a":"b","a":"b"}})", ""),
            "f: tensor '__metadata__': duplicate key 'a' (at byte 36)");
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                    R"("a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
                    kData8),
            "f: tensor 'a': there are two entries with this name (at byte 64)");
}

static std::string entry(const std::string &name, const std::string &dtype,
                         const std::string &shape, const std::string &offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

/// Whatever the safetensors library reads is read here, too.
TEST(SafetensorsTest, AcceptsWhatItHasNoUseFor) {
  std::string a = entry("a", "U8", "[8]", "[0,8]");
  for (const std::string &header :
       {" \t\r\n{" + a + "}", "{ " + a + " } \n",
        "{\"__metadata__\":null," + a + "}", "{" + a + ",\"__metadata__\":{}}",
        "{" + entry("", "U8", "[8]", "[0,8]") + "}",
        "{" + entry("a\\u0000b", "U8", "[8]", "[0,8]") + "}"})
    EXPECT_EQ(errorOf(header, kData8), "") << header;
  for (const char *value :
       {"1", "-1", "1.5", "null", "true", "\"x\"", "[]", "{}",
        "[[1,\"x\"],{\"dtype\":[null]}]", "{\"y\":{\"y\":[]},\"dtype\":{}}"})
    EXPECT_EQ(errorOf(std::string("{\"a\":{\"x\":") + value +
                          R"(,"dtype":"U8","shape":[8],"data_offsets":[0,8]}})",
                      kData8),
              "")
        << value;
}

TEST(SafetensorsTest, KnowsTensorsOfOtherTypesByName) {
  struct Case {
    const char *dtype, *shape, *bytes, *reason;
  };
  for (Case test : {Case{"U16", "[2,2]", "8", "unsupported dtype 'U16'"},
                    Case{"U32", "[2]", "8", "unsupported dtype 'U32'"},
                    Case{"U64", "[]", "8", "unsupported dtype 'U64'"},
                    Case{"C64", "[1]", "8", "unsupported dtype 'C64'"},
                    Case{"F8_E4M3", "[8]", "8", "unsupported dtype 'F8_E4M3'"},
                    Case{"F8_E5M2", "[8]", "8", "unsupported dtype 'F8_E5M2'"},
                    Case{"F6_E2M3", "[4]", "3", "unsupported dtype 'F6_E2M3'"},
                    Case{"F4", "[2,8]", "8", "unsupported dtype 'F4'"},
                    Case{"U16", "[0,9]", "0", "unsupported dtype 'U16'"},
                    Case{"f32", "[7]", "8", "unknown dtype 'f32'"}}) {
    std::string end = test.bytes;
    std::string bytes = file(
        "{\"__metadata__\":{\"tied\":\"a\"}," +
            entry("a", test.dtype, test.shape, "[0," + end + "]") + "," +
            entry("b", "U8", "[1]",
                  "[" + end + "," + std::to_string(std::stoi(end) + 1) + "]") +
            "}",
        std::string(static_cast<size_t>(std::stoi(end)), '\1') + "\7");
    Result<SafetensorsFile> result = SafetensorsFile::parse(
        reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "f");
    ASSERT_TRUE(result) << result.error().str();
    ASSERT_EQ(result->tensors().size(), 1u);
    EXPECT_EQ(result->find("b")->element(0), 7.0);
    ASSERT_EQ(result->unread().size(), 1u);
    EXPECT_EQ(result->find("a"), nullptr);
    EXPECT_EQ(result->find("tied"), nullptr);
    EXPECT_EQ(result->findUnread("b"), nullptr);
    ASSERT_EQ(result->findUnread("a"), &result->unread()[0]);
    EXPECT_EQ(result->findUnread("tied"), &result->unread()[0]);
    EXPECT_EQ(result->unread()[0].reason, test.reason);
    EXPECT_EQ(result->names(), std::vector<std::string>({"b", "a", "tied"}));
  }
}

TEST(SafetensorsTest, RefusesWrongSizesOfOtherTypes) {
  EXPECT_EQ(errorOf("{" + entry("a", "U32", "[3]", "[0,8]") + "}", kData8),
            "f: tensor 'a': expected 12 bytes for U32[3], but got 8 (at byte "
            "62)");
  EXPECT_EQ(errorOf("{" + entry("a", "F4", "[15]", "[0,8]") + "}", kData8),
            "f: tensor 'a': expected whole bytes, but got 60 bits for F4[15] "
            "(at byte 62)");
  EXPECT_NE(
      errorOf("{" + entry("a", "U64", "[4611686018427387904]", "[0,8]") + "}",
              kData8)
          .find("is too large for a 64-bit size"),
      std::string::npos);
  EXPECT_NE(errorOf("{" + entry("a", "X", "[1]", "[0,9]") + "}", kData8)
                .find("is it cut short?"),
            std::string::npos);
}

TEST(SafetensorsTest, RefusesWrongOffsets) {
  std::string one = "{" + entry("a", "U8", "[8]", "[0,8]") + "}";
  EXPECT_EQ(errorOf(one, kData8), "");
  EXPECT_EQ(errorOf(one, "1234567"),
            "f: tensor 'a': the data ends at 8, but the file has only 7 bytes "
            "of data; is it cut short?");
  EXPECT_EQ(errorOf(one, kData8 + "xy"),
            "f: 2 bytes after the last tensor belong to none (at byte 69)");
  EXPECT_EQ(errorOf("{" + entry("a", "U8", "[8]", "[8,0]") + "}", kData8),
            "f: tensor 'a': the data ends at 0 before it begins at 8");
  EXPECT_EQ(errorOf("{" + entry("a", "U8", "[7]", "[0,8]") + "}", kData8),
            "f: tensor 'a': expected 7 bytes for U8[7], but got 8 (at byte "
            "61)");
  EXPECT_EQ(errorOf("{" + entry("a", "F32", "[]", "[0,8]") + "}", kData8),
            "f: tensor 'a': expected 4 bytes for F32[], but got 8 (at byte "
            "61)");
  EXPECT_EQ(errorOf("{" + entry("a", "U8", "[4]", "[0,4]") + "," +
                        entry("b", "U8", "[6]", "[2,8]") + "}",
                    kData8),
            "f: tensor 'b': the data overlaps that of another tensor (at byte "
            "115)");
  EXPECT_EQ(errorOf("{" + entry("a", "U8", "[2]", "[0,2]") + "," +
                        entry("b", "U8", "[5]", "[3,8]") + "}",
                    kData8),
            "f: tensor 'b': there is a hole of 1 bytes before the data (at "
            "byte 115)");
  EXPECT_NE(errorOf("{" +
                        entry("a", "U8", "[1]",
                              "[18446744073709551615,18446744073709551615]") +
                        "}",
                    ""),
            "");
}

TEST(SafetensorsTest, RefusesShapesThatOverflow) {
  for (const char *shape :
       {"[9223372036854775807,2]", "[4294967296,4294967296]",
        "[4294967296,4294967296,0]", "[0,4294967296,4294967296]"})
    EXPECT_NE(errorOf("{" + entry("a", "F32", shape, "[0,0]") + "}", "")
                  .find("is too large for a 64-bit size"),
              std::string::npos)
        << shape;
  EXPECT_NE(
      errorOf("{" + entry("a", "F32", "[9223372036854775808]", "[0,0]") + "}",
              "")
          .find("the shape is too large for a 64-bit size"),
      std::string::npos);
}

TEST(SafetensorsTest, ShortensLongNames) {
  std::string error =
      errorOf("{\"" + std::string(100'000, 'n') + "\":{\"dtype\":1}}", "");
  EXPECT_LT(error.size(), 500u);
}

using SafetensorsFileTest = FileTest;

TEST_F(SafetensorsFileTest, MapsAFileAndKeepsItAlive) {
  std::string name =
      writeFile("w.safetensors",
                file("{" + entry("a", "U8", "[8]", "[0,8]") + "}", kData8));
  TensorSet copy;
  {
    Result<SafetensorsFile> result = SafetensorsFile::open(name);
    ASSERT_TRUE(result) << result.error().str();
    copy = *result;
  }
  std::filesystem::remove(name);
  EXPECT_EQ(contentOf(*copy.find("a")), kData8);
}

TEST_F(SafetensorsFileTest, RefusesWhatIsNoRegularFile) {
  auto error = [](const std::string &path) {
    Result<SafetensorsFile> result = SafetensorsFile::open(path);
    return result ? "" : result.error().str();
  };
  EXPECT_EQ(error(path("absent")),
            path("absent") + ": cannot open: No such file or directory");
  EXPECT_EQ(error(folder.string()),
            folder.string() + ": is a directory, expected a file");
  EXPECT_EQ(error(writeFile("empty", "")),
            path("empty") + ": the file is empty");
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(error(path("fifo")), path("fifo") + ": is not a regular file");
  EXPECT_EQ(error(std::string("a\0b", 3)),
            "'a\\x00b': a file name cannot hold a NUL byte");
}

TEST_F(SafetensorsFileTest, ReadsMoreThanFourGigabytes) {
  uint64_t bytes = (uint64_t(5) << 30) + 3;
  std::string size = std::to_string(bytes);
  std::string header =
      "{" + entry("big", "U8", "[" + size + "]", "[0," + size + "]") + "," +
      entry("last", "U8", "[1]",
            "[" + size + "," + std::to_string(bytes + 1) + "]") +
      "}";
  std::string name = writeFile("big.safetensors", file(header, ""));
  // A sparse file: it takes no space.
  std::error_code failed;
  std::filesystem::resize_file(name, 8 + header.size() + bytes + 1, failed);
  if (failed)
    GTEST_SKIP() << "no sparse files here";
  Result<SafetensorsFile> result = SafetensorsFile::open(name);
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(result->find("big")->bytes, bytes);
  EXPECT_EQ(result->find("last")->data - result->find("big")->data,
            static_cast<ptrdiff_t>(bytes));
  EXPECT_EQ(result->find("last")->element(0), 0.0);
}
