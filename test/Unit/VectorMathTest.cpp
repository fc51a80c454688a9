//===- VectorMathTest.cpp - Accuracy of the vector functions --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function of lib/Math/VectorMath.h is compiled into a loop over memory,
// run on this machine for every 1021st float (some 8200 in each binade, of
// both signs) and for the special values, and compared with the C library in
// float64. Another test compiles for the CPUs that we support and checks that
// the objects call nothing.
//
//===----------------------------------------------------------------------===//

#include "lib/Math/VectorMath.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/ExecutionEngine/CRunnerUtils.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

using namespace mlir;
using namespace mlir::perceiver;

namespace {

using EmitFunction = Value (*)(OpBuilder &, Location, Value);
using Reference = double (*)(double);

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr int64_t kStep = 16;

struct NamedFunction {
  const char *name;
  EmitFunction emit;
};

Value emitSine(OpBuilder &builder, Location loc, Value x) {
  return emitSineCosine(builder, loc, x).sine;
}
Value emitCosine(OpBuilder &builder, Location loc, Value x) {
  return emitSineCosine(builder, loc, x).cosine;
}

const NamedFunction kFunctions[] = {
    {"exp2", emitExp2},
    {"exp", emitExp},
    {"exp2NonPositive", emitExp2NonPositive},
    {"roundUp", emitRoundUp},
    {"log", emitLog},
    {"erf", emitErf},
    {"tanh", emitTanh},
    {"sine", emitSine},
    {"cosine", emitCosine},
    {"rsqrt", emitRsqrt},
    {"reciprocal", emitReciprocal},
    {"geluErf", emitGeluErf},
    {"geluTanh", emitGeluTanh},
    {"quickGelu", emitQuickGelu},
    {"relu", emitRelu},
    {"reluSquared", emitReluSquared},
    {"silu", emitSilu},
    {"sigmoid", emitSigmoid},
    {"leakyRelu", emitLeakyRelu},
    {"mish", emitMish},
};

} // namespace

static float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

static uint32_t toBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

namespace {

class VectorMath : public ::testing::Test {
protected:
  static void SetUpTestSuite() {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
  }

  VectorMath() {
    DialectRegistry registry;
    registerBuiltinDialectTranslation(registry);
    registerLLVMDialectTranslation(registry);
    context.appendDialectRegistry(registry);
    context
        .loadDialect<arith::ArithDialect, func::FuncDialect, LLVM::LLVMDialect,
                     math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                     vector::VectorDialect>();
  }

  /// Adds a function `name` that applies `emit` from one memref to another, 16
  /// elements at a time, as vectors of the given shape (none: one by one).
  void addFunction(ModuleOp module, StringRef name, EmitFunction emit,
                   ArrayRef<int64_t> shape) {
    Location loc = module.getLoc();
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    auto type = MemRefType::get({ShapedType::kDynamic}, builder.getF32Type());
    auto function = func::FuncOp::create(
        builder, loc, name, builder.getFunctionType({type, type}, {}));
    function->setAttr("llvm.emit_c_interface", builder.getUnitAttr());
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToEnd(body);
    Value source = body->getArgument(0);
    Value target = body->getArgument(1);
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    Value step =
        arith::ConstantIndexOp::create(builder, loc, shape.empty() ? 1 : kStep);
    Value size = memref::DimOp::create(builder, loc, source, zero);
    auto loop = scf::ForOp::create(builder, loc, zero, size, step);
    func::ReturnOp::create(builder, loc);
    builder.setInsertionPointToStart(loop.getBody());
    Value index = loop.getInductionVar();
    if (shape.empty()) {
      Value x = memref::LoadOp::create(builder, loc, source, index);
      memref::StoreOp::create(builder, loc, emit(builder, loc, x), target,
                              index);
      return;
    }
    auto flat = VectorType::get({kStep}, builder.getF32Type());
    auto shaped = VectorType::get(shape, builder.getF32Type());
    Value x = vector::LoadOp::create(builder, loc, flat, source, index);
    if (shaped != flat)
      x = vector::ShapeCastOp::create(builder, loc, shaped, x);
    x = emit(builder, loc, x);
    if (shaped != flat)
      x = vector::ShapeCastOp::create(builder, loc, flat, x);
    vector::StoreOp::create(builder, loc, x, target, index);
  }

