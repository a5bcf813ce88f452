#include "app/study/judge.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

using Metric = Requirement::Metric;

SloSummary judged(const std::vector<RunResult>& runs, const SloPlan& slo) {
  return judge_slo(made_plan(), runs, "slo", slo);
}
Verdict verdict(const std::vector<RunResult>& runs, const SloPlan& slo) {
  return judged(runs, slo).verdict;
}

/// Runs of 10 s in which so many requests ended ok, and none otherwise.
std::vector<RunResult> served(std::initializer_list<std::uint64_t> counts) {
  std::vector<RunResult> runs;
  for (const auto count : counts) {
    runs.push_back(made_run());
    finish(reads(runs.back()), count / 2, 0);
    finish(writes(runs.back()), count - count / 2, 0);
  }
  return runs;
}

std::vector<RunResult> failed(std::uint64_t bad, std::uint64_t all, std::size_t how_many) {
  std::vector<RunResult> runs;
  for (std::size_t i = 0; i < how_many; ++i) {
    runs.push_back(made_run());
    finish(reads(runs.back()), all - bad, bad);
  }
  return runs;
}

/// A run of a database whose shard i answered `counts[i]` operations in i + 1 ms each.
RunResult sharded(const std::vector<std::uint64_t>& counts) {
  RunResult run = made_run();
  ServiceResult& db = run.services.front();
  db.replicas.assign(counts.size(), ReplicaResult());
  StoreResult& store = db.store.emplace();
  for (std::size_t shard = 0; shard < counts.size(); ++shard) {
    db.replicas[shard].used = {static_cast<__int128>(shard + 1) * 1'000'000'000, 10'000'000'000};
    db.replicas[shard].slots = db.replicas[shard].used;
    store.shard_operations.push_back(counts[shard] + shard);
    ShardResult& one = store.shards.emplace_back();
    for (std::uint64_t i = 0; i < counts[shard]; ++i)
      one.latency.record(static_cast<std::int64_t>(shard + 1) * 1'000'000);
    one.failures = shard;
  }
  return run;
}

TEST_CASE("A goal of a shard is about its operations, one of each about the worst") {
  std::vector<RunResult> runs{sharded({1000, 2000, 500}), sharded({1000, 2000, 500})};
  const auto figure = [&](SloPlan slo, OfShard shard) {
    slo.shard = shard;
    return judged(runs, slo);
  };
  const SloPlan mean = slo_of_app(Metric::mean, true, 0.0025);
  CHECK(*figure(mean, 1u).measured.value == Approx(0.002));
  CHECK(figure(mean, 1u).verdict == Verdict::met);
  CHECK(figure(mean, 2u).verdict == Verdict::missed);
  CHECK(figure(mean, EachShard::each).verdict == Verdict::missed);
  CHECK(figure(mean, EachShard::each).shard == 2);
  const SloPlan served = slo_of_app(Metric::throughput, false, 40);
  CHECK(*figure(served, EachShard::each).measured.value == Approx(50));
  CHECK(*figure(served, 1u).measured.value == Approx(200));
  CHECK(*figure(slo_of_app(Metric::utilization, true, 1), 0u).measured.value == Approx(0.1));
  CHECK(figure(slo_of_app(Metric::utilization, true, 0.2), EachShard::each).verdict ==
        Verdict::missed);
  CHECK(*figure(slo_of_app(Metric::error_rate, true, 1), 2u).measured.value == Approx(2.0 / 502));
  CHECK(*figure(slo_of_app(Metric::percentile, true, 1, 50), 2u).measured.value ==
        Approx(0.003).epsilon(0.005));
  // Too few for a p99: nobody knows, so the goal is not decided by the others.
  CHECK(figure(slo_of_app(Metric::percentile, true, 1, 99), EachShard::each).verdict ==
        Verdict::undecided);
  // A shard that nobody asked says nothing.
  runs = {sharded({0, 2000, 0}), sharded({0, 2000, 0})};
  for (RunResult& run : runs)
    run.services.front().store->shards[2].failures = 0;
  CHECK(figure(mean, EachShard::each).verdict == Verdict::met);
  CHECK(figure(mean, EachShard::each).shard == 1);
}

