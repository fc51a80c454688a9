//===- RuntimeWeightsTest.cpp - Loading weights files ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OrdinaryUser.h"
#include "RuntimeTestSupport.h"

#include "lib/Runtime/checksum.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace {

namespace fs = std::filesystem;

TEST(RuntimeChecksum, KnownValues) {
  // Computed from the definition in checksum.h by another program.
  std::vector<unsigned char> bytes(29);
  std::iota(bytes.begin(), bytes.end(), 0);
  EXPECT_EQ(perceiver_checksum(bytes.data(), 0), UINT64_C(0));
  EXPECT_EQ(perceiver_checksum(bytes.data(), 1), UINT64_C(0x38b2be568b28d394));
  EXPECT_EQ(perceiver_checksum(bytes.data(), 24), UINT64_C(0xce1842e1fdb58a7));
  EXPECT_EQ(perceiver_checksum(bytes.data(), 29), UINT64_C(0xbd6753c04e10b063));
}

TEST(RuntimeChecksum, PartsInAnyOrder) {
  std::vector<unsigned char> bytes(1003);
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = i * i + 7;
  uint64_t whole = perceiver_checksum(bytes.data(), bytes.size());
  uint64_t sum = perceiver_checksum_part(&bytes[800], 203, 800);
  sum += perceiver_checksum_part(&bytes[0], 16, 0);
  sum += perceiver_checksum_part(&bytes[16], 784, 16);
  EXPECT_EQ(perceiver_checksum_finish(sum, bytes.size()), whole);
}

TEST(RuntimeChecksum, SeesChanges) {
  std::vector<unsigned char> bytes(256, 0);
  uint64_t before = perceiver_checksum(bytes.data(), bytes.size());
  for (unsigned char &byte : bytes) {
    byte ^= 0x10;
    EXPECT_NE(perceiver_checksum(bytes.data(), bytes.size()), before);
    byte ^= 0x10;
  }
  EXPECT_NE(perceiver_checksum(bytes.data(), bytes.size() - 1), before);
  bytes[8] = 1;
  uint64_t first = perceiver_checksum(bytes.data(), bytes.size());
  std::swap(bytes[8], bytes[16]);
  EXPECT_NE(perceiver_checksum(bytes.data(), bytes.size()), first);
}

/// A model with three floats of weights, and a file of them to spoil.
class RuntimeWeights : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "perceiver-weights-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory = pattern;
    path = directory + "/model.weights";

    artifact.abi_version = PERCEIVER_ABI_VERSION;
    artifact.size = sizeof(artifact);
    artifact.entry_count = 1;
    artifact.model_name = "digits";
    artifact.compiler_version = "perceiver 0.1";
    artifact.entries = &entry;
    artifact.weights_bytes = sizeof kData;
    for (int i = 0; i < 32; ++i)
      artifact.id[i] = header.id[i] = i;

    std::memcpy(header.magic, PERCEIVER_WEIGHTS_MAGIC, sizeof header.magic);
    header.format_version = PERCEIVER_WEIGHTS_VERSION;
    header.header_bytes = sizeof header;
    header.directory_offset = sizeof header;
    header.directory_bytes = kDirectory.size();
    header.data_offset = PERCEIVER_WEIGHTS_DATA_ALIGNMENT;
    header.data_bytes = sizeof kData;
    header.file_bytes = header.data_offset + header.data_bytes;
    header.directory_checksum =
        perceiver_checksum(kDirectory.data(), kDirectory.size());
    header.data_checksum = perceiver_checksum(kData, sizeof kData);
    seal();
  }

  void TearDown() override { fs::remove_all(directory); }

  /// Make the header agree with itself.
  void seal() {
    header.header_checksum = perceiver_rt_header_checksum(&header);
  }

  /// Write the file, of which only the first `bytes` if given.
  void write(size_t bytes = SIZE_MAX) {
    std::string content(header.file_bytes, '\0');
    std::memcpy(&content[0], &header, sizeof header);
    std::memcpy(&content[sizeof header], kDirectory.data(), kDirectory.size());
    std::memcpy(&content[PERCEIVER_WEIGHTS_DATA_ALIGNMENT], kData,
                sizeof kData);
    writeText(content.substr(0, bytes));
  }

  void writeText(const std::string &content) {
    std::ofstream(path, std::ios::binary) << content;
  }

  perceiver_status load() {
    perceiver_model *model = nullptr;
    perceiver_status status =
        perceiver_rt_load(&artifact, path.c_str(), nullptr, &model);
    EXPECT_EQ(model == nullptr, status != PERCEIVER_OK);
    perceiver_rt_free(model);
    return status;
  }

  perceiver_status check() {
    return perceiver_rt_check_weights(path.c_str(), &artifact, nullptr);
  }

  /// Loading and checking the file as it is now fail alike.
  void expectFailure(perceiver_status code, const std::string &text) {
    EXPECT_FAILS(load(), code, text);
    EXPECT_FAILS(check(), code, text);
  }

  static constexpr float kData[3] = {1.0f, 2.0f, 4.0f};
  const std::string kDirectory = "[]";
  std::string directory, path;
  perceiver_weights_header header = {};
  perceiver_entry entry = {};
  perceiver_artifact artifact = {};
};

