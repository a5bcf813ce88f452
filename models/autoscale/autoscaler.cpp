#include "models/autoscale/autoscaler.hpp"

#include <algorithm>
#include <utility>

#include "models/draw.hpp"

namespace headroom {

namespace {

// Chosen: short against the times in which an instance finishes what it has.
constexpr sim::Duration between_looks_at_leaving = sim::Duration::ms(100);

}  // namespace

Autoscaler::Autoscaler(sim::Simulation& simulation, const AutoscalePlan& plan, std::string name,
                       Scalable& pool, const Measurement& measurement, EventLog* log)
    : simulation_(simulation),
      plan_(plan),
      name_(std::move(name)),
      pool_(pool),
      measurement_(measurement),
      log_(log),
      min_(plan.min),
      max_(plan.max),
      stabilization_(plan.scale_down_stabilization),
      startups_(simulation.seed(), simulation.replication(), name_ + "/startup"),
      members_(pool.members().size()),
      there_(measurement.windows) {
  if (plan.behavior) behavior_.emplace(*plan.behavior);
  std::uint32_t there = 0;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i].seen.resize(pool.machines());
    if (pool.members().standing(i) == Standing::absent) continue;
    members_[i].stage = Stage::serving;
    ++there;
  }
  there_.set(simulation.now(), there);
}

void Autoscaler::start() {
  stabilization_.begin(simulation_.now(), current());
  if (behavior_) behavior_->begin(simulation_.now(), current());
  simulation_.spawn(look_again_and_again());
  if (!plan_.scheduled.empty()) simulation_.spawn(follow_schedule());
}

void Autoscaler::start_measuring() {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    for (std::size_t machine = 0; machine < pool_.machines(); ++machine) {
      const BusyArea now = pool_.used(i * pool_.machines() + machine);
      BusyArea& seen = members_[i].seen[machine];
      seen.busy -= now.busy;  // what is used counts from 0 again
      seen.available -= now.available;
    }
  }
  starting_.restart(simulation_.now());
  ups_ = downs_ = 0;
}

void Autoscaler::add_to(ServiceResult& result) const {
  result.instance_area +=
      starting_.area(simulation_.now()) * static_cast<__int128>(pool_.machines());
  result.instance_series.push_back(there_);
  result.instance_series.back().finish(simulation_.now());
  result.counts.emplace_back("scale_ups", static_cast<double>(ups_));
  result.counts.emplace_back("scale_downs", static_cast<double>(downs_));
}

sim::Task<> Autoscaler::look_again_and_again() {
  for (;;) {
    co_await simulation_.delay(plan_.interval);
    look();
  }
}

sim::Task<> Autoscaler::follow_schedule() {
  for (const ScheduledScale& change : plan_.scheduled) {
    co_await simulation_.delay(measurement_.start + change.at - simulation_.now());
    min_ = change.min.value_or(min_);
    max_ = change.max.value_or(max_);
    if (pool_.is_settled()) scale_to(std::clamp(current(), min_, max_), "schedule", 0);
  }
}

void Autoscaler::look() {
  const PoolState state = measured_state();
  if (!pool_.is_settled()) return;
  const bool by_queue = plan_.target_queue.has_value();
  const double target = by_queue ? *plan_.target_queue : plan_.target_utilization->value;
  std::uint32_t wanted = steady(state.current, recommended(state, target, plan_.tolerance.value));
  if (simulation_.now() < may_change_) return;
  if (behavior_) wanted = behavior_->limited(simulation_.now(), state.current, wanted);
  scale_to(std::clamp(wanted, min_, max_), by_queue ? "queue" : "utilization", state.measured);
}

std::uint32_t Autoscaler::steady(std::uint32_t there, std::uint32_t wanted) {
  return behavior_ ? behavior_->steady(simulation_.now(), there, wanted)
                   : stabilization_.steady(simulation_.now(), there, wanted);
}

PoolState Autoscaler::measured_state() {
  PoolState state;
  state.current = current();
  double busy = 0, available = 0, waiting = 0;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    if (member.stage == Stage::absent || member.stage == Stage::starting) continue;
    const BusyArea used = used_since_seen(i);
    if (member.stage != Stage::serving || !pool_.is_up(i)) continue;
    ++state.ready;
    busy += static_cast<double>(used.busy);
    available += static_cast<double>(used.available);
    waiting += pool_.waiting(i);
  }
  if (plan_.target_queue) {
    state.measured = state.ready > 0 ? waiting / state.ready : 0;
  } else {
    state.measured = available > 0 ? busy / available : 0;
  }
  return state;
}