TEST_CASE("A limit is kept or broken by the whole interval, its ends included") {
  const auto runs = served({990, 1000, 1010});
  const auto measured = judged(runs, slo_of_users(Metric::throughput, true, 0)).measured;
  // Student with two degrees of freedom: 4.302653 x 1 / sqrt(3).
  CHECK(*measured.value == Approx(100).epsilon(1e-12));
  CHECK(*measured.low == Approx(100 - 4.3026527 / std::sqrt(3)).epsilon(1e-7));
  CHECK(*measured.high == Approx(100 + 4.3026527 / std::sqrt(3)).epsilon(1e-7));
  const auto at_most = [&](double limit) {
    return verdict(runs, slo_of_users(Metric::throughput, true, limit));
  };
  const auto at_least = [&](double limit) {
    return verdict(runs, slo_of_users(Metric::throughput, false, limit));
  };
  CHECK(at_most(102.49) == Verdict::met);
  CHECK(at_most(*measured.high) == Verdict::met);
  CHECK(at_most(102.48) == Verdict::undecided);
  CHECK(at_most(100) == Verdict::undecided);
  CHECK(at_most(*measured.low) == Verdict::undecided);
  CHECK(at_most(97.51) == Verdict::missed);
  CHECK(at_least(97.51) == Verdict::met);
  CHECK(at_least(*measured.low) == Verdict::met);
  CHECK(at_least(97.52) == Verdict::undecided);
  CHECK(at_least(*measured.high) == Verdict::undecided);
  CHECK(at_least(102.49) == Verdict::missed);
}

TEST_CASE("Replications that agree decide at the limit itself") {
  const auto runs = served({1000, 1000, 1000});
  CHECK(verdict(runs, slo_of_users(Metric::throughput, true, 100)) == Verdict::met);
  CHECK(verdict(runs, slo_of_users(Metric::throughput, false, 100)) == Verdict::met);
  CHECK(verdict(runs, slo_of_users(Metric::throughput, true, 99.999)) == Verdict::missed);
  CHECK(verdict(runs, slo_of_users(Metric::throughput, false, 100.001)) == Verdict::missed);
}

TEST_CASE("One replication has no interval: only the largest sample decides") {
  auto runs = served({1000});
  answer_in_ms(reads(runs[0]), 20, 500);
  answer_in_ms(writes(runs[0]), 40, 500);
  CHECK(verdict(runs, slo_of_users(Metric::throughput, false, 1)) == Verdict::undecided);
  CHECK(verdict(runs, slo_of_users(Metric::mean, true, 10)) == Verdict::undecided);
  CHECK(verdict(runs, slo_of_users(Metric::percentile, true, 10, 50)) == Verdict::undecided);
  CHECK(verdict(runs, slo_of_users(Metric::max, true, 0.040)) == Verdict::met);
  CHECK(verdict(runs, slo_of_users(Metric::max, true, 0.039)) == Verdict::missed);
  const auto alone = judged(runs, slo_of_users(Metric::mean, true, 10)).measured;
  CHECK(alone.value);
  CHECK_FALSE(alone.low);
  CHECK(alone.why == "one replication gives no interval, 2 or more do");
}

TEST_CASE("Without one answer every limit of a latency is missed, and nothing else is decided") {
  const auto runs = failed(0, 0, 3);
  CHECK(verdict(runs, slo_of_users(Metric::percentile, true, 1000, 99)) == Verdict::missed);
  CHECK(verdict(runs, slo_of_users(Metric::mean, true, 1000)) == Verdict::missed);
  CHECK(verdict(runs, slo_of_users(Metric::max, true, 1000)) == Verdict::missed);
  CHECK(verdict(runs, slo_of_app(Metric::percentile, true, 1000, 99)) == Verdict::missed);
  const auto errors = judged(runs, slo_of_users(Metric::error_rate, true, 0.5));
  CHECK(errors.verdict == Verdict::undecided);
  CHECK_FALSE(errors.measured.value);
  CHECK(errors.measured.why == "no request finished");
  CHECK(verdict(runs, slo_of_users(Metric::throughput, false, 1)) == Verdict::missed);
  CHECK(verdict(runs, slo_of_app(Metric::utilization, true, 0.8)) == Verdict::undecided);
}