const float *seenWeights;

/// The permissions of the mapping that holds an address, as "r--p".
std::string permissionsOf(const void *address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uintptr_t first, last;
    char permissions[5];
    if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s", &first,
                    &last, permissions) == 3 &&
        first <= uintptr_t(address) && uintptr_t(address) < last)
      return permissions;
  }
  return "unmapped";
}

TEST_F(RuntimeWeights, GoodFile) {
  write();
  ASSERT_OK(check());
  perceiver_weights_header copy;
  ASSERT_OK(perceiver_rt_check_weights(path.c_str(), nullptr, &copy));
  EXPECT_EQ(std::memcmp(&copy, &header, sizeof copy), 0);

  entry.name = "read";
  entry.body = [](const perceiver_frame *frame) {
    seenWeights = reinterpret_cast<const float *>(frame->weights);
    EXPECT_EQ(uintptr_t(seenWeights) % 4096, 0u);
    EXPECT_EQ(std::memcmp(seenWeights, kData, sizeof kData), 0);
    EXPECT_EQ(permissionsOf(seenWeights).substr(0, 3), "r--");
  };
  perceiver_model *model = nullptr;
  ASSERT_OK(perceiver_rt_load(&artifact, path.c_str(), nullptr, &model));
  // The file may be replaced while the model is loaded.
  fs::remove(path);
  ASSERT_OK(perceiver_rt_run(model, 0, nullptr, nullptr, nullptr, 0, nullptr));
  perceiver_rt_free(model);
  perceiver_rt_free(nullptr);
}

TEST_F(RuntimeWeights, MissingFile) {
  expectFailure(PERCEIVER_FILE_NOT_FOUND,
                "cannot open " + path + ": No such file or directory");
  path += "/x";
  write();
  expectFailure(PERCEIVER_FILE_NOT_FOUND, "cannot open");
}

TEST_F(RuntimeWeights, NotAFile) {
  path = directory;
  expectFailure(PERCEIVER_FILE_UNREADABLE,
                "cannot read " + path + ": Is a directory");
  path = directory + "/pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  expectFailure(PERCEIVER_FILE_UNREADABLE, "cannot read " + path);
}

TEST_F(RuntimeWeights, ForbiddenFile) {
  write();
  fs::permissions(path, fs::perms::none);
  asOrdinaryUser(
      [&] { expectFailure(PERCEIVER_FILE_UNREADABLE, "Permission denied"); });
}

TEST_F(RuntimeWeights, TruncatedFile) {
  // In the magic, the header, the directory, the padding and the data.
  for (size_t bytes : {0, 5, 8, 127}) {
    write(bytes);
    expectFailure(PERCEIVER_FILE_TRUNCATED,
                  path + " is cut off: " + std::to_string(bytes) +
                      " bytes do not hold a header");
  }
  for (size_t bytes : {128, 129, 1000, 4096, 4107}) {
    write(bytes);
    expectFailure(PERCEIVER_FILE_TRUNCATED,
                  path + " is cut off: " + std::to_string(bytes) +
                      " bytes, but its header says 4108");
  }
}

