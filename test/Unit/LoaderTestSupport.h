//===- ArtifactTestSupport.h - Compiled models for tests --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_LOADERTESTSUPPORT_H
#define PERCEIVER_TEST_UNIT_LOADERTESTSUPPORT_H

#include <cstring>
#include <elf.h>
#include <string>
#include <vector>

namespace perceiver::test {

/// Metadata of a model with one entry; tests replace a piece of it.
inline std::string metadataText() {
  return R"({"schema": 1, "model": "digits", "prefix": "digits",
  "compiler": "0.1.0",
  "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF",
  "target": {"triple": "x86_64-unknown-linux-gnu", "cpu": "x86-64-v4",
             "tune_cpu": "", "features": "+avx512f", "opt_level": 3,
             "required_features": ["avx2", "fma"]},
  "weights": {"bytes": 64, "tensors": [{"name": "w", "offset": 0}]},
  "entries": [{
    "name": "run", "symbol": "digits_run", "index": 0,
    "sizes": [{"name": "batch", "min": 1},
              {"name": "keys", "min": 2, "max": 8}],
    "arguments": [
      {"name": "inputs", "dtype": "f32", "shape": ["batch", "keys", 3],
       "output": false},
      {"name": "mask", "dtype": "bool", "shape": ["batch", "keys"],
       "output": false},
      {"name": "logits", "dtype": "f32", "shape": ["batch", 2],
       "output": true}],
    "buffers": [{"name": "scores", "bytes": [{"size": 0}, 64, "*"],
                 "first": 0, "last": 3, "per_worker": true}],
    "phases": [{"name": "cross", "tasks": [{"size": 0}]},
               {"name": "self", "tasks": 7}],
    "flop": [{"size": 0}, {"size": 1}, "*", 1000, "*"]}],
  "fusion_log": ["folded 2 layer norms"]})";
}

/// Return `text` with the first `from` replaced by `to`.
inline std::string replaced(std::string text, const std::string &from,
                            const std::string &to) {
  size_t at = text.find(from);
  return at == std::string::npos ? "not found: " + from
                                 : text.replace(at, from.size(), to);
}

/// A shared object with nothing but sections.
struct ElfBuilder {
  Elf64_Ehdr header = {};
  std::vector<Elf64_Shdr> sections;
  std::string content;

  explicit ElfBuilder(const std::string &metadata) {
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_type = ET_DYN;
    header.e_machine = EM_AARCH64;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shstrndx = 1;
    std::string names("\0.shstrtab\0.perceiver.meta\0", 27);
    sections.resize(3);
    add(1, SHT_STRTAB, 1, names);
    add(2, SHT_PROGBITS, 11, metadata);
    header.e_shnum = 3;
    header.e_shoff = sizeof(header) + content.size();
  }

  /// Add sections 3 and 4: versions that are needed of one library, and their
  /// names.
  void needVersions(const std::vector<std::string> &versions) {
    std::string names(1, '\0');
    Elf64_Verneed need = {1, static_cast<uint16_t>(versions.size()), 0,
                          sizeof(Elf64_Verneed), 0};
    std::string needs(reinterpret_cast<const char *>(&need), sizeof(need));
    for (const std::string &version : versions) {
      Elf64_Vernaux entry = {0, 0, 2, static_cast<uint32_t>(names.size()),
                             sizeof(Elf64_Vernaux)};
      needs.append(reinterpret_cast<const char *>(&entry), sizeof(entry));
      names += version + '\0';
    }
    sections.resize(5);
    add(3, SHT_GNU_verneed, 0, needs);
    add(4, SHT_STRTAB, 0, names);
    sections[3].sh_link = 4;
    header.e_shnum = 5;
    header.e_shoff = sizeof(header) + content.size();
  }

  std::string build() const {
    return std::string(reinterpret_cast<const char *>(&header),
                       sizeof(header)) +
           content +
           std::string(reinterpret_cast<const char *>(sections.data()),
                       sections.size() * sizeof(Elf64_Shdr));
  }

private:
  void add(size_t index, uint32_t type, uint32_t name,
           const std::string &bytes) {
    sections[index].sh_type = type;
    sections[index].sh_name = name;
    sections[index].sh_offset = sizeof(header) + content.size();
    sections[index].sh_size = bytes.size();
    content += bytes;
  }
};

} // namespace perceiver::test

#endif // PERCEIVER_TEST_UNIT_LOADERTESTSUPPORT_H
