#include <catch2/catch.hpp>

#include <cmath>

#include "models/cache/test_cache.hpp"
#include "models/test_distributions.hpp"

using namespace headroom;

namespace {

constexpr auto get = Operation::get;
constexpr auto set = Operation::set;
constexpr auto fill = Operation::fill;
constexpr auto erase = Operation::erase;

}  // namespace

TEST_CASE("a value is found from its set until it expires or is deleted", "[cache]") {
  CachePlan plan;
  plan.ttl = sim::Duration::ms(10);
  plan.service_time = constant_ms(1);
  CacheBench bench(plan);
  const auto before = bench.ask(0, get, 7, 1);
  bench.ask(1, fill, 7, 1);  // there from 2 on, until 12
  const auto young = bench.ask(5, get, 7, 2);
  const auto last = bench.ask(10, get, 7, 3);
  const auto expired = bench.ask(11, get, 7, 4);
  bench.ask(20, fill, 7, 5);
  bench.ask(22, erase, 7, 6);
  const auto deleted = bench.ask(24, get, 7, 7);
  bench.run_until_ms(100);
  CHECK(bench.lookup(before) == Lookup::miss);
  CHECK(bench.answers[before].at_ns == 1'000'000);
  CHECK(bench.lookup(young) == Lookup::hit);
  CHECK(bench.lookup(last) == Lookup::hit);
  CHECK(bench.lookup(expired) == Lookup::miss);
  CHECK(bench.lookup(deleted) == Lookup::miss);
  const CacheResult result = bench.result();
  CHECK(result.gets == 5);
  CHECK(result.hits == 2);
  CHECK(result.misses == 3);
  CHECK(result.expired == 1);
  CHECK(result.erased == 1);
  CHECK(result.entries_area == (10 + 2) * 1'000'000);  // 2 to 12, 21 to 23
}

TEST_CASE("a sliding time to live starts anew with each hit", "[cache]") {
  CachePlan plan;
  plan.ttl = sim::Duration::ms(10);
  plan.sliding_ttl = true;
  CacheBench bench(plan);
  bench.ask(0, fill, 7, 1);
  for (const int at : {9, 18, 27})
    bench.ask(at, get, 7, static_cast<std::uint64_t>(at));
  const auto late = bench.ask(37, get, 7, 99);
  bench.run_until_ms(100);
  CHECK(bench.result().hits == 3);
  CHECK(bench.lookup(late) == Lookup::miss);
}

TEST_CASE("a hit is stale from the instant of a newer commit", "[cache]") {
  CacheBench bench({});
  bench.ask(0, fill, 7, 1, 0);
  bench.ask(5, get, 7, 2);  // fresh
  bench.commit(10, 7);
  bench.ask(13, get, 7, 3);      // 3 ms old
  bench.ask(15, fill, 7, 4, 0);  // read before the commit, set after it
  bench.ask(17, get, 7, 5);      // 7 ms old
  bench.ask(20, fill, 7, 6, 1);
  bench.ask(21, get, 7, 7);  // fresh again
  bench.run_until_ms(100);
  const CacheResult result = bench.result();
  CHECK(result.hits == 4);
  CHECK(result.stale == 2);
  CHECK(result.staleness.sum() == 10'000'000);
}

TEST_CASE("the store's feed takes old copies out after its delay", "[cache]") {
  CachePlan plan;
  plan.invalidation = InvalidationPlan{constant_ms(4), {}};
  CacheBench bench(plan);
  bench.ask(0, fill, 7, 1, 0);
  bench.commit(10, 7);
  const auto meanwhile = bench.ask(13, get, 7, 2);
  const auto after = bench.ask(15, get, 7, 3);
  bench.run_until_ms(100);
  CHECK(bench.lookup(meanwhile) == Lookup::hit);
  CHECK(bench.lookup(after) == Lookup::miss);
  CHECK(bench.result().stale == 1);
}

TEST_CASE("coalesce: one fetches, the others get its value when it is set", "[cache]") {
  CachePlan plan;
  plan.stampede = Stampede::coalesce;
  CacheBench bench(plan);
  const auto first = bench.ask(0, get, 7, 1);
  const auto second = bench.ask(3, get, 7, 2);
  const auto third = bench.ask(4, get, 7, 3);
  const auto other_key = bench.ask(4, get, 8, 4);
  bench.ask(10, fill, 7, 1, 0);
  bench.run_until_ms(100);
  CHECK(bench.lookup(first) == Lookup::miss);
  CHECK(bench.lookup(other_key) == Lookup::miss);
  for (const auto waited : {second, third}) {
    CHECK(bench.lookup(waited) == Lookup::hit);
    CHECK(bench.answers[waited].at_ns == 10'000'000);
  }
  CHECK(bench.result().coalesced == 2);
}

