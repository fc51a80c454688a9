//===- perceiver-run.cpp - Run a compiled model on tensors from files -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Comparison.h"
#include "lib/Loader/EmulatedDevice.h"
#include "lib/Loader/ModelRun.h"
#include "lib/Loader/ParseSizes.h"
#include "lib/Loader/WeightsFile.h"
#include "lib/Support/OutputFiles.h"
#include "lib/Support/StandardFiles.h"
#include "lib/TensorFile/NearestName.h"
#include "lib/TensorFile/TensorFile.h"
#include "tools/CommandLine/ParseCommandLine.h"

#include "CLI/CLI.hpp"

#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <new>
#include <unistd.h>

using namespace perceiver;

namespace {
struct Options {
  RunOptions run;
  std::vector<std::string> inputs;
  std::vector<std::string> sizes;
  std::string output;
  std::string golden;
  double tolerance = 1e-5;
  std::string device;
  std::string emulatorWords;
  bool bench = false;
  BenchmarkOptions rounds;
};
} // namespace

static void addOptions(CLI::App &app, Options &options) {
  app.add_option("model", options.run.model, "The compiled model (.so)")
      ->option_text("FILE")
      ->required();
  app.add_option("--input", options.inputs,
                 "File with inputs by name (.safetensors, .npz or .npy); may "
                 "be given several times")
      ->option_text("FILE")
      ->allow_extra_args(false);
  app.add_option("--size", options.sizes,
                 "A size that no input determines, as first=1000; may be given "
                 "several times")
      ->option_text("NAME=N")
      ->allow_extra_args(false);
  app.add_option("--output", options.output,
                 "File to write the outputs to (.safetensors, .npz or .npy)")
      ->option_text("FILE");
  app.add_option("--entry", options.run.entry,
                 "The entry point to run (default: run)")
      ->option_text("NAME");
  app.add_option("--weights", options.run.weights,
                 "The weights file, if it is not beside the model")
      ->option_text("FILE");
  app.add_option("--threads", options.run.threads,
                 "Threads; 0, the default: one per processor")
      ->option_text("N")
      ->check(CLI::Range(0, 4096));
  app.add_option("--device", options.device,
                 "Where a model runs: cpu, cuda, cuda:N or emulated (a CUDA "
                 "device on the CPU, which checks every access); default: "
                 "what the file is for")
      ->option_text("NAME");
  app.add_flag("--sync-launches", options.run.placement.synchronizeLaunches,
               "On a device: wait for each launch, so that a fault names its "
               "kernel");
  app.add_flag("--separate-buffers", options.run.placement.separateBuffers,
               "On a device: let no two buffers share memory");
  app.add_option("--emulator", options.emulatorWords,
                 "With --device=emulated: words such as \"seed=3 threads=1\" "
                 "(lib/Emulator/perceiver_cuda_emulator.h)")
      ->option_text("WORDS");
  CLI::Option *bench = app.add_flag("--bench", options.bench,
                                    "Time the entry; print one JSON object");
  app.add_option("--rounds", options.rounds.rounds,
                 "With --bench: rounds to time (default: 100, fewer after 5 "
                 "seconds)")
      ->option_text("N")
      ->check(CLI::Range(1, 1000000))
      ->needs(bench);
  app.add_option("--warmup", options.rounds.warmup,
                 "With --bench: rounds to run before that")
      ->option_text("N=2")
      ->check(CLI::Range(0, 1000000))
      ->needs(bench);
  CLI::Option *verify =
      app.add_option("--verify", options.golden,
                     "File with expected outputs; exit 1 if one is further off "
                     "than the tolerance, or, where the file has NAME.f64 "
                     "beside NAME, if an element is further from the former "
                     "than ten times the latter is, and than the number "
                     "NAME.tolerance more, if the file has that, too")
          ->option_text("FILE");
  app.add_option("--tolerance", options.tolerance,
                 "With --verify: largest relative L2 distance of a batch row")
      ->option_text("X=1e-05")
      ->check(CLI::NonNegativeNumber)
      ->needs(verify);
  app.add_flag(
      "--poison-outputs", options.run.binding.poisonOutputs,
      "Fill outputs with NaN before the run, as --verify does, so that "
      "it shows what a model leaves unwritten");
  app.set_help_flag("-h,--help", "Print this help");
}

/// Everything that a run reads.
static std::vector<std::string> getInputFiles(const Options &options) {
  std::vector<std::string> files = options.inputs;
  files.insert(files.end(), {options.run.model, options.golden,
                             options.run.weights.empty()
                                 ? pathBeside(options.run.model, "weights")
                                 : options.run.weights});
  return files;
}

/// Print how far the outputs are off, of those above the tolerance the first
/// few; fail if there is one.
static Status verify(const Options &options,
                     const std::vector<TensorView> &outputs,
                     const TensorSet &golden, const TensorSet &inputs) {
  Result<std::vector<Difference>> differences =
      compareOutputs(outputs, golden, inputs);
  if (!differences) {
    Error error = differences.error();
    error.file = options.golden;
    return error;
  }
  std::string bad;
  size_t badCount = 0;
  for (const Difference &difference : *differences) {
    if (!difference.isWithin(options.tolerance)) {
      if (++badCount > kMostListed)
        continue;
      bad += (bad.empty() ? "" : ", ") + difference.failure();
    }
    // With --bench, standard output is one JSON object.
    std::fprintf(options.bench ? stderr : stdout, "%s\n",
                 difference.str().c_str());
  }
  if (badCount == 0)
    return success();
  if (badCount > kMostListed)
    bad += " and " + std::to_string(badCount - kMostListed) + " more";
  return Error{"further off than the tolerance: " + bad};
}

