#pragma once

#include <utility>
#include <vector>

#include "models/endpoint.hpp"
#include "models/members.hpp"
#include "models/station.hpp"

namespace headroom {

/// Takes the instances that serve in turn, as a round-robin DNS name that is kept up to date does;
/// knows nothing of their health.
class MemberRotation final : public Endpoint {
 public:
  MemberRotation(sim::Simulation& simulation, std::vector<Endpoint*> targets,
                 const Members& members, Station& station)
      : Endpoint(simulation), targets_(std::move(targets)), members_(members), station_(station) {}

  sim::Task<Reply> call(Request request) override {
    const std::size_t taken = next();
    if (taken == targets_.size()) return refuse();
    next_ = taken + 1;
    return targets_[taken]->call(request);
  }
  /// Of the one whose turn is next; takes no turn.
  sim::Task<bool> probe(std::uint16_t zone) override {
    const std::size_t taken = next();
    return targets_[taken == targets_.size() ? 0 : taken]->probe(zone);
  }

 private:
  /// `size()` where nobody serves.
  std::size_t next() const {
    for (std::size_t step = 0; step < targets_.size(); ++step) {
      const std::size_t index = (next_ + step) % targets_.size();
      if (members_.standing(index) == Standing::serving) return index;
    }
    return targets_.size();
  }
  sim::Task<Reply> refuse() {
    Visit(station_).drop(DropCause::no_backend);
    co_await simulation_.delay(sim::Duration());
    co_return Reply::rejected(DropCause::no_backend);
  }

  std::vector<Endpoint*> targets_;
  const Members& members_;
  Station& station_;
  std::size_t next_ = 0;
};

}  // namespace headroom
