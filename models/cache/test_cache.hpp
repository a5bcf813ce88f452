#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/cache/component.hpp"

namespace headroom {

/// A store of versions that answers writes after some time, or does not want to.
class KeepingStore final : public Endpoint {
 public:
  KeepingStore(sim::Simulation& simulation, Versions& versions)
      : Endpoint(simulation), versions_(versions) {}
  sim::Task<Reply> call(Request request) override {
    co_await simulation_.delay(takes);
    if (refuses) co_return Reply::failed();
    ++writes;
    Reply reply;
    reply.version = versions_.commit(request.item());
    reply.version_space = request.key_space;
    co_return reply;
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }

  sim::Duration takes = sim::Duration::ms(5);
  bool refuses = false;
  int writes = 0;

 private:
  Versions& versions_;
};

/// One cache of one replica and those who ask it, at instants in milliseconds.
struct CacheBench {
  explicit CacheBench(CachePlan cache_plan) : plan(std::move(cache_plan)) {
    if (!plan.capacity && !plan.memory && !plan.hit_ratio) plan.capacity = Limit{1000};
    plan.concurrency = Limit{8};
    keys.count = 1000;
    spaces.emplace_back(keys, std::uint8_t{1}, "item");
    cache = std::make_unique<Cache>(simulation_, plan, "cache", std::vector<std::uint16_t>{0},
                                    spaces, versions, Measurement{});
    if (plan.write != WritePolicy::aside) cache->set_store(store, 0);
  }
  ~CacheBench() { simulation_.close(); }

  struct Answered {
    Reply reply;
    std::int64_t at_ns = -1;  ///< Not yet.
  };

  /// Asks at that instant; the answer is at the returned place once it is there.
  std::size_t ask(std::int64_t at_ms, Operation operation, std::uint64_t key, std::uint64_t origin,
                  std::int32_t version = -1) {
    Request request;
    request.key = key;
    request.key_space = 1;
    request.origin = request.draw_key = origin;
    request.operation = operation;
    if (version >= 0) {
      request.version = static_cast<std::uint32_t>(version);
      request.version_space = 1;
    }
    answers.emplace_back();
    simulation_.spawn(asking(sim::Duration::ms(at_ms), request, answers.size() - 1));
    return answers.size() - 1;
  }
  void commit(std::int64_t at_ms, std::uint64_t key) {
    simulation_.spawn(committing(sim::Duration::ms(at_ms), key));
  }
  void run_until_ms(std::int64_t ms) { simulation_.run_until(sim::Time() + sim::Duration::ms(ms)); }
  Lookup lookup(std::size_t place) const { return answers[place].reply.lookup; }
  CacheResult result() const { return *cache->result().cache; }

  sim::Task<> asking(sim::Duration wait, Request request, std::size_t place) {
    co_await simulation_.delay(wait);
    const Reply reply = co_await cache->instance(0).call(request);
    answers[place] = {reply, simulation_.now().count_ns()};
  }
  sim::Task<> committing(sim::Duration wait, std::uint64_t key) {
    co_await simulation_.delay(wait);
    Request request;
    request.key = key;
    request.key_space = 1;
    versions.commit(request.item());
  }

  CachePlan plan;
  KeySpacePlan keys;
  sim::Simulation simulation_;
  sim::Simulation& simulation() { return simulation_; }
  Versions versions{simulation_};
  KeepingStore store{simulation_, versions};
  std::vector<KeySpace> spaces;
  std::unique_ptr<Cache> cache;
  std::vector<Answered> answers;
};

}  // namespace headroom
