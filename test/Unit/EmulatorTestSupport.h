//===- EmulatorTestSupport.h - Kernels on the emulated device --*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_EMULATORTESTSUPPORT_H
#define PERCEIVER_TEST_UNIT_EMULATORTESTSUPPORT_H

#include "lib/Emulator/DriverApi.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace perceiver::test {

/// What every PTX text begins with.
extern const char *const kPtxHeader;

/// Return a module with one kernel, `k`, whose parameters are `count` pointers
/// p0, p1, .. and which declares registers %p, %h, %r, %d (of 1, 16, 32 and 64
/// bits) and has each pointer in %d0, %d1, ..
std::string ptxKernel(unsigned count, const std::string &body,
                      const std::string &declarations = "");

/// A device with a current context; what is not expected is reported at the
/// end.
class EmulatorTest : public testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;

  void configure(const std::string &words);
  /// Load PTX and return its kernel `k`.
  CUfunction load(const std::string &ptx);
  /// Load PTX that is refused, and return the text of the error.
  std::string loadError(const std::string &ptx,
                        CUresult expected = CUDA_ERROR_INVALID_PTX);

  CUdeviceptr allocate(size_t bytes);
  template <typename T>
  CUdeviceptr upload(const std::vector<T> &values) {
    CUdeviceptr address = allocate(values.size() * sizeof(T));
    EXPECT_EQ(
        cuMemcpyHtoD_v2(address, values.data(), values.size() * sizeof(T)),
        CUDA_SUCCESS);
    return address;
  }
  template <typename T>
  std::vector<T> download(CUdeviceptr address, size_t count) {
    std::vector<T> values(count);
    EXPECT_EQ(cuMemcpyDtoH_v2(values.data(), address, count * sizeof(T)),
              CUDA_SUCCESS);
    return values;
  }

  struct Shape {
    unsigned blocks = 1, threads = 32, sharedBytes = 0;
  };
  CUresult launch(CUfunction function, const std::vector<CUdeviceptr> &pointers,
                  Shape shape);
  CUresult launch(CUfunction function,
                  const std::vector<CUdeviceptr> &pointers) {
    return launch(function, pointers, Shape());
  }

  /// Run one instruction, or several, on 32 lanes: %a, %b and %c are the
  /// operands, %r the result, all as wide as their type.
  template <typename R, typename A, typename B = A, typename C = A>
  std::vector<R> evaluate(const std::string &code, const std::vector<A> &a,
                          const std::vector<B> &b = {},
                          const std::vector<C> &c = {});

  /// Return the findings and forget them.
  std::string takeFindings();

private:
  std::string evaluator(const std::string &code, const std::vector<size_t> &);

  CUcontext context = nullptr;
  std::vector<CUmodule> modules;
  std::vector<CUdeviceptr> allocations;
};

template <typename R, typename A, typename B, typename C>
std::vector<R>
EmulatorTest::evaluate(const std::string &code, const std::vector<A> &a,
                       const std::vector<B> &b, const std::vector<C> &c) {
  auto fill = [](auto values) {
    values.resize(32);
    return values;
  };
  CUfunction function =
      load(evaluator(code, {sizeof(R), sizeof(A), sizeof(B), sizeof(C)}));
  CUdeviceptr result = allocate(32 * sizeof(R));
  launch(function, {result, upload(fill(a)), upload(fill(b)), upload(fill(c))});
  std::vector<R> values = download<R>(result, 32);
  values.resize(a.size());
  return values;
}

template <typename T>
uint64_t bitsOf(T value) {
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  return bits;
}

template <typename T>
T fromBits(uint64_t bits) {
  T value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// Expect that `got` has the bits of reference(a, b..), element by element.
template <typename R, typename F, typename... A>
void expectBits(const std::vector<R> &got, F reference,
                const std::vector<A> &...operands) {
  for (size_t i = 0; i < got.size(); ++i)
    EXPECT_EQ(bitsOf(got[i]), bitsOf(R(reference(operands[i]...))))
        << "element " << i << ": "
        << testing::PrintToString(std::make_tuple(operands[i]...));
}

} // namespace perceiver::test

#endif // PERCEIVER_TEST_UNIT_EMULATORTESTSUPPORT_H
