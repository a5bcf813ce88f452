#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/server/server.hpp"
#include "models/test_distributions.hpp"

namespace headroom {

inline sim::Time at_ms(std::int64_t ms) {
  return sim::Time() + sim::Duration::ms(ms);
}
inline __int128 ms_area(std::int64_t ms) {
  return static_cast<__int128>(ms) * 1'000'000;
}

inline Action cpu(std::uint32_t number, Distribution work) {
  Action action;
  action.number = number;
  action.amount = std::move(work);
  return action;
}
inline Action cpu_ms(std::uint32_t number, std::int64_t ms) {
  Distribution work;
  work.a = static_cast<double>(ms) * 1e6;
  return cpu(number, work);
}
inline Action wait_ms(std::uint32_t number, std::int64_t ms) {
  Action action = cpu_ms(number, ms);
  action.kind = Action::Kind::wait;
  return action;
}
inline Action call_of(std::uint32_t number, Endpoint& callee, std::uint16_t endpoint = 0) {
  Action action;
  action.kind = Action::Kind::call;
  action.number = number;
  action.callee = &callee;
  action.callee_endpoint = endpoint;
  return action;
}
inline Action side_by_side(std::uint32_t number, std::uint32_t need,
                           std::vector<Actions> branches) {
  Action action;
  action.kind = Action::Kind::parallel;
  action.number = number;
  action.count = need;
  action.branches = std::move(branches);
  return action;
}
/// `cumulative[i]` is the probability of one of the branches up to i.
inline Action one_of(std::uint32_t number, std::vector<double> cumulative,
                     std::vector<Actions> branches) {
  Action action;
  action.kind = Action::Kind::choose;
  action.number = number;
  action.probabilities = std::move(cumulative);
  action.branches = std::move(branches);
  return action;
}
inline Action times(std::uint32_t number, std::uint32_t count, Actions actions) {
  Action action;
  action.kind = Action::Kind::repeat;
  action.number = number;
  action.count = count;
  action.branches.push_back(std::move(actions));
  return action;
}
inline Action fails(std::uint32_t number, double probability) {
  Action action;
  action.kind = Action::Kind::fail;
  action.number = number;
  action.probabilities.push_back(probability);
  return action;
}

/// Answers after a time; call number i gets `replies[i]`, later ones ok.
class Downstream final : public Endpoint {
 public:
  Downstream(sim::Simulation& simulation, sim::Duration time) : Endpoint(simulation), time_(time) {}
  sim::Task<Reply> call(Request request) override {
    const std::size_t index = requests.size();
    requests.push_back(request);
    if (time_ > sim::Duration()) co_await simulation_.delay(time_);
    ++answered;
    co_return index < replies.size() ? replies[index] : Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }
  std::vector<Reply> replies;
  std::vector<Request> requests;
  std::size_t answered = 0;

 private:
  sim::Duration time_;
};

/// How one request of a `TestTier` ended.
struct TierAnswer {
  std::uint64_t number;
  Reply reply;
  sim::Time at;
};

inline sim::Task<> send_to(sim::Simulation& simulation, Endpoint* endpoint, Request request,
                           sim::Duration after, std::vector<TierAnswer>* answers) {
  if (after > sim::Duration()) co_await simulation.delay(after);
  const Reply reply = co_await endpoint->call(request);
  answers->push_back({request.number, reply, simulation.now()});
}

inline ServerPlan plan_of(std::int64_t slots, Discipline discipline = Discipline::fifo) {
  ServerPlan plan;
  plan.concurrency = Limit{slots};
  plan.discipline = discipline;
  return plan;
}

/// A server by itself, whose requests are sent by hand. Endpoint i runs `programs[i]`.
class TestTier {
 public:
  TestTier(ServerPlan plan, std::vector<Actions> programs, std::uint64_t seed = 1)
      : simulation(seed),
        plan_(std::move(plan)),
        server(simulation, plan_, "app", {0}, Measurement()) {
    set(std::move(programs));
  }
  ~TestTier() { simulation.close(); }

  void set(std::vector<Actions> programs) {
    std::vector<Program> named;
    for (auto& actions : programs)
      named.push_back({"call", std::move(actions)});
    server.set_programs(std::move(named));
  }
  /// Requests are numbered in the order of these calls, and draw by their number.
  void send_at_ms(std::int64_t ms, Request request = {}, std::size_t replica = 0) {
    request.number = sent_++;
    request.draw_key = sim::mix(77, request.number);
    simulation.spawn(
        send_to(simulation, &server.instance(replica), request, sim::Duration::ms(ms), &answers));
  }
  void send(std::size_t how_many) {
    for (std::size_t i = 0; i < how_many; ++i)
      send_at_ms(0);
  }
  void run_to_ms(std::int64_t ms) { simulation.run_until(at_ms(ms)); }
  std::uint64_t drops(DropCause cause) const {
    return server.result().drops[static_cast<std::size_t>(cause)];
  }
  std::vector<std::uint64_t> order() const {
    std::vector<std::uint64_t> numbers;
    for (const auto& answer : answers)
      numbers.push_back(answer.number);
    return numbers;
  }
  std::vector<std::int64_t> answered_ns() const {
    std::vector<std::int64_t> times;
    for (const auto& answer : answers)
      times.push_back(answer.at.count_ns());
    return times;
  }

  sim::Simulation simulation;
  std::vector<TierAnswer> answers;

 private:
  ServerPlan plan_;
  std::uint64_t sent_ = 0;

 public:
  Server server;
};

}  // namespace headroom
