#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/broker/log.hpp"
#include "models/broker/queue.hpp"
#include "models/draw.hpp"
#include "models/test_distributions.hpp"
#include "sim/kernel/never.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

/// What workers did with each message, by the number of its request: counted apart from the books.
struct Diary {
  std::map<std::uint64_t, std::uint32_t> done;
  std::vector<std::uint64_t> order;
  std::function<bool(std::uint64_t)> fails = [](std::uint64_t) { return false; };
};

/// Works on each request for a while.
class TestWorker final : public Instance {
 public:
  TestWorker(Station& station, std::uint32_t index, const Distribution& work, Diary& diary,
             Crash crash)
      : Instance(station.simulation(), station, index, 0,
                 {Limit::unlimited(), crash, sim::Duration()}),
        work_(work),
        diary_(diary),
        processor_(station.simulation()) {}
  ~TestWorker() override { scope_.close(); }

  sim::Task<Reply> call(Request request) override {
    return admits() ? scope_.host(serve(request)) : turn_away();
  }

 private:
  sim::Task<Reply> serve(Request request) {
    Visit visit(station_);
    visit.start_service();
    sim::Keyed draws(request.draw_key);
    co_await processor_.work(draw_duration(work_, draws));
    const bool fails = diary_.fails(request.number);
    visit.complete(!fails);
    if (fails) co_return Reply::failed();
    ++diary_.done[request.number];
    diary_.order.push_back(request.number);
    co_return Reply::ok();
  }
  void on_speed(double speed) override { processor_.set_speed(speed); }

  const Distribution& work_;
  Diary& diary_;
  sim::Processor processor_;
};

/// Workers of one service, all of them there from the start.
class Crew final : public Scalable {
 public:
  Crew(sim::Simulation& simulation, std::size_t size, Distribution work, const WorkerTerms& terms)
      : work_(std::move(work)),
        station_(simulation, "crew", "worker", Measurement()),
        members_(size, size) {
    std::vector<Instance*> instances;
    for (std::uint32_t i = 0; i < size; ++i) {
      workers_.push_back(std::make_unique<TestWorker>(station_, i, work_, diary, terms.crash));
      workers_.back()->join(members_);
      instances.push_back(workers_.back().get());
    }
    pool = std::make_unique<ConsumerPool>(*this, instances, terms);
  }

  void consume(Broker& broker, const std::string& group = "crew") {
    for (std::size_t i = 0; i < pool->size(); ++i)
      pool->set_backlog(broker.subscribe(pool->consumer(i), pool->consumer(i), group));
  }
  TestWorker& worker(std::size_t index) { return *workers_[index]; }

  Members& members() override { return members_; }
  bool is_up(std::size_t index) const override { return workers_[index]->up(); }
  bool is_idle(std::size_t index) const override { return workers_[index]->idle(); }
  double waiting(std::size_t) const override { return 0; }
  BusyArea used(std::size_t) const override { return {}; }
  void set_present(std::size_t index, bool is_present) override {
    workers_[index]->set_present(is_present);
  }

  Diary diary;
  std::unique_ptr<ConsumerPool> pool;

 private:
  Distribution work_;
  Station station_;
  Members members_;
  std::vector<std::unique_ptr<TestWorker>> workers_;
};

/// A node that is reached only after a while, and whose answers take as long; or, while the way is
/// cut, not at all: refused at once, or swallowed. What is under way when a cut begins is cut too.
class SlowWay final : public Endpoint {
 public:
  enum class Cut : std::uint8_t { none, refuse, swallow };

  SlowWay(Endpoint& to, sim::Duration time) : Endpoint(to.simulation()), to_(to), time_(time) {}
  void set_cut(Cut cut) {
    cut_ = cut;
    cuts_ += cut != Cut::none ? 1 : 0;
  }
  /// Told of every answer before it is on its way back.
  std::function<void(const Request&, const Reply&)> answered;
  /// Times that a call came to a cut.
  std::uint64_t stopped() const { return stopped_; }

  sim::Task<Reply> call(Request request) override {
    Reply reply;
    for (int leg = 0; leg < 2; ++leg) {
      const std::uint64_t cuts = cuts_;
      if (cut_ == Cut::none && time_ > sim::Duration()) co_await simulation_.delay(time_);
      if (cut_ != Cut::none || cuts != cuts_) {
        ++stopped_;
        if (cut_ == Cut::swallow) co_await sim::Never();
        co_return Reply::failed(leg == 0 ? DropCause::no_backend : DropCause::none);
      }
      if (leg > 0) continue;
      reply = co_await to_.call(request);
      if (answered) answered(request, reply);
    }
    co_return reply;
  }
  sim::Task<bool> probe(std::uint16_t zone) override {
    return cut_ == Cut::none ? to_.probe(zone) : probe_in_vain();
  }

 private:
  sim::Task<bool> probe_in_vain() {
    if (cut_ == Cut::swallow) co_await simulation_.delay(sim::Duration::forever());
    co_return false;
  }

  Endpoint& to_;
  sim::Duration time_;
  Cut cut_ = Cut::none;
  std::uint64_t cuts_ = 0, stopped_ = 0;
};

/// Publishes messages numbered from 0 and remembers what it was told of each.
class Publisher {
 public:
  Publisher(sim::Simulation& simulation, Broker& broker)
      : simulation_(simulation), broker_(broker) {}

  sim::Simulation& simulation() const { return simulation_; }
  /// One by one, with exponential gaps, or at once where `gap` is zero; `keys` different keys, or
  /// none.
  void publish(std::size_t count, sim::Duration gap, std::uint64_t keys = 0) {
    simulation_.spawn(go_on(count, gap, keys));
  }

  /// The origin of that message.
  std::uint64_t key_of(std::uint64_t number) const {
    return sim::mix(sim::mix(simulation_.seed(), 99), number);
  }
  /// When it comes after the one before it, where there are gaps.
  sim::Duration gap_before(std::uint64_t number, sim::Duration mean) const {
    sim::Keyed draws(sim::mix(simulation_.seed(), number));
    return draw_duration(exponential(mean), draws);
  }

  std::map<std::uint64_t, Reply> answers;
  std::map<std::uint64_t, sim::Duration> took;

 private:
  sim::Task<> go_on(std::size_t count, sim::Duration gap, std::uint64_t keys) {
    for (std::size_t i = 0; i < count; ++i) {
      if (gap > sim::Duration()) {
        co_await simulation_.delay(gap_before(next_, gap));
      }
      Request request;
      request.number = next_;
      request.draw_key = key_of(next_);
      request.origin = request.draw_key;
      request.size = 100;
      if (keys > 0) {
        request.key = sim::mix(next_) % keys;
        request.key_space = 1;
        request.operation = Operation::send;
      }
      simulation_.spawn(send(request));
      ++next_;
    }
  }
  sim::Task<> send(Request request) {
    const sim::Time began = simulation_.now();
    const Reply reply = co_await broker_.call(request);
    answers[request.number] = reply;
    took[request.number] = simulation_.now() - began;
  }

  sim::Simulation& simulation_;
  Broker& broker_;
  std::uint64_t next_ = 0;
};

}  // namespace headroom
