//===- HeaderWriter.cpp - The C header of an artefact ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ExportedFunctions.cpp defines what is declared here.
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/HeaderWriter.h"

#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/ElementTypes.h"
#include "lib/Target/RuntimeArchive.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::perceiver;

/// `text` as it may stand in a comment, on one line.
static std::string inComment(llvm::StringRef text) {
  std::string result;
  for (char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      c = ' ';
    // Neither the end of a comment, nor a second beginning, nor a trigraph, nor
    // a backslash at the end of a line.
    char last = result.empty() ? ' ' : result.back();
    if ((last == '*' && c == '/') || (last == '/' && c == '*') ||
        (last == '?' && c == '?'))
      result += ' ';
    result += c == '\\' ? '/' : c;
  }
  return result;
}

/// The C type of an element. Types that C lacks travel as their bits.
static llvm::StringRef elementType(perceiver_dtype dtype) {
  switch (dtype) {
  case PERCEIVER_F32:
    return "float";
  case PERCEIVER_F64:
    return "double";
  case PERCEIVER_F16:
  case PERCEIVER_BF16:
    return "uint16_t";
  case PERCEIVER_I8:
    return "int8_t";
  case PERCEIVER_I16:
    return "int16_t";
  case PERCEIVER_I32:
    return "int32_t";
  case PERCEIVER_I64:
    return "int64_t";
  case PERCEIVER_U8:
  case PERCEIVER_BOOL:
    return "uint8_t";
  }
  llvm_unreachable("unknown perceiver_dtype");
}

/// The type as the comment on an argument names it.
static llvm::StringRef elementName(perceiver_dtype dtype) {
  return dtype == PERCEIVER_BOOL ? "bytes" : dtypeName(dtype);
}

/// What the C type does not say.
static llvm::StringRef elementNote(perceiver_dtype dtype) {
  switch (dtype) {
  case PERCEIVER_F16:
    return ", the bits of IEEE half precision";
  case PERCEIVER_BF16:
    return ", the bits of bfloat16";
  case PERCEIVER_BOOL:
    return ", 0: false, others: true";
  default:
    return "";
  }
}

namespace {

class HeaderWriter {
public:
  HeaderWriter(const ArtifactDescription &artifact, std::string &text)
      : artifact(artifact), common(artifact.prefix),
        model(modelTypeName(artifact.prefix)), os(text) {}

  void write();

private:
  void writeIntroduction();
  void writeExample();
  void writeCommon();
  void writeDeviceFunctions();
  void writeEntryNumbers();
  void writeSizeComment(const EntryDescription &entry,
                        const EntrySymbols &names);
  void writeArgumentComment(const EntryDescription &entry,
                            const EntrySymbols &names);
  void writeEntry(const EntryDescription &entry);
  /// The parameters of an entry's function, up to the workspace.
  std::vector<std::string> entryParameters(const EntryDescription &entry,
                                           const EntrySymbols &names);
  void writeWorkspaceSize(const EntrySymbols &names);
  bool isForDevice() const { return artifact.kind == PERCEIVER_KIND_CUDA; }
  /// Write `begin`, the items with commas between them and `end`, with line
  /// breaks where lines would get too long.
  void writeList(std::string begin, llvm::ArrayRef<std::string> items,
                 llvm::StringRef end, unsigned indent);
  void declare(llvm::StringRef result, llvm::StringRef name,
               llvm::ArrayRef<std::string> parameters);

  const ArtifactDescription &artifact;
  CommonSymbols common;
  std::string model;
  llvm::raw_string_ostream os;
};

} // namespace

void HeaderWriter::writeList(std::string begin,
                             llvm::ArrayRef<std::string> items,
                             llvm::StringRef end, unsigned indent) {
  constexpr size_t kWidth = 80;
  std::string line = std::move(begin);
  for (auto [i, item] : llvm::enumerate(items)) {
    std::string word =
        item + (i + 1 == items.size() ? end : llvm::StringRef(",")).str();
    if (line.size() + 1 + word.size() > kWidth) {
      os << line << "\n";
      line = std::string(indent, ' ') + word;
      continue;
    }
    line += (i ? " " : "") + word;
  }
  os << line << "\n";
}

void HeaderWriter::declare(llvm::StringRef result, llvm::StringRef name,
                           llvm::ArrayRef<std::string> parameters) {
  llvm::StringRef blank = result.ends_with("*") ? "" : " ";
  writeList((result + blank + name + "(").str(), parameters, ");",
            /*indent=*/4);
}

void HeaderWriter::writeIntroduction() {
  os << "/* The compiled model \"" << inComment(artifact.model)
     << "\", made by the Perceiver compiler "
     << inComment(artifact.compilerVersion) << " for\n   "
     << inComment(artifact.target.triple.str()) << ", "
     << inComment(artifact.target.cpu);
  if (!artifact.target.features.empty())
    os << " with " << inComment(artifact.target.features);
  if (isForDevice())
    os << " and CUDA devices";
  os << ". Generated: changes will be lost.\n\n"
     << "   Threads, memory and errors: see the comments on perceiver_status,\n"
     << "   perceiver_pool and at the head of the common part below.\n\n";
  writeExample();
  os << "*/\n\n";
}