TEST_F(RuntimeWeights, OtherFiles) {
  for (const char *text : {"x", "PRCVWGX", "#!/bin/sh\necho\n"}) {
    writeText(text);
    expectFailure(PERCEIVER_FILE_FORMAT, path + " is not a weights file");
  }
  write();
  std::ofstream(path, std::ios::app) << "more";
  expectFailure(PERCEIVER_FILE_FORMAT,
                "is damaged: 4112 bytes, but its header says 4108");
}

TEST_F(RuntimeWeights, OtherVersion) {
  header.format_version = 2;
  write();
  expectFailure(PERCEIVER_VERSION_MISMATCH,
                "has version 2 of the weights file format, but this model "
                "reads version 1");
}

TEST_F(RuntimeWeights, DamagedHeader) {
  // Every byte counts.
  for (size_t i = 0; i < sizeof header; ++i) {
    reinterpret_cast<unsigned char *>(&header)[i] ^= 0x40;
    fs::remove(path);
    std::string content(reinterpret_cast<char *>(&header), sizeof header);
    writeText(content + std::string(4108 - sizeof header, '\0'));
    EXPECT_NE(load(), PERCEIVER_OK) << "byte " << i;
    reinterpret_cast<unsigned char *>(&header)[i] ^= 0x40;
  }
  header.id[3] ^= 1;
  write();
  expectFailure(PERCEIVER_CHECKSUM_MISMATCH,
                "the header does not match its checksum");
}

TEST_F(RuntimeWeights, ContradictoryHeader) {
  const perceiver_weights_header good = header;
  auto expectRefused = [&](const char *text) {
    seal();
    std::string content(reinterpret_cast<char *>(&header), sizeof header);
    writeText(content + std::string(4108 - sizeof header, '\0'));
    expectFailure(PERCEIVER_FILE_FORMAT, text);
    header = good;
  };
  const char *parts = "is damaged: its parts do not fit into it";
  header.header_bytes = 64;
  expectRefused("a header of 64 bytes, but 128 were expected");
  header.data_offset = 4097;
  header.data_bytes = 8;
  expectRefused(parts);
  header.data_offset = 0;
  expectRefused(parts);
  header.data_offset = UINT64_MAX - 4095;
  expectRefused(parts);
  header.data_bytes = 13;
  expectRefused(parts);
  header.data_bytes = UINT64_MAX;
  expectRefused(parts);
  header.directory_offset = 4109;
  expectRefused(parts);
  header.directory_bytes = UINT64_MAX - 127;
  expectRefused(parts);
  header.file_bytes = 100;
  expectRefused(parts);
}

TEST_F(RuntimeWeights, OtherModel) {
  header.id[31] ^= 1;
  seal();
  write();
  expectFailure(PERCEIVER_OTHER_MODEL,
                path + " does not belong to model \"digits\"");
  ASSERT_OK(perceiver_rt_check_weights(path.c_str(), nullptr, nullptr));
  header.id[31] ^= 1;
  seal();
  write();
  artifact.weights_bytes = 16;
  expectFailure(PERCEIVER_OTHER_MODEL,
                "has 12 bytes of data, but model \"digits\" reads 16");
}

TEST_F(RuntimeWeights, DamagedContentIsFoundByTheFullCheck) {
  header.data_checksum ^= 1;
  seal();
  write();
  ASSERT_OK(load());
  EXPECT_FAILS(check(), PERCEIVER_CHECKSUM_MISMATCH,
               path + " is damaged: the data does not match its checksum");
  header.data_checksum ^= 1;
  header.directory_checksum ^= 1;
  seal();
  write();
  EXPECT_FAILS(check(), PERCEIVER_CHECKSUM_MISMATCH,
               "the directory does not match its checksum");
  EXPECT_FAILS(perceiver_rt_check_weights(nullptr, nullptr, nullptr),
               PERCEIVER_INVALID_ARGUMENT, "the path is null");
}

