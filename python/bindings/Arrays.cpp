//===- Arrays.cpp - Tensors between Python and models ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "python/bindings/Arrays.h"

#include "python/bindings/Support.h"

#include <algorithm>
#include <cstring>

namespace nb = nanobind;
using namespace perceiver;
using namespace perceiver::python;

namespace {
struct TypePair {
  DType dtype;
  nb::dlpack::dtype_code code;
  uint8_t bits;
  /// Null: NumPy has no such type.
  const char *numpyName;
};
} // namespace

constexpr TypePair kTypes[] = {
    {DType::F64, nb::dlpack::dtype_code::Float, 64, "numpy.float64"},
    {DType::F32, nb::dlpack::dtype_code::Float, 32, "numpy.float32"},
    {DType::F16, nb::dlpack::dtype_code::Float, 16, "numpy.float16"},
    {DType::BF16, nb::dlpack::dtype_code::Bfloat, 16, nullptr},
    {DType::I64, nb::dlpack::dtype_code::Int, 64, "numpy.int64"},
    {DType::I32, nb::dlpack::dtype_code::Int, 32, "numpy.int32"},
    {DType::I16, nb::dlpack::dtype_code::Int, 16, "numpy.int16"},
    {DType::I8, nb::dlpack::dtype_code::Int, 8, "numpy.int8"},
    {DType::U8, nb::dlpack::dtype_code::UInt, 8, "numpy.uint8"},
    {DType::BOOL, nb::dlpack::dtype_code::Bool, 8, "bool"},
};

static std::optional<DType> fromDLPack(nb::dlpack::dtype type) {
  for (const TypePair &pair : kTypes)
    if (static_cast<uint8_t>(pair.code) == type.code &&
        pair.bits == type.bits && type.lanes == 1)
      return pair.dtype;
  return std::nullopt;
}

/// Return the type of as many bits for unsigned integers that have no type of
/// their own here: as truth values they are the same.
static std::optional<DType> truthFromDLPack(nb::dlpack::dtype type) {
  if (type.code == static_cast<uint8_t>(nb::dlpack::dtype_code::UInt))
    type.code = static_cast<uint8_t>(nb::dlpack::dtype_code::Int);
  return fromDLPack(type);
}

static nb::dlpack::dtype toDLPack(DType dtype) {
  for (const TypePair &pair : kTypes)
    if (pair.dtype == dtype)
      return {static_cast<uint8_t>(pair.code), pair.bits, 1};
  raise("ModelError",
        "arrays cannot have the type " + std::string(dtypeName(dtype)));
}

static std::string textOf(const nb::object &value) {
  return nb::str(nb::handle(value)).c_str();
}

/// Return an attribute as text, or "".
static std::string textOf(nb::handle value, const char *attribute) {
  return nb::hasattr(value, attribute)
             ? textOf(nb::object(value.attr(attribute)))
             : std::string();
}

/// Return "list", or "ndarray of >f4 with shape (2, 3)": what a value is, for a
/// diagnostic.
static std::string describe(nb::handle value) {
  std::string text = textOf(nb::object(value.type().attr("__name__")));
  if (nb::hasattr(value, "dtype"))
    text += " of " + textOf(value, "dtype");
  std::string shape = textOf(value, "shape");
  return shape.empty() ? text : text + " with shape " + shape;
}

/// Return true for numbers whose bytes are in the order of another machine.
static bool isSwapped(nb::handle value) {
  return nb::hasattr(value, "dtype") &&
         textOf(value.attr("dtype"), "isnative") == "False";
}

/// Say how `value` becomes an array of the expected type, or, where none is
/// known, of its own; "" where there is no way.
static std::string adviseOn(nb::handle value, std::optional<DType> expected) {
  if (nb::hasattr(value, "dtype")) {
    nb::object dtype = value.attr("dtype");
    std::string fields = textOf(dtype, "names");
    if (!fields.empty() && fields != "None")
      return "; give one of its fields " + fields;
    std::string kind = textOf(dtype, "kind");
    if (kind.empty() || std::string("biufO").find(kind) == std::string::npos)
      return "";
  } else if (!nb::isinstance<nb::list>(value) &&
             !nb::isinstance<nb::tuple>(value)) {
    return "";
  }
  std::string type = "numpy.float32";
  if (!expected && isSwapped(value))
    type = "numpy." + textOf(value.attr("dtype"), "name");
  for (const TypePair &pair : kTypes)
    if (expected == pair.dtype && !pair.numpyName)
      return "";
    else if (expected == pair.dtype)
      type = pair.numpyName;
  return "; convert it with numpy.asarray(array, " + type + ")";
}

//===----------------------------------------------------------------------===//
// Into models
//===----------------------------------------------------------------------===//

static bool isRowMajor(const nb::ndarray<nb::ro> &array) {
  int64_t expected = 1;
  for (size_t i = array.ndim(); i-- > 0;) {
    auto size = static_cast<int64_t>(array.shape(i));
    if (size == 0)
      return true;
    if (size != 1 && array.stride(i) != expected)
      return false;
    expected *= size;
  }
  return true;
}