  LogicalResult lower(ModuleOp module) {
    PassManager pm(&context);
    // What the stage `vectorize` does.
    if (!fma)
      pm.addPass(math::createMathExpandOpsPass({/*opMnemonics=*/{"fma"}}));
    pm.addPass(createSCFToControlFlowPass());
    pm.addPass(createConvertVectorToLLVMPass());
    pm.addPass(createConvertMathToLLVMPass());
    pm.addPass(createUBToLLVMConversionPass());
    pm.addPass(createArithToLLVMConversionPass());
    pm.addPass(createFinalizeMemRefToLLVMConversionPass());
    pm.addPass(createConvertControlFlowToLLVMPass());
    pm.addPass(createConvertFuncToLLVMPass());
    pm.addPass(createReconcileUnrealizedCastsPass());
    return pm.run(module);
  }

  /// Applies `emit`, compiled for this machine, to `source`, whose size is a
  /// multiple of 16.
  std::vector<float> run(EmitFunction emit, ArrayRef<int64_t> shape,
                         const std::vector<float> &source) {
    std::vector<float> target(source.size());
    OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
    addFunction(*module, "apply", emit, shape);
    EXPECT_TRUE(succeeded(lower(*module)));
    ExecutionEngineOptions options;
    auto transformer = makeOptimizingTransformer(/*optLevel=*/3,
                                                 /*sizeLevel=*/0,
                                                 /*targetMachine=*/nullptr);
    options.transformer = transformer;
    llvm::Expected<std::unique_ptr<ExecutionEngine>> engine =
        ExecutionEngine::create(*module, options);
    if (!engine) {
      ADD_FAILURE() << llvm::toString(engine.takeError());
      return target;
    }
    auto size = static_cast<int64_t>(source.size());
    auto *data = const_cast<float *>(source.data());
    StridedMemRefType<float, 1> from{data, data, 0, {size}, {1}};
    StridedMemRefType<float, 1> to{
        target.data(), target.data(), 0, {size}, {1}};
    void *fromPtr = &from;
    void *toPtr = &to;
    void *arguments[] = {&fromPtr, &toPtr};
    if (llvm::Error error =
            (*engine)->invokePacked("_mlir_ciface_apply", arguments))
      ADD_FAILURE() << llvm::toString(std::move(error));
    return target;
  }

  std::vector<float> run(EmitFunction emit, const std::vector<float> &source) {
    return run(emit, {kStep}, source);
  }

  /// The results for a few arguments.
  std::vector<float> apply(EmitFunction emit, std::vector<float> x) {
    size_t size = x.size();
    x.resize(llvm::alignTo(size, kStep));
    x = run(emit, x);
    x.resize(size);
    return x;
  }

  MLIRContext context;
  /// Is it a target that multiplies and adds in one instruction?
  bool fma = true;
};

} // namespace

//===----------------------------------------------------------------------===//
// Arguments and errors
//===----------------------------------------------------------------------===//

