//===- LoaderMetadataTest.cpp - What models say of themselves -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Description.h"
#include "lib/Loader/ElfMetadata.h"
#include "lib/Loader/Metadata.h"
#include "lib/Loader/SizeExpression.h"
#include "test/Unit/LoaderTestSupport.h"
#include "test/Unit/TensorFileTestSupport.h"

using namespace perceiver;
using namespace perceiver::test;

//===----------------------------------------------------------------------===//
// ELF files
//===----------------------------------------------------------------------===//

static std::string elfError(const std::string &bytes) {
  std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  copy.shrink_to_fit();
  Result<ElfMetadata> result = findElfMetadata(copy.data(), copy.size(), "f");
  return result ? "" : result.error().str();
}

static std::string elfError(const ElfBuilder &elf) {
  return elfError(elf.build());
}

TEST(ElfMetadataTest, FindsTheSection) {
  std::string bytes = ElfBuilder(std::string("{}\0\0", 4)).build();
  Result<ElfMetadata> result = findElfMetadata(
      reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "f");
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(result->text, "{}");
  EXPECT_EQ(result->machine, EM_AARCH64);
}

TEST(ElfMetadataTest, FindsTheSectionByExtendedNumbers) {
  ElfBuilder elf("{}");
  elf.header.e_shnum = 0;
  elf.sections[0].sh_size = 3;
  elf.header.e_shstrndx = SHN_XINDEX;
  elf.sections[0].sh_link = 1;
  EXPECT_EQ(elfError(elf), "");
  elf.sections[0].sh_size = UINT64_MAX;
  EXPECT_NE(elfError(elf), "");
  elf.sections[0].sh_size = 3;
  elf.sections[0].sh_link = 3;
  EXPECT_EQ(elfError(elf), "f: the names of the sections are missing");
}

TEST(ElfMetadataTest, RefusesWhatIsCutShort) {
  std::string bytes = ElfBuilder("{}").build();
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(elfError(bytes.substr(0, length)), "") << length;
  EXPECT_EQ(elfError(bytes.substr(0, 20)),
            "f: the file ends within the ELF header; is it cut short?");
  EXPECT_EQ(elfError(bytes.substr(0, bytes.size() - 1)),
            "f: the table of sections is outside the file; is it cut short?");
}

TEST(ElfMetadataTest, RefusesOtherFiles) {
  EXPECT_EQ(elfError("#!/bin/sh"),
            "f: is not a compiled model: expected an ELF shared object");
  ElfBuilder elf("{}");
  elf.header.e_ident[EI_CLASS] = ELFCLASS32;
  EXPECT_EQ(elfError(elf), "f: is not a compiled model: expected a 64-bit "
                           "little-endian ELF file");
  elf = ElfBuilder("{}");
  elf.header.e_type = ET_CORE;
  EXPECT_EQ(elfError(elf),
            "f: is not a compiled model: expected an ELF shared object");
  elf = ElfBuilder("{}");
  elf.header.e_shoff = 0;
  EXPECT_EQ(elfError(elf), "f: is not a compiled model: it has no sections");
  elf = ElfBuilder("{}");
  elf.sections[2].sh_name = 12;
  EXPECT_EQ(elfError(elf),
            "f: is not a compiled model: it has no section .perceiver.meta");
}

TEST(ElfMetadataTest, RefusesBrokenSections) {
  ElfBuilder elf("{}");
  elf.header.e_shentsize = 1;
  EXPECT_EQ(elfError(elf),
            "f: the table of sections is outside the file; is it cut short?");
  elf = ElfBuilder("{}");
  elf.header.e_shoff = UINT64_MAX - 8;
  EXPECT_EQ(elfError(elf),
            "f: the table of sections is outside the file; is it cut short?");
  elf = ElfBuilder("{}");
  elf.sections[1].sh_size = UINT64_MAX;
  EXPECT_EQ(elfError(elf), "f: the names of the sections are outside the file; "
                           "is it cut short?");
  for (uint64_t offset : {uint64_t(100000), UINT64_MAX}) {
    elf = ElfBuilder("{}");
    elf.sections[2].sh_offset = offset;
    EXPECT_EQ(elfError(elf), "f: the section .perceiver.meta is outside the "
                             "file; is it cut short?");
  }
  elf = ElfBuilder("{}");
  elf.sections[0] = elf.sections[2];
  EXPECT_EQ(elfError(elf), "f: there are two sections .perceiver.meta");
  elf = ElfBuilder("{}");
  elf.sections[2].sh_name = UINT32_MAX;
  EXPECT_EQ(elfError(elf),
            "f: is not a compiled model: it has no section .perceiver.meta");
}

