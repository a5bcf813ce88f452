#include "models/cache/instance.hpp"

#include <algorithm>

#include "models/draw.hpp"
#include "sim/kernel/never.hpp"

namespace headroom {

namespace {

std::string name_of(const CacheShared& shared, std::uint32_t index) {
  return shared.station.name() + "[" + std::to_string(index) + "]";
}

}  // namespace

CacheInstance::CacheInstance(sim::Simulation& simulation, const CacheShared& shared,
                             std::uint32_t index, std::uint16_t zone)
    : Endpoint(simulation),
      shared_(shared),
      zone_(zone),
      service_(sim::hash_name(shared.station.name())),
      chance_(simulation.seed(), simulation.replication(), name_of(shared, index) + "/chance"),
      slots_(simulation, shared.plan.concurrency.count),
      processor_(simulation),
      up_time_(simulation.now(), 1),
      contents_(simulation, shared.plan, name_of(shared, index), shared.keys, shared.versions),
      scope_(simulation) {
  if (shared.plan.write == WritePolicy::behind)
    behind_.emplace(simulation, shared.plan.flush_interval, contents_);
}

sim::Task<Reply> CacheInstance::call(Request request) {
  if (up_) return scope_.host(serve(request));
  ++arrivals_;
  Visit(shared_.station).drop(DropCause::killed);
  return refuse();
}

/// What a caller meets where nobody serves: a connection that is reset, or silence.
sim::Task<Reply> CacheInstance::refuse() {
  const bool resets = shared_.plan.crash == Crash::reset;
  if (!resets) co_await sim::Never();
  co_await simulation_.delay(sim::Duration());
  co_return Reply::failed(DropCause::killed);
}

sim::Task<bool> CacheInstance::probe(std::uint16_t) {
  if (up_ && !paused()) co_return true;
  const bool refuses = !up_ && shared_.plan.crash == Crash::reset;
  if (!refuses) co_await simulation_.delay(sim::Duration::forever());
  co_return false;
}

bool CacheInstance::fails_by_fault() {
  const double rate = error_rate();
  return rate > 0 && chance_.uniform() < rate;
}

sim::Task<Reply> CacheInstance::serve(Request request) {
  ++arrivals_;
  Visit visit(shared_.station);
  sim::Lease slot = slots_.try_acquire();
  if (!slot) {
    if (slots_.waiting() >= shared_.plan.queue_limit.count) {
      visit.drop(DropCause::queue_full);
      co_return Reply::rejected(DropCause::queue_full);
    }
    visit.start_waiting();
    const sim::Time patience_ends = simulation_.now() + request.patience;
    const sim::Time gives_up = std::min(request.deadline, patience_ends);
    slot = co_await sim::before(gives_up, slots_.acquire());
    if (!slot && patience_ends <= request.deadline) {
      visit.drop(DropCause::patience);
      co_return Reply::abandoned();
    }
  }
  if (!slot || request.deadline <= simulation_.now()) {
    visit.drop(DropCause::deadline);
    co_return Reply::timed_out();
  }
  visit.start_service();
  if (fails_by_fault()) {
    visit.complete(false);
    co_return Reply::failed();
  }
  sim::Keyed draws(sim::mix(request.draw_key, service_));
  const sim::Duration work = draw_duration(shared_.plan.service_time, draws);
  if (work > sim::Duration() || speed() == 0) {
    const Stay busy(simulation_, busy_slots_);
    co_await processor_.work(work);
  }
  slot.release();
  Reply reply = apply(request);
  if (contents_.waits_inside(reply)) reply = co_await wait_for_value(request);
  if (store_ != nullptr && request.operation == Operation::set) {
    reply = co_await write_through(request);
  }
  visit.complete(reply.is_ok());
  co_return reply;
}

/// What the operation does to the contents, at one instant.
Reply CacheInstance::apply(const Request& request) {
  switch (request.operation) {
    case Operation::set:
      if (store_ != nullptr) return Reply::ok();  // The store comes first.
      return behind_ ? write_behind(request) : contents_.set(request);
    case Operation::fill:
      return contents_.set(request);
    case Operation::erase:
      return contents_.erase(request);
    case Operation::give_up:
      contents_.give_up(request);
      return Reply::ok();
    default:
      return contents_.look_up(request);
  }
}

/// A get that waits in the cache, until it is answered or gone.
class CacheInstance::Waiting {
 public:
  explicit Waiting(Contents& contents) : contents_(contents) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (waits_) contents_.stop_waiting();
  }
  void set(bool waits) { waits_ = waits; }

