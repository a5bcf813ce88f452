#pragma once

#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace headroom {

/// Visits every member of a plain struct, in their order, whoever added them: what is written and
/// read this way cannot miss one.

namespace members {

template <typename T>
inline constexpr bool is_optional = false;
template <typename T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// Stands for a value of any member. An optional makes itself from the value it holds.
struct Anything {
  template <typename T>
  requires(!is_optional<T>) operator T() const;
};

template <typename T, std::size_t... I>
constexpr bool made_of(std::index_sequence<I...>) {
  return requires {
    T{(static_cast<void>(I), Anything{})...};
  };
}

constexpr std::size_t most = 40;

template <typename T, std::size_t N = most>
constexpr std::size_t count() {
  if constexpr (N == 0 || made_of<T>(std::make_index_sequence<N>()))
    return N;
  else
    return count<T, N - 1>();
}

}  // namespace members

// clang-format off
#define HEADROOM_MEMBERS(n, ...) \
  else if constexpr (count == n) { auto& [__VA_ARGS__] = object; visit_all(__VA_ARGS__); }

/// Calls `visit` with each member of `object`; a struct without constructors and with at most as
/// many members as below.
template <typename T, typename Visit>
void for_each_member(T& object, Visit visit) {
  constexpr std::size_t count = members::count<std::remove_const_t<T>>();
  const auto visit_all = [&](auto&... each) { (visit(each), ...); };
  if constexpr (count == 0) { static_assert(count > 0, "no members that could be counted"); }
  HEADROOM_MEMBERS(1, a)
  HEADROOM_MEMBERS(2, a, b)
  HEADROOM_MEMBERS(3, a, b, c)
  HEADROOM_MEMBERS(4, a, b, c, d)
  HEADROOM_MEMBERS(5, a, b, c, d, e)
  HEADROOM_MEMBERS(6, a, b, c, d, e, f)
  HEADROOM_MEMBERS(7, a, b, c, d, e, f, g)
  HEADROOM_MEMBERS(8, a, b, c, d, e, f, g, h)
  HEADROOM_MEMBERS(9, a, b, c, d, e, f, g, h, i)
  HEADROOM_MEMBERS(10, a, b, c, d, e, f, g, h, i, j)
  HEADROOM_MEMBERS(11, a, b, c, d, e, f, g, h, i, j, k)
  HEADROOM_MEMBERS(12, a, b, c, d, e, f, g, h, i, j, k, l)
  HEADROOM_MEMBERS(13, a, b, c, d, e, f, g, h, i, j, k, l, m)
  HEADROOM_MEMBERS(14, a, b, c, d, e, f, g, h, i, j, k, l, m, n)
  HEADROOM_MEMBERS(15, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
  HEADROOM_MEMBERS(16, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
  HEADROOM_MEMBERS(17, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)
  HEADROOM_MEMBERS(18, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)
  HEADROOM_MEMBERS(19, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s)
  HEADROOM_MEMBERS(20, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)
  HEADROOM_MEMBERS(21, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u)
  HEADROOM_MEMBERS(22, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v)
  HEADROOM_MEMBERS(23, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w)
  HEADROOM_MEMBERS(24, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x)
  HEADROOM_MEMBERS(25, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y)
  HEADROOM_MEMBERS(26, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z)
  HEADROOM_MEMBERS(27, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa)
  HEADROOM_MEMBERS(28, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb)
  HEADROOM_MEMBERS(29, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc)
  HEADROOM_MEMBERS(30, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd)
  HEADROOM_MEMBERS(31, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee)
  HEADROOM_MEMBERS(32, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff)
  HEADROOM_MEMBERS(33, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff, gg)
  HEADROOM_MEMBERS(34, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff, gg, hh)
  HEADROOM_MEMBERS(35, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff, gg, hh, ii)
  HEADROOM_MEMBERS(36, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff, gg, hh, ii, jj)
  HEADROOM_MEMBERS(37, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk)
  HEADROOM_MEMBERS(38, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll)
  HEADROOM_MEMBERS(39, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll, mm)
  HEADROOM_MEMBERS(40, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
    y, z, aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll, mm, nn)
  else { static_assert(count == 0, "more members than for_each_member knows"); }
}
#undef HEADROOM_MEMBERS
// clang-format on

}  // namespace headroom
