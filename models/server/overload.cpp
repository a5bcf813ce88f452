// What an instance does about more load than it can carry: fair turns, limits, browning out.
#include <algorithm>

#include "models/server/instance.hpp"

namespace headroom {

namespace {

class Place {
 public:
  Place(FairQueue& queue, std::uint64_t client) : queue_(queue), client_(client) {
    queue_.join(client_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { queue_.leave(client_); }

 private:
  FairQueue& queue_;
  std::uint64_t client_;
};

// Chosen: any number that no step has; it keeps this draw apart from those of the work.
constexpr std::uint64_t for_dimmer = UINT64_MAX - 1;

const std::string in_fallback = "fallback";

}  // namespace

/// Whose share of fair turns it takes from.
std::uint64_t ServerInstance::sharer_of(const Request& request) const {
  if (shared_.clients == nullptr) return request.workload;
  return std::uint64_t{request.workload} << 32 |
         (*shared_.clients)[request.workload].client_of(request);
}

/// As `wait_for_slot`, but in the order of fair turns, and with a queue limit for each client.
sim::Task<sim::Lease> ServerInstance::wait_fairly(Request request, Visit* visit, Reply* answer) {
  const std::uint64_t sharer = sharer_of(request);
  if (fair_->waiting(sharer) >= shared_.plan.queue_limit.count) {
    visit->drop(DropCause::queue_full);
    *answer = Reply::rejected(DropCause::queue_full);
    co_return sim::Lease();
  }
  visit->start_waiting();
  const Place place(*fair_, sharer);
  const sim::Time patience_ends = simulation_.now() + request.patience;
  const sim::Time gives_up = std::min(request.deadline, patience_ends);
  const double tag = fair_->tag(sharer);
  sim::Lease slot = co_await sim::before(gives_up, slots_.acquire(tag));
  if (slot) {
    fair_->serve(tag);
    co_return std::move(slot);
  }
  const bool impatient = patience_ends <= request.deadline;
  visit->drop(impatient ? DropCause::patience : DropCause::deadline);
  *answer = impatient ? Reply::abandoned() : Reply::timed_out();
  co_return sim::Lease();
}

sim::Task<Reply> ServerInstance::fall_back(const Action* action, Request request) {
  ++fallbacks_;
  const Traced falls_back(request.span, SpanKind::branch, &in_fallback);
  request.span = falls_back.span();
  co_return co_await run(&action->fallback.front(), request);
}

bool ServerInstance::leaves_out(const Action& action, const Request& request) {
  if (!action.is_optional || !brownout_ || brownout_->dimmer() >= 1) return false;
  sim::Keyed draws(sim::mix(sim::mix(request.draw_key, action.number), for_dimmer));
  const bool out = draws.uniform() >= brownout_->dimmer();
  left_out_ += out ? 1 : 0;
  return out;
}

void ServerInstance::note_answer(const Visit& visit) {
  const sim::Duration took = simulation_.now() - visit.arrived();
  if (brownout_) brownout_->note(simulation_.now(), took);
  if (!admission_) return;
  admission_->answered(simulation_.now(), took, in_flight());
  note_limit();
}

void ServerInstance::note_limit() {
  if (!admission_ || !admission_->adapts()) return;
  const std::int64_t limit = present() ? admission_->limit() : 0;
  const std::int64_t change = limit - limit_level_.level();
  if (change == 0) return;
  limit_level_.add(simulation_.now(), change);
  if (shared_.limits != nullptr) shared_.limits->add(simulation_.now(), change);
}

}  // namespace headroom
