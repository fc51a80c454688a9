//===- Npy.cpp - Read and write .npy files --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file: "\x93NUMPY", major and minor version, the length of the header (2
// bytes in version 1, 4 in 2 and 3), the header, the data. The header is a
// Python dictionary with exactly these keys, in any order:
//
//   {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Npy.h"

#include "lib/Support/OutputFiles.h"
#include "lib/TensorFile/MappedFile.h"

#include <cstring>

using namespace perceiver;

constexpr std::string_view kMagic("\x93NUMPY", 6);
/// A header of one supported array is far shorter.
constexpr size_t kLargestHeader = size_t(1) << 20;
/// NumPy aligns the data in a file to this.
constexpr size_t kDataAlignment = 64;

namespace {

/// NumPy's letter and size for a type, without the byte order.
struct NpyType {
  std::string_view code;
  DType dtype;
};

/// Parses the dictionary; the first problem is kept in `error`.
class NpyHeaderParser {
public:
  explicit NpyHeaderParser(std::string_view text) : text(text) {}

  DType dtype = DType::F32;
  bool fortranOrder = false;
  std::vector<int64_t> shape;
  std::string error;
  /// The header is right, but says what is not read.
  bool isUnsupported = false;
  size_t position = 0;

  bool parse() {
    bool seenType = false, seenOrder = false, seenShape = false;
    if (!expect('{'))
      return false;
    while (!accept('}')) {
      std::string key;
      if (!parseString(key) || !expect(':'))
        return false;
      bool *seen = key == "descr"           ? &seenType
                   : key == "fortran_order" ? &seenOrder
                   : key == "shape"         ? &seenShape
                                            : nullptr;
      if (!seen)
        return fail("unexpected key " + quote(key) + " in the header");
      if (*seen)
        return fail("duplicate key " + quote(key) + " in the header");
      *seen = true;
      bool parsed = seen == &seenType    ? parseType()
                    : seen == &seenOrder ? parseOrder()
                                         : parseShape();
      if (!parsed)
        return false;
      if (!accept(',')) {
        if (!expect('}'))
          return false;
        break;
      }
    }
    skipBlanks();
    if (position != text.size())
      return fail("expected nothing after the header's dictionary");
    if (!seenType || !seenOrder || !seenShape)
      return fail("expected the header to have 'descr', 'fortran_order' and "
                  "'shape'");
    return true;
  }

private:
  std::string_view text;

  bool fail(std::string message) {
    error = std::move(message);
    return false;
  }

  bool refuse(std::string message) {
    isUnsupported = true;
    return fail(std::move(message));
  }

  void skipBlanks() {
    while (position < text.size() && std::strchr(" \t\n\r", text[position]) &&
           text[position])
      ++position;
  }

  bool accept(char c) {
    skipBlanks();
    if (position == text.size() || text[position] != c)
      return false;
    ++position;
    return true;
  }

  bool expect(char c) {
    return accept(c) ||
           fail(std::string("expected '") + c + "' in the header's dictionary");
  }

  bool acceptWord(std::string_view word) {
    skipBlanks();
    if (text.substr(position, word.size()) != word)
      return false;
    position += word.size();
    return true;
  }

  bool parseString(std::string &value) {
    skipBlanks();
    char mark = position < text.size() ? text[position] : 0;
    size_t end = mark == '\'' || mark == '"' ? text.find(mark, position + 1)
                                             : std::string_view::npos;
    if (end == std::string_view::npos)
      return fail("expected a string in the header's dictionary");
    value = text.substr(position + 1, end - position - 1);
    position = end + 1;
    return true;
  }

  bool parseType();

  bool parseOrder() {
    fortranOrder = acceptWord("True");
    return fortranOrder || acceptWord("False") ||
           fail("expected 'fortran_order' to be True or False");
  }

  bool parseShape() {
    if (!expect('('))
      return false;
    while (!accept(')')) {
      skipBlanks();
      int64_t size = 0;
      size_t start = position;
      for (; position < text.size() && text[position] >= '0' &&
             text[position] <= '9';
           ++position)
        if (__builtin_mul_overflow(size, 10, &size) ||
            __builtin_add_overflow(size, text[position] - '0', &size))
          return fail("the shape is too large for a 64-bit size");
      if (position == start)
        return fail("expected 'shape' to be a tuple of non-negative integers");
      shape.push_back(size);
      if (accept(','))
        continue;
      if (shape.size() == 1)
        return fail("expected 'shape' to be a tuple");
      if (!expect(')'))
        return false;
      break;
    }
    return true;
  }
};

} // namespace

static constexpr NpyType kTypes[] = {
    {"f8", DType::F64}, {"f4", DType::F32}, {"f2", DType::F16},
    {"i8", DType::I64}, {"i4", DType::I32}, {"i2", DType::I16},
    {"i1", DType::I8},  {"u1", DType::U8},  {"b1", DType::BOOL}};

bool NpyHeaderParser::parseType() {
  skipBlanks();
  if (position < text.size() && text[position] == '[')
    return refuse("structured dtypes are not supported");
  std::string code;
  if (!parseString(code))
    return false;
  for (const NpyType &type : kTypes) {
    if (code.size() != 3 || code.substr(1) != type.code)
      continue;
    dtype = type.dtype;
    bool oneByte = dtypeSize(dtype) == 1;
    if (code[0] == '<' || (code[0] == '|' && oneByte))
      return true;
    if (code[0] == '>' && !oneByte)
      return refuse("big-endian data (" + quote(code) + ") is not supported");
  }
  return refuse("unsupported dtype " + quote(code) +
                ", expected float16, float32, float64, int8 to int64, uint8 or "
                "bool");
}