TEST_CASE("What a cache hits and what is stale in it can be asked for") {
  std::vector<RunResult> runs;
  for (const std::uint64_t hits : {790, 800, 810}) {
    runs.push_back(made_run());
    CacheResult cache;
    cache.hits = hits;
    cache.misses = 1000 - hits;
    cache.gets = 1000;
    cache.stale = hits / 10;
    runs.back().services.front().cache = cache;
  }
  CHECK(*judged(runs, slo_of_app(Metric::hit_ratio, false, 0.5)).measured.value == Approx(0.8));
  CHECK(verdict(runs, slo_of_app(Metric::hit_ratio, false, 0.7)) == Verdict::met);
  CHECK(verdict(runs, slo_of_app(Metric::hit_ratio, false, 0.9)) == Verdict::missed);
  CHECK(verdict(runs, slo_of_app(Metric::hit_ratio, false, 0.8)) == Verdict::undecided);
  CHECK(verdict(runs, slo_of_app(Metric::stale_reads, true, 0.2)) == Verdict::met);
  CHECK(verdict(runs, slo_of_app(Metric::stale_reads, true, 0.05)) == Verdict::missed);
}

TEST_CASE("A percentile needs a hundred samples beyond it") {
  std::vector<RunResult> runs{made_run(), made_run()};
  for (auto& run : runs)
    answer_in_ms(reads(run), 10, 4950);
  const SloPlan slo = slo_of_users(Metric::percentile, true, 1, 99);
  const auto few = judged(runs, slo);
  CHECK(few.verdict == Verdict::undecided);
  CHECK_FALSE(few.measured.value);
  CHECK(few.measured.samples == 9900);
  CHECK(few.measured.why.find("only 99 of 9900 samples") != std::string::npos);
  CHECK(verdict(runs, slo_of_users(Metric::percentile, true, 1, 98)) == Verdict::met);
  for (auto& run : runs)
    answer_in_ms(reads(run), 10, 50);
  CHECK(verdict(runs, slo) == Verdict::met);
  // A replication with none of its own beyond it says nothing about the spread.
  runs.push_back(made_run());
  answer_in_ms(reads(runs.back()), 10, 90);
  const auto unknown = judged(runs, slo);
  CHECK(unknown.verdict == Verdict::undecided);
  CHECK(*unknown.measured.value == Approx(0.010).epsilon(0.005));
  CHECK_FALSE(unknown.measured.high);
}

TEST_CASE("A percentile that cannot be told is missed where a lower one breaks the limit") {
  // `above` of `count` samples of each run take 200 ms, the others 10 ms; the limit is 100 ms.
  const auto slow = [](std::initializer_list<std::uint64_t> above, std::uint64_t count) {
    std::vector<RunResult> runs;
    for (const auto many : above) {
      runs.push_back(made_run());
      answer_in_ms(reads(runs.back()), 200, many);
      answer_in_ms(reads(runs.back()), 10, count - many);
    }
    return runs;
  };
  const SloPlan p99 = slo_of_users(Metric::percentile, true, 0.1, 99);
  const auto clear = judged(slow({40, 44, 42}, 100), p99);
  CHECK(clear.verdict == Verdict::missed);
  CHECK_FALSE(clear.measured.value);  // 3 of 300 samples lie beyond the p99.
  CHECK(clear.measured.why.find("42 [") == 0);
  CHECK(clear.measured.why.find("% of 300 samples are above that, 1 % may be") !=
        std::string::npos);
  // A replication may be too short to have one beyond the percentile, or have none at all.
  CHECK(verdict(slow({20, 22, 21}, 50), p99) == Verdict::missed);
  auto with_none = slow({40, 44, 42}, 100);
  with_none.push_back(made_run());
  CHECK(verdict(with_none, p99) == Verdict::missed);
  // By the binomial law 2 or more of 100 samples are above with 26 % where 1 % may be: that two
  // replications agree to the sample makes it no surer.
  CHECK(verdict(slow({1, 1}, 50), p99) == Verdict::undecided);
  // 12 of 300 where 3 are allowed, but all of them in one of three.
  CHECK(verdict(slow({12, 0, 0}, 100), p99) == Verdict::undecided);
  // One replication says nothing of the spread, and few samples never show that a goal is kept.
  CHECK(verdict(slow({90}, 100), p99) == Verdict::undecided);
  CHECK(verdict(slow({0, 0, 0}, 100), p99) == Verdict::undecided);
}

