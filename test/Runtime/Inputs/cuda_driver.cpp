// Compares lib/Runtime/cuda_driver.h, of which `cuda_driver.inc` is a copy,
// with cuda.h. `constants.inc` has a line for each constant.

#include "lib/Runtime/perceiver_abi.h"
#include <type_traits>

// Functions keep the names under which drivers export them.
#define __CUDA_API_VERSION_INTERNAL
#include <cuda.h>

namespace ours {
#include "cuda_driver.inc"
#define FUNCTION(name, parameters) using name##Type = CUresult parameters;
PERCEIVER_CUDA_FUNCTIONS(FUNCTION)
#undef FUNCTION
} // namespace ours

/// A type as a caller passes it: an enumeration is an integer.
template <typename T, bool isEnum = std::is_enum_v<T>>
struct Passed {
  using Type = T;
};
template <typename T>
struct Passed<T, true> {
  static_assert(sizeof(T) == sizeof(int));
  using Type = int;
};
template <typename T>
struct Passed<T *, false> {
  using Type = typename Passed<T>::Type *;
};
template <typename R, typename... A>
struct Passed<R(A...), false> {
  using Type = typename Passed<R>::Type(typename Passed<A>::Type...);
};

#define FUNCTION(name, parameters)                                             \
  static_assert(std::is_same_v<Passed<decltype(::name)>::Type,                 \
                               Passed<ours::name##Type>::Type>,                \
                #name);
PERCEIVER_CUDA_FUNCTIONS(FUNCTION)
#define CONSTANT(name) static_assert(int(::name) == int(ours::name), #name);
#include "constants.inc"