/// Every `stride`-th float from -infinity to infinity, and every float around
/// the places where functions change.
static std::vector<float> floats(uint32_t stride = 1021) {
  std::vector<float> values;
  uint32_t infinity = toBits(kInfinity);
  for (uint32_t sign : {0u, 0x80000000u}) {
    for (uint32_t bits = 0; bits <= infinity; bits += stride)
      values.push_back(fromBits(sign | bits));
    for (float center :
         {0.0f,   0x1p-126f, 1.0f,   3.9f,   3.95f,   8.6825f, 9.0f,     13.22f,
          87.34f, 88.0f,     88.72f, 89.0f,  103.97f, 105.0f,  126.0f,   126.5f,
          127.0f, 128.0f,    129.0f, 149.0f, 150.0f,  152.0f,  kInfinity}) {
      uint32_t bits = toBits(center);
      uint32_t last = std::min(bits + 64, infinity);
      for (uint32_t near = bits - std::min(bits, 64u); near <= last; ++near)
        values.push_back(fromBits(sign | near));
    }
  }
  values.resize(llvm::alignTo(values.size(), kStep));
  return values;
}

/// The unit in the last place of floats of the size of `exact`.
static double unitInLastPlace(double exact) {
  int exponent = exact == 0 ? -126 : std::ilogb(exact);
  return std::ldexp(1.0, std::max(exponent, -126) - 23);
}

namespace {
struct Errors {
  double ulp = 0;
  double absolute = 0;
  /// Absolute error over max(1, |x|).
  double scaled = 0;
};
} // namespace

/// Compares results with the reference where `use` is true of the argument.
/// What overflows, exact or computed, counts as 2^128.
static Errors compare(const std::vector<float> &arguments,
                      const std::vector<float> &results, Reference reference,
                      llvm::function_ref<bool(float)> use) {
  Errors worst;
  double ulpAt = 0, absoluteAt = 0;
  for (auto [x, y] : llvm::zip_equal(arguments, results)) {
    if (!use(x))
      continue;
    double exact = reference(x);
    if (std::isnan(exact) || std::isnan(y)) {
      EXPECT_EQ(std::isnan(exact), std::isnan(y)) << "at " << x;
      continue;
    }
    double result = std::clamp<double>(y, -0x1p128, 0x1p128);
    exact = std::clamp(exact, -0x1p128, 0x1p128);
    double error = std::abs(result - exact);
    double ulp = error / unitInLastPlace(exact);
    if (ulp > worst.ulp) {
      worst.ulp = ulp;
      ulpAt = x;
    }
    if (error > worst.absolute) {
      worst.absolute = error;
      absoluteAt = x;
    }
    worst.scaled = std::max(worst.scaled, error / std::fmax(1, std::abs(x)));
  }
  std::printf("  max ulp %.3f at %.9g, absolute %.3g at %.9g, scaled %.3g\n",
              worst.ulp, ulpAt, worst.absolute, absoluteAt, worst.scaled);
  return worst;
}

static bool everywhere(float) { return true; }

static double geluErf(double x) {
  return x == -HUGE_VAL ? 0.0 : 0.5 * x * std::erfc(-x * std::sqrt(0.5));
}

static double geluTanh(double x) {
  // 0.5 * (1 + tanh(y)) = 1 / (1 + exp(-2 y)).
  if (x == -HUGE_VAL)
    return 0.0;
  double y = std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x);
  return x / (1 + std::exp(-2 * y));
}

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// x times what goes to 0 faster than x to -infinity.
static double weigh(double x, double weight) {
  return weight == 0 ? 0.0 : x * weight;
}

static double silu(double x) { return weigh(x, sigmoid(x)); }
static double quickGelu(double x) { return weigh(x, sigmoid(1.702 * x)); }
static double mish(double x) {
  return weigh(x, std::tanh(std::log1p(std::exp(x))));
}

//===----------------------------------------------------------------------===//
// Accuracy
//===----------------------------------------------------------------------===//

TEST_F(VectorMath, Exp2) {
  std::vector<float> x = floats();
  Errors errors = compare(x, run(emitExp2, x), std::exp2, everywhere);
  EXPECT_LE(errors.ulp, 1.1);
  std::vector<float> integers(278);
  std::iota(integers.begin(), integers.end(), -150.0f);
  std::vector<float> powers = apply(emitExp2, integers);
  for (auto [integer, power] : llvm::zip_equal(integers, powers))
    EXPECT_EQ(power, std::ldexp(1.0f, static_cast<int>(integer)));
  EXPECT_EQ(apply(emitExp2, {kInfinity, 128.0f, -kInfinity, -151.0f}),
            std::vector<float>({kInfinity, kInfinity, 0.0f, 0.0f}));
}