TEST_CASE("coalesce: who gives up hands the fetch to one that waits", "[cache]") {
  CachePlan plan;
  plan.stampede = Stampede::coalesce;
  CacheBench bench(plan);
  bench.ask(0, get, 7, 1);
  const auto second = bench.ask(3, get, 7, 2);
  const auto third = bench.ask(4, get, 7, 3);
  bench.ask(10, Operation::give_up, 7, 1);
  bench.ask(15, fill, 7, 2, 0);
  bench.run_until_ms(100);
  CHECK(bench.lookup(second) == Lookup::miss);
  CHECK(bench.answers[second].at_ns == 10'000'000);
  CHECK(bench.lookup(third) == Lookup::hit);
  CHECK(bench.answers[third].at_ns == 15'000'000);
}

TEST_CASE("coalesce: who never comes back keeps others for the refill timeout", "[cache]") {
  CachePlan plan;
  plan.stampede = Stampede::coalesce;
  plan.refill_timeout = sim::Duration::ms(20);
  CacheBench bench(plan);
  bench.ask(0, get, 7, 1);
  const auto second = bench.ask(3, get, 7, 2);
  const auto third = bench.ask(4, get, 7, 3);
  bench.run_until_ms(30);
  CHECK(bench.lookup(second) == Lookup::miss);
  CHECK(bench.answers[second].at_ns == 20'000'000);
  CHECK(bench.answers[third].at_ns == -1);
  bench.cache->instance(0).begin_kill();
  bench.run_until_ms(100);
  CHECK(bench.answers[third].reply.outcome == Outcome::failed);
  CHECK(bench.result().gone == 1);
}

TEST_CASE("lease: others are told to wait, and a delete makes the lease void", "[cache]") {
  CachePlan plan;
  plan.stampede = Stampede::lease;
  CacheBench bench(plan);
  bench.ask(0, get, 7, 1);
  const auto told = bench.ask(3, get, 7, 2);
  bench.ask(5, erase, 7, 9);
  const auto next = bench.ask(6, get, 7, 3);
  bench.ask(10, fill, 7, 1, 0);  // its lease is void
  const auto still = bench.ask(11, get, 7, 4);
  bench.ask(12, fill, 7, 3, 0);
  const auto hit = bench.ask(13, get, 7, 5);
  bench.run_until_ms(100);
  CHECK(bench.lookup(told) == Lookup::wait);
  CHECK(bench.lookup(next) == Lookup::miss);
  CHECK(bench.lookup(still) == Lookup::wait);
  CHECK(bench.lookup(hit) == Lookup::hit);
  CHECK(bench.result().told_to_wait == 2);
  CHECK(bench.result().refused_fills == 1);
}

TEST_CASE("stale while revalidate: one refreshes, all are served", "[cache]") {
  CachePlan plan;
  plan.stampede = Stampede::stale_while_revalidate;
  plan.ttl = sim::Duration::ms(10);
  plan.stale_for = sim::Duration::ms(5);
  CacheBench bench(plan);
  bench.ask(0, fill, 7, 1);
  const auto first = bench.ask(11, get, 7, 2);
  const auto second = bench.ask(12, get, 7, 3);
  bench.ask(13, fill, 7, 2);
  const auto fresh = bench.ask(14, get, 7, 4);
  const auto too_late = bench.ask(28, get, 7, 5);
  bench.run_until_ms(100);
  CHECK(bench.lookup(first) == Lookup::refresh);
  CHECK(bench.lookup(second) == Lookup::hit);
  CHECK(bench.lookup(fresh) == Lookup::hit);
  CHECK(bench.lookup(too_late) == Lookup::miss);
  CHECK(bench.result().refreshed == 1);
}

TEST_CASE("early expiry: the chance to fetch early is that of the paper", "[cache]") {
  // A value that takes F to fetch and expires in `left` is fetched by a get with exp(-left / F).
  CachePlan plan;
  plan.stampede = Stampede::early_expiry;
  plan.ttl = sim::Duration::ms(100);
  CacheBench bench(plan);
  bench.ask(0, get, 7, 1);
  bench.ask(20, fill, 7, 1);  // F = 20 ms, expires at 120
  constexpr int gets = 20'000;
  for (std::uint64_t i = 0; i < gets; ++i)
    bench.ask(90, get, 7, 1000 + i);
  bench.run_until_ms(100);
  const double expected = std::exp(-30.0 / 20);
  const double error = std::sqrt(expected * (1 - expected) / gets);
  CHECK(static_cast<double>(bench.result().early) / gets == Approx(expected).margin(4 * error));
}

