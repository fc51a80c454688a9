//===- FuzzSupport.h - What must hold for any input -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_FUZZ_FUZZSUPPORT_H
#define PERCEIVER_TEST_FUZZ_FUZZSUPPORT_H

#include "lib/TensorFile/TensorSet.h"

#include <cstdlib>

namespace perceiver::fuzz {

inline void require(bool condition) {
  if (!condition)
    std::abort();
}

/// Check that the view is sound and, where the file's bytes are given, lies
/// within them; read its first and last element.
inline void checkTensor(const TensorView &view, const uint8_t *file,
                        size_t size) {
  require(tensorBytes(view.dtype, view.shape) == view.bytes);
  if (file)
    require(view.data >= file && view.bytes <= size &&
            view.data <= file + size - view.bytes);
  volatile double sum = 0;
  if (view.elementCount() != 0)
    sum = view.element(0) + view.element(view.elementCount() - 1);
  (void)sum;
}

/// Check an outcome: sound tensors, or a diagnostic on one line.
template <typename Tensors>
void checkTensors(const Result<Tensors> &result, const uint8_t *file,
                  size_t size) {
  if (!result) {
    std::string text = result.error().str();
    require(!text.empty() && text.find('\n') == std::string::npos);
    return;
  }
  for (const TensorView &view : result->tensors()) {
    checkTensor(view, file, size);
    require(result->find(view.name) == &view);
  }
  for (const UnreadTensor &tensor : result->unread())
    require(result->findUnread(tensor.name) == &tensor);
  for (const auto &entry : result->aliases())
    require((result->find(entry.first) != nullptr) !=
            (result->findUnread(entry.first) != nullptr));
}

} // namespace perceiver::fuzz

#endif // PERCEIVER_TEST_FUZZ_FUZZSUPPORT_H