/// The glibc that a file with these versions needs.
static std::string glibcFor(const std::vector<std::string> &versions) {
  ElfBuilder elf("{}");
  elf.needVersions(versions);
  std::string bytes = elf.build();
  Result<ElfMetadata> result = findElfMetadata(
      reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "f");
  return result ? result->glibc : result.error().str();
}

TEST(ElfMetadataTest, FindsTheNewestGlibc) {
  EXPECT_EQ(glibcFor({"GLIBC_2.2.5", "GLIBC_2.14", "GLIBC_2.4"}), "2.14");
  EXPECT_EQ(glibcFor({"GLIBC_2.2.5", "GLIBC_2.2"}), "2.2.5");
  EXPECT_EQ(glibcFor({"GCC_3.0", "GLIBC_PRIVATE", "GLIBC_2.", "GLIBC_2x3",
                      "GLIBC_1.2.3.4", "LIBGLIBC_2.99"}),
            "");
  EXPECT_EQ(glibcFor({}), "");
}

TEST(ElfMetadataTest, RefusesBrokenVersions) {
  const std::string error =
      "f: the versions of libraries are outside the file; is it cut short?";
  auto errorWith = [](auto change) {
    ElfBuilder elf("{}");
    elf.needVersions({"GLIBC_2.3", "GLIBC_2.4"});
    size_t at = elf.sections[3].sh_offset - sizeof(elf.header);
    change(elf, elf.content.data() + at);
    return elfError(elf);
  };
  EXPECT_EQ(errorWith([](ElfBuilder &, char *) {}), "");
  EXPECT_EQ(
      errorWith([](ElfBuilder &elf, char *) { elf.sections[3].sh_link = 9; }),
      error);
  for (size_t section : {3, 4})
    EXPECT_EQ(errorWith([=](ElfBuilder &elf, char *) {
                elf.sections[section].sh_offset = UINT64_MAX;
              }),
              error);
  auto write = [&](size_t offset, uint32_t value) {
    return errorWith([=](ElfBuilder &, char *needs) {
      std::memcpy(needs + offset, &value, sizeof(value));
    });
  };
  constexpr size_t kSecond = sizeof(Elf64_Verneed);
  EXPECT_EQ(write(offsetof(Elf64_Verneed, vn_aux), 1u << 30), error);
  EXPECT_EQ(write(offsetof(Elf64_Verneed, vn_next), 1u << 30), error);
  EXPECT_EQ(write(kSecond + offsetof(Elf64_Vernaux, vna_next), 1u << 30),
            error);
  // The same entry again and again.
  EXPECT_EQ(errorWith([](ElfBuilder &, char *needs) {
              const uint16_t count = UINT16_MAX;
              const uint32_t next = 0;
              std::memcpy(needs + offsetof(Elf64_Verneed, vn_cnt), &count,
                          sizeof(count));
              std::memcpy(needs + kSecond + offsetof(Elf64_Vernaux, vna_next),
                          &next, sizeof(next));
            }),
            error);
  // A name outside is no name.
  EXPECT_EQ(write(kSecond + offsetof(Elf64_Vernaux, vna_name), 1u << 30), "");
}

//===----------------------------------------------------------------------===//
// Metadata
//===----------------------------------------------------------------------===//

