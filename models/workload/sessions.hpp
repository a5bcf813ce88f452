#pragma once

#include <cstdint>
#include <vector>

#include "models/draw.hpp"
#include "models/session.hpp"
#include "models/workload/plan.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// Which session each request of an open workload is of: any of those that go on, with equal
/// chances. A session begins with its first request and ends after its length; the next request in
/// its place begins another one. Memory is 16 bytes for each place.
class Sessions {
 public:
  /// `plan` outlives it.
  Sessions(const SessionsPlan& plan, std::uint64_t key)
      : plan_(plan), key_(sim::mix(key, sim::hash_name("sessions"))), places_(plan.count) {}

  std::uint32_t of(std::uint64_t draw_key, sim::Time now) {
    sim::Keyed bits(sim::mix(draw_key, key_));
    const auto place = static_cast<std::uint32_t>(bits.uniform() * plan_.count);
    Place& session = places_[place];
    if (now >= session.ends) {
      sim::Keyed lengths(sim::mix(sim::mix(key_, place), ++session.generation));
      session.ends =
          plan_.length ? now + draw_duration(*plan_.length, lengths) : sim::Time::never();
    }
    return session_of(place, session.generation);
  }

 private:
  struct Place {
    sim::Time ends;  ///< At the start: now, so that the first request begins one.
    std::uint32_t generation = 0;
  };

  const SessionsPlan& plan_;
  std::uint64_t key_;
  std::vector<Place> places_;
};

}  // namespace headroom
