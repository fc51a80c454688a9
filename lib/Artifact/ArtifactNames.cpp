//===- ArtifactNames.cpp - Names in C -------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/ArtifactNames.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Words that C (to C23) or C++ (to C++23) keeps for itself, and macros of the
/// headers that ours includes.
static bool isReserved(llvm::StringRef name) {
  static const llvm::StringSet<> words = {"alignas",
                                          "alignof",
                                          "and",
                                          "and_eq",
                                          "asm",
                                          "auto",
                                          "bitand",
                                          "bitor",
                                          "bool",
                                          "break",
                                          "case",
                                          "catch",
                                          "char",
                                          "char16_t",
                                          "char32_t",
                                          "char8_t",
                                          "class",
                                          "co_await",
                                          "co_return",
                                          "co_yield",
                                          "compl",
                                          "concept",
                                          "const",
                                          "const_cast",
                                          "consteval",
                                          "constexpr",
                                          "constinit",
                                          "continue",
                                          "decltype",
                                          "default",
                                          "delete",
                                          "do",
                                          "double",
                                          "dynamic_cast",
                                          "else",
                                          "enum",
                                          "explicit",
                                          "export",
                                          "extern",
                                          "false",
                                          "float",
                                          "for",
                                          "friend",
                                          "goto",
                                          "if",
                                          "inline",
                                          "int",
                                          "int16_t",
                                          "int32_t",
                                          "int64_t",
                                          "int8_t",
                                          "linux",
                                          "long",
                                          "mutable",
                                          "namespace",
                                          "new",
                                          "noexcept",
                                          "not",
                                          "not_eq",
                                          "nullptr",
                                          "offsetof",
                                          "operator",
                                          "or",
                                          "or_eq",
                                          "perceiver_pool",
                                          "private",
                                          "protected",
                                          "public",
                                          "register",
                                          "reinterpret_cast",
                                          "requires",
                                          "restrict",
                                          "return",
                                          "short",
                                          "signed",
                                          "size_t",
                                          "sizeof",
                                          "static",
                                          "static_assert",
                                          "static_cast",
                                          "struct",
                                          "switch",
                                          "template",
                                          "this",
                                          "thread_local",
                                          "throw",
                                          "true",
                                          "try",
                                          "typedef",
                                          "typeid",
                                          "typename",
                                          "typeof",
                                          "typeof_unqual",
                                          "uint16_t",
                                          "uint32_t",
                                          "uint64_t",
                                          "uint8_t",
                                          "union",
                                          "unix",
                                          "unsigned",
                                          "using",
                                          "virtual",
                                          "void",
                                          "volatile",
                                          "wchar_t",
                                          "while",
                                          "xor",
                                          "xor_eq",
                                          "NULL"};
  return words.contains(name);
}

bool perceiver::isCIdentifier(llvm::StringRef name) {
  return !name.empty() && llvm::isAlpha(name.front()) && !name.ends_with("_") &&
         !name.contains("__") && !isReserved(name) &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// `name` with one underscore for whatever stands between letters and digits.
static std::string spell(llvm::StringRef name) {
  std::string result;
  for (char c : name) {
    if (llvm::isAlnum(c))
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  if (!result.empty() && result.back() == '_')
    result.pop_back();
  return result;
}

/// The same, with a letter in front.
static std::string spellName(llvm::StringRef name) {
  std::string result = spell(name);
  if (result.empty() || !llvm::isAlpha(result.front()))
    result = "x" + result;
  return result;
}

bool perceiver::isRuntimePrefix(llvm::StringRef prefix) {
  return prefix == "perceiver" || prefix.starts_with("perceiver_rt");
}

std::string perceiver::toPrefix(llvm::StringRef name) {
  std::string result = spellName(name);
  if (isReserved(result) || isRuntimePrefix(result))
    result = "model_" + result;
  return result;
}

std::string perceiver::toCIdentifier(llvm::StringRef name) {
  std::string result = spellName(name);
  if (isReserved(result))
    result += '_';
  return result;
}

CommonSymbols::CommonSymbols(llvm::StringRef prefix)
    : load((prefix + "_load").str()), free((prefix + "_free").str()),
      lastError((prefix + "_last_error").str()),
      poolCreate((prefix + "_pool_create").str()),
      poolDestroy((prefix + "_pool_destroy").str()),
      workspaceSize((prefix + "_workspace_size").str()),
      invoke((prefix + "_invoke").str()),
      loadCuda((prefix + "_load_cuda").str()),
      enqueue((prefix + "_enqueue").str()) {}

std::string perceiver::getBodyName(llvm::StringRef prefix,
                                   llvm::StringRef entry) {
  return (prefix + "__body_" + spell(entry)).str();
}

EntrySymbols::EntrySymbols(llvm::StringRef prefix,
                           const EntryDescription &entry) {
  std::string name = spell(entry.name);
  run = (prefix + "_" + name).str();
  workspaceSize = run + "_workspace_size";
  enqueue = run + "_enqueue";
  index = (prefix + "_entry_" + name).str();
  body = getBodyName(prefix, entry.name);

  llvm::StringSet<> taken = {"model",   "workspace", "workspace_bytes", "pool",
                             "workers", "bytes",     "stream"};
  auto unique = [&](llvm::StringRef original) {
    std::string base = toCIdentifier(original), result = base;
    for (unsigned i = 2; !taken.insert(result).second; ++i)
      result = base + (llvm::StringRef(base).ends_with("_") ? "" : "_") +
               llvm::utostr(i);
    return result;
  };
  for (const SizeDescription &size : entry.sizes)
    sizes.push_back(unique(size.name));
  for (const ArgumentDescription &argument : entry.arguments)
    arguments.push_back(unique(argument.name));
}

std::string perceiver::modelTypeName(llvm::StringRef prefix) {
  return (prefix + "_model").str();
}

std::vector<std::string>
perceiver::commonSymbols(const ArtifactDescription &artifact) {
  CommonSymbols common(artifact.prefix);
  std::vector<std::string> symbols = {common.load,        common.free,
                                      common.lastError,   common.poolCreate,
                                      common.poolDestroy, common.workspaceSize,
                                      common.invoke};
  if (artifact.kind == PERCEIVER_KIND_CUDA)
    symbols.insert(symbols.end(), {common.loadCuda, common.enqueue});
  return symbols;
}

std::vector<std::string>
perceiver::entrySymbols(const ArtifactDescription &artifact,
                        const EntryDescription &entry) {
  EntrySymbols names(artifact.prefix, entry);
  std::vector<std::string> symbols = {names.run, names.workspaceSize};
  if (artifact.kind == PERCEIVER_KIND_CUDA)
    symbols.push_back(names.enqueue);
  return symbols;
}

std::vector<std::string>
perceiver::exportedSymbols(const ArtifactDescription &artifact) {
  std::vector<std::string> symbols = commonSymbols(artifact);
  for (const EntryDescription &entry : artifact.entries)
    llvm::append_range(symbols, entrySymbols(artifact, entry));
  return symbols;
}
