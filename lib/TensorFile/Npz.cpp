//===- Npz.cpp - Read .npz files ------------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The archive is read from its end: the end record gives the directory, its
// entries the place of each file. Each place is checked against the file's own
// header, and no two may share bytes.
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Npz.h"

#include "lib/TensorFile/MappedFile.h"
#include "lib/TensorFile/Npy.h"
#include "lib/TensorFile/Utf8.h"
#include "lib/TensorFile/Zip.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <zlib.h>

using namespace perceiver;

/// Deflate packs at most 258 bytes into 2 bits, so a larger factor is a lie,
/// refused before memory is taken for it.
constexpr uint64_t kLargestFactor = 1040;

namespace {

/// The bytes of the archive; reads past their end give zero, so check first.
struct Bytes {
  const uint8_t *data;
  size_t size;

  bool has(uint64_t offset, uint64_t bytes) const {
    return offset <= size && bytes <= size - offset;
  }
  template <typename T>
  T get(uint64_t offset) const {
    T value = 0;
    if (has(offset, sizeof(T)))
      std::memcpy(&value, data + offset, sizeof(T));
    return value;
  }
  std::string_view text(uint64_t offset, size_t bytes) const {
    return {reinterpret_cast<const char *>(data) + offset, bytes};
  }
};

struct Directory {
  uint64_t offset;
  uint64_t size;
  uint64_t count;
};

/// One file of the archive.
struct Member {
  std::string name; // Without ".npy", if it is such a file.
  bool isNpy;
  bool isEncrypted;
  uint64_t entry;  // Where its directory entry is.
  uint64_t header; // Where its local header is.
  uint64_t data;
  uint64_t packed;
  uint64_t unpacked;
  uint32_t crc;
  uint16_t method;
};

} // namespace

static Error errorAt(std::string message, uint64_t offset,
                     std::string tensor = "") {
  return Error{std::move(message), "", std::move(tensor), offset};
}

/// Find the directory through the end record, which a comment may follow.
static Result<Directory> findDirectory(const Bytes &file) {
  if (file.get<uint32_t>(0) != zip::kLocalHeader &&
      file.get<uint32_t>(0) != zip::kEnd)
    return errorAt("expected a .npz file, which is a zip archive", 0);
  uint64_t end = file.size;
  for (size_t comment = 0; comment <= 0xffff; ++comment) {
    if (!file.has(0, comment + zip::kEndBytes))
      break;
    uint64_t at = file.size - comment - zip::kEndBytes;
    if (file.get<uint32_t>(at) != zip::kEnd ||
        file.get<uint16_t>(at + 20) != comment)
      continue;
    end = at;
    break;
  }
  if (end == file.size)
    return errorAt("the archive has no end record; is the file cut short?",
                   file.size);
  if (file.get<uint16_t>(end + 4) != 0 || file.get<uint16_t>(end + 6) != 0)
    return errorAt("split archives are not supported", end);
  Directory directory{file.get<uint32_t>(end + 16),
                      file.get<uint32_t>(end + 12),
                      file.get<uint16_t>(end + 10)};
  uint64_t limit = end;
  uint64_t locator = end - std::min<uint64_t>(end, zip::kLocator64Bytes);
  if (end >= zip::kLocator64Bytes &&
      file.get<uint32_t>(locator) == zip::kLocator64) {
    uint64_t end64 = file.get<uint64_t>(locator + 8);
    if (!file.has(end64, zip::kEnd64Bytes) ||
        file.get<uint32_t>(end64) != zip::kEnd64)
      return errorAt("the 64-bit end record is not where it should be",
                     locator);
    directory = {file.get<uint64_t>(end64 + 48), file.get<uint64_t>(end64 + 40),
                 file.get<uint64_t>(end64 + 32)};
    limit = end64;
  }
  if (directory.offset > limit || directory.size > limit - directory.offset)
    return errorAt("the directory is outside the file; is it cut short?", end);
  return directory;
}

/// Replace sizes that are all ones by those of the 64-bit extra field, which
/// holds just the replaced ones, in this order.
static bool readExtra64(const Bytes &file, uint64_t at, size_t length,
                        std::initializer_list<uint64_t *> fields) {
  bool needed = false;
  for (const uint64_t *field : fields)
    needed |= *field == zip::kIn64;
  if (!needed)
    return true;
  for (uint64_t end = at + length; at + 4 <= end;) {
    uint16_t id = file.get<uint16_t>(at);
    uint64_t next = at + 4 + file.get<uint16_t>(at + 2);
    if (next > end)
      return false;
    at += 4;
    if (id == zip::kExtra64) {
      for (uint64_t *field : fields) {
        if (*field != zip::kIn64)
          continue;
        if (next - at < 8)
          return false;
        *field = file.get<uint64_t>(at);
        at += 8;
      }
      return true;
    }
    at = next;
  }
  return false;
}