TEST_CASE("No error at all bounds the error rate as Wilson does") {
  // z^2 / (n + z^2) with z = 1.959964 and n = 2000.
  const double bound = 3.8414588 / (2000 + 3.8414588);
  const auto runs = failed(0, 1000, 2);
  const auto errors = judged(runs, slo_of_users(Metric::error_rate, true, 0.002));
  CHECK(*errors.measured.value == 0);
  CHECK(*errors.measured.low == 0);
  CHECK(*errors.measured.high == Approx(bound).epsilon(1e-6));
  CHECK(errors.verdict == Verdict::met);
  CHECK(verdict(runs, slo_of_users(Metric::error_rate, true, 0.0019)) == Verdict::undecided);
  const auto available = judged(runs, slo_of_users(Metric::availability, false, 0.998));
  CHECK(available.verdict == Verdict::met);
  CHECK(*available.measured.low == Approx(1 - bound).epsilon(1e-9));
  CHECK(*available.measured.high == 1);
  CHECK(verdict(runs, slo_of_users(Metric::availability, false, 0.9985)) == Verdict::undecided);
  CHECK(verdict(failed(0, 1000, 1), slo_of_users(Metric::error_rate, true, 0.004)) == Verdict::met);
}

TEST_CASE("Nothing but errors bounds the error rate as Wilson does, seen from the other end") {
  const double bound = 3.8414588 / (2000 + 3.8414588);
  for (const std::size_t runs : {1, 2, 4}) {
    const auto errors =
        judged(failed(2000 / runs, 2000 / runs, runs), slo_of_users(Metric::error_rate, true, 0.9));
    CHECK(*errors.measured.value == 1);
    CHECK(*errors.measured.low == Approx(1 - bound).epsilon(1e-9));
    CHECK(*errors.measured.high == 1);
    CHECK(errors.verdict == Verdict::missed);
  }
  // One attempt each is no chance that went well a thousand times.
  auto runs = failed(0, 1000, 3);
  for (auto& run : runs)
    reads(run).attempts = 1000;
  const auto summary = client_summary(made_plan(), runs, 0);
  CHECK(*summary.attempts_per_request.low == 1);
  CHECK(*summary.attempts_per_request.high == 1);
}

TEST_CASE("Shares stay between 0 and 1, rates above 0, however wide the interval") {
  auto runs = failed(10, 1000, 2);
  finish(reads(runs[1]), 10, 990);
  const auto errors = judged(runs, slo_of_users(Metric::error_rate, true, 0.5));
  CHECK(*errors.measured.value == 0.5);
  CHECK(*errors.measured.low == 0);
  CHECK(*errors.measured.high == 1);
  CHECK(errors.verdict == Verdict::undecided);
  CHECK(verdict(runs, slo_of_users(Metric::error_rate, true, 1)) == Verdict::met);
  const auto rate = judged(served({900, 1100}), slo_of_users(Metric::throughput, false, 0));
  CHECK(*rate.measured.low == 0);
  CHECK(rate.verdict == Verdict::met);
  // All failed in all runs.
  CHECK(verdict(failed(100, 100, 3), slo_of_users(Metric::error_rate, true, 0.98)) ==
        Verdict::missed);
  CHECK(verdict(failed(100, 100, 3), slo_of_users(Metric::error_rate, true, 0.99)) ==
        Verdict::undecided);
}