TEST_F(VectorMath, Exp) {
  std::vector<float> x = floats();
  Errors errors = compare(x, run(emitExp, x), std::exp, everywhere);
  EXPECT_LE(errors.ulp, 1.1);
  EXPECT_EQ(
      apply(emitExp, {kInfinity, 88.73f, 0.0f, -0.0f, -104.0f, -kInfinity}),
      std::vector<float>({kInfinity, kInfinity, 1.0f, 1.0f, 0.0f, 0.0f}));
}

TEST_F(VectorMath, Exp2NonPositive) {
  std::vector<float> x = floats();
  std::vector<float> y = run(emitExp2NonPositive, x);
  Errors errors = compare(x, y, std::exp2,
                          [](float x) { return x > -126.5f && x < 127.0f; });
  EXPECT_LE(errors.ulp, 2.0);
  errors = compare(x, y, std::exp2, [](float x) { return x <= -126.5f; });
  EXPECT_LE(errors.absolute, 8.4e-39);
  for (auto [argument, result] : llvm::zip_equal(x, y))
    if (argument < -126.5f)
      ASSERT_EQ(toBits(result), 0u) << "at " << argument;
  EXPECT_EQ(apply(emitExp2NonPositive, {0.0f, -0.0f, -1.0f}),
            std::vector<float>({1.0f, 1.0f, 0.5f}));
}

TEST_F(VectorMath, RoundUp) {
  std::vector<float> x = floats();
  std::vector<float> y = run(emitRoundUp, x);
  for (auto [argument, result] : llvm::zip_equal(x, y))
    ASSERT_EQ(result,
              std::abs(argument) < 0x1p22f ? std::ceil(argument) : argument);
  EXPECT_EQ(
      apply(emitRoundUp, {-0.5f, 0.5f, 2.5f, 3.5f, -3.5f, 0x1.fffffep21f}),
      std::vector<float>({0.0f, 1.0f, 3.0f, 4.0f, -3.0f, 0x1p22f}));
}

TEST_F(VectorMath, Log) {
  std::vector<float> x = floats();
  Errors errors = compare(x, run(emitLog, x), std::log,
                          [](float x) { return x >= 0x1p-126f; });
  EXPECT_LE(errors.ulp, 2.0);
  EXPECT_EQ(apply(emitLog, {0.0f, -0.0f, 1.0f, kInfinity}),
            std::vector<float>({-kInfinity, -kInfinity, 0.0f, kInfinity}));
}

TEST_F(VectorMath, Erf) {
  std::vector<float> x = floats();
  Errors errors = compare(x, run(emitErf, x), std::erf, everywhere);
  EXPECT_LE(errors.ulp, 3.0);
  EXPECT_LE(errors.absolute, 1e-7);
}

TEST_F(VectorMath, Tanh) {
  std::vector<float> x = floats();
  Errors errors = compare(x, run(emitTanh, x), std::tanh, everywhere);
  EXPECT_LE(errors.ulp, 3.5);
  EXPECT_LE(errors.absolute, 2e-7);
}