TEST(MetadataTest, ReadsAllMembers) {
  Result<Metadata> result = parseMetadata(metadataText());
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(result->model, "digits");
  EXPECT_EQ(result->compiler, "0.1.0");
  EXPECT_EQ(result->id[1], 0x23);
  EXPECT_EQ(result->id[31], 0xef);
  EXPECT_EQ(result->cpu, "x86-64-v4");
  EXPECT_EQ(result->requiredFeatures,
            std::vector<std::string>({"avx2", "fma"}));
  EXPECT_EQ(result->weightCount, 1u);
  EXPECT_EQ(result->fusionLog,
            std::vector<std::string>({"folded 2 layer norms"}));
  EXPECT_EQ(result->weightsBytes, 64u);
  ASSERT_EQ(result->entries.size(), 1u);
  const Entry &entry = result->entries[0];
  EXPECT_EQ(entry.symbol, "digits_run");
  EXPECT_EQ(entry.sizes[0].max, INT64_MAX);
  EXPECT_EQ(entry.sizes[1].min, 2);
  EXPECT_EQ(entry.sizes[1].max, 8);
  ASSERT_EQ(entry.arguments.size(), 3u);
  EXPECT_EQ(entry.arguments[1].dtype, DType::BOOL);
  EXPECT_EQ(entry.arguments[0].shape[1].named, 1);
  EXPECT_EQ(entry.arguments[0].shape[2].value, 3);
  EXPECT_TRUE(entry.arguments[2].isOutput);
  EXPECT_EQ(entry.flop.evaluate({2, 3}), 6000);
  ASSERT_EQ(entry.buffers.size(), 1u);
  EXPECT_EQ(entry.buffers[0].last, 3);
  EXPECT_TRUE(entry.buffers[0].perWorker);
  ASSERT_EQ(entry.phases.size(), 2u);
  EXPECT_EQ(entry.phases[1].tasks.evaluate({}), 7);
  EXPECT_EQ(entry.typeOf(entry.arguments[0]), "f32 [batch, keys, 3]");
}

TEST(MetadataTest, KnowsWhatIsUnknown) {
  const std::string flop =
      R"("flop": [{"size": 0}, {"size": 1}, "*", 1000, "*"])";
  Result<Metadata> result =
      parseMetadata(replaced(metadataText(), flop, "\"flop\": null"));
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_TRUE(result->entries[0].flop.isEmpty());
  EXPECT_EQ(describe(*result).find("GFLOP"), std::string::npos);
  result = parseMetadata(replaced(metadataText(), flop, "\"other\": [1]"));
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_TRUE(result->entries[0].flop.isEmpty());
}

/// Return the error for metadata in which `from` is replaced by `to`.
static std::string metadataError(const std::string &from,
                                 const std::string &to) {
  Result<Metadata> result = parseMetadata(replaced(metadataText(), from, to));
  return result ? "" : result.error().str();
}

TEST(MetadataTest, RefusesOtherVersionsFirst) {
  EXPECT_EQ(
      metadataError("\"schema\": 1, \"model\"", "\"schema\": 2, \"MODEL\""),
      "the metadata has version 2, but this program reads version 1; the "
      "model was made by compiler '0.1.0'");
  EXPECT_EQ(metadataError("\"schema\": 1", "\"schema\": \"1\""),
            "the metadata is broken: expected 'schema' to be an integer from 0 "
            "to 9223372036854775807");
}

TEST(MetadataTest, RefusesBrokenText) {
  EXPECT_EQ(metadataError("{\"schema\"", "[\"schema\""),
            "the metadata is not a valid JSON object");
  EXPECT_FALSE(parseMetadata(""));
  EXPECT_FALSE(parseMetadata("[]"));
  EXPECT_FALSE(parseMetadata("{\"schema\": 1} x"));
  for (const char *open : {"[", "{\"a\":"}) {
    std::string deep = "{\"schema\":";
    for (int i = 0; i < 1'000'000; ++i)
      deep += open;
    EXPECT_FALSE(parseMetadata(deep));
  }
}