/// Copy the part of a strided array from dimension `axis` on; return the end.
static uint8_t *copyStrided(const nb::ndarray<nb::ro> &array, size_t axis,
                            const uint8_t *from, uint8_t *to) {
  size_t element = array.itemsize();
  if (axis == array.ndim()) {
    std::memcpy(to, from, element);
    return to + element;
  }
  int64_t step = array.stride(axis) * static_cast<int64_t>(element);
  for (size_t i = 0; i < array.shape(axis); ++i, from += step)
    to = copyStrided(array, axis + 1, from, to);
  return to;
}

/// Return a name with any zeros that it holds.
std::string ImportedArrays::nameOf(nb::handle key) const {
  std::string expected =
      std::string("expected names of ") + (entry ? "inputs" : "weights");
  if (!nb::isinstance<nb::str>(key))
    raise("InputError", expected + " to be str, but got " + describe(key));
  Py_ssize_t size = 0;
  const char *text = PyUnicode_AsUTF8AndSize(key.ptr(), &size);
  if (!text || size == 0) {
    PyErr_Clear();
    raise("InputError", expected +
                            " to be valid Unicode and not empty, but got " +
                            textOf(nb::repr(key)));
  }
  return std::string(text, static_cast<size_t>(size));
}

const Argument *ImportedArrays::findInput(const std::string &name) const {
  if (entry)
    for (const Argument &argument : entry->arguments)
      if (!argument.isOutput && argument.hasName(name))
        return &argument;
  return nullptr;
}

ImportedArrays::ImportedArrays(const nb::dict &values, const Entry *entry)
    : entry(entry) {
  for (auto [key, value] : values)
    add(nameOf(key), value);
}

void ImportedArrays::add(const std::string &name, nb::handle value) {
  const Argument *input = findInput(name);
  auto refuse = [&](const std::string &expected, const std::string &advice) {
    raise("InputError", (entry ? "input " : "weight ") + quote(name) +
                            ": expected " + expected + ", but got " +
                            describe(value) + advice);
  };
  std::optional<DType> wanted;
  if (input)
    wanted = input->dtype;
  Array array;
  if (!nb::try_cast<Array>(value, array, /*convert=*/false))
    refuse(isSwapped(value) ? "an array in the byte order of this machine"
                            : "an array of numbers",
           adviseOn(value, wanted));
  if (array.device_type() != nb::device::cpu::value)
    refuse("an array in the memory of the CPU",
           "; copy it there, as tensor.cpu() does in PyTorch");
  std::optional<DType> dtype = fromDLPack(array.dtype());
  if (!dtype && input && input->isMask())
    dtype = truthFromDLPack(array.dtype());
  if (!dtype || (input && !input->accepts(*dtype)))
    refuse(input ? entry->typeOf(*input)
                 : "an array of one of " + supportedDTypes(),
           adviseOn(value, wanted));
  TensorView view;
  view.name = name;
  view.dtype = *dtype;
  for (size_t i = 0; i < array.ndim(); ++i)
    view.shape.push_back(static_cast<int64_t>(array.shape(i)));
  view.bytes = array.nbytes();
  view.data = static_cast<const uint8_t *>(array.data());
  if (!isRowMajor(array)) {
    Result<AlignedBuffer> copy =
        AlignedBuffer::allocate(view.bytes, "a copy of " + quote(name));
    if (!copy)
      raise("InputError", copy.error().str());
    copyStrided(array, 0, view.data, copy->data());
    view.data = copy->data();
    copies.push_back(std::move(*copy));
  }
  if (Status added = set.add(std::move(view)); !added)
    raise("InputError", added.error().str());
  arrays.push_back(std::move(array));
}

//===----------------------------------------------------------------------===//
// Out of models
//===----------------------------------------------------------------------===//

/// Take the memory of an output out of the binding.
static AlignedBuffer takeBuffer(Binding &binding, const TensorView &output) {
  auto found = std::find_if(
      binding.buffers.begin(), binding.buffers.end(),
      [&](const AlignedBuffer &it) { return it.data() == output.data; });
  return std::move(*found);
}

nb::dict perceiver::python::exportArrays(Binding binding) {
  nb::dict result;
  for (const TensorView &output : binding.outputs) {
    auto memory = std::make_unique<AlignedBuffer>(takeBuffer(binding, output));
    void *data = memory->data();
    nb::capsule owner(memory.release(), [](void *buffer) noexcept {
      delete static_cast<AlignedBuffer *>(buffer);
    });
    std::vector<size_t> shape(output.shape.begin(), output.shape.end());
    nb::ndarray<nb::numpy> array(data, shape.size(), shape.data(), owner,
                                 /*strides=*/nullptr, toDLPack(output.dtype));
    result[output.name.c_str()] = array;
  }
  return result;
}
