//===- TensorSet.h - Named tensors and what keeps them alive ----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_TENSORSET_H
#define PERCEIVER_LIB_TENSORFILE_TENSORSET_H

#include "lib/Support/Result.h"
#include "lib/TensorFile/Tensor.h"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace perceiver {

/// A tensor that is known by its name only, as its elements are of a type, or
/// lie in an order, that is not read.
struct UnreadTensor {
  std::string name;
  std::string reason;
};

/// The tensors of one or several files. Copies share the memory, which lives
/// as long as one of them. The views are into mapped files: a file must not be
/// shortened while it is in use.
class TensorSet {
public:
  /// In the order of their data.
  const std::vector<TensorView> &tensors() const { return views; }

  /// What the files hold besides. It matters only to those who need it.
  const std::vector<UnreadTensor> &unread() const { return others; }

  /// Other names of tensors, as `__metadata__` of safetensors files lists them
  /// for tied parameters: alias -> name of the stored tensor.
  const std::map<std::string, std::string> &aliases() const { return alias; }

  /// All of `__metadata__`, aliases included.
  const std::map<std::string, std::string> &metadata() const { return meta; }

  /// Return the tensor with this name or alias, or null.
  const TensorView *find(const std::string &name) const;

  /// Return the unread tensor with this name or alias, or null.
  const UnreadTensor *findUnread(const std::string &name) const;

  /// Return all names, aliases included: candidates for `nearestName`.
  std::vector<std::string> names() const;

  /// Add a tensor; fail if there is one with its name.
  Status add(TensorView view);

  /// Add the name of a tensor that is not read; fail if it is taken.
  Status addUnread(UnreadTensor tensor);

  /// Keep `owner` alive as long as this set.
  void keep(std::shared_ptr<const void> owner);

  /// Set the metadata. An entry whose key is no tensor and whose value is one
  /// is an alias, so all tensors must have been added.
  void setMetadata(std::map<std::string, std::string> metadata);

  /// Add the tensors, aliases and metadata of `other`; fail if both have a
  /// tensor of the same name. `file` is where `other` comes from.
  Status merge(const TensorSet &other, const std::string &file);

private:
  /// Where a tensor is: in `views` or in `others`.
  struct Place {
    bool isRead;
    size_t index;
  };

  const Place *lookUp(const std::string &name) const;
  Status claim(const std::string &name, Place place);

  std::vector<TensorView> views;
  std::vector<UnreadTensor> others;
  std::unordered_map<std::string, Place> index;
  std::map<std::string, std::string> alias;
  std::map<std::string, std::string> meta;
  std::vector<std::shared_ptr<const void>> owners;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_TENSORSET_H