 private:
  Contents& contents_;
  bool waits_ = true;
};

sim::Task<Reply> CacheInstance::wait_for_value(Request request) {
  Waiting waiting(contents_);
  Reply reply;
  do {
    sim::Event<Refills::News> value(simulation_);
    const sim::Time ends = contents_.wait_for(request, value.trigger());
    const auto news = co_await sim::before(ends, value.happens());
    reply = contents_.look_again(request, news);
    waiting.set(contents_.waits_inside(reply));
  } while (contents_.waits_inside(reply));
  co_return reply;
}

sim::Task<Reply> CacheInstance::write_through(Request request) {
  const Reply stored = co_await store_->call(to_store(request));
  if (!stored.is_ok()) {
    contents_.invalidate(request.item());  // Whether the store has the new value is not known.
    co_return Reply::failed();
  }
  request.version = stored.version;
  request.version_space = request.key_space;
  co_return contents_.set(request);
}

Reply CacheInstance::write_behind(Request request) {
  behind_->add(to_store(request));
  contents_.count_acknowledged();
  request.version_space = 0;  // Newer than whatever its caller has read.
  return contents_.set(request);
}

Request CacheInstance::to_store(const Request& request) const {
  Request write = request;
  write.operation = Operation::write;
  write.endpoint = store_endpoint_;
  write.zone = zone_;
  write.deadline = sim::Time::never();
  write.patience = sim::Duration::forever();
  return write;
}

void CacheInstance::on_commit(std::uint64_t item) {
  if (behind_ && behind_->is_ahead(item)) return;
  contents_.on_commit(item);
}

void CacheInstance::set_store(Endpoint& store, std::uint16_t endpoint) {
  store_endpoint_ = endpoint;
  if (behind_)
    behind_->set_store(store);
  else
    store_ = &store;
}

void CacheInstance::flush() {
  if (behind_) contents_.count_lost(behind_->lose_all());
  contents_.clear();
}

void CacheInstance::on_kill() {
  up_ = false;
  ++lives_;
  up_time_.set(simulation_.now(), 0);
  scope_.close([this] { return refuse(); });
  flush();
}

void CacheInstance::on_restart() {
  simulation_.spawn(restart(lives_));
}

sim::Task<> CacheInstance::restart(std::uint64_t life) {
  const sim::Duration time = shared_.plan.restart_time;
  if (time > sim::Duration()) co_await simulation_.delay(time);
  if (life != lives_ || !alive()) co_return;  // killed again meanwhile
  up_ = true;
  up_time_.set(simulation_.now(), 1);
}

void CacheInstance::start_measuring() {
  const sim::Time now = simulation_.now();
  arrivals_ = 0;
  busy_slots_.start_measuring(now);
  up_time_.restart(now);
  contents_.start_measuring();
}

ReplicaResult CacheInstance::result() const {
  const sim::Time now = simulation_.now();
  HEADROOM_CHECK_IN(simulation_, busy_slots_.littles_law_holds(now));
  ReplicaResult result;
  result.arrivals = arrivals_;
  const Limit concurrency = shared_.plan.concurrency;
  const __int128 available =
      concurrency.is_unlimited() ? 0 : up_time_.area(now) * concurrency.count;
  result.slots = {busy_slots_.area(now), available};
  result.used = result.slots;
  return result;
}

}  // namespace headroom
