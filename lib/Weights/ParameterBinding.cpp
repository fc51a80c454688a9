//===- ParameterBinding.cpp - Find a model's parameters -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/ParameterBinding.h"

#include "dialect/AttributeNames.h"
#include "lib/TensorFile/NearestName.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSet.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace mlir::perceiver;

using ::perceiver::DType;
using ::perceiver::TensorSet;
using ::perceiver::TensorView;
using ::perceiver::UnreadTensor;
using Storage = HostTensor::Storage;

/// A message names so many tensors and counts the others.
static constexpr size_t kNamedTensors = 1000;
/// So many of them come with the nearest name, which takes time to find.
static constexpr size_t kNearestNames = 200;
/// So many members of one family are looked for in vain.
static constexpr size_t kMissingMembers = 20;

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

namespace {

/// Collects what there is to say about single tensors, to be reported at once.
class Findings {
public:
  void add(Location loc, const Twine &text) {
    if (!first)
      first = loc;
    if (++count <= kNamedTensors)
      texts.push_back({loc, text.str()});
  }

  /// Count what is not looked at any more.
  void addUnnamed(size_t number) { count += number; }

  bool empty() const { return count == 0; }
  size_t size() const { return count; }
  Location getLoc() const { return *first; }

  /// Attach one note to each finding.
  void attachTo(InFlightDiagnostic &diagnostic) const {
    for (const auto &[loc, text] : texts)
      diagnostic.attachNote(loc) << text;
    if (count > texts.size())
      diagnostic.attachNote(*first)
          << "and " << count - texts.size() << " more";
  }

  /// Report a warning with these findings, if there are any.
  void warn(StringRef file, StringRef what) const {
    if (empty())
      return;
    InFlightDiagnostic diagnostic =
        emitWarning(*first)
        << file << ": " << count << " "
        << (count == 1 ? "tensor is " : "tensors are ") << what;
    attachTo(diagnostic);
  }

private:
  std::optional<Location> first;
  size_t count = 0;
  SmallVector<std::pair<Location, std::string>> texts;
};

/// What a walk over all parameters finds.
struct Report {
  Findings errors, narrowed, notFinite;
};

} // namespace

static std::string joinNames(ArrayRef<std::string> names) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleave(
      names, stream,
      [&](const std::string &name) { stream << ::perceiver::quote(name); },
      " or ");
  return text;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

static bool isFloat(DType dtype) {
  return dtype == DType::F64 || dtype == DType::F32 || dtype == DType::F16 ||
         dtype == DType::BF16;
}

/// Return the tensor that has one of the names, after checking that all that
/// are there hold the same bits.
static const TensorView *findTensor(ParameterOp parameter, int64_t member,
                                    const TensorSet &checkpoint,
                                    Findings &errors) {
  SmallVector<std::string> names = parameter.getCheckpointNames(member);
  const TensorView *found = nullptr;
  const std::string *foundName = nullptr;
  for (const std::string &name : names) {
    if (const UnreadTensor *unread = checkpoint.findUnread(name)) {
      errors.add(parameter.getLoc(),
                 ::perceiver::quote(unread->name) + ": " + unread->reason +
                     ", but the model expects floating-point numbers");
      return nullptr;
    }
    const TensorView *tensor = checkpoint.find(name);
    if (!tensor || tensor == found)
      continue;
    if (!found) {
      found = tensor;
      foundName = &name;
      continue;
    }
    if (tensor->dtype != found->dtype || tensor->shape != found->shape ||
        std::memcmp(tensor->data, found->data, found->bytes) != 0) {
      errors.add(parameter.getLoc(),
                 ::perceiver::quote(*foundName) + " and " +
                     ::perceiver::quote(name) +
                     " are names of one parameter, but hold different bits");
      return nullptr;
    }
  }
  if (found)
    return found;
  std::string text = joinNames(names) + " is missing";
  if (errors.size() < kNearestNames)
    text += ::perceiver::didYouMean(names.front(), checkpoint.names());
  errors.add(parameter.getLoc(), text);
  return nullptr;
}

/// Suggest `transpose`, or to do without it, where that would make the shape of
/// a whole tensor fit; else "".
static std::string adviseOnTranspose(ParameterOp parameter,
                                     const std::vector<int64_t> &shape,
                                     const std::vector<int64_t> &expected) {
  bool isReversed = shape.size() == 2 && expected.size() == 2 &&
                    shape[0] == expected[1] && shape[1] == expected[0];
  if (!isReversed || parameter.getSourceShape())
    return "";
  return std::string("; bind it ") +
         (parameter.getPermutation() ? "without" : "with") + " 'transpose'";
}

