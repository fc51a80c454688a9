//===- ElfMetadata.cpp - Find a model's metadata in a file ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/ElfMetadata.h"

#include <array>
#include <charconv>
#include <cstring>
#include <elf.h>
#include <optional>

using namespace perceiver;

namespace {

/// The bytes of the file, read with checks.
class ElfFile {
public:
  ElfFile(const uint8_t *data, size_t size) : data(data), size(size) {}

  bool has(uint64_t offset, uint64_t bytes) const {
    return offset <= size && bytes <= size - offset;
  }

  /// Copy a record out of the file, whatever its alignment.
  template <typename T>
  std::optional<T> get(uint64_t offset) const {
    if (!has(offset, sizeof(T)))
      return std::nullopt;
    T value;
    std::memcpy(&value, data + offset, sizeof(T));
    return value;
  }

  std::string_view text(uint64_t offset, uint64_t bytes) const {
    return {reinterpret_cast<const char *>(data) + offset,
            static_cast<size_t>(bytes)};
  }

  /// What a section holds; nothing if a part is outside the file.
  std::optional<ElfFile> contents(const Elf64_Shdr &section) const {
    if (section.sh_type == SHT_NOBITS || (section.sh_flags & SHF_COMPRESSED) ||
        !has(section.sh_offset, section.sh_size))
      return std::nullopt;
    return ElfFile(data + section.sh_offset,
                   static_cast<size_t>(section.sh_size));
  }

  /// The string that begins at the offset and ends before a zero byte.
  std::string_view textAt(uint64_t offset) const {
    if (offset >= size)
      return {};
    std::string_view rest = text(offset, size - offset);
    return rest.substr(0, rest.find('\0'));
  }

private:
  const uint8_t *data;
  size_t size;
};

} // namespace

/// Versions as "2.34" or "2.2.5", so that they compare.
using Version = std::array<unsigned, 3>;

static std::optional<Version> parseVersion(std::string_view text) {
  Version version = {};
  const char *at = text.data(), *end = at + text.size();
  for (unsigned &part : version) {
    auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc())
      return std::nullopt;
    if (next == end)
      return version;
    if (*next != '.')
      return std::nullopt;
    at = next + 1;
  }
  return std::nullopt;
}

/// The newest version X of all GLIBC_X in a section of needed versions (Linux
/// Standard Base 5, 10.7.4), whose names are in another one. Nothing if the
/// lists of the section lead out of it.
static std::optional<std::string>
findNewestGlibc(const ElfFile &needs, size_t bytes, const ElfFile &names) {
  const std::string_view prefix = "GLIBC_";
  Version newest = {};
  std::string result;
  // Lists that share entries could be of any length.
  size_t left = bytes / sizeof(Elf64_Vernaux);
  for (uint64_t library = 0;;) {
    std::optional<Elf64_Verneed> need = needs.get<Elf64_Verneed>(library);
    if (!need)
      return std::nullopt;
    uint64_t at = library + need->vn_aux;
    for (unsigned i = 0; i < need->vn_cnt; ++i) {
      std::optional<Elf64_Vernaux> entry = needs.get<Elf64_Vernaux>(at);
      if (!entry || left-- == 0)
        return std::nullopt;
      std::string_view name = names.textAt(entry->vna_name);
      if (name.substr(0, prefix.size()) == prefix) {
        name.remove_prefix(prefix.size());
        std::optional<Version> version = parseVersion(name);
        if (version && *version > newest) {
          newest = *version;
          result = std::string(name);
        }
      }
      at += entry->vna_next;
    }
    if (need->vn_next == 0)
      return result;
    library += need->vn_next;
  }
}

Result<ElfMetadata> perceiver::findElfMetadata(const uint8_t *data, size_t size,
                                               const std::string &path) {
  auto fail = [&](std::string message) {
    return Error{std::move(message), path};
  };
  ElfFile file(data, size);
  if (size < SELFMAG || std::memcmp(data, ELFMAG, SELFMAG) != 0)
    return fail("is not a compiled model: expected an ELF shared object");
  std::optional<Elf64_Ehdr> header = file.get<Elf64_Ehdr>(0);
  if (!header)
    return fail("the file ends within the ELF header; is it cut short?");
  if (header->e_ident[EI_CLASS] != ELFCLASS64 ||
      header->e_ident[EI_DATA] != ELFDATA2LSB)
    return fail("is not a compiled model: expected a 64-bit little-endian ELF "
                "file");
  if (header->e_type != ET_DYN && header->e_type != ET_REL)
    return fail("is not a compiled model: expected an ELF shared object");
  if (header->e_shoff == 0)
    return fail("is not a compiled model: it has no sections");
  std::optional<Elf64_Shdr> first = file.get<Elf64_Shdr>(header->e_shoff);
  if (header->e_shentsize != sizeof(Elf64_Shdr) || !first)
    return fail("the table of sections is outside the file; is it cut short?");

  // Numbers that do not fit into the header stand in the first section.
  uint64_t count = header->e_shnum ? header->e_shnum : first->sh_size;
  uint64_t namesIndex =
      header->e_shstrndx == SHN_XINDEX ? first->sh_link : header->e_shstrndx;
  if (count > size / sizeof(Elf64_Shdr) ||
      !file.has(header->e_shoff, count * sizeof(Elf64_Shdr)))
    return fail("the table of sections is outside the file; is it cut short?");
  auto section = [&](uint64_t index) {
    return *file.get<Elf64_Shdr>(header->e_shoff + index * sizeof(Elf64_Shdr));
  };
  if (namesIndex >= count)
    return fail("the names of the sections are missing");
  Elf64_Shdr names = section(namesIndex);
  if (names.sh_type != SHT_STRTAB || !file.has(names.sh_offset, names.sh_size))
    return fail("the names of the sections are outside the file; is it cut "
                "short?");

  std::string_view wanted(kMetadataSection, sizeof(kMetadataSection));
  std::optional<Elf64_Shdr> found;
  for (uint64_t i = 0; i < count; ++i) {
    Elf64_Shdr candidate = section(i);
    if (candidate.sh_name >= names.sh_size ||
        names.sh_size - candidate.sh_name < wanted.size() ||
        file.text(names.sh_offset + candidate.sh_name, wanted.size()) != wanted)
      continue;
    if (found)
      return fail(std::string("there are two sections ") + kMetadataSection);
    found = candidate;
  }
  if (!found)
    return fail(std::string("is not a compiled model: it has no section ") +
                kMetadataSection);
  if (!file.contents(*found))
    return fail(std::string("the section ") + kMetadataSection +
                " is outside the file; is it cut short?");
  std::string_view text = file.text(found->sh_offset, found->sh_size);
  while (!text.empty() && text.back() == '\0')
    text.remove_suffix(1);
  ElfMetadata result{std::string(text), header->e_machine, ""};

  for (uint64_t i = 0; i < count; ++i) {
    Elf64_Shdr needs = section(i);
    if (needs.sh_type != SHT_GNU_verneed)
      continue;
    std::optional<ElfFile> entries = file.contents(needs), versions;
    if (needs.sh_link < count)
      versions = file.contents(section(needs.sh_link));
    std::optional<std::string> glibc;
    if (entries && versions)
      glibc = findNewestGlibc(*entries, needs.sh_size, *versions);
    if (!glibc)
      return fail("the versions of libraries are outside the file; is it cut "
                  "short?");
    result.glibc = *glibc;
  }
  return result;
}