/// Of its busiest machine.
BusyArea Autoscaler::used_since_seen(std::size_t index) {
  BusyArea most;
  double most_busy = -1;
  for (std::size_t machine = 0; machine < pool_.machines(); ++machine) {
    const BusyArea now = pool_.used(index * pool_.machines() + machine);
    const BusyArea before = std::exchange(members_[index].seen[machine], now);
    const BusyArea used{now.busy - before.busy, now.available - before.available};
    const double busy = used.available > 0
                            ? static_cast<double>(used.busy) / static_cast<double>(used.available)
                            : 0;
    if (busy <= most_busy) continue;
    most_busy = busy;
    most = used;
  }
  return most;
}

std::uint32_t Autoscaler::current() const {
  return static_cast<std::uint32_t>(
      std::count_if(members_.begin(), members_.end(), [](const Member& member) {
        return member.stage == Stage::starting || member.stage == Stage::serving;
      }));
}

void Autoscaler::scale_to(std::uint32_t wanted, const char* why, double measured) {
  const std::uint32_t before = current();
  if (wanted == before) return;
  const bool up = wanted > before;
  if (up) {
    grow(wanted - before);
  } else {
    shrink(before - wanted);
  }
  const std::uint32_t now = current();
  if (now == before) return;  // all that could start are still leaving
  ++(up ? ups_ : downs_);
  if (behavior_) behavior_->scaled(simulation_.now(), before, now);
  may_change_ = simulation_.now() + plan_.cooldown;
  if (log_ == nullptr) return;
  std::vector<std::pair<std::string, LoggedEvent::Value>> details{
      {"from", static_cast<double>(before)},
      {"to", static_cast<double>(now)},
      {"by", std::string(why)}};
  if (why != std::string("schedule")) details.emplace_back("measured", measured);
  log_->note(up ? "scaled up" : "scaled down", name_, std::move(details));
}

void Autoscaler::grow(std::uint32_t by) {
  for (std::size_t i = 0; i < members_.size() && by > 0; ++i) {
    if (members_[i].stage != Stage::absent) continue;
    set_stage(i, Stage::starting);
    simulation_.spawn(begin(i, members_[i].turn));
    --by;
  }
}

void Autoscaler::shrink(std::uint32_t by) {
  for (; by > 0; --by) {
    const std::size_t unready = last_in(Stage::starting);
    if (unready < members_.size()) {
      set_stage(unready, Stage::absent);
      continue;
    }
    const std::size_t last = last_in(Stage::serving);
    if (last == members_.size()) return;
    set_stage(last, Stage::leaving);
    pool_.members().begin_drain(last);
    simulation_.spawn(leave(last, members_[last].turn));
  }
}

std::size_t Autoscaler::last_in(Stage stage) const {
  for (std::size_t i = members_.size(); i-- > 0;) {
    if (members_[i].stage == stage) return i;
  }
  return members_.size();
}

sim::Task<> Autoscaler::begin(std::size_t index, std::uint64_t turn) {
  const sim::Duration startup = draw_duration(plan_.startup, startups_);
  co_await simulation_.delay(startup);
  if (members_[index].turn != turn) co_return;  // called off meanwhile
  set_stage(index, Stage::serving);
  pool_.set_present(index, true);
  used_since_seen(index);
  pool_.members().set_present(index, true);
}

sim::Task<> Autoscaler::leave(std::size_t index, std::uint64_t turn) {
  const sim::Time cut_off = simulation_.now() + plan_.drain;
  while (!pool_.is_idle(index)) {
    sim::Duration wait = between_looks_at_leaving;
    if (pool_.can_be_cut_off()) wait = std::min(wait, cut_off - simulation_.now());
    if (wait == sim::Duration()) break;
    co_await simulation_.delay(wait);
  }
  HEADROOM_CHECK_IN(simulation_, members_[index].turn == turn);
  pool_.members().set_present(index, false);
  pool_.members().end_drain(index);
  pool_.set_present(index, false);
  set_stage(index, Stage::absent);
}

void Autoscaler::set_stage(std::size_t index, Stage stage) {
  Member& member = members_[index];
  const sim::Time now = simulation_.now();
  if (member.stage == Stage::starting) starting_.add(now, -1);
  if (stage == Stage::starting) starting_.add(now, 1);
  if (member.stage == Stage::absent) there_.add(now, 1);
  if (stage == Stage::absent) there_.add(now, -1);
  member.stage = stage;
  ++member.turn;
}

}  // namespace headroom