TEST_F(VectorMath, SineCosine) {
  // Also next to the multiples of pi / 2, where one of them is close to 0.
  constexpr float kBound = 102943.0f;
  std::vector<float> x = floats(/*stride=*/4093);
  for (int multiple = -65535; multiple < 65536; ++multiple)
    for (int step = -1; multiple != 0 && step <= 1; ++step)
      x.push_back(
          fromBits(toBits(static_cast<float>(multiple * M_PI_2)) + step));
  x.resize(llvm::alignTo(x.size(), kStep));
  auto isInside = [](float x) { return std::abs(x) <= kBound; };
  for (bool isFused : {true, false}) {
    fma = isFused;
    for (auto [emit, reference] :
         {std::pair(&emitSine, Reference(std::sin)),
          std::pair(&emitCosine, Reference(std::cos))}) {
      std::vector<float> y = run(emit, x);
      compare(x, y, reference, isInside);
      for (auto [argument, result] : llvm::zip_equal(x, y)) {
        ASSERT_LE(std::abs(result), 1.0f) << "at " << argument;
        if (!isInside(argument))
          continue;
        double exact = reference(argument);
        ASSERT_LE(std::abs(result - exact),
                  0.85 * unitInLastPlace(exact) + 0x1p-46)
            << "at " << argument;
      }
    }
  }
  EXPECT_EQ(apply(emitSine, {0.0f, kInfinity}),
            apply(emitSine, {0.0f, kBound}));
  EXPECT_EQ(apply(emitCosine, {0.0f, -kInfinity}),
            std::vector<float>({1.0f, apply(emitCosine, {kBound})[0]}));
}

TEST_F(VectorMath, OddFunctions) {
  std::vector<float> x = floats();
  std::vector<float> minusX = x;
  for (float &value : minusX)
    value = -value;
  for (EmitFunction emit : {emitErf, emitTanh}) {
    std::vector<float> y = run(emit, x);
    std::vector<float> mirrored = run(emit, minusX);
    for (auto [argument, result, opposite] : llvm::zip_equal(x, y, mirrored)) {
      ASSERT_EQ(toBits(result), toBits(-opposite)) << "at " << argument;
      ASSERT_LE(std::abs(result), 1.0f) << "at " << argument;
      if (std::abs(argument) > 9.1f)
        ASSERT_EQ(std::abs(result), 1.0f) << "at " << argument;
    }
    y = apply(emit, {0.0f, -0.0f});
    EXPECT_EQ(toBits(y[0]), toBits(0.0f));
    EXPECT_EQ(toBits(y[1]), toBits(-0.0f));
  }
}

TEST_F(VectorMath, Rsqrt) {
  std::vector<float> x = floats();
  auto reference = [](double x) { return 1 / std::sqrt(x); };
  Errors errors = compare(x, run(emitRsqrt, x), reference, everywhere);
  EXPECT_LE(errors.ulp, 1.5);
  EXPECT_EQ(apply(emitRsqrt, {kInfinity, 0.0f, -0.0f}),
            std::vector<float>({0.0f, kInfinity, -kInfinity}));
}

TEST_F(VectorMath, Reciprocal) {
  std::vector<float> x = floats();
  std::vector<float> y = run(emitReciprocal, x);
  for (auto [argument, result] : llvm::zip_equal(x, y))
    ASSERT_EQ(toBits(result), toBits(1.0f / argument)) << "at " << argument;
}

/// What both GELUs share: `zeroBelow` is where they have become 0.
static void checkGelu(const std::vector<float> &x, const std::vector<float> &y,
                      Reference reference, float zeroBelow) {
  Errors errors = compare(x, y, reference, everywhere);
  EXPECT_LE(errors.scaled, 1.3e-7);
  for (auto [argument, result] : llvm::zip_equal(x, y)) {
    if (argument > 6.0f)
      ASSERT_EQ(result, argument);
    if (argument < zeroBelow)
      ASSERT_EQ(result, 0.0f) << "at " << argument;
  }
}

TEST_F(VectorMath, GeluErf) {
  std::vector<float> x = floats();
  checkGelu(x, run(emitGeluErf, x), geluErf, /*zeroBelow=*/-13.22f);
}

TEST_F(VectorMath, GeluTanh) {
  std::vector<float> x = floats();
  checkGelu(x, run(emitGeluTanh, x), geluTanh, /*zeroBelow=*/-8.6825f);
}

