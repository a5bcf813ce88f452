#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/member_change_result.hpp"
#include "models/store/copy_routes.hpp"
#include "models/store/log/group.hpp"
#include "sim/kernel/poll.hpp"

namespace headroom {

/// Who changes the copies of a database as planned: starts new ones, tells whoever leads what the
/// members shall be until that is committed, and stops those that are no more. Callers do not ask a
/// copy that is about to be removed, and know a new one when it is a member.
///
/// Departs from reality: it never fails, its orders take no time, and it knows who leads.
class MemberChanges {
 public:
  /// All of it outlives this.
  MemberChanges(sim::Simulation& simulation, const DatabasePlan& plan,
                std::span<const std::unique_ptr<LogGroup>> groups, KnownCopies& known);

  sim::Simulation& simulation() const { return simulation_; }
  /// Once; changes come so long after `measuring_starts`.
  void start(sim::Time measuring_starts);
  std::vector<MemberChangeResult> results() const;

 private:
  sim::Task<> run(sim::Time measuring_starts);
  sim::Task<> change(std::size_t number, std::uint32_t shard, std::uint32_t first,
                     sim::Ballot ballot);
  sim::Task<> stop(std::uint32_t shard, std::uint32_t copy, sim::Duration later);
  sim::Task<> replace_empty(LogGroup* group, std::uint32_t copy);
  double bytes_sent() const;
  std::uint64_t resends() const;

  sim::Simulation& simulation_;
  const DatabasePlan& plan_;
  std::span<const std::unique_ptr<LogGroup>> groups_;
  KnownCopies& known_;
  std::vector<MemberChangeResult> results_;
};

}  // namespace headroom