/// Read the directory entry at `at`, which is advanced behind it.
static Result<Member> readEntry(const Bytes &file, uint64_t &at, uint64_t end) {
  uint64_t start = at;
  if (end - at < zip::kDirectoryEntryBytes ||
      file.get<uint32_t>(at) != zip::kDirectoryEntry)
    return errorAt("expected an entry of the archive's directory", at);
  size_t nameLength = file.get<uint16_t>(at + 28);
  size_t extraLength = file.get<uint16_t>(at + 30);
  size_t commentLength = file.get<uint16_t>(at + 32);
  uint64_t name = at + zip::kDirectoryEntryBytes;
  if (end - name < nameLength + extraLength + commentLength)
    return errorAt("the directory entry is cut short", at);
  at = name + nameLength + extraLength + commentLength;

  std::string fileName(file.text(name, nameLength));
  if (fileName.find('\0') != std::string::npos || !isValidUtf8(fileName))
    return errorAt("the name " + quote(fileName) +
                       " holds a NUL byte or is not valid UTF-8",
                   start);
  Member member;
  member.isNpy = fileName.size() > 4 &&
                 fileName.compare(fileName.size() - 4, 4, ".npy") == 0;
  member.name = fileName.substr(0, fileName.size() - (member.isNpy ? 4 : 0));
  member.isEncrypted =
      (file.get<uint16_t>(start + 8) & zip::kFlagEncrypted) != 0;
  member.entry = start;
  member.header = file.get<uint32_t>(start + 42);
  member.packed = file.get<uint32_t>(start + 20);
  member.unpacked = file.get<uint32_t>(start + 24);
  member.crc = file.get<uint32_t>(start + 16);
  member.method = file.get<uint16_t>(start + 10);
  if (!readExtra64(file, name + nameLength, extraLength,
                   {&member.unpacked, &member.packed, &member.header}))
    return errorAt("the 64-bit sizes are missing", start, member.name);

  // The local header repeats the name; its extra field has its own length.
  uint64_t local = member.header;
  if (!file.has(local, zip::kLocalHeaderBytes) ||
      file.get<uint32_t>(local) != zip::kLocalHeader)
    return errorAt("expected the header of an archived file", local,
                   member.name);
  size_t localName = file.get<uint16_t>(local + 26);
  uint64_t localExtra = local + zip::kLocalHeaderBytes + localName;
  if (!file.has(local + zip::kLocalHeaderBytes, localName) ||
      file.text(local + zip::kLocalHeaderBytes, localName) != fileName ||
      file.get<uint16_t>(local + 8) != member.method)
    return errorAt("the file's header contradicts the directory", local,
                   member.name);
  member.data = localExtra + file.get<uint16_t>(local + 28);
  if (!file.has(member.data, member.packed))
    return errorAt("the data ends outside the file; is it cut short?",
                   member.data, member.name);
  return member;
}

/// Unpack a deflated member, or return an error. Both sizes are known, so this
/// is one call for what zlib's 32-bit counters can hold, else several.
static Result<std::shared_ptr<const uint8_t>>
inflateMember(const Bytes &file, const Member &member) {
  auto fail = [&](std::string message) {
    return errorAt(std::move(message), member.data, member.name);
  };
  if (member.unpacked / kLargestFactor > member.packed)
    return fail("the size of " + std::to_string(member.unpacked) +
                " bytes is impossible for " + std::to_string(member.packed) +
                " compressed bytes");
  auto *memory =
      static_cast<uint8_t *>(::operator new(member.unpacked, std::nothrow));
  if (!memory)
    return fail("not enough memory for " + std::to_string(member.unpacked) +
                " bytes");
  std::shared_ptr<const uint8_t> owner(memory, [](const uint8_t *data) {
    ::operator delete(const_cast<uint8_t *>(data));
  });
  z_stream stream = {};
  if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return fail("cannot start zlib");
  uint64_t readBytes = 0, writtenBytes = 0;
  int status = Z_OK;
  constexpr uint64_t kPiece = uint64_t(1) << 30;
  // zlib wants a valid pointer even for nothing.
  uint8_t overflow;
  while (status == Z_OK) {
    uint64_t in = std::min(member.packed - readBytes, kPiece);
    uint64_t out = std::min(member.unpacked - writtenBytes, kPiece);
    stream.next_in = const_cast<uint8_t *>(file.data + member.data + readBytes);
    stream.avail_in = static_cast<uInt>(in);
    // One byte more than promised shows that the size is wrong.
    stream.next_out = out ? memory + writtenBytes : &overflow;
    stream.avail_out = out ? static_cast<uInt>(out) : 1;
    status = ::inflate(&stream, Z_NO_FLUSH);
    readBytes += in - stream.avail_in;
    writtenBytes += (out ? out : 1) - stream.avail_out;
    if (writtenBytes > member.unpacked)
      break;
  }
  ::inflateEnd(&stream);
  if (status != Z_STREAM_END || writtenBytes != member.unpacked ||
      readBytes != member.packed)
    return fail("the compressed data is broken");
  return owner;
}