TEST_F(VectorMath, FunctionsOfDecay) {
  struct Bounded {
    NamedFunction function;
    Reference reference;
    double ulp;
    float atMinusInfinity, atInfinity;
  };
  std::vector<float> x = floats();
  for (const Bounded &bounded :
       {Bounded{{"sigmoid", emitSigmoid}, sigmoid, 3, 0, 1},
        {{"silu", emitSilu}, silu, 3, 0, kInfinity},
        {{"quickGelu", emitQuickGelu}, quickGelu, 3, 0, kInfinity},
        {{"mish", emitMish}, mish, 5, 0, kInfinity}}) {
    SCOPED_TRACE(bounded.function.name);
    EmitFunction emit = bounded.function.emit;
    Errors errors = compare(x, run(emit, x), bounded.reference, everywhere);
    EXPECT_LE(errors.ulp, bounded.ulp);
    EXPECT_EQ(
        apply(emit, {-kInfinity, kInfinity}),
        std::vector<float>({bounded.atMinusInfinity, bounded.atInfinity}));
  }
}

TEST_F(VectorMath, Rectifiers) {
  std::vector<float> x = floats();
  std::vector<float> relu = run(emitRelu, x), squared = run(emitReluSquared, x);
  std::vector<float> leaky = run(emitLeakyRelu, x);
  for (auto [argument, a, b, c] : llvm::zip_equal(x, relu, squared, leaky)) {
    float positive = std::max(argument, 0.0f);
    ASSERT_EQ(a, positive);
    ASSERT_EQ(b, positive * positive);
    ASSERT_EQ(c, argument < 0 ? argument * 0.01f : argument);
  }
}

TEST_F(VectorMath, WithoutFma) {
  fma = false;
  struct Bounded {
    NamedFunction function;
    Reference reference;
    float least, most;
    double ulp, scaled;
  };
  for (const Bounded &bounded : {
           Bounded{{"exp2", emitExp2}, std::exp2, -126, 128, 1.1, HUGE_VAL},
           {{"exp", emitExp}, std::exp, -87, 89, 50, HUGE_VAL},
           {{"exp2NonPositive", emitExp2NonPositive},
            std::exp2,
            -126,
            0,
            2.0,
            HUGE_VAL},
           {{"log", emitLog}, std::log, 0x1p-126f, kInfinity, 2.0, HUGE_VAL},
           {{"erf", emitErf}, std::erf, -kInfinity, kInfinity, 3.0, 1e-7},
           {{"tanh", emitTanh}, std::tanh, -kInfinity, kInfinity, 3.5, 2e-7},
           {{"geluErf", emitGeluErf},
            geluErf,
            -kInfinity,
            kInfinity,
            HUGE_VAL,
            1.3e-7},
           {{"geluTanh", emitGeluTanh},
            geluTanh,
            -kInfinity,
            kInfinity,
            HUGE_VAL,
            1.3e-7},
           {{"sigmoid", emitSigmoid}, sigmoid, -87, kInfinity, 50, 2e-7},
           {{"silu", emitSilu}, silu, -87, kInfinity, 50, 2e-7},
           {{"quickGelu", emitQuickGelu}, quickGelu, -51, kInfinity, 50, 2e-7},
           {{"mish", emitMish}, mish, -87, kInfinity, 50, 3e-7},
       }) {
    SCOPED_TRACE(bounded.function.name);
    std::vector<float> x = floats();
    Errors errors = compare(
        x, run(bounded.function.emit, x), bounded.reference,
        [&](float x) { return x >= bounded.least && x <= bounded.most; });
    EXPECT_LE(errors.ulp, bounded.ulp);
    EXPECT_LE(errors.scaled, bounded.scaled);
  }
}