Result<TensorView> perceiver::parseNpy(const uint8_t *data, size_t size,
                                       const std::string &path,
                                       const std::string &name) {
  auto fail = [&](std::string message, uint64_t offset,
                  bool isUnsupported = false) {
    return Error{std::move(message), path, name, offset, isUnsupported};
  };
  if (size < kMagic.size() ||
      std::memcmp(data, kMagic.data(), kMagic.size()) != 0)
    return fail("expected a .npy file, which begins with \\x93NUMPY", 0);
  if (size < 8)
    return fail("the file ends within the header; is it cut short?", size);
  int major = data[6], minor = data[7];
  if (major < 1 || major > 3 || minor != 0)
    return fail("unsupported .npy version " + std::to_string(major) + "." +
                    std::to_string(minor) + ", expected 1.0, 2.0 or 3.0",
                6, /*isUnsupported=*/true);
  size_t start = major == 1 ? 10 : 12;
  if (size < start)
    return fail("the file ends within the header; is it cut short?", size);
  size_t length = 0;
  for (size_t i = start; i-- > 8;)
    length = length << 8 | data[i];
  if (length > kLargestHeader)
    return fail("the header's length of " + std::to_string(length) +
                    " bytes is above the limit of " +
                    std::to_string(kLargestHeader),
                8);
  if (length > size - start)
    return fail("the file ends within the header; is it cut short?", size);

  NpyHeaderParser header(
      std::string_view(reinterpret_cast<const char *>(data) + start, length));
  if (!header.parse())
    return fail(header.error, start + header.position, header.isUnsupported);
  if (header.fortranOrder)
    return fail("the array is in Fortran order; save it in C order, for "
                "example with numpy.ascontiguousarray",
                start, /*isUnsupported=*/true);
  TensorView view{name, header.dtype, std::move(header.shape),
                  data + start + length, 0};
  std::optional<size_t> bytes = tensorBytes(view.dtype, view.shape);
  if (!bytes)
    return fail("the shape " + shapeToString(view.shape) +
                    " is too large for a 64-bit size",
                start);
  size_t available = size - start - length;
  if (available < *bytes)
    return fail("expected " + std::to_string(*bytes) +
                    " bytes of data, but got " + std::to_string(available) +
                    "; is the file cut short?",
                size);
  if (available > *bytes)
    return fail(std::to_string(available - *bytes) +
                    " bytes follow the data of " + std::to_string(*bytes) +
                    " bytes",
                start + length + *bytes);
  view.bytes = *bytes;
  return view;
}

/// Return the file's name without its folder and the suffix.
static std::string stemOf(const std::string &path) {
  std::string name = path.substr(path.rfind('/') + 1);
  if (name.size() > 4 && name.compare(name.size() - 4, 4, ".npy") == 0)
    name.resize(name.size() - 4);
  return name;
}

Result<TensorSet> perceiver::readNpy(const std::string &path) {
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.error();
  Result<TensorView> view =
      parseNpy((*file)->data(), (*file)->size(), path, stemOf(path));
  if (!view)
    return view.error();
  TensorSet result;
  result.keep(*file);
  if (Status added = result.add(std::move(*view)); !added)
    return added.error();
  return result;
}

Result<std::string> perceiver::npyHeader(const TensorView &view) {
  std::optional<size_t> bytes = tensorBytes(view.dtype, view.shape);
  if (!bytes || *bytes != view.bytes)
    return Error{"the shape " + shapeToString(view.shape) +
                     " does not fit its " + std::to_string(view.bytes) +
                     " bytes",
                 "", view.name};
  std::string text = "{'descr': '";
  const NpyType *type = nullptr;
  for (const NpyType &candidate : kTypes)
    if (candidate.dtype == view.dtype)
      type = &candidate;
  if (!type)
    return Error{".npy files cannot hold " +
                     std::string(dtypeName(view.dtype)) + "; use .safetensors",
                 "", view.name};
  text += dtypeSize(view.dtype) == 1 ? '|' : '<';
  text += std::string(type->code) + "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < view.shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(view.shape[i]);
  text += view.shape.size() == 1 ? ",), }" : "), }";

  size_t start = kMagic.size() + 4;
  size_t end = start + text.size() + 1; // With the final newline.
  text.append((kDataAlignment - end % kDataAlignment) % kDataAlignment, ' ');
  text += '\n';
  if (text.size() > UINT16_MAX)
    return Error{"the shape has too many dimensions for a .npy file", "",
                 view.name};
  std::string header(kMagic);
  header += {'\1', '\0', static_cast<char>(text.size() & 0xff),
             static_cast<char>(text.size() >> 8)};
  return header + text;
}

Status perceiver::writeNpy(const std::string &path, const TensorView &view) {
  Result<std::string> header = npyHeader(view);
  if (!header) {
    Error error = header.error();
    error.file = path;
    return error;
  }
  return writeFileAtomically(path, [&](OutputFile &file) -> Status {
    if (Status status = file.write(*header); !status)
      return status;
    return file.write(view.data, view.bytes);
  });
}
