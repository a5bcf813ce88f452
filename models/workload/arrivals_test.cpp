#include "models/workload/arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include <catch2/catch.hpp>

#include "models/test_goodness_of_fit.hpp"
#include "models/workload/test_laws.hpp"

namespace headroom {

namespace {

using sim::Duration;
using sim::Time;

Distribution constant(double value) {
  return law(Distribution::Kind::constant, value);
}

/// All arrivals before `end`, in seconds.
std::vector<double> arrivals_s(const ArrivalsPlan& plan, std::int64_t end_s, std::uint64_t key = 1,
                               std::int64_t origin_s = 0, double factor = 1) {
  const auto process = make_arrivals(
      plan, {.key = key, .origin = at_s(origin_s), .end = at_s(end_s), .factor = factor});
  std::vector<double> found;
  for (Time t = process->next(); t < at_s(end_s); t = process->next()) {
    found.push_back(t.in_seconds());
  }
  return found;
}

std::vector<double> gaps_of(const std::vector<double>& instants) {
  std::vector<double> gaps;
  double last = 0;
  for (const double t : instants) {
    gaps.push_back(t - last);
    last = t;
  }
  return gaps;
}

std::vector<double> counts_per_window(const std::vector<double>& instants, double width_s,
                                      std::size_t windows) {
  std::vector<double> counts(windows);
  for (const double t : instants) {
    const auto window = static_cast<std::size_t>(t / width_s);
    if (window < windows) ++counts[window];
  }
  return counts;
}

/// Variance over mean of the counts: 1 for a Poisson process.
double index_of_dispersion(const std::vector<double>& counts) {
  const auto n = static_cast<double>(counts.size());
  double sum = 0, squares = 0;
  for (const double count : counts)
    sum += count;
  for (const double count : counts)
    squares += (count - sum / n) * (count - sum / n);
  return squares / (n - 1) / (sum / n);
}

MmppPlan bursts() {
  return {{{Rate{50}, Duration::ms(900)},
           {Rate{0}, Duration::ms(300)},
           {Rate{400}, Duration::ms(300)}}};
}

/// Whether a Poisson process has this expected number of arrivals up to each time: given how many
/// there are, they are independent draws from its normalised shape, and how many is Poisson.
void check_cumulative(const std::vector<double>& instants, double end_s,
                      const std::function<double(double)>& expected_until) {
  const double total = expected_until(end_s);
  CHECK(static_cast<double>(instants.size()) == Approx(total).margin(4 * std::sqrt(total)));
  CHECK(kolmogorov_smirnov(instants, [&](double t) { return expected_until(t) / total; }) < 1.95);
}

}  // namespace

TEST_CASE("poisson: exponential gaps, counts that are Poisson") {
  const auto instants = arrivals_s(PoissonPlan{Rate{80}}, 500);
  check_cumulative(instants, 500, [](double t) { return 80 * t; });
  const auto cdf = [](double gap) { return -std::expm1(-80 * gap); };
  CHECK(kolmogorov_smirnov(gaps_of(instants), cdf) < 1.95);
  const double dispersion = index_of_dispersion(counts_per_window(instants, 0.5, 1000));
  CHECK(dispersion == Approx(1).margin(4 * std::sqrt(2.0 / 1000)));
}

TEST_CASE("constant: the k-th arrival comes after k periods, for ever") {
  const ArrivalsPlan plan = ConstantPlan{Rate{3}};
  const auto process = make_arrivals(plan, {.end = Time::never()});
  for (std::int64_t k = 1; k <= 300'000; ++k) {
    const auto exact_thirds_ns = static_cast<__int128>(k) * 1'000'000'000;
    const auto nearest_ns = static_cast<std::int64_t>((2 * exact_thirds_ns + 3) / 6);
    REQUIRE(process->next().count_ns() == nearest_ns);
  }
}

TEST_CASE("uniform_jitter: one arrival in each period, uniform within it") {
  UniformJitterPlan plan;
  plan.written = Rate{10};
  const auto instants = arrivals_s(plan, 1000);
  REQUIRE(instants.size() == 10'000);
  std::vector<double> phases;
  for (std::size_t k = 0; k < instants.size(); ++k) {
    phases.push_back(instants[k] * 10 - static_cast<double>(k));
  }
  CHECK(kolmogorov_smirnov(phases, [](double x) { return std::clamp(x, 0.0, 1.0); }) < 1.95);
  plan.written = UniformJitterOptions{Rate{10}, Ratio{0}};
  CHECK(arrivals_s(plan, 100) == arrivals_s(ConstantPlan{Rate{10}}, 100));
  plan.written = UniformJitterOptions{Rate{10}, Ratio{0.2}};
  for (const double gap : gaps_of(arrivals_s(plan, 100)))
    CHECK(std::abs(gap - 0.1) <= 0.020001);
}

TEST_CASE("renewal: gaps of its distribution") {
  const double shape = 4, mean_s = 0.02;
  const ArrivalsPlan plan = RenewalPlan{law(Distribution::Kind::erlang, mean_s * 1e9, shape)};
  const auto instants = arrivals_s(plan, 400);
  const auto cdf = [&](double x) {
    const double y = x * shape / mean_s;
    return 1 - std::exp(-y) * (1 + y * (1 + y / 2 * (1 + y / 3)));
  };
  CHECK(kolmogorov_smirnov(gaps_of(instants), cdf) < 1.95);
  // Cox 1962: the counts of a renewal process disperse as its squared coefficient of variation.
  CHECK(index_of_dispersion(counts_per_window(instants, 1, 400)) ==
        Approx(0.25).margin(4 * 0.25 * std::sqrt(2.0 / 400) + 0.01));
  CHECK(mean_rate_per_s(plan) == Approx(50));
}

TEST_CASE("batch: independent moments with several requests each") {
  const ArrivalsPlan plan = BatchPlan{{Rate{20}, constant(5)}};
  const auto instants = arrivals_s(plan, 1000);
  std::vector<double> moments;
  for (std::size_t i = 0; i < instants.size(); ++i) {
    if (i % 5 == 0) moments.push_back(instants[i]);
    REQUIRE(instants[i] == moments.back());
  }
  check_cumulative(moments, 1000, [](double t) { return 20 * t; });
  // The index of dispersion of a compound Poisson process is E[size^2] / E[size].
  const double dispersion = index_of_dispersion(counts_per_window(instants, 1, 1000));
  CHECK(dispersion == Approx(5).margin(4 * 5 * std::sqrt(2.0 / 1000)));
}

TEST_CASE("batch: sizes that are not whole keep their mean") {
  const ArrivalsPlan plan = BatchPlan{{Rate{100}, law(Distribution::Kind::exponential, 3)}};
  CHECK(*mean_rate_per_s(plan) == 300);
  const auto counts = counts_per_window(arrivals_s(plan, 2000), 1, 2000);
  check_mean(counts, 300);
  // Rounded up or down at random, a size X has E[N^2] = E[X^2] + E[f (1 - f)], f its fraction.
  const double q = std::exp(-1.0 / 3);
  double fractions = 0;
  for (int i = 0; i < 1000; ++i) {
    const double f = (i + 0.5) / 1000;
    fractions += f * (1 - f) * std::exp(-f / 3) / 3 / (1 - q) / 1000;
  }
  CHECK(index_of_dispersion(counts) ==
        Approx((18 + fractions) / 3).margin(4 * 6 * std::sqrt(2.0 / 2000)));
}

TEST_CASE("mmpp: the mean rate, and more dispersion than Poisson") {
  const ArrivalsPlan plan = bursts();
  CHECK(*mean_rate_per_s(plan) == Approx((50 * 0.9 + 400 * 0.3) / 1.5));
  const auto instants = arrivals_s(plan, 6000, 3);
  check_mean(counts_per_window(instants, 10, 600), 1100);
  CHECK(index_of_dispersion(counts_per_window(instants, 10, 600)) > 2);
}

TEST_CASE("mmpp of two states: the index of dispersion of its source") {
  // Fischer, Meier-Hellstern 1993, for two states with rates l of arrivals and r of leaving:
  // I(t) -> 1 + 2 (l1 - l2)^2 r1 r2 / ((r1 + r2)^2 (l1 r2 + l2 r1)), less a factor for finite t.
  const double l1 = 300, l2 = 20, r1 = 5, r2 = 2, r = r1 + r2, t = 4;
  const ArrivalsPlan plan =
      MmppPlan{{{Rate{l1}, Duration::ms(200)}, {Rate{l2}, Duration::ms(500)}}};
  const double limit = 2 * (l1 - l2) * (l1 - l2) * r1 * r2 / (r * r * (l1 * r2 + l2 * r1));
  const double expected = 1 + limit * (1 - -std::expm1(-r * t) / (r * t));
  const std::size_t windows = 2500;
  const auto instants = arrivals_s(plan, static_cast<std::int64_t>(windows * t), 5);
  const double found = index_of_dispersion(counts_per_window(instants, t, windows));
  CHECK(found == Approx(expected).margin(4 * expected * std::sqrt(2.0 / windows) * 1.3));
  const double mean_rate = (l1 * r2 + l2 * r1) / r;
  check_mean(counts_per_window(instants, t, windows), mean_rate * t);
}

TEST_CASE("mmpp: all states equal is Poisson; silence is no arrival") {
  const ArrivalsPlan even = MmppPlan{{{Rate{40}, Duration::ms(7)}, {Rate{40}, Duration::ms(3)}}};
  const auto cdf = [](double gap) { return -std::expm1(-40 * gap); };
  CHECK(kolmogorov_smirnov(gaps_of(arrivals_s(even, 500)), cdf) < 1.95);
  const ArrivalsPlan silent = MmppPlan{{{Rate{0}, Duration::ms(7)}}};
  CHECK(never_arrives(silent));
  CHECK(arrivals_s(silent, 10).empty());
}

TEST_CASE("stages: the rate follows its ramps from the end of the warm-up on") {
  const StagesPlan plan{{{Duration::seconds(20), Rate{200}},
                         {Duration::seconds(0), Rate{20}},
                         {Duration::seconds(30), Rate{20}},
                         {Duration::seconds(10), Rate{0}},
                         {Duration::seconds(5), Rate{0}},
                         {Duration::seconds(10), Rate{100}}},
                        Rate{40}};
  const auto ramp = [](double t, double length, double from, double to) {
    const double x = std::clamp(t, 0.0, length);
    return from * x + (to - from) / length * x * x / 2;
  };
  const auto expected = [&](double t) {
    return 40 * std::min(t, 15.0) + ramp(t - 15, 20, 40, 200) + ramp(t - 35, 30, 20, 20) +
           ramp(t - 65, 10, 20, 0) + ramp(t - 80, 10, 0, 100) + 100 * std::max(0.0, t - 90);
  };
  for (const double factor : {0.5, 1.0, 10.0}) {
    const auto instants = arrivals_s(plan, 120, 9, 15, factor);
    check_cumulative(instants, 120, [&](double t) { return factor * expected(t); });
    for (const double t : instants)
      CHECK_FALSE((t > 75 && t < 80));
  }
  CHECK(*mean_rate_per_s(plan) == 100);
  CHECK_FALSE(is_stationary(plan));
}

TEST_CASE("stages that end at zero end") {
  const ArrivalsPlan plan = StagesPlan{{{Duration::seconds(10), Rate{0}}}, Rate{100}};
  const auto process = make_arrivals(plan, {.key = 4, .end = Time::never()});
  int count = 0;
  for (Time t = process->next(); t != Time::never(); t = process->next(), ++count) {
    REQUIRE(t <= at_s(10));
  }
  CHECK(count == Approx(500).margin(4 * std::sqrt(500)));
}

TEST_CASE("diurnal: the rate follows its wave") {
  const double mean = 60, period = 40, peak = 10, origin = 7, pi = std::numbers::pi;
  for (const double amplitude : {0.0, 0.6, 1.0}) {
    const DiurnalPlan plan{
        {Rate{mean}, Ratio{amplitude}, Duration::seconds(40), Duration::seconds(10)}};
    const auto swing = [&](double t) {
      return std::sin(2 * pi * (t - origin - peak) / period) * period / (2 * pi);
    };
    const auto expected = [&](double t) { return mean * (t + amplitude * (swing(t) - swing(0))); };
    const auto instants = arrivals_s(plan, 330, 17, 7);
    check_cumulative(instants, 330, expected);
    // Inverted exactly: taken to expected counts, the arrivals are a Poisson process of rate 1.
    std::vector<double> counts;
    for (const double t : instants)
      counts.push_back(expected(t));
    CHECK(kolmogorov_smirnov(gaps_of(counts), [](double x) { return -std::expm1(-x); }) < 1.95);
  }
}

TEST_CASE("replay: exactly the times of the file, from the end of the warm-up") {
  ReplayPlan plan;
  plan.written = std::string("trace.csv");
  for (const std::int64_t ns : {0, 5, 5, 1'000'000'007})
    plan.times.push_back(Time::at_ns(ns));
  const auto replayed = [](const ArrivalsPlan& replay, double factor) {
    const auto process =
        make_arrivals(replay, {.origin = at_s(3), .end = at_s(100), .factor = factor});
    std::vector<std::int64_t> found;
    for (Time t = process->next(); t != Time::never(); t = process->next()) {
      found.push_back((t - at_s(3)).count_ns());
    }
    return found;
  };
  using Times = std::vector<std::int64_t>;
  CHECK(replayed(plan, 1) == Times{0, 5, 5, 1'000'000'007});
  CHECK(replayed(plan, 0.5) == Times{0, 10, 10, 2'000'000'014});
  plan.written = ReplayOptions{"trace.csv", 0.25};
  CHECK(replayed(plan, 1) == Times{0, 20, 20, 4'000'000'028});
  CHECK_FALSE(mean_rate_per_s(plan).has_value());
}

TEST_CASE("a larger factor brings the same arrivals earlier") {
  for (const ArrivalsPlan& plan :
       {ArrivalsPlan(PoissonPlan{Rate{80}}), ArrivalsPlan(ConstantPlan{Rate{80}}),
        ArrivalsPlan(RenewalPlan{law(Distribution::Kind::uniform, 0, 2e7)}),
        ArrivalsPlan(BatchPlan{{Rate{20}, constant(3)}})}) {
    const auto once = arrivals_s(plan, 20, 8);
    const auto twice = arrivals_s(plan, 10, 8, 0, 2);
    REQUIRE(once.size() == twice.size());
    for (std::size_t i = 0; i < once.size(); ++i)
      REQUIRE(once[i] / 2 == Approx(twice[i]));
  }
}

TEST_CASE("a change of the factor scales what remains of the gap") {
  const ArrivalsPlan plan = ConstantPlan{Rate{1}};
  const auto process = make_arrivals(plan, {.end = at_s(100)});
  CHECK(process->next() == at_s(1));
  CHECK(process->next() == at_s(2));
  CHECK(process->set_factor(Time::at_ns(1'200'000'000), 4) == Time::at_ns(1'400'000'000));
  CHECK(process->next() == Time::at_ns(1'650'000'000));
  CHECK(process->set_factor(Time::at_ns(1'450'000'000), 0) == Time::never());
  CHECK(process->set_factor(at_s(10), 2) == Time::at_ns(10'400'000'000));
  CHECK(process->next() == Time::at_ns(10'900'000'000));
  CHECK(process->set_factor(Time::at_ns(10'900'000'000), 1) == Time::at_ns(10'900'000'000));
  CHECK(process->next() == Time::at_ns(11'900'000'000));
}

TEST_CASE("a factor that changes often leaves the law as it is") {
  // Every 50 ms the factor changes between 1 and 3, whatever is pending then.
  const std::vector<ArrivalsPlan> plans = {
      PoissonPlan{Rate{60}},
      StagesPlan{{{Duration::seconds(100), Rate{120}}}, Rate{0}},
      DiurnalPlan{{Rate{60}, Ratio{0.5}, Duration::seconds(100), Duration()}},
      MmppPlan{{{Rate{60}, Duration::ms(20)}, {Rate{60}, Duration::ms(70)}}},
  };
  for (const ArrivalsPlan& plan : plans) {
    const auto process = make_arrivals(plan, {.key = 21, .end = at_s(100)});
    std::vector<double> fast, all;
    Time t = process->next();
    for (int tick = 1; tick <= 2000; ++tick) {
      const Time change = Time() + Duration::ms(50 * tick);
      for (; t < change; t = process->next()) {
        all.push_back(t.in_seconds());
        if (tick % 2 == 0) fast.push_back(t.in_seconds());
      }
      t = process->set_factor(change, tick % 2 == 0 ? 1 : 3);
    }
    const double n = static_cast<double>(all.size());
    CHECK(n == Approx(12'000).margin(4 * std::sqrt(12'000)));
    CHECK(static_cast<double>(fast.size()) / n ==
          Approx(0.75).margin(4 * std::sqrt(0.75 * 0.25 / n)));
  }
}

TEST_CASE("every arrival process is in the catalogue, under the key it is written with") {
  const Choices all = arrival_processes();
  const FieldTable& arrivals = fields_of(static_cast<const ArrivalsChoice*>(nullptr));
  const auto& alternatives = arrivals.fields.front().type->alternatives;
  REQUIRE(all.size() == alternatives.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].name == alternatives[i]->table().tag());
    CHECK(all[i].name == alternatives[i]->table().name);
    CHECK_FALSE(all[i].doc.empty());
  }
  const ArrivalsPlan closed = ClosedPlan{};
  CHECK(make_arrivals(closed, {}) == nullptr);
}

TEST_CASE("what never sends is known as such") {
  CHECK(never_arrives(PoissonPlan{Rate{0}}));
  CHECK(never_arrives(ConstantPlan{Rate{0}}));
  CHECK(never_arrives(BatchPlan{{Rate{0}, constant(3)}}));
  CHECK(never_arrives(ReplayPlan{}));
  CHECK(never_arrives(DiurnalPlan{}));
  CHECK(never_arrives(StagesPlan{{{Duration::seconds(1), Rate{0}}}, Rate{0}}));
  CHECK_FALSE(never_arrives(StagesPlan{{{Duration::seconds(1), Rate{0}}}, Rate{1}}));
  CHECK_FALSE(never_arrives(bursts()));
  for (const ArrivalsPlan& plan :
       {ArrivalsPlan(PoissonPlan{}), ArrivalsPlan(ConstantPlan{}), ArrivalsPlan(DiurnalPlan{}),
        ArrivalsPlan(UniformJitterPlan{}), ArrivalsPlan(BatchPlan{{Rate{}, constant(3)}}),
        ArrivalsPlan(ReplayPlan{})}) {
    CHECK(arrivals_s(plan, 1000).empty());
  }
}

}  // namespace headroom
