//===- Binding.h - Tensors for the arguments of an entry --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_BINDING_H
#define PERCEIVER_LIB_LOADER_BINDING_H

#include "lib/Loader/Metadata.h"
#include "lib/TensorFile/TensorSet.h"

#include <memory>

namespace perceiver {

/// Memory aligned to 64 bytes.
class AlignedBuffer {
public:
  /// Return the memory, or an error that says for what there was not enough.
  static Result<AlignedBuffer> allocate(size_t bytes, const std::string &what);
  uint8_t *data() const { return memory.get(); }

private:
  struct Free {
    void operator()(uint8_t *data) const;
  };
  std::unique_ptr<uint8_t, Free> memory;
};

/// Everything that a run of an entry takes and gives.
struct Binding {
  /// In the order of Entry::sizes.
  std::vector<int64_t> sizes;
  /// In the order of Entry::arguments.
  std::vector<void *> arguments;
  /// The outputs, in the memory that the run writes to.
  std::vector<TensorView> outputs;
  /// Memory of the outputs, and of inputs that are misaligned in their file.
  std::vector<AlignedBuffer> buffers;
};

/// Sizes that are passed as numbers, by name.
using SizeValues = std::vector<std::pair<std::string, int64_t>>;

struct BindOptions {
  /// Fill outputs with ones, which is NaN, so that nothing unwritten passes for
  /// a result. For tests: it takes time, and models write all of their outputs.
  bool poisonOutputs = false;
  /// Those that no input has the shape to determine, as an `index` argument;
  /// the others may be given, too, and have to agree.
  SizeValues sizes = {};
};

/// Match the tensors with the inputs by name and read the named sizes off their
/// shapes. A mask may be of any type, integers may be shorter than they are
/// wanted: such arrays are converted. `inputs` must outlive the result.
/// Refused: missing and unknown names, other types and shapes, sizes that
/// contradict each other, that are out of their range, that do not meet the
/// entry's conditions or that nothing determines, truth values beside 0 and 1,
/// integers out of their bounds.
Result<Binding> bindArguments(const Entry &entry, const TensorSet &inputs,
                              const BindOptions &options = {});

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_BINDING_H
