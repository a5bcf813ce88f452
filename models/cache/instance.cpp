#include "models/cache/instance.hpp"

#include "models/draw.hpp"

namespace headroom {

namespace {

bool changes_contents(Operation operation) {
  return operation == Operation::set || operation == Operation::fill ||
         operation == Operation::erase || operation == Operation::give_up;
}

}  // namespace

CacheInstance::CacheInstance(sim::Simulation& simulation, const CacheShared& shared,
                             std::uint32_t index, std::uint16_t zone)
    : Instance(simulation, shared.station, index, zone,
               {shared.plan.concurrency, shared.plan.crash, shared.plan.restart_time}),
      shared_(shared),
      service_(sim::hash_name(shared.station.name())),
      is_constant_(shared.plan.service_time.kind == Distribution::Kind::constant),
      constant_(sim::Duration::rounded_ns(is_constant_ ? shared.plan.service_time.a : 0)),
      processor_(simulation),
      contents_(simulation, shared.plan, name_of(shared.station, index), shared.keys,
                shared.versions, shared.end) {
  if (shared.plan.write == WritePolicy::behind)
    behind_.emplace(simulation, shared.plan.flush_interval, contents_);
}

[[gnu::always_inline]] inline sim::Duration CacheInstance::time_to_serve(
    const Request& request) const {
  if (is_constant_) return constant_;
  sim::Keyed draws(sim::mix(request.draw_key, service_));
  return draw_duration(shared_.plan.service_time, draws);
}

sim::Task<Reply> CacheInstance::call(Request request) {
  return admits() ? scope_.host(serve(request)) : turn_away();
}

sim::Task<Reply> CacheInstance::serve(Request request) {
  Visit visit(station_, &request, index());
  sim::Lease slot = slots_.try_acquire();
  if (!slot) {
    Reply given_up;
    auto turn = wait_for_slot(request, &visit, shared_.plan.queue_limit, &given_up);
    slot = co_await turn;
    if (!slot) co_return given_up;
  }
  if (request.deadline <= simulation_.now()) {
    visit.drop(DropCause::deadline);
    co_return Reply::timed_out();
  }
  visit.start_service();
  if (fails_by_fault()) {
    visit.complete(false);
    co_return Reply::failed();
  }
  const sim::Duration work = time_to_serve(request);
  if (work > sim::Duration() || speed() == 0) {
    const Stay busy(simulation_, busy_slots_);
    co_await processor_.work(work);
  }
  slot.release();
  Reply reply;
  if (request.operation == Operation::get || !changes_contents(request.operation)) {
    reply = contents_.look_up(request);
    if (contents_.waits_inside(reply)) {
      auto value = wait_for_value(request);
      reply = co_await value;
    }
  } else {
    reply = apply(request);
    if (store_ != nullptr && request.operation == Operation::set) {
      auto write = write_through(request);
      reply = co_await write;
    }
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
      return Reply::ok();
  }
}

namespace {

const std::string for_the_value = "for a fetch";

}  // namespace

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
  const Traced waits(request.span, SpanKind::queue, &for_the_value);
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
  request.span = nullptr;  // It is answered before the store is written to.
  behind_->add(to_store(request));
  contents_.count_acknowledged();
  request.version_space = 0;  // Newer than whatever its caller has read.
  return contents_.set(request);
}

Request CacheInstance::to_store(const Request& request) const {
  Request write = request;
  write.operation = Operation::write;
  write.endpoint = store_endpoint_;
  write.zone = zone();
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
  if (behind_) {
    const WriteBehind::Gone gone = behind_->lose_all();
    contents_.count_lost(gone.lost);
    writes_in_doubt_ += gone.in_doubt;
  }
  contents_.clear();
}

void CacheInstance::on_kill() {
  Instance::on_kill();
  flush();
}

void CacheInstance::start_measuring() {
  Instance::start_measuring();
  contents_.start_measuring();
  writes_in_doubt_ = 0;
}

}  // namespace headroom