TEST(MetadataTest, RefusesBrokenMembers) {
  struct Case {
    const char *from, *to, *error;
  };
  for (const Case &test : std::vector<Case>{
           {"\"model\": \"digits\"", "\"model\": 1",
            "expected 'model' to be a string"},
           {"\"prefix\": \"digits\"", "\"prefix\": \"a-b\"",
            "the prefix 'a-b' is no identifier"},
           {"\"prefix\": \"digits\"", "\"prefix\": \"\"",
            "the prefix '' is no identifier"},
           {"\"id\": \"01", "\"id\": \"",
            "expected 'id' to be 64 hexadecimal digits"},
           {"\"id\": \"01", "\"id\": \"0x",
            "expected 'id' to be 64 hexadecimal digits"},
           {"\"triple\": \"x86_64-unknown-linux-gnu\", ", "",
            "expected 'triple' to be a string"},
           {"[\"avx2\"", "[7", "expected 'required_features' to hold strings"},
           {"[\"avx2\", \"fma\"]", "7",
            "expected 'required_features' to be an array"},
           {"\"bytes\": 64", "\"bytes\": 1e30",
            "expected 'bytes' to be an integer from 0 to 9223372036854775807"},
           {"\"entries\": [{", "\"entries\": [1, {",
            "expected 'name' to be a string"},
           {"\"index\": 0", "\"index\": -1",
            "expected 'index' to be an integer from 0 to 2147483647"},
           {"\"name\": \"keys\"", "\"name\": \"batch\"",
            "there are two sizes 'batch'"},
           {"\"name\": \"keys\"", "\"name\": \"\"", "a size has an empty name"},
           {"\"max\": 8", "\"max\": 1",
            "expected 'max' to be an integer from 2 to 9223372036854775807"},
           {"\"name\": \"mask\"", "\"name\": \"inputs\"",
            "there are two arguments 'inputs'"},
           {"\"name\": \"mask\"", "\"name\": \"\"",
            "an argument has an empty name"},
           {"\"bool\"", "\"i1\"",
            "the argument 'mask' has the unknown dtype 'i1'"},
           {"\"bool\"", "\"BOOL\"",
            "the argument 'mask' has the unknown dtype 'BOOL'"},
           {"[\"batch\", 2]", "[\"other\", 2]",
            "the argument 'logits' has a dimension that is neither a number "
            "nor a size"},
           {"[\"batch\", 2]", "[\"batch\", -2]",
            "the argument 'logits' has a dimension that is neither a number "
            "nor a size"},
           {"\"output\": true", "\"output\": 1",
            "expected 'output' to be true or false"},
           {"\"last\": 3", "\"last\": -1",
            "expected 'last' to be an integer from 0 to 2147483647"},
           {"\"tasks\": 7", "\"tasks\": \"7\"",
            "expected 'tasks' to be a number, or numbers, sizes and operators "
            "in postfix order"},
           {"64, \"*\"", "64, \"/\"",
            "expected 'bytes' to be a number, or numbers, sizes and operators "
            "in postfix order"},
           {"64, \"*\"", "64",
            "expected 'bytes' to be a number, or numbers, sizes and operators "
            "in postfix order"},
           {"{\"size\": 1}, \"*\"", "{\"size\": 2}, \"*\"",
            "expected 'flop' to be a number, or numbers, sizes and operators "
            "in postfix order"},
           {"[\"folded 2 layer norms\"]", "{}",
            "expected 'fusion_log' to be an array"}})
    EXPECT_EQ(metadataError(test.from, test.to),
              std::string("the metadata is broken: ") + test.error)
        << test.to;
  EXPECT_EQ(metadataError("\"tune_cpu\"", "\"unknown member\""), "");
}

TEST(MetadataTest, RefusesTwoEntriesOfOneName) {
  std::string text = metadataText();
  size_t begin = text.find("[{\n    \"name\"") + 1;
  size_t end = text.find("],\n  \"fusion_log\"");
  text.insert(end, ", " + text.substr(begin, end - begin));
  Result<Metadata> result = parseMetadata(text);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().str(), "the metadata is broken: there are two "
                                  "entries 'run' or with the index 0");
}

TEST(MetadataTest, SuggestsEntries) {
  Result<Metadata> metadata = parseMetadata(metadataText());
  ASSERT_TRUE(metadata);
  ASSERT_TRUE(metadata->findEntry("run"));
  EXPECT_EQ(metadata->findEntry("rum").error().str(),
            "the model has no entry 'rum'; did you mean 'run'? (it has 'run')");
}

TEST(MetadataTest, DescribesAModel) {
  Result<Metadata> metadata = parseMetadata(metadataText());
  ASSERT_TRUE(metadata);
  EXPECT_EQ(describe(*metadata),
            "model digits, made by compiler 0.1.0\n"
            "  id       "
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
            "  target   cpu, x86_64-unknown-linux-gnu, x86-64-v4, +avx512f\n"
            "  needs    avx2 fma\n"
            "  weights  64 bytes, 1 tensors\n"
            "entry run (digits_run)\n"
            "  input  inputs: f32 [batch, keys, 3]\n"
            "  input  mask: bool [batch, keys]\n"
            "  output logits: f32 [batch, 2]\n"
            "  size   batch: 1 or more\n"
            "  size   keys: 2 to 8\n"
            "  work   2e-06 GFLOP at batch = 1, keys = 2\n"
            "  memory plan (1)\n"
            "    scores: batch * 64 bytes for each thread\n"
            "  phases (2)\n"
            "    cross: batch tasks\n"
            "    self: 7 tasks\n"
            "fusion log (1)\n"
            "    folded 2 layer norms\n");
}