/// The shortest program that uses the first entry.
void HeaderWriter::writeExample() {
  EntrySymbols names(artifact.prefix, artifact.entries.front());
  std::vector<std::string> sizing = {"model"}, running = {"model"};
  for (std::vector<std::string> *list : {&sizing, &running})
    list->insert(list->end(), names.sizes.begin(), names.sizes.end());
  sizing.insert(sizing.end(), {"1", "&bytes"});
  running.insert(running.end(), names.arguments.begin(), names.arguments.end());
  running.insert(running.end(), {"workspace", "bytes", "NULL"});

  constexpr unsigned kIndent = 9;
  os << "     " << model << " *model;\n"
     << "     size_t bytes;\n"
     << "     void *workspace;\n"
     << "     if (" << common.load << "(NULL, &model) != PERCEIVER_OK ||\n";
  writeList("         " + names.workspaceSize + "(", sizing,
            ") != PERCEIVER_OK)", kIndent);
  os << "       return puts(" << common.lastError << "());\n"
     << "     workspace = aligned_alloc(PERCEIVER_WORKSPACE_ALIGNMENT, "
        "bytes);\n";
  writeList("     if (" + names.run + "(", running, ") != PERCEIVER_OK)",
            kIndent);
  os << "       puts(" << common.lastError << "());\n"
     << "     free(workspace);\n"
     << "     " << common.free << "(model);\n";
}

void HeaderWriter::writeCommon() {
  std::string constModel = "const " + model + " *model";
  os << "/* A loaded model. */\ntypedef struct " << model << " " << model
     << ";\n\n"
     << "/* Load the model. ";
  if (artifact.weightsBytes)
    os << "A null path means: the weights stand beside the shared\n"
          "   object, named like it with \".weights\" in place of \".so\". "
          "The file is mapped\n   and shared between processes; replace it by "
          "renaming another, never in\n   place. ";
  else
    os << "It has no weights file: the path is not used. ";
  os << "On failure *model is null. */\n";
  declare("perceiver_status", common.load,
          {"const char *weights_path", model + " **model"});
  os << "\n/* Null is allowed. No call with this model may be in progress. "
        "*/\n";
  declare("void", common.free, {model + " *model"});
  os << "\n/* What went wrong in this thread's last failing call, in words. "
        "Valid "
        "until its\n   next one; empty if there was none. */\n";
  declare("const char *", common.lastError, {"void"});
  os << "\n/* Start a pool with so many workers (0: one per processor that "
        "this "
        "thread may\n   use), of which the thread that runs a model is one. On "
        "failure *pool is null.\n   Pools of other models and pools of your "
        "own "
        "work as well. */\n";
  declare("perceiver_status", common.poolCreate,
          {"int32_t threads", "perceiver_pool **pool"});
  os << "\n/* For pools that " << common.poolCreate
     << " made. Null is allowed. */\n";
  declare("perceiver_status", common.poolDestroy, {"perceiver_pool *pool"});
  os << "\n/* Any entry by its number, for programs that do not know the "
        "model. "
        "Sizes and\n   arguments stand in arrays, in the order of the entry's "
        "parameters. */\n";
  declare("perceiver_status", common.workspaceSize,
          {constModel, "int32_t entry", "const int64_t *sizes",
           "int32_t workers", "size_t *bytes"});
  declare("perceiver_status", common.invoke,
          {constModel, "int32_t entry", "const int64_t *sizes",
           "void *const *arguments", "void *workspace",
           "size_t workspace_bytes", "const perceiver_pool *pool"});
  os << "\n";
  if (isForDevice())
    writeDeviceFunctions();
}

void HeaderWriter::writeDeviceFunctions() {
  std::string constModel = "const " + model + " *model";
  os << "/* Load the model to the CUDA device that the options name; null "
        "options: as "
     << common.load << ",\n   to device 0. */\n";
  declare("perceiver_status", common.loadCuda,
          {"const char *weights_path", "const perceiver_cuda_options *options",
           model + " **model"});
  os << "\n/* As " << common.invoke
     << ", with arrays and workspace of the device, in a stream. */\n";
  declare("perceiver_status", common.enqueue,
          {constModel, "int32_t entry", "const int64_t *sizes",
           "void *const *arguments", "void *workspace",
           "size_t workspace_bytes", "void *stream"});
  os << "\n";
}

void HeaderWriter::writeEntryNumbers() {
  os << "enum {\n";
  for (auto [index, entry] : llvm::enumerate(artifact.entries)) {
    bool last = index + 1 == artifact.entries.size();
    os << "  " << EntrySymbols(artifact.prefix, entry).index << " = " << index
       << (last ? "\n" : ",\n");
  }
  os << "};\n";
}