/// Open the emulated device, if that is what the model runs on.
static Result<std::optional<EmulatedDevice>>
openEmulator(const Options &options) {
  std::optional<EmulatedDevice> none;
  const std::optional<Device> &device = options.run.placement.device;
  if (!device || device->kind != Device::Kind::Emulated) {
    if (!options.emulatorWords.empty())
      return Error{"--emulator: expected --device=emulated beside it"};
    return none;
  }
  std::error_code error;
  std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe", error);
  Result<EmulatedDevice> emulator =
      EmulatedDevice::open(program.parent_path().string());
  if (!emulator)
    return emulator.error();
  if (!options.emulatorWords.empty())
    if (Status status = emulator->configure(options.emulatorWords); !status)
      return Error{"--emulator: " + status.error().message};
  return std::optional<EmulatedDevice>(std::move(*emulator));
}

/// Print what the emulated device noticed; fail if there is anything. That
/// there is nothing is said of a model that has run.
static Status reportFindings(const EmulatedDevice &emulator, bool hasRun) {
  Findings findings = emulator.takeFindings();
  std::fputs(findings.lines.c_str(), stderr);
  if (findings.count == 0) {
    if (hasRun)
      std::fputs("0 findings\n", stderr);
    return success();
  }
  return Error{"the emulated device has " + std::to_string(findings.count) +
               (findings.count == 1 ? " finding" : " findings")};
}

static Status runTool(Options &options) {
  if (options.output.empty() && options.golden.empty() && !options.bench)
    return Error{"nothing to do: give --output, --verify or --bench"};
  if (std::isnan(options.tolerance))
    return Error{"--tolerance: expected a number, but got NaN"};
  if (Status apart = verifyOutput(options.output, getInputFiles(options));
      !apart)
    return apart;
  if (!options.output.empty())
    if (Status writable = verifyWritable(options.output); !writable)
      return writable;
  TensorSet inputs;
  for (const std::string &path : options.inputs) {
    Result<TensorSet> file = readTensors(path);
    if (!file)
      return file.error();
    if (Status merged = inputs.merge(*file, path); !merged)
      return merged;
  }
  Result<TensorSet> golden =
      options.golden.empty() ? TensorSet() : readTensors(options.golden);
  if (!golden)
    return golden.error();
  RunOptions &run = options.run;
  Result<SizeValues> sizes = parseSizes(options.sizes);
  if (!sizes)
    return sizes.error();
  run.binding.sizes = std::move(*sizes);
  run.binding.poisonOutputs |= !options.golden.empty();
  if (options.bench)
    run.benchmark = options.rounds;
  run.placement.withoutDriver =
      "; --device=emulated runs it on an emulated device";
  if (!options.device.empty()) {
    Result<Device> device = parseDevice(options.device);
    if (!device)
      return Error{"--device: " + device.error().message};
    run.placement.device = *device;
  }
  Result<std::optional<EmulatedDevice>> emulator = openEmulator(options);
  if (!emulator)
    return emulator.error();
  if (*emulator)
    run.placement.driver = (*emulator)->path();
  Result<RunOutcome> outcome = runModel(run, inputs);
  // Also after an error, which they may explain.
  Status sound = success();
  if (*emulator)
    sound = reportFindings(**emulator, /*hasRun=*/static_cast<bool>(outcome));
  if (!outcome)
    return outcome.error();
  const std::vector<TensorView> &outputs = outcome->binding.outputs;
  if (!options.output.empty())
    if (Status written = writeTensors(options.output, outputs); !written)
      return written;
  if (options.bench)
    std::printf("%s\n", outcome->report.c_str());
  if (!options.golden.empty())
    if (Status verified = verify(options, outputs, *golden, inputs); !verified)
      return verified;
  if (!sound)
    return sound;
  if (std::fflush(stdout) != 0)
    return Error{"cannot write to standard output"};
  return success();
}

/// Files are mapped: the part that somebody cuts off meanwhile is no memory.
static void onBusError(int) {
  static const char text[] =
      "perceiver-run: error: a file was cut short while it was read\n";
  (void)!::write(STDERR_FILENO, text, sizeof(text) - 1);
  ::_exit(1);
}

int main(int argc, char **argv) {
  StandardFiles standardFiles;
  std::signal(SIGBUS, onBusError);
  CLI::App app("Run an entry of a compiled model.", "perceiver-run");
  Options options;
  addOptions(app, options);
  if (std::optional<int> code = parseCommandLine(app, wordsOf(argc, argv)))
    return *code;
  Status status = success();
  try {
    status = runTool(options);
  } catch (const std::bad_alloc &) {
    status = Error{"not enough memory"};
  }
  if (status)
    return 0;
  std::fprintf(stderr, "perceiver-run: error: %s\n",
               status.error().str().c_str());
  return 1;
}
