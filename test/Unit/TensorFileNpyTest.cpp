//===- TensorFileNpyTest.cpp - Reading and writing .npy files -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Npy.h"

#include "test/Unit/TensorFileTestSupport.h"

using namespace perceiver;
using namespace perceiver::test;

static std::string npy(const std::string &header, const std::string &data,
                       int version = 1) {
  return "\x93NUMPY" + std::string{static_cast<char>(version), '\0'} +
         littleEndian(header.size(), version == 1 ? 2 : 4) + header + data;
}

static std::string errorOf(const std::string &bytes) {
  std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  copy.shrink_to_fit();
  Result<TensorView> result = parseNpy(copy.data(), copy.size(), "f", "t");
  return result ? "" : result.error().str();
}

static std::string dictionary(const std::string &descr,
                              const std::string &shape,
                              const std::string &order = "False") {
  return "{'descr': " + descr + ", 'fortran_order': " + order +
         ", 'shape': " + shape + ", }\n";
}

static const std::string kFour = "\1\2\3\4";

TEST(NpyTest, ReadsAllVersions) {
  for (int version : {1, 2, 3}) {
    std::string bytes = npy(dictionary("'<i2'", "(1, 2)"), kFour, version);
    Result<TensorView> view =
        parseNpy(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(),
                 "f", "t");
    ASSERT_TRUE(view) << view.error().str();
    EXPECT_EQ(view->name, "t");
    EXPECT_EQ(view->dtype, DType::I16);
    EXPECT_EQ(view->shape, std::vector<int64_t>({1, 2}));
    EXPECT_EQ(contentOf(*view), kFour);
  }
}

TEST(NpyTest, ReadsOtherSpellingsOfTheHeader) {
  EXPECT_EQ(errorOf(npy("{\"shape\":(4,),\"fortran_order\":False,"
                        "\"descr\":\"|u1\"}",
                        kFour)),
            "");
  EXPECT_EQ(errorOf(npy(dictionary("'<f4'", "()"), kFour)), "");
  EXPECT_EQ(errorOf(npy(dictionary("'<u1'", "( 2 , 2 , )"), kFour)), "");
  EXPECT_EQ(errorOf(npy(dictionary("'<f8'", "(3, 0)"), "")), "");
}

TEST(NpyTest, RefusesWhatIsNoNpyFile) {
  EXPECT_EQ(errorOf("PK\3\4xxxxxxxx"),
            "f: tensor 't': expected a .npy file, which begins with \\x93NUMPY "
            "(at byte 0)");
  EXPECT_EQ(errorOf(""), "f: tensor 't': expected a .npy file, which begins "
                         "with \\x93NUMPY (at byte 0)");
  for (size_t length : {6, 7, 8, 9, 10, 20})
    EXPECT_EQ(errorOf(npy(dictionary("'<f4'", "()"), kFour).substr(0, length)),
              "f: tensor 't': the file ends within the header; is it cut "
              "short? (at byte " +
                  std::to_string(length == 20 ? 20 : length) + ")");
  EXPECT_EQ(errorOf("\x93NUMPY\4" + std::string(10, '\0')),
            "f: tensor 't': unsupported .npy version 4.0, expected 1.0, 2.0 or "
            "3.0 (at byte 6)");
  EXPECT_EQ(errorOf("\x93NUMPY\2" + std::string("\0\0\0\0\xff", 5)),
            "f: tensor 't': the header's length of 4278190080 bytes is above "
            "the limit of 1048576 (at byte 8)");
}

TEST(NpyTest, RefusesBrokenHeaders) {
  auto error = [](const std::string &header) {
    std::string text = errorOf(npy(header, kFour));
    // Leave out what all have in common.
    size_t begin = std::string("f: tensor 't': ").size();
    return text.empty() ? text
                        : text.substr(begin, text.find(" (at byte") - begin);
  };
  EXPECT_EQ(error("x"), "expected '{' in the header's dictionary");
  EXPECT_EQ(error("{"), "expected a string in the header's dictionary");
  EXPECT_EQ(error("{'descr"), "expected a string in the header's dictionary");
  EXPECT_EQ(error("{'descr' '<f4'}"),
            "expected ':' in the header's dictionary");
  EXPECT_EQ(error("{'descr': '<f4' 'shape': ()}"),
            "expected '}' in the header's dictionary");
  EXPECT_EQ(error("{'a': 1}"), "unexpected key 'a' in the header");
  EXPECT_EQ(error("{'descr': '<f4', 'descr': '<f4'}"),
            "duplicate key 'descr' in the header");
  EXPECT_EQ(error("{'descr': '<f4', 'shape': ()}"),
            "expected the header to have 'descr', 'fortran_order' and 'shape'");
  EXPECT_EQ(error(dictionary("'<f4'", "()") + "x"),
            "expected nothing after the header's dictionary");
  EXPECT_EQ(error(dictionary("'<f4'", "()") + std::string(1, '\0')),
            "expected nothing after the header's dictionary");
  EXPECT_EQ(error(dictionary("'<f4'", "()", "0")),
            "expected 'fortran_order' to be True or False");
  EXPECT_EQ(error(dictionary("'<f4'", "3")),
            "expected '(' in the header's dictionary");
  EXPECT_EQ(error(dictionary("'<f4'", "(3)")),
            "expected 'shape' to be a tuple");
  EXPECT_EQ(error(dictionary("'<f4'", "(-3,)")),
            "expected 'shape' to be a tuple of non-negative integers");
  EXPECT_EQ(error(dictionary("'<f4'", "(1, 2")),
            "expected 'shape' to be a tuple of non-negative integers");
  EXPECT_EQ(error(dictionary("'<f4'", "(1, 2 3)")),
            "expected ')' in the header's dictionary");
  EXPECT_EQ(error(dictionary("'<f4'", "(9223372036854775808,)")),
            "the shape is too large for a 64-bit size");
  EXPECT_EQ(error(dictionary("'<f4'", "(4294967296, 4294967296)")),
            "the shape [4294967296, 4294967296] is too large for a 64-bit "
            "size");
}

