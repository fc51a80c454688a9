//===- TensorFileTestSupport.h - Files for tests ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_TENSORFILETESTSUPPORT_H
#define PERCEIVER_TEST_UNIT_TENSORFILETESTSUPPORT_H

#include "lib/TensorFile/Tensor.h"

#include "gtest/gtest.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace perceiver::test {

/// A fixture with an empty folder that is removed afterwards.
class FileTest : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "perceiver-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string path(const std::string &name) const {
    return (folder / name).string();
  }

  std::string writeFile(const std::string &name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

  static std::string readFile(const std::string &path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  size_t fileCount() const {
    std::filesystem::directory_iterator begin(folder), end;
    return static_cast<size_t>(std::distance(begin, end));
  }

  std::filesystem::path folder;
};

template <typename T>
std::string bytesOf(const std::vector<T> &values) {
  return {reinterpret_cast<const char *>(values.data()),
          values.size() * sizeof(T)};
}

/// Return `value` as `bytes` little-endian bytes.
inline std::string littleEndian(uint64_t value, size_t bytes) {
  return {reinterpret_cast<const char *>(&value), bytes};
}

/// Return a view of `values`, which must outlive it.
template <typename T>
TensorView viewOf(std::string name, DType dtype, std::vector<int64_t> shape,
                  const std::vector<T> &values) {
  return TensorView{std::move(name), dtype, std::move(shape),
                    reinterpret_cast<const uint8_t *>(values.data()),
                    values.size() * sizeof(T)};
}

inline std::string contentOf(const TensorView &view) {
  return {reinterpret_cast<const char *>(view.data), view.bytes};
}

} // namespace perceiver::test

#endif // PERCEIVER_TEST_UNIT_TENSORFILETESTSUPPORT_H
