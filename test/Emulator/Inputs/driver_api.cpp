// Compares declarations of the CUDA driver's functions with cuda.h: what is
// callable with the one is callable with the other. Compiled by
// driver-api.test, with a copy of a header in which functions have no C
// linkage, so that they can stand beside those of cuda.h: `driver_api.inc`.
// `functions.inc` has FUNCTION(name), or PARAMETERS(name, (parameters)), for
// each of them, `constants.inc` CONSTANT(name).

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <type_traits>

// Functions keep the names under which drivers export them.
#define __CUDA_API_VERSION_INTERNAL
#include <cuda.h>

namespace ours {
#include "driver_api.inc"
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

template <typename Theirs, typename Ours>
constexpr bool isCallableAs =
    std::is_same_v<typename Passed<Theirs>::Type, typename Passed<Ours>::Type>;

#define PARAMETERS(name, parameters)                                           \
  static_assert(isCallableAs<decltype(::name), CUresult parameters>, #name);
#define FUNCTION(name)                                                         \
  static_assert(isCallableAs<decltype(::name), decltype(ours::name)>, #name);
#define CONSTANT(name) static_assert(int(::name) == int(ours::name), #name);

namespace ours {
#include "constants.inc"
#include "functions.inc"
} // namespace ours