TEST_F(RuntimeWeights, Artefact) {
  write();
  artifact.abi_version = 7;
  EXPECT_FAILS(load(), PERCEIVER_VERSION_MISMATCH,
               "model \"digits\" (compiled by perceiver 0.1) has version 7 of "
               "the binary interface, but its runtime has version 1");
  artifact.abi_version = PERCEIVER_ABI_VERSION;
  artifact.size = 80;
  EXPECT_FAILS(load(), PERCEIVER_VERSION_MISMATCH,
               "model \"digits\" (compiled by perceiver 0.1) has a descriptor "
               "of 80 bytes, but its runtime expects 88");
  artifact.size = sizeof(artifact);
  artifact.kind = 1;
  EXPECT_FAILS(load(), PERCEIVER_VERSION_MISMATCH,
               "model \"digits\" (compiled by perceiver 0.1) is for devices of "
               "kind 1, but its runtime expects kind 0");
  artifact.kind = PERCEIVER_KIND_CPU;
  entry.name = "run";
  entry.buffer_count = PERCEIVER_RT_MAX_BUFFERS + 1;
  EXPECT_FAILS(load(), PERCEIVER_INVALID_ARGUMENT,
               "entry \"run\" has 1025 buffers, 0 arguments and 0 dynamic "
               "sizes, but 1024, 256 and 64 are possible");
  EXPECT_FAILS(perceiver_rt_load(&artifact, path.c_str(), nullptr, nullptr),
               PERCEIVER_INVALID_ARGUMENT, "the place for the model is null");
}

TEST_F(RuntimeWeights, DefaultPathWantsASharedObject) {
  // These tests are an executable.
  perceiver_model *model = nullptr;
  EXPECT_FAILS(perceiver_rt_load(&artifact, nullptr,
                                 reinterpret_cast<const void *>(&seenWeights),
                                 &model),
               PERCEIVER_INVALID_ARGUMENT,
               "model \"digits\" is not in a file named *.so: pass the path of "
               "its weights file");
  EXPECT_FAILS(perceiver_rt_load(&artifact, nullptr, nullptr, &model),
               PERCEIVER_INVALID_ARGUMENT, "not in a file named *.so");
}

TEST_F(RuntimeWeights, Processor) {
  write();
  uint64_t host = perceiver_rt_host_cpu_features();
  artifact.cpu_features = host & ~perceiver_rt_cpu_feature("amx-tile");
  ASSERT_OK(load());
  artifact.cpu_features = UINT64_C(1) << 63;
  EXPECT_FAILS(load(), PERCEIVER_CPU_UNSUPPORTED,
               "model \"digits\" was compiled for another processor; this one "
               "lacks an unknown feature");
  artifact.cpu_features = ~host;
  EXPECT_FAILS(load(), PERCEIVER_CPU_UNSUPPORTED, "this one lacks ");
}

TEST(RuntimeCpu, Features) {
  EXPECT_EQ(perceiver_rt_cpu_feature("no-such-feature"), 0u);
  // Positions are part of compiled artefacts.
  EXPECT_EQ(perceiver_rt_cpu_feature("sse3"), UINT64_C(1) << 0);
  EXPECT_EQ(perceiver_rt_cpu_feature("avx2"), UINT64_C(1) << 14);
  EXPECT_EQ(perceiver_rt_cpu_feature("avx512f"), UINT64_C(1) << 20);
  EXPECT_EQ(perceiver_rt_cpu_feature("amx-bf16"), UINT64_C(1) << 35);
#if defined(__x86_64__)
  uint64_t host = perceiver_rt_host_cpu_features();
#define EXPECT_SAME(name)                                                      \
  EXPECT_EQ((host & perceiver_rt_cpu_feature(name)) != 0,                      \
            __builtin_cpu_supports(name) != 0)                                 \
      << name
  EXPECT_SAME("sse3");
  EXPECT_SAME("sse4.2");
  EXPECT_SAME("popcnt");
  EXPECT_SAME("avx");
  EXPECT_SAME("bmi2");
  EXPECT_SAME("fma");
  EXPECT_SAME("avx2");
  EXPECT_SAME("avx512f");
  EXPECT_SAME("avx512vl");
  EXPECT_SAME("avx512vbmi");
  EXPECT_SAME("avx512vnni");
  EXPECT_SAME("avx512bf16");
#undef EXPECT_SAME
#endif
}

} // namespace