void HeaderWriter::writeSizeComment(const EntryDescription &entry,
                                    const EntrySymbols &names) {
  for (auto [size, name] : llvm::zip(entry.sizes, names.sizes)) {
    os << "     " << name;
    if (name != size.name)
      os << " (\"" << inComment(size.name) << "\")";
    if (size.minimum == size.maximum)
      os << ": " << size.minimum;
    else if (size.maximum == INT64_MAX)
      os << ": at least " << size.minimum;
    else
      os << ": " << size.minimum << " to " << size.maximum;
    os << "\n";
  }
}

void HeaderWriter::writeArgumentComment(const EntryDescription &entry,
                                        const EntrySymbols &names) {
  for (auto [argument, name] : llvm::zip(entry.arguments, names.arguments)) {
    os << "     " << name;
    if (name != argument.name)
      os << " (\"" << inComment(argument.name) << "\")";
    os << ": " << (argument.isOutput ? "output, " : "input, ")
       << elementName(argument.dtype) << " [";
    llvm::interleaveComma(argument.shape, os, [&](int64_t dimension) {
      os << entry.nameDimension(dimension, names.sizes);
    });
    os << "]" << elementNote(argument.dtype);
    if (argument.bounds)
      os << ", each at least " << (*argument.bounds)[0] << " and less than "
         << (*argument.bounds)[1];
    if (argument.defaultValue)
      os << ", NULL: all " << (*argument.defaultValue ? "true" : "false");
    os << "\n";
  }
}

std::vector<std::string>
HeaderWriter::entryParameters(const EntryDescription &entry,
                              const EntrySymbols &names) {
  std::vector<std::string> parameters = {"const " + model + " *model"};
  for (const std::string &name : names.sizes)
    parameters.push_back("int64_t " + name);
  for (auto [argument, name] : llvm::zip(entry.arguments, names.arguments))
    parameters.push_back((llvm::Twine(argument.isOutput ? "" : "const ") +
                          elementType(argument.dtype) + " *" + name)
                             .str());
  parameters.insert(parameters.end(),
                    {"void *workspace", "size_t workspace_bytes"});
  return parameters;
}

void HeaderWriter::writeWorkspaceSize(const EntrySymbols &names) {
  if (isForDevice())
    os << "\n/* The bytes of workspace that " << names.enqueue
       << " needs for these sizes.\n   Workers are not used. A null model "
          "stands for one that has no options. */\n";
  else
    os << "\n/* The bytes of workspace that " << names.run
       << " needs for these sizes and so\n   many workers (1 without a pool). "
          "The model may be null. */\n";
  std::vector<std::string> parameters = {"const " + model + " *model"};
  for (const std::string &name : names.sizes)
    parameters.push_back("int64_t " + name);
  parameters.insert(parameters.end(), {"int32_t workers", "size_t *bytes"});
  declare("perceiver_status", names.workspaceSize, parameters);
}

void HeaderWriter::writeEntry(const EntryDescription &entry) {
  EntrySymbols names(artifact.prefix, entry);
  os << "\n/* Entry \"" << inComment(entry.name)
     << "\".\n   Arguments, dense and row-major, aligned to their elements:\n";
  writeArgumentComment(entry, names);
  if (!entry.sizes.empty()) {
    os << "   Sizes:\n";
    writeSizeComment(entry, names);
  }
  if (!entry.conditions.empty())
    os << "   Conditions, without which a call fails:\n";
  for (auto [number, condition] : llvm::enumerate(entry.conditions))
    // One sentence may stand for several.
    if (number == 0 ||
        condition.sentence != entry.conditions[number - 1].sentence)
      os << "     " << inComment(condition.sentence) << "\n";
  if (isForDevice())
    os << "   Arrays of the host; workspace and pool are not used. */\n";
  else
    os << "   The workspace has at least the bytes that the next function says "
          "for these\n   sizes and the pool's worker_count. Without a pool "
          "everything runs on the\n   calling thread. */\n";
  std::vector<std::string> parameters = entryParameters(entry, names);
  parameters.push_back("const perceiver_pool *pool");
  declare("perceiver_status", names.run, parameters);
  writeWorkspaceSize(names);
  if (!isForDevice())
    return;
  os << "\n/* The same entry with arrays and workspace of the device, in a "
        "stream. */\n";
  parameters.back() = "void *stream";
  declare("perceiver_status", names.enqueue, parameters);
}

void HeaderWriter::write() {
  std::string guard = llvm::StringRef(artifact.prefix).upper() + "_MODEL_H";
  writeIntroduction();
  os << "#ifndef " << guard << "\n#define " << guard << "\n\n"
     << "/* The common part: the same in the headers of all models. */\n\n"
     << abiHeaderText() << "\n"
     << (isForDevice() ? cudaHeaderText().str() + "\n" : "")
     << "/* This model. */\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  writeCommon();
  writeEntryNumbers();
  for (const EntryDescription &entry : artifact.entries)
    writeEntry(entry);
  os << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
}

std::string perceiver::writeHeader(const ArtifactDescription &artifact) {
  std::string text;
  HeaderWriter(artifact, text).write();
  return text;
}
