//===- TensorSet.cpp - Named tensors and what keeps them alive ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/TensorSet.h"

using namespace perceiver;

const TensorView *TensorSet::find(const std::string &name) const {
  auto found = index.find(name);
  if (found == index.end()) {
    auto other = alias.find(name);
    if (other == alias.end())
      return nullptr;
    found = index.find(other->second);
  }
  return &views[found->second];
}

std::vector<std::string> TensorSet::names() const {
  std::vector<std::string> result;
  result.reserve(views.size() + alias.size());
  for (const TensorView &view : views)
    result.push_back(view.name);
  for (const auto &entry : alias)
    result.push_back(entry.first);
  return result;
}

Status TensorSet::add(TensorView view) {
  if (!index.emplace(view.name, views.size()).second)
    return Error{"there are two tensors with this name", "", view.name};
  views.push_back(std::move(view));
  return success();
}

void TensorSet::keep(std::shared_ptr<const void> owner) {
  owners.push_back(std::move(owner));
}

void TensorSet::setMetadata(std::map<std::string, std::string> metadata) {
  meta = std::move(metadata);
  alias.clear();
  for (const auto &[name, kept] : meta)
    if (!index.count(name) && index.count(kept))
      alias.emplace(name, kept);
}

Status TensorSet::merge(const TensorSet &other, const std::string &file) {
  for (const TensorView &view : other.views) {
    if (find(view.name))
      return Error{"an earlier file has a tensor of this name too", file,
                   view.name};
    if (Status added = add(view); !added)
      return added;
  }
  for (const auto &entry : other.alias) {
    if (index.count(entry.first))
      return Error{"an earlier file has a tensor of this name too", file,
                   entry.first};
    alias.insert(entry);
  }
  meta.insert(other.meta.begin(), other.meta.end());
  owners.insert(owners.end(), other.owners.begin(), other.owners.end());
  return success();
}
