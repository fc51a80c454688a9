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
#include "test/Unit/FileTest.h"

#include <cstring>
#include <string>
#include <vector>

namespace perceiver::test {

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