/// Check one member's bytes and add its tensor; of what is not read, the name.
static Status addMember(const Bytes &file, const Member &member,
                        const std::string &path, TensorSet &result) {
  auto addUnread = [&](std::string reason) {
    return result.addUnread({member.name, std::move(reason)});
  };
  if (member.isEncrypted)
    return addUnread("encrypted data is not supported");
  if (member.method != zip::kStored && member.method != zip::kDeflated)
    return addUnread("unsupported compression method " +
                     std::to_string(member.method) +
                     ", expected stored or deflated");
  const uint8_t *data = file.data + member.data;
  if (member.method == zip::kDeflated) {
    Result<std::shared_ptr<const uint8_t>> unpacked =
        inflateMember(file, member);
    if (!unpacked)
      return unpacked.error();
    data = unpacked->get();
    result.keep(*unpacked);
  } else if (member.packed != member.unpacked) {
    return errorAt("a stored file has two sizes", member.entry, member.name);
  }
  if (::crc32_z(0, data, member.unpacked) != member.crc)
    return errorAt("the checksum does not match: the file is damaged",
                   member.data, member.name);
  if (!member.isNpy)
    return addUnread("is not a .npy file");
  Result<TensorView> view = parseNpy(data, member.unpacked, path, member.name);
  if (!view) {
    Error error = view.error();
    if (error.isUnsupported)
      return addUnread(error.message);
    // The offset counts within the member; make it one of the file.
    if (member.method == zip::kStored && error.offset)
      *error.offset += member.data;
    else
      error.offset = member.data;
    return error;
  }
  return result.add(std::move(*view));
}

static Result<TensorSet> parseArchive(const Bytes &file,
                                      const std::string &path) {
  Result<Directory> directory = findDirectory(file);
  if (!directory)
    return directory.error();
  std::vector<Member> members;
  uint64_t at = directory->offset;
  uint64_t end = directory->offset + directory->size;
  while (at != end) {
    Result<Member> member = readEntry(file, at, end);
    if (!member)
      return member.error();
    members.push_back(std::move(*member));
  }
  if (members.size() != directory->count)
    return errorAt("the archive has " + std::to_string(members.size()) +
                       " files, but its end record says " +
                       std::to_string(directory->count),
                   directory->offset);
  std::sort(
      members.begin(), members.end(),
      [](const Member &a, const Member &b) { return a.header < b.header; });
  TensorSet result;
  uint64_t free = 0;
  for (const Member &member : members) {
    if (member.header < free)
      return errorAt("the data overlaps that of another file", member.header,
                     member.name);
    free = member.data + member.packed;
    if (free > directory->offset)
      return errorAt("the data overlaps the archive's directory", member.header,
                     member.name);
    if (Status added = addMember(file, member, path, result); !added)
      return added.error();
  }
  return result;
}

Result<TensorSet> perceiver::parseNpz(const uint8_t *data, size_t size,
                                      const std::string &path) {
  Result<TensorSet> result = parseArchive(Bytes{data, size}, path);
  if (result)
    return result;
  Error error = result.error();
  error.file = path;
  return error;
}

Result<TensorSet> perceiver::readNpz(const std::string &path) {
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.error();
  Result<TensorSet> result = parseNpz((*file)->data(), (*file)->size(), path);
  if (result)
    result->keep(*file);
  return result;
}
