#include "models/fault/deploy.hpp"

#include <algorithm>
#include <span>

namespace headroom {

namespace {

// Chosen: short against the times in which instances stop and start.
constexpr sim::Duration between_looks = sim::Duration::ms(100);

using Batch = std::span<Faultable* const>;

bool all_idle(Batch batch) {
  return std::all_of(batch.begin(), batch.end(), [](auto* each) { return each->idle(); });
}
bool all_ready(Batch batch) {
  return std::all_of(batch.begin(), batch.end(),
                     [](auto* each) { return each->ready() || !each->present(); });
}

void set_version(const Deploy& deploy, Faultable& instance, bool is_new) {
  if (deploy.error_rate > 0) {
    if (is_new) {
      instance.begin_error(deploy.error_rate);
    } else {
      instance.end_error(deploy.error_rate);
    }
  }
  if (deploy.factor == 1) return;
  if (is_new) {
    instance.begin_slow(deploy.factor);
  } else {
    instance.end_slow(deploy.factor);
  }
}

sim::Task<> replace(sim::Simulation& simulation, const Deploy* deploy, Batch batch, bool is_new) {
  for (Faultable* each : batch)
    each->begin_drain();
  const sim::Time cut_off = simulation.now() + deploy->drain;
  while (!all_idle(batch) && simulation.now() < cut_off) {
    const sim::Duration left = cut_off - simulation.now();
    co_await simulation.delay(std::min(left, between_looks));
  }
  for (Faultable* each : batch)
    each->begin_kill();
  for (Faultable* each : batch) {
    set_version(*deploy, *each, is_new);
    each->end_kill();
  }
  co_await simulation.delay(sim::Duration());
  while (!all_ready(batch))
    co_await simulation.delay(between_looks);
  for (Faultable* each : batch)
    each->end_drain();
}

}  // namespace

sim::Task<> roll_out(sim::Simulation& simulation, const Deploy* deploy) {
  const sim::Time noticed =
      deploy->rollback_after ? simulation.now() + *deploy->rollback_after : sim::Time::never();
  std::vector<Faultable*> there, absent;
  for (Faultable* each : deploy->instances)
    (each->present() ? there : absent).push_back(each);
  for (Faultable* each : absent)
    set_version(*deploy, *each, true);
  std::size_t done = 0;
  while (done < there.size() && simulation.now() < noticed) {
    const std::size_t size = std::min<std::size_t>(deploy->batch, there.size() - done);
    auto step = replace(simulation, deploy, Batch(there).subspan(done, size), true);
    co_await step;
    done += size;
    if (done == there.size() || simulation.now() >= noticed) break;
    co_await simulation.delay(std::min(deploy->pause, noticed - simulation.now()));
  }
  if (noticed == sim::Time::never()) co_return;
  if (simulation.now() < noticed) co_await simulation.delay(noticed - simulation.now());
  for (Faultable* each : absent)
    set_version(*deploy, *each, false);
  while (done > 0) {
    const std::size_t size = std::min<std::size_t>(deploy->batch, done);
    done -= size;
    auto step = replace(simulation, deploy, Batch(there).subspan(done, size), false);
    co_await step;
    if (done > 0) co_await simulation.delay(deploy->pause);
  }
}

}  // namespace headroom
