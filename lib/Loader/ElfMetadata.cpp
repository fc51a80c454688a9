//===- ElfMetadata.cpp - Find a model's metadata in a file ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/ElfMetadata.h"

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

private:
  const uint8_t *data;
  size_t size;
};

} // namespace

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
  if (found->sh_type == SHT_NOBITS || (found->sh_flags & SHF_COMPRESSED) ||
      !file.has(found->sh_offset, found->sh_size))
    return fail(std::string("the section ") + kMetadataSection +
                " is outside the file; is it cut short?");
  std::string_view text = file.text(found->sh_offset, found->sh_size);
  while (!text.empty() && text.back() == '\0')
    text.remove_suffix(1);
  return ElfMetadata{std::string(text), header->e_machine};
}
