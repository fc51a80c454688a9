//===- RuntimeCudaTestSupport.h - A model on the emulated device -*- C++-*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_RUNTIMECUDATESTSUPPORT_H
#define PERCEIVER_TEST_UNIT_RUNTIMECUDATESTSUPPORT_H

#include "CudaTestKernels.h"
#include "FileTest.h"
#include "RuntimeTestSupport.h"

#include "lib/Runtime/cuda_driver.h"

#include <map>

namespace perceiver::test {

/// The emulated device's own functions, found as a user of a driver finds
/// them.
struct Emulator {
  Emulator();
  /// Forget findings and sticky errors.
  void reset() const;
  /// All other words have their defaults.
  void configure(const std::string &words) const;
  /// The findings since the last reset, a line each; forgets them.
  std::string takeFindings() const;
  /// Calls of the driver's functions since the last reset.
  std::map<std::string, int> calls() const;

  static const char *path();
  perceiver_cuda_driver driver = {};
};

/// A model with one entry, whose body runs here and launches two kernels:
///
///   twice = 2 x; copied = twice; y = copied w        x, y: [rows, 4]
///
/// in three steps with two buffers. The fixture's members may be changed before
/// `load`.
class CudaModelTest : public FileTest {
protected:
  void SetUp() override;
  void TearDown() override;

  perceiver_status load(uint32_t flags = 0);
  void unload();
  /// Run it with x = 0, 1, 2, .. in arrays of the host.
  perceiver_status run(int64_t rows);
  /// Run it and expect the right y.
  void expectRuns(int64_t rows);
  /// What y should be.
  static std::vector<float> expected(int64_t rows);
  static std::vector<float> input(int64_t rows);
  /// PTX with a changed piece of text.
  static std::string ptxWith(const std::string &from, const std::string &to);

  static constexpr float kWeights[4] = {1, 10, 100, 1000};

  Emulator emulator;
  perceiver_cuda_options options = {};
  perceiver_artifact artifact = {};
  perceiver_kernel kernels[2];
  perceiver_kernel_shape shapes[2];
  std::vector<perceiver_image> images;
  std::string ptx = kCudaTestKernels;
  std::string weightsPath;
  perceiver_model *model = nullptr;
  std::vector<float> y;
};

/// What the body of the entry does at its three steps.
extern const perceiver_entry kCudaEntry;

} // namespace perceiver::test

#endif // PERCEIVER_TEST_UNIT_RUNTIMECUDATESTSUPPORT_H