TEST_F(VectorMath, NaNPropagates) {
  // Quiet and signalling, of both signs, with payloads that reach the bits
  // that become an exponent.
  std::vector<float> x;
  for (uint32_t sign : {0u, 0x80000000u})
    for (uint32_t bits : {0x7fc00000u, 0x7fc00001u, 0x7fc000ffu, 0x7fc00181u,
                          0x7fffffffu, 0x7fabcdefu, 0x7f800001u, 0x7f800081u})
      x.push_back(fromBits(sign | bits));
  for (const NamedFunction &function : kFunctions)
    for (float result : run(function.emit, x))
      EXPECT_TRUE(std::isnan(result)) << function.name;
}

//===----------------------------------------------------------------------===//
// Shapes and targets
//===----------------------------------------------------------------------===//

TEST_F(VectorMath, EveryShapeGivesTheSameBits) {
  std::vector<float> x = floats(/*stride=*/1000003);
  const SmallVector<int64_t> shapes[] = {{}, {2, 8}, {4, 2, 2}};
  for (const NamedFunction &function : kFunctions) {
    std::vector<float> expected = run(function.emit, x);
    for (ArrayRef<int64_t> shape : shapes) {
      std::vector<float> results = run(function.emit, shape, x);
      for (auto [result, value] : llvm::zip_equal(results, expected))
        ASSERT_EQ(toBits(result), toBits(value)) << function.name;
    }
  }
}

TEST_F(VectorMath, ObjectsCallNothing) {
  struct Target {
    const char *triple;
    const char *cpu;
    bool fma;
  };
  for (Target target : {Target{"x86_64-unknown-linux-gnu", "x86-64", false},
                        Target{"x86_64-unknown-linux-gnu", "x86-64-v2", false},
                        Target{"x86_64-unknown-linux-gnu", "x86-64-v3", true},
                        Target{"x86_64-unknown-linux-gnu", "x86-64-v4", true},
                        Target{"aarch64-unknown-linux-gnu", "generic", true}}) {
    SCOPED_TRACE(target.cpu);
    fma = target.fma;
    llvm::Triple triple(target.triple);
    std::string error;
    const llvm::Target *found =
        llvm::TargetRegistry::lookupTarget(triple, error);
    ASSERT_NE(found, nullptr) << error;
    std::unique_ptr<llvm::TargetMachine> machine(
        found->createTargetMachine(triple, target.cpu, /*Features=*/"",
                                   llvm::TargetOptions(), llvm::Reloc::PIC_));

    OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
    for (const NamedFunction &function : kFunctions) {
      std::string name = function.name;
      addFunction(*module, name + "Scalar", function.emit, {});
      addFunction(*module, name + "Vector", function.emit, {kStep});
    }
    ASSERT_TRUE(succeeded(lower(*module)));
    llvm::LLVMContext llvmContext;
    std::unique_ptr<llvm::Module> llvmModule =
        translateModuleToLLVMIR(*module, llvmContext);
    ASSERT_NE(llvmModule, nullptr);
    llvmModule->setTargetTriple(triple);
    llvmModule->setDataLayout(machine->createDataLayout());
    ASSERT_FALSE(static_cast<bool>(
        makeOptimizingTransformer(3, 0, machine.get())(llvmModule.get())));

    SmallVector<char> bytes;
    llvm::raw_svector_ostream stream(bytes);
    llvm::legacy::PassManager codegen;
    ASSERT_FALSE(machine->addPassesToEmitFile(
        codegen, stream, nullptr, llvm::CodeGenFileType::ObjectFile));
    codegen.run(*llvmModule);
    llvm::SmallVectorMemoryBuffer buffer(std::move(bytes));
    llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> object =
        llvm::object::ObjectFile::createObjectFile(buffer.getMemBufferRef());
    ASSERT_TRUE(static_cast<bool>(object));
    for (const llvm::object::SymbolRef &symbol : (*object)->symbols()) {
      uint32_t flags = llvm::cantFail(symbol.getFlags());
      EXPECT_FALSE(flags & llvm::object::SymbolRef::SF_Undefined)
          << llvm::cantFail(symbol.getName()).str();
    }
  }
}