/// Report a tensor that `parameter` cannot be.
static LogicalResult checkTensor(ParameterOp parameter,
                                 const TensorView &tensor, Findings &errors) {
  SmallVector<int64_t> shape = parameter.getCheckpointShape();
  std::vector<int64_t> expected(shape.begin(), shape.end());
  if (tensor.shape != expected) {
    errors.add(parameter.getLoc(),
               ::perceiver::quote(tensor.name) + " has the shape " +
                   ::perceiver::shapeToString(tensor.shape) +
                   ", but the model expects " +
                   ::perceiver::shapeToString(expected) +
                   adviseOnTranspose(parameter, tensor.shape, expected));
    return failure();
  }
  if (!isFloat(tensor.dtype)) {
    errors.add(parameter.getLoc(),
               ::perceiver::quote(tensor.name) + " has elements of " +
                   std::string(::perceiver::dtypeName(tensor.dtype)) +
                   ", but the model expects floating-point numbers");
    return failure();
  }
  return success();
}

/// Numbers of a tensor that would spread through a model.
struct Extremes {
  int64_t nans = 0, infinities = 0;
  double largest = 0.0;
};

template <typename T>
static Extremes findExtremes(const T *data, int64_t count) {
  Extremes result;
  T largest = 0;
  // Most tensors are finite: then the sum of `x - x` is zero.
  T sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    sum += data[i] - data[i];
    largest = std::max(largest, std::abs(data[i]));
  }
  result.largest = largest;
  if (sum == 0)
    return result;
  result.largest = 0.0;
  for (int64_t i = 0; i < count; ++i) {
    result.nans += std::isnan(data[i]);
    result.infinities += std::isinf(data[i]);
    if (std::isfinite(data[i]))
      result.largest = std::max<double>(result.largest, std::abs(data[i]));
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// The whole tensor of the checkpoint, in the memory of the file if possible.
static HostTensor readTensor(const TensorView &tensor, MLIRContext *context,
                             std::shared_ptr<const void> owner) {
  if (tensor.dtype == DType::F16 || tensor.dtype == DType::BF16) {
    Builder builder(context);
    Type type = tensor.dtype == DType::F16 ? Type(builder.getF16Type())
                                           : Type(builder.getBF16Type());
    return HostTensor::fromHalves(tensor.shape, type,
                                  reinterpret_cast<const char *>(tensor.data));
  }
  Storage storage = tensor.dtype == DType::F64 ? Storage::f64 : Storage::f32;
  if (tensor.isAligned())
    return HostTensor::wrap(tensor.shape, storage, tensor.data,
                            std::move(owner));
  HostTensor copy = HostTensor::zeros(tensor.shape, storage);
  void *memory = storage == Storage::f64
                     ? static_cast<void *>(copy.getMutableDoubles())
                     : copy.getMutableFloats();
  std::memcpy(memory, tensor.data, tensor.bytes);
  return copy;
}

/// Report what is lost when the tensor becomes a parameter.
static void checkValues(ParameterOp parameter, const TensorView &tensor,
                        Report &report) {
  Type type = getElementTypeOrSelf(parameter.getType());
  std::string name = ::perceiver::quote(tensor.name);
  if (tensor.dtype == DType::F64 && !type.isF64())
    report.narrowed.add(parameter.getLoc(), name);
  HostTensor values = readTensor(tensor, parameter.getContext(), nullptr);
  Extremes extremes =
      values.getStorage() == Storage::f64
          ? findExtremes(values.getDoubles(), values.getNumElements())
          : findExtremes(values.getFloats(), values.getNumElements());
  std::string text;
  llvm::raw_string_ostream os(text);
  if (extremes.nans || extremes.infinities)
    os << name << " holds NaN in " << extremes.nans
       << " places and infinity in " << extremes.infinities;
  APFloat largest(extremes.largest);
  bool losesInfo;
  largest.convert(cast<FloatType>(type).getFloatSemantics(),
                  APFloat::rmNearestTiesToEven, &losesInfo);
  if (largest.isInfinity())
    os << (text.empty() ? name : ", and") << " holds " << extremes.largest
       << ", which " << type << " cannot";
  if (!text.empty())
    report.notFinite.add(parameter.getLoc(), text);
}

FailureOr<HostTensor> BoundParameters::getParameter(ParameterOp parameter,
                                                    int64_t member) {
  const TensorView *view = tensors.lookup({parameter.getSymNameAttr(), member});
  if (!view)
    return parameter.emitOpError("expected a tensor for member ") << member;
  auto type = cast<RankedTensorType>(parameter.getType());
  HostTensor tensor = readTensor(*view, parameter.getContext(), checkpoint);
  SmallVector<int64_t> steps(tensor.getRank(), 1);
  tensor =
      tensor
          .slice(parameter.getSliceOffsets(), parameter.getSliceSizes(), steps)
          .transpose(parameter.getSourcePermutation());
  if (tensor.getShape() != type.getShape())
    tensor = tensor.reshape(type.getShape());
  Type elementType = type.getElementType();
  if (elementType.isF32() && tensor.getStorage() == Storage::f64)
    return tensor.toDense(Storage::f32);
  if (!elementType.isF16() && !elementType.isBF16())
    return tensor;
  SmallVector<char> halves(type.getNumElements() * sizeof(uint16_t));
  tensor.round(elementType, halves.data());
  return HostTensor::fromHalves(type.getShape(), elementType, halves.data());
}

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

/// Report the tensors that no parameter reads, and that the description does
/// not say it ignores. Other names of one that is read are used, too.
static LogicalResult reportUnused(ModuleOp module, const TensorSet &checkpoint,
                                  StringRef file, const llvm::StringSet<> &used,
                                  bool strict) {
  Findings unused;
  llvm::StringSet<> ignored;
  if (auto names = module->getAttrOfType<ArrayAttr>(kIgnoredTensorsAttrName))
    for (auto name : names.getAsRange<StringAttr>())
      ignored.insert(name);
  auto look = [&](const std::string &name) {
    if (!used.contains(name) && !ignored.contains(name))
      unused.add(module.getLoc(), ::perceiver::quote(name));
  };
  for (const TensorView &tensor : checkpoint.tensors())
    look(tensor.name);
  for (const UnreadTensor &tensor : checkpoint.unread())
    look(tensor.name);
  if (unused.empty())
    return success();
  if (!strict) {
    unused.warn(file, "not used by the model");
    return success();
  }
  InFlightDiagnostic diagnostic = module.emitError()
                                  << file
                                  << ": expected that the model uses each "
                                     "tensor, but it does not use "
                                  << unused.size();
  unused.attachTo(diagnostic);
  return diagnostic;
}

FailureOr<BoundParameters>
mlir::perceiver::bindParameters(ModuleOp module, const TensorSet &checkpoint,
                                StringRef file,
                                const BindParametersOptions &options) {
  BoundParameters bound;
  bound.checkpoint = std::make_shared<const TensorSet>(checkpoint);
  Report report;
  llvm::StringSet<> used;
  llvm::DenseSet<std::pair<const TensorView *, Type>> checked;
  for (auto parameter : module.getOps<ParameterOp>()) {
    size_t errorsBefore = report.errors.size();
    for (int64_t member = 0; member < parameter.getMemberCount(); ++member) {
      // A family may claim more members than there is time to look for.
      if (report.errors.size() - errorsBefore >= kMissingMembers) {
        report.errors.addUnnamed(parameter.getMemberCount() - member);
        break;
      }
      for (const std::string &name : parameter.getCheckpointNames(member))
        if (const TensorView *tensor = bound.checkpoint->find(name))
          used.insert(tensor->name);
      const TensorView *tensor =
          findTensor(parameter, member, *bound.checkpoint, report.errors);
      if (!tensor || failed(checkTensor(parameter, *tensor, report.errors)))
        continue;
      Type type = getElementTypeOrSelf(parameter.getType());
      if (checked.insert({tensor, type}).second)
        checkValues(parameter, *tensor, report);
      bound.tensors[{parameter.getSymNameAttr(), member}] = tensor;
    }
  }
  if (!report.errors.empty()) {
    InFlightDiagnostic diagnostic =
        emitError(report.errors.getLoc())
        << file << " does not fit the model: " << report.errors.size() << " "
        << (report.errors.size() == 1 ? "parameter" : "parameters");
    report.errors.attachTo(diagnostic);
    return diagnostic;
  }
  report.narrowed.warn(file, "rounded from f64");
  report.notFinite.warn(file, "not finite");
  if (failed(reportUnused(module, checkpoint, file, used, options.strict)))
    return failure();
  return bound;
}
