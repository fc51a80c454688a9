//===- TensorSet.cpp - Named tensors and what keeps them alive ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/TensorSet.h"

using namespace perceiver;

const TensorSet::Place *TensorSet::lookUp(const std::string &name) const {
  auto found = index.find(name);
  if (found == index.end()) {
    auto other = alias.find(name);
    if (other == alias.end())
      return nullptr;
    found = index.find(other->second);
  }
  return &found->second;
}

const TensorView *TensorSet::find(const std::string &name) const {
  const Place *place = lookUp(name);
  return place && place->isRead ? &views[place->index] : nullptr;
}

const UnreadTensor *TensorSet::findUnread(const std::string &name) const {
  const Place *place = lookUp(name);
  return place && !place->isRead ? &others[place->index] : nullptr;
}

std::vector<std::string> TensorSet::names() const {
  std::vector<std::string> result;
  result.reserve(views.size() + others.size() + alias.size());
  for (const TensorView &view : views)
    result.push_back(view.name);
  for (const UnreadTensor &tensor : others)
    result.push_back(tensor.name);
  for (const auto &entry : alias)
    result.push_back(entry.first);
  return result;
}

Status TensorSet::claim(const std::string &name, Place place) {
  if (index.emplace(name, place).second)
    return success();
  return Error{"there are two tensors with this name", "", name};
}

Status TensorSet::add(TensorView view) {
  if (Status claimed = claim(view.name, {true, views.size()}); !claimed)
    return claimed;
  views.push_back(std::move(view));
  return success();
}

Status TensorSet::addUnread(UnreadTensor tensor) {
  if (Status claimed = claim(tensor.name, {false, others.size()}); !claimed)
    return claimed;
  others.push_back(std::move(tensor));
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
  for (const std::string &name : other.names())
    if (lookUp(name))
      return Error{"an earlier file has a tensor of this name too", file, name};
  for (const TensorView &view : other.views)
    if (Status added = add(view); !added)
      return added;
  for (const UnreadTensor &tensor : other.others)
    if (Status added = addUnread(tensor); !added)
      return added;
  alias.insert(other.alias.begin(), other.alias.end());
  meta.insert(other.meta.begin(), other.meta.end());
  owners.insert(owners.end(), other.owners.begin(), other.owners.end());
  return success();
}
