#include "models/workload/workload.hpp"

#include <algorithm>
#include <utility>

#include "models/draw.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

/// What is drawn for a request has each its own key, so that giving requests a patience, say, does
/// not change their sizes. Chosen: far from the small numbers with which the steps that serve a
/// request derive theirs.
enum Purpose : std::uint64_t {
  for_endpoint = 0xC0FFEE00'00000001u,
  for_item,
  for_size,
  for_reply_size,
  for_patience,
  for_think_time,
};

std::vector<std::string> names_of(const std::vector<MixShare>& mix) {
  std::vector<std::string> names;
  for (const MixShare& share : mix)
    names.push_back(share.name);
  return names;
}

template <class Draw>
auto drawn(const std::optional<Distribution>& law, std::uint64_t key, Purpose purpose, Draw draw,
           decltype(draw(*law, std::declval<sim::Keyed&>())) otherwise) {
  if (!law) return otherwise;
  sim::Keyed bits(sim::mix(key, purpose));
  return draw(*law, bits);
}

constexpr auto a_count = [](const Distribution& law, sim::Keyed& bits) {
  return draw_count(law, bits);
};
constexpr auto a_time = [](const Distribution& law, sim::Keyed& bits) {
  return draw_duration(law, bits);
};

}  // namespace

std::uint64_t Workload::draws_of(const sim::Simulation& simulation, const std::string& name) {
  return sim::mix(sim::mix(simulation.seed(), simulation.replication()), sim::hash_name(name));
}

Workload::Workload(sim::Simulation& simulation, const WorkloadPlan& plan, WorkloadSetup setup,
                   Endpoint& client)
    : simulation_(simulation),
      plan_(plan),
      setup_(std::move(setup)),
      client_(client),
      key_(draws_of(simulation, setup_.name)),
      account_(simulation, setup_.name, names_of(setup_.mix), setup_.measurement,
               setup_.goodput_limit, setup_.by_second, setup_.parts, setup_.failures),
      generator_(simulation) {
  HEADROOM_CHECK(!setup_.mix.empty());
  double sum = 0;
  for (const MixShare& share : setup_.mix)
    up_to_.push_back(sum += share.probability);
  if (plan.sessions) sessions_.emplace(*plan.sessions, key_);
}

void Workload::start() {
  HEADROOM_CHECK_IN(simulation_, !started_);
  started_ = true;
  if (const auto* plan = std::get_if<ClosedPlan>(&plan_.arrivals.process)) {
    for (std::uint32_t i = 0; i < plan->closed.users; ++i)
      generator_.spawn(user(i));
    return;
  }
  const auto key = sim::mix(sim::mix(simulation_.seed(), simulation_.replication()),
                            sim::hash_name(setup_.name + "/arrivals"));
  arrivals_ = make_arrivals(plan_.arrivals.process, {.key = key,
                                                     .origin = setup_.measurement.start,
                                                     .end = setup_.measurement.end,
                                                     .factor = setup_.load * surge_});
  next_arrival_ = arrivals_->next();
  generator_.spawn(send_as_they_arrive());
}

void Workload::set_surge(double factor) {
  surge_ = factor;
  if (!arrivals_) return;
  next_arrival_ = arrivals_->set_factor(simulation_.now(), setup_.load * surge_);
  generator_.close();  // It sleeps until an arrival that now comes at another time.
  generator_.spawn(send_as_they_arrive());
}

// It pauses before every request, even where several come at one instant, so that the kernel's
// limits hold also for rates at which the clock would stand still.
sim::Task<> Workload::send_as_they_arrive() {
  while (next_arrival_ < sim::Time::never()) {
    co_await simulation_.delay(next_arrival_ - simulation_.now());
    next_arrival_ = arrivals_->next();
    simulation_.spawn(one_request(next_number_++));
  }
}

/// A request that waits for its answer. One that goes without, because none will ever come, ends as
/// unknown.
class Workload::Pending {
 public:
  Pending(Account& account, const Sent& sent) : account_(account), sent_(sent) {}
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() {
    if (!is_over_) account_.lose(sent_.share, sent_.at);
  }
  void finish(const Reply& reply) {
    is_over_ = true;
    account_.finish(sent_.share, sent_.at, reply);
  }

 private:
  Account& account_;
  Sent sent_;
  bool is_over_ = false;
};

sim::Task<> Workload::one_request(std::uint64_t number) {
  const Sent sent = issue(number);
  Pending pending(account_, sent);
  const std::uint64_t session =
      sessions_ ? sessions_->of(draw_key(number), simulation_.now()) : number;
  auto answer = call(number, sent.share, session);
  const Reply reply = co_await answer;
  pending.finish(reply);
}

// A user's requests are numbered so that those of other users do not matter to their draws.
sim::Task<> Workload::user(std::uint32_t user) {
  const std::uint64_t users = std::get<ClosedPlan>(plan_.arrivals.process).closed.users;
  for (std::uint64_t number = user;; number += users) {
    co_await simulation_.delay(think(number));
    const Sent sent = issue(number);
    Pending pending(account_, sent);
    auto answer = call(number, sent.share, user);
    const Reply reply = co_await answer;
    pending.finish(reply);
  }
}

sim::Duration Workload::think(std::uint64_t number) const {
  sim::Keyed bits(sim::mix(draw_key(number), for_think_time));
  return draw_duration(std::get<ClosedPlan>(plan_.arrivals.process).closed.think_time, bits);
}

std::size_t Workload::share_of(std::uint64_t number) const {
  if (up_to_.size() == 1) return 0;
  const double rank = sim::Keyed(sim::mix(draw_key(number), for_endpoint)).uniform();
  const auto found = std::upper_bound(up_to_.begin(), up_to_.end() - 1, rank);
  return static_cast<std::size_t>(found - up_to_.begin());
}

Workload::Sent Workload::issue(std::uint64_t number) {
  const Sent sent{simulation_.now(), share_of(number)};
  account_.issue(sent.share);
  return sent;
}

sim::Task<Reply> Workload::call(std::uint64_t number, std::size_t share, std::uint64_t session) {
  Request request;
  const std::uint64_t key = draw_key(number);
  request.number = number;
  request.draw_key = key;
  request.origin = key;
  if (setup_.keys != nullptr) {
    setup_.keys->give_key(request);
  } else {
    request.key = sim::mix(key, for_item);
  }
  request.session = static_cast<std::uint32_t>(session);
  request.patience = drawn(plan_.patience, key, for_patience, a_time, sim::Duration::forever());
  request.size = drawn(plan_.size, key, for_size, a_count, 0);
  request.reply_size = drawn(plan_.reply_size, key, for_reply_size, a_count, 0);
  request.priority = plan_.priority;
  request.endpoint = setup_.mix[share].endpoint;
  request.operation = setup_.mix[share].operation;
  request.zone = setup_.zone;
  request.workload = setup_.index;
  if (setup_.tracer != nullptr)
    request.span = setup_.tracer->begin(setup_.index, number, key, &setup_.mix[share].name);
  return client_.call(request);
}

}  // namespace headroom