TEST(NpyTest, RefusesOtherData) {
  auto contains = [](const std::string &bytes, const std::string &text) {
    return errorOf(bytes).find(text) != std::string::npos;
  };
  EXPECT_TRUE(contains(npy(dictionary("'<f4'", "(1, 1)", "True"), kFour),
                       "the array is in Fortran order; save it in C order, "
                       "for example with numpy.ascontiguousarray"));
  EXPECT_TRUE(contains(npy(dictionary("'>f4'", "()"), kFour),
                       "big-endian data ('>f4') is not supported"));
  EXPECT_TRUE(contains(npy(dictionary("[('a', '<f4')]", "()"), kFour),
                       "structured dtypes are not supported"));
  for (const char *code : {"<c8", "|O", "<U1", "<u4", "f4", "|f4", "<V2", ""})
    EXPECT_TRUE(
        contains(npy(dictionary("'" + std::string(code) + "'", "()"), kFour),
                 "unsupported dtype '" + std::string(code) + "'"))
        << code;
}

TEST(NpyTest, RefusesTooFewAndTooManyBytes) {
  std::string header = dictionary("'<f4'", "()");
  std::string end = std::to_string(10 + header.size());
  EXPECT_EQ(errorOf(npy(header, "123")),
            "f: tensor 't': expected 4 bytes of data, but got 3; is the file "
            "cut short? (at byte " +
                std::to_string(13 + header.size()) + ")");
  EXPECT_EQ(errorOf(npy(header, kFour + "x")),
            "f: tensor 't': 1 bytes follow the data of 4 bytes (at byte " +
                std::to_string(14 + header.size()) + ")");
}

TEST(NpyTest, RefusesToWriteWhatTheFormatCannotHold) {
  std::vector<uint16_t> values = {1, 2};
  Result<std::string> header = npyHeader(viewOf("t", DType::BF16, {2}, values));
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().str(), "tensor 't': .npy files cannot hold BF16; "
                                  "use .safetensors");
  header = npyHeader(viewOf("t", DType::I16, {3}, values));
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().str(),
            "tensor 't': the shape [3] does not fit its 4 bytes");
  header = npyHeader(
      TensorView{"t", DType::U8, std::vector<int64_t>(30000, 0), nullptr, 0});
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().str(),
            "tensor 't': the shape has too many dimensions for a .npy file");
}

using NpyFileTest = FileTest;

TEST_F(NpyFileTest, RoundTripsEveryType) {
  std::string data(48, '\0');
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<char>(i * 37);
  for (DType dtype :
       {DType::F64, DType::F32, DType::F16, DType::I64, DType::I32, DType::I16,
        DType::I8, DType::U8, DType::BOOL}) {
    int64_t count = static_cast<int64_t>(48 / dtypeSize(dtype));
    for (const std::vector<int64_t> &shape :
         {std::vector<int64_t>{count}, std::vector<int64_t>{2, 1, count / 2}}) {
      TensorView view{"in", dtype, shape,
                      reinterpret_cast<const uint8_t *>(data.data()),
                      data.size()};
      Status written = writeNpy(path("x.y.npy"), view);
      ASSERT_TRUE(written) << written.error().str();
      EXPECT_EQ((readFile(path("x.y.npy")).size() - data.size()) % 64, 0u);
      Result<TensorSet> read = readNpy(path("x.y.npy"));
      ASSERT_TRUE(read) << read.error().str();
      const TensorView &back = read->tensors().front();
      EXPECT_EQ(back.name, "x.y");
      EXPECT_EQ(back.dtype, dtype);
      EXPECT_EQ(back.shape, shape);
      EXPECT_EQ(contentOf(back), data);
    }
  }
}

TEST_F(NpyFileTest, RoundTripsScalarsAndEmptyArrays) {
  for (const std::vector<int64_t> &shape :
       {std::vector<int64_t>{}, std::vector<int64_t>{2, 0, 3}}) {
    std::vector<float> values(shape.empty() ? 1 : 0, 2.0f);
    ASSERT_TRUE(
        writeNpy(path("a.npy"), viewOf("a", DType::F32, shape, values)));
    Result<TensorSet> read = readNpy(path("a.npy"));
    ASSERT_TRUE(read) << read.error().str();
    EXPECT_EQ(read->tensors().front().shape, shape);
    EXPECT_EQ(contentOf(read->tensors().front()), bytesOf(values));
  }
}