TEST_CASE("write through: the answer comes after the store's, with its version", "[cache]") {
  CachePlan plan;
  plan.write = WritePolicy::through;
  CacheBench bench(plan);
  const auto written = bench.ask(0, set, 7, 1);
  const auto meanwhile = bench.ask(3, get, 7, 2);
  const auto after = bench.ask(6, get, 7, 3);
  bench.run_until_ms(20);
  CHECK(bench.answers[written].at_ns == 5'000'000);
  CHECK(bench.answers[written].reply.version == 1);
  CHECK(bench.lookup(meanwhile) == Lookup::miss);
  CHECK(bench.lookup(after) == Lookup::hit);
  CHECK(bench.result().stale == 0);
  bench.store.refuses = true;
  const auto failed = bench.ask(10, set, 7, 4);
  bench.run_until_ms(100);
  CHECK(bench.answers[failed].reply.outcome == Outcome::failed);
}

TEST_CASE("write behind: answered at once, written once a key and interval, lost with the replica",
          "[cache]") {
  CachePlan plan;
  plan.write = WritePolicy::behind;
  plan.flush_interval = sim::Duration::ms(50);
  CacheBench bench(plan);
  const auto written = bench.ask(0, set, 7, 1);
  for (const int at : {10, 20, 30})
    bench.ask(at, set, 7, static_cast<std::uint64_t>(at));
  bench.ask(40, get, 7, 99);
  bench.run_until_ms(100);
  CHECK(bench.answers[written].at_ns == 0);
  CHECK(bench.store.writes == 1);
  for (const int at : {10, 20, 30})
    bench.ask(at, set, static_cast<std::uint64_t>(at), static_cast<std::uint64_t>(at));
  bench.run_until_ms(135);  // set at 110, 120 and 130
  bench.cache->instance(0).begin_kill();
  bench.run_until_ms(300);
  CHECK(bench.store.writes == 1);
  const CacheResult result = bench.result();
  CHECK(result.acknowledged == 7);
  CHECK(result.lost_writes == 3);
  CHECK(result.stale == 0);
}

TEST_CASE("write behind: what is on its way when the replica dies is in doubt, not lost",
          "[cache]") {
  CachePlan plan;
  plan.write = WritePolicy::behind;
  plan.flush_interval = sim::Duration::ms(50);
  CacheBench bench(plan);
  for (const int at : {0, 1, 2})
    bench.ask(at, set, 7, static_cast<std::uint64_t>(at));
  bench.ask(10, set, 8, 10);
  bench.ask(51, set, 7, 51);
  bench.run_until_ms(52);  // the store takes 5 ms from 50 on
  bench.cache->instance(0).begin_kill();
  bench.run_until_ms(300);
  CHECK(bench.result().acknowledged == 5);
  CHECK(bench.result().lost_writes == 1);
  const auto counts = bench.cache->result().counts;
  REQUIRE(counts.size() == 1);
  CHECK(counts.front().first == "writes_in_doubt");
  CHECK(counts.front().second == 4);
}

TEST_CASE("a kill and a flush lose the contents; a slot is needed for each get", "[cache]") {
  CachePlan plan;
  plan.service_time = constant_ms(1);
  CacheBench bench(plan);
  bench.ask(0, fill, 7, 1);
  bench.run_until_ms(5);
  bench.cache->instance(0).flush();
  const auto flushed = bench.ask(0, get, 7, 2);
  bench.run_until_ms(10);
  CHECK(bench.lookup(flushed) == Lookup::miss);
  bench.cache->instance(0).begin_kill();
  const auto refused = bench.ask(1, get, 7, 3);
  bench.run_until_ms(15);
  CHECK(bench.answers[refused].reply.outcome == Outcome::failed);
  bench.cache->instance(0).end_kill();
  for (std::uint64_t i = 0; i < 9; ++i)  // eight slots
    bench.ask(5, get, 7, 10 + i);
  bench.run_until_ms(100);
  CHECK(bench.answers.back().at_ns == 22'000'000);
  CHECK(bench.answers[bench.answers.size() - 2].at_ns == 21'000'000);
}

TEST_CASE("a fixed share of hits, the same requests in every run", "[cache]") {
  CachePlan plan;
  plan.hit_ratio = Ratio{0.9};
  CacheBench one(plan), two(plan);
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    one.ask(0, get, 7, i);
    two.ask(0, get, i, i);
  }
  one.run_until_ms(1);
  two.run_until_ms(1);
  CHECK(static_cast<double>(one.result().hits) / 1e4 == Approx(0.9).margin(4 * 0.003));
  CHECK(one.result().hits == two.result().hits);
}

TEST_CASE("a cache of nothing always misses", "[cache]") {
  CachePlan plan;
  plan.capacity = Limit{0};
  CacheBench bench(plan);
  bench.ask(0, fill, 7, 1);
  const auto missed = bench.ask(1, get, 7, 2);
  bench.run_until_ms(10);
  CHECK(bench.lookup(missed) == Lookup::miss);
}