TEST_CASE("An endpoint is judged by its own requests") {
  auto runs = failed(500, 1000, 3);
  for (auto& run : runs) {
    finish(writes(run), 1000, 0);
    writes(run).in_time = 400;
    answer_in_ms(reads(run), 100, 500);
    answer_in_ms(writes(run), 10, 1000);
  }
  SloPlan slo = slo_of_users(Metric::error_rate, true, 0.1);
  CHECK(*judged(runs, slo).measured.value == 0.25);
  slo.endpoint = "write";
  CHECK(verdict(runs, slo) == Verdict::met);
  slo.endpoint = "read";
  CHECK(verdict(runs, slo) == Verdict::missed);
  slo = slo_of_users(Metric::percentile, true, 0.05, 50);
  slo.endpoint = "write";
  CHECK(verdict(runs, slo) == Verdict::met);
  slo.endpoint = "read";
  CHECK(verdict(runs, slo) == Verdict::missed);
  slo = slo_of_users(Metric::goodput, false, 40);
  slo.endpoint = "write";
  CHECK(*judged(runs, slo).measured.value == 40);
  CHECK(verdict(runs, slo) == Verdict::met);
}

TEST_CASE("A service is judged by its busiest replica, its drops and its times") {
  std::vector<RunResult> runs{made_run(), made_run()};
  for (auto& run : runs) {
    ServiceResult& app = run.services[0];
    app.replicas[0].used = {300, 1000};
    app.replicas[1].used = {900, 1000};
    app.completions = 900;
    app.drops[static_cast<std::size_t>(DropCause::queue_full)] = 60;
    app.drops[static_cast<std::size_t>(DropCause::patience)] = 40;
    for (int i = 0; i < 900; ++i)
      app.sojourn.record(20'000'000);
  }
  CHECK(*judged(runs, slo_of_app(Metric::utilization, true, 0.8)).measured.value == Approx(0.9));
  CHECK(verdict(runs, slo_of_app(Metric::utilization, true, 0.8)) == Verdict::missed);
  CHECK(*judged(runs, slo_of_app(Metric::error_rate, true, 0.1)).measured.value == Approx(0.1));
  CHECK(verdict(runs, slo_of_app(Metric::error_rate, true, 0.1)) == Verdict::met);
  CHECK(*judged(runs, slo_of_app(Metric::throughput, true, 90)).measured.value == 90);
  // Answers that were not ok count like drops.
  for (auto& run : runs)
    run.services[0].failures = 150;
  CHECK(*judged(runs, slo_of_app(Metric::error_rate, true, 0.1)).measured.value == Approx(0.25));
  CHECK(verdict(runs, slo_of_app(Metric::mean, true, 0.0200001)) == Verdict::met);
  CHECK(verdict(runs, slo_of_app(Metric::mean, true, 0.0199)) == Verdict::missed);
}

TEST_CASE("Nothing finished, nothing decided; one missed limit decides the whole") {
  const auto none = judged({}, slo_of_users(Metric::mean, true, 1));
  CHECK(none.verdict == Verdict::undecided);
  CHECK(none.measured.why == "no run was finished");
  CHECK(none.limit == "as written");
  const auto all = [](std::initializer_list<Verdict> verdicts) {
    std::vector<SloSummary> slos;
    for (const Verdict each : verdicts) {
      slos.emplace_back();
      slos.back().verdict = each;
    }
    return overall(slos);
  };
  CHECK(all({}) == Verdict::met);
  CHECK(all({Verdict::met, Verdict::met}) == Verdict::met);
  CHECK(all({Verdict::met, Verdict::undecided}) == Verdict::undecided);
  CHECK(all({Verdict::undecided, Verdict::missed, Verdict::met}) == Verdict::missed);
}

}  // namespace
}  // namespace headroom
