#pragma once

// The museum: mistakes that systems were shipped with, planted one at a time, and what each
// breaks. tests/protocols/museum_test.cpp shows that each is found and that a few operations are
// enough to show it.

#include <functional>
#include <string>

#include "models/consistency/shrink.hpp"
#include "models/store/bugs.hpp"
#include "tests/protocols/fuzz.hpp"

namespace headroom::test_museum {

using namespace test_cluster;
using consistency::Guarantee;
using consistency::Holds;

inline const consistency::Question question{consistency::Model::cas_register, no_value, {}};

enum class Promise {
  linearizable,
  coherent,  ///< Each key by itself is sequential.
  regular,   ///< No read is stale; two at once may see a write in progress in turn.
};

struct Exhibit {
  std::string name;
  std::string says;  ///< What is wrong, and who met it or told of it.
  /// With the mistake, or as it should be.
  std::function<DatabasePlan(std::uint64_t seed, bool planted)> plan;
  Promise promise = Promise::linearizable;
  Weather weather{};
  Manners manners = Manners::give_up;
  /// Whether the same without the mistake keeps the promise; else nothing in its place does.
  bool is_mended = true;
};

inline Guarantee guarantee_of(const Exhibit& exhibit) {
  return exhibit.promise == Promise::coherent ? Guarantee::coherent : Guarantee::linearizable;
}

/// Without the mistake: clients that give up, clocks that are right.
inline Weather as_it_should_be(Weather weather) {
  weather.cuts += weather.skews;
  weather.skews = 0;
  return weather;
}

struct Visit {
  bool is_broken = false;
  consistency::History history;
  consistency::Finding finding;
};
/// Seed 0 where nothing was found.
struct Discovery {
  std::uint64_t seed = 0;
  consistency::History history;
  consistency::Finding smallest;
};

/// One seed.
inline Visit visit(const Exhibit& exhibit, std::uint64_t seed, bool planted) {
  const Told told = run_through(exhibit.plan(seed, planted), seed,
                                planted ? exhibit.weather : as_it_should_be(exhibit.weather),
                                planted ? exhibit.manners : Manners::give_up);
  Visit made;
  made.history = checked_history(told.recorded);
  const bool is_regular = exhibit.promise == Promise::regular;
  if (is_regular && consistency::staleness(made.history).stale == 0) return made;
  made.finding = consistency::check(guarantee_of(exhibit), made.history, question);
  made.is_broken = is_regular || made.finding.holds == Holds::no;
  return made;
}

/// The first seed, up to `most`, that breaks the promise, and its counterexample.
inline Discovery discover(const Exhibit& exhibit, std::uint64_t most) {
  for (std::uint64_t seed = 1; seed <= most; ++seed) {
    Visit made = visit(exhibit, seed, true);
    if (!made.is_broken) continue;
    Discovery found{seed, std::move(made.history), {}};
    found.smallest =
        consistency::smallest(guarantee_of(exhibit), found.history, question, made.finding);
    return found;
  }
  return {};
}

/// How many of `seeds` seeds break it, as a campaign counts them.
inline std::uint64_t count_broken(std::uint64_t seeds,
                                  const std::function<bool(std::uint64_t)>& is_broken) {
  std::uint64_t broken = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    broken += is_broken(seed) ? 1 : 0;
  return broken;
}

}  // namespace headroom::test_museum