using MetadataFileTest = FileTest;

TEST_F(MetadataFileTest, ReadsAFile) {
  std::string name = writeFile("m.so", ElfBuilder(metadataText()).build());
  Result<Metadata> result = readMetadata(name);
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(result->machine, EM_AARCH64);
  EXPECT_EQ(
      readMetadata(writeFile("n.so", ElfBuilder("x").build())).error().str(),
      path("n.so") + ": the metadata is not a valid JSON object");
  EXPECT_EQ(readMetadata(path("none.so")).error().str(),
            path("none.so") + ": cannot open: No such file or directory");
}

//===----------------------------------------------------------------------===//
// Expressions of sizes
//===----------------------------------------------------------------------===//

/// Return an expression from "7", "a" (size 0), "b" (size 1) and operators.
static SizeExpression postfix(const std::vector<std::string> &words) {
  SizeExpression result;
  for (const std::string &word : words) {
    if (std::optional<perceiver_size_opcode> op =
            SizeExpression::parseOperator(word))
      result.push(*op);
    else if (word == "a" || word == "b")
      result.push(PERCEIVER_SIZE_SYMBOL, word == "b");
    else
      result.push(PERCEIVER_SIZE_CONSTANT, std::stoll(word));
  }
  return result;
}

TEST(SizeExpressionTest, EvaluatesAndPrints) {
  struct Case {
    std::vector<std::string> words;
    double value;
    const char *text;
  };
  for (const Case &test : std::vector<Case>{
           {{"12"}, 12, "12"},
           {{"a"}, 7, "a"},
           {{"2", "3", "a", "*", "+"}, 23, "2 + 3 * a"},
           {{"2", "3", "+", "a", "*"}, 35, "(2 + 3) * a"},
           {{"a", "b", "*", "2", "*"}, 42, "a * b * 2"},
           {{"a", "b", "2", "*", "*"}, 42, "a * (b * 2)"},
           {{"a", "2", "floordiv", "10", "*"}, 30, "a floordiv 2 * 10"},
           {{"10", "a", "2", "floordiv", "*"}, 30, "10 * (a floordiv 2)"},
           {{"a", "2", "ceildiv"}, 4, "a ceildiv 2"},
           {{"a", "-1", "*", "4", "mod"}, 1, "a * -1 mod 4"},
           {{"a", "-1", "*", "2", "floordiv"}, -4, "a * -1 floordiv 2"},
           {{"a", "b", "1", "+", "min", "2", "*"}, 8, "min(a, b + 1) * 2"},
           {{"a", "b", "max", "1", "+"}, 8, "max(a, b) + 1"},
           {{"9223372036854775807", "4", "*"},
            0x1p65,
            "9223372036854775807 * 4"}}) {
    SizeExpression expression = postfix(test.words);
    ASSERT_TRUE(expression.isValid(2)) << test.text;
    EXPECT_EQ(expression.evaluate({7, 3}), test.value) << test.text;
    EXPECT_EQ(expression.str({"a", "b"}), test.text);
  }
}

TEST(SizeExpressionTest, RefusesMistakes) {
  for (const std::vector<std::string> &words :
       std::vector<std::vector<std::string>>{
           {}, {"+"}, {"1", "+"}, {"1", "2"}, {"1", "2", "+", "*"}, {"b"}})
    EXPECT_FALSE(postfix(words).isValid(1));
  SizeExpression negative;
  negative.push(PERCEIVER_SIZE_SYMBOL, -1);
  EXPECT_FALSE(negative.isValid(1));
  std::vector<std::string> many = {"1"};
  for (int i = 0; i < 10000; ++i)
    many.insert(many.end(), {"1", "+"});
  EXPECT_FALSE(postfix(many).isValid(1));
  // As many operands as no evaluator has room for.
  std::vector<std::string> deep(PERCEIVER_RT_MAX_STACK + 1, "1");
  deep.insert(deep.end(), PERCEIVER_RT_MAX_STACK, "+");
  EXPECT_FALSE(postfix(deep).isValid(1));
  for (const char *op : {"floordiv", "ceildiv", "mod"})
    EXPECT_EQ(postfix({"1", "a", op}).evaluate({0}), std::nullopt);
  EXPECT_EQ(SizeExpression::parseOperator("-"), std::nullopt);
}
