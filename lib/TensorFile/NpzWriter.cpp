//===- NpzWriter.cpp - Write .npz files -----------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/OutputFiles.h"
#include "lib/TensorFile/Npy.h"
#include "lib/TensorFile/Npz.h"
#include "lib/TensorFile/Utf8.h"
#include "lib/TensorFile/Zip.h"

#include <algorithm>
#include <set>
#include <zlib.h>

using namespace perceiver;

/// 1 January 1980, the first day of the format: the same tensors shall give
/// the same bytes.
constexpr uint16_t kDate = 0x21;

namespace {

/// A file of the archive to be.
struct Member {
  const TensorView *view;
  std::string header; // Of the .npy file.
  uint32_t crc;
  uint64_t offset;

  std::string name() const { return view->name + ".npy"; }
  uint64_t size() const { return header.size() + view->bytes; }
};

/// Collects the fields of a record.
class Record {
public:
  Record &u16(uint64_t value) { return append(value, 2); }
  Record &u32(uint64_t value) { return append(value, 4); }
  Record &u64(uint64_t value) { return append(value, 8); }
  Record &text(const std::string &value) {
    bytes += value;
    return *this;
  }
  std::string bytes;

private:
  Record &append(uint64_t value, int count) {
    for (int i = 0; i < count; ++i)
      bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return *this;
  }
};

} // namespace

static uint64_t limited(uint64_t value) {
  return std::min<uint64_t>(value, zip::kIn64);
}

/// Append the fields that local headers and directory entries share.
static void appendCommon(Record &record, const Member &member, bool wide,
                         size_t extra) {
  uint64_t size = wide ? zip::kIn64 : member.size();
  record.u16(wide ? 45 : 20).u16(zip::kFlagUtf8).u16(zip::kStored);
  record.u16(0).u16(kDate).u32(member.crc).u32(size).u32(size);
  record.u16(member.name().size()).u16(extra);
}

static std::string localHeader(const Member &member) {
  bool wide = member.size() >= zip::kIn64;
  Record record;
  record.u32(zip::kLocalHeader);
  appendCommon(record, member, wide, wide ? 20 : 0);
  record.text(member.name());
  if (wide)
    record.u16(zip::kExtra64).u16(16).u64(member.size()).u64(member.size());
  return record.bytes;
}

static std::string directoryEntry(const Member &member) {
  bool wide = member.size() >= zip::kIn64 || member.offset >= zip::kIn64;
  Record record;
  record.u32(zip::kDirectoryEntry).u16(wide ? 45 : 20);
  appendCommon(record, member, wide, wide ? 28 : 0);
  record.u16(0).u16(0).u16(0).u32(0).u32(wide ? zip::kIn64 : member.offset);
  record.text(member.name());
  if (wide)
    record.u16(zip::kExtra64)
        .u16(24)
        .u64(member.size())
        .u64(member.size())
        .u64(member.offset);
  return record.bytes;
}

static std::string endRecords(uint64_t offset, uint64_t size, uint64_t count) {
  Record record;
  if (offset >= zip::kIn64 || size >= zip::kIn64 || count >= zip::kCountIn64) {
    record.u32(zip::kEnd64).u64(zip::kEnd64Bytes - 12).u16(45).u16(45);
    record.u32(0).u32(0).u64(count).u64(count).u64(size).u64(offset);
    record.u32(zip::kLocator64).u32(0).u64(offset + size).u32(1);
  }
  uint64_t shortCount = std::min<uint64_t>(count, zip::kCountIn64);
  record.u32(zip::kEnd).u16(0).u16(0).u16(shortCount).u16(shortCount);
  record.u32(limited(size)).u32(limited(offset)).u16(0);
  return record.bytes;
}

/// Check the names and compute headers, checksums and places.
static Result<std::vector<Member>>
planMembers(const std::vector<TensorView> &tensors) {
  std::vector<Member> members;
  std::set<std::string_view> names;
  uint64_t offset = 0;
  for (const TensorView &view : tensors) {
    if (view.name.empty() || view.name.size() + 4 > UINT16_MAX ||
        view.name.find('\0') != std::string::npos || !isValidUtf8(view.name))
      return Error{"a .npz file cannot hold a tensor of this name", "",
                   view.name};
    if (!names.insert(view.name).second)
      return Error{"there are two tensors with this name", "", view.name};
    Result<std::string> header = npyHeader(view);
    if (!header)
      return header.error();
    uLong crc = ::crc32_z(0, reinterpret_cast<const Bytef *>(header->data()),
                          header->size());
    if (view.bytes != 0) // A null pointer would reset the checksum.
      crc = ::crc32_z(crc, view.data, view.bytes);
    members.push_back(
        Member{&view, std::move(*header), static_cast<uint32_t>(crc), offset});
    offset += localHeader(members.back()).size() + members.back().size();
  }
  return members;
}

Status perceiver::writeNpz(const std::string &path,
                           const std::vector<TensorView> &tensors) {
  Result<std::vector<Member>> members = planMembers(tensors);
  if (!members) {
    Error error = members.error();
    error.file = path;
    return error;
  }
  return writeFileAtomically(path, [&](OutputFile &file) -> Status {
    std::string directory;
    uint64_t offset = 0;
    for (const Member &member : *members) {
      std::string header = localHeader(member) + member.header;
      if (Status status = file.write(header); !status)
        return status;
      if (Status status = file.write(member.view->data, member.view->bytes);
          !status)
        return status;
      offset += header.size() + member.view->bytes;
      directory += directoryEntry(member);
    }
    directory += endRecords(offset, directory.size(), members->size());
    return file.write(directory);
  });
}
