#include "models/instance.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/never.hpp"

namespace headroom {

std::string Instance::name_of(const Station& station, std::uint32_t index) {
  return station.name() + "[" + std::to_string(index) + "]";
}

Instance::Instance(sim::Simulation& simulation, Station& station, std::uint32_t index,
                   std::uint16_t zone, const Life& life)
    : Endpoint(simulation),
      station_(station),
      chance_(simulation.seed(), simulation.replication(), name_of(station, index) + "/chance"),
      slots_(simulation, life.concurrency.count, life.order, &chance_),
      life_(life),
      index_(index),
      zone_(zone),
      up_time_(simulation.now(), 1),
      scope_(simulation) {}

sim::Task<Reply> Instance::turn_away() {
  Visit(station_).drop(DropCause::killed);
  return refuse();
}

/// What a caller meets where nobody serves: a connection that is reset, or silence.
sim::Task<Reply> Instance::refuse() {
  const bool resets = life_.crash == Crash::reset;
  if (!resets) co_await sim::Never();
  co_await simulation_.delay(sim::Duration());
  co_return Reply::failed(DropCause::killed);
}

sim::Task<bool> Instance::probe(std::uint16_t) {
  // A paused instance accepts the connection and says nothing; a silent crash does not even that.
  if (up_ && !paused()) co_return true;
  const bool refuses = !up_ && life_.crash == Crash::reset;
  if (!refuses) co_await simulation_.delay(sim::Duration::forever());
  co_return false;
}

sim::Task<sim::Lease> Instance::wait_for_slot(Request request, Visit* visit, Limit queue_limit,
                                              Reply* answer) {
  if (slots_.waiting() >= queue_limit.count) {
    visit->drop(DropCause::queue_full);
    *answer = Reply::rejected(DropCause::queue_full);
    co_return sim::Lease();
  }
  visit->start_waiting();
  const sim::Time patience_ends = simulation_.now() + request.patience;
  const sim::Time gives_up = std::min(request.deadline, patience_ends);
  sim::Lease slot = co_await sim::before(gives_up, slots_.acquire());
  if (slot) co_return std::move(slot);
  const bool impatient = patience_ends <= request.deadline;
  visit->drop(impatient ? DropCause::patience : DropCause::deadline);
  *answer = impatient ? Reply::abandoned() : Reply::timed_out();
  co_return sim::Lease();
}

void Instance::set_present(bool is_present) {
  present_ = is_present;
  if (!is_present) return on_kill();
  if (!alive()) return;  // it starts when what killed it has ended
  come_up();
}

void Instance::come_up() {
  up_ = true;
  up_time_.set(simulation_.now(), 1);
  on_up();
  if (life_watcher_ != nullptr) life_watcher_->on_life(index_, true);
}

void Instance::on_kill() {
  up_ = false;
  ++lives_;
  up_time_.set(simulation_.now(), 0);
  scope_.close([this] { return refuse(); });
  if (life_watcher_ != nullptr) life_watcher_->on_life(index_, false);
}

void Instance::on_restart() {
  simulation_.spawn(restart(lives_));
}

sim::Task<> Instance::restart(std::uint64_t life) {
  if (life_.restart_time > sim::Duration()) co_await simulation_.delay(life_.restart_time);
  if (life != lives_ || !alive() || !present_) co_return;  // killed again meanwhile, or stopped
  come_up();
}

void Instance::start_measuring() {
  const sim::Time now = simulation_.now();
  arrivals_ = 0;
  busy_slots_.start_measuring(now);
  up_time_.restart(now);
}

ReplicaResult Instance::result() const {
  const sim::Time now = simulation_.now();
  HEADROOM_CHECK_IN(simulation_, busy_slots_.littles_law_holds(now));
  ReplicaResult result;
  result.arrivals = arrivals_;
  result.slots = {busy_slots_.area(now), available(life_.concurrency.count)};
  result.used = result.slots;
  return result;
}

__int128 Instance::available(std::int64_t units) const {
  return units == sim::Resource::unlimited ? 0 : up_area() * units;
}

}  // namespace headroom
