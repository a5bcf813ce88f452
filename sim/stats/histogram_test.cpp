#include "sim/stats/histogram.hpp"
#include "sim/stats/test_numbers.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>
#include <vector>

using headroom::sim::Histogram;
using headroom::sim::TestNumbers;

namespace {

// The value of rank ceil(p n) by its definition.
std::int64_t nearest_rank(const std::vector<std::int64_t>& sorted, double p) {
  const auto n = static_cast<double>(sorted.size());
  auto rank = static_cast<std::size_t>(std::ceil(p * n - 1e-9));
  rank = std::clamp<std::size_t>(rank, 1, sorted.size());
  return sorted[rank - 1];
}

// Three samples of which the middle one is known only through its bucket.
double estimate_of(std::int64_t value) {
  Histogram histogram;
  histogram.record(0);
  histogram.record(value);
  histogram.record(INT64_MAX);
  return histogram.quantile(0.5);
}

std::vector<std::int64_t> edges() {
  std::vector<std::int64_t> values;
  for (int k = 0; k < 63; ++k) {
    const std::int64_t power = std::int64_t{1} << k;
    for (const std::int64_t offset : {-2, -1, 0, 1, 2}) {
      if (power + offset >= 0) values.push_back(power + offset);
    }
    values.push_back(power + (power / 128) - 1);
    values.push_back(power + (power / 128));
  }
  values.push_back(INT64_MAX);
  return values;
}

}  // namespace

TEST_CASE("histogram: small values are exact, large ones within half a percent") {
  for (std::int64_t value = 0; value < 256; ++value) {
    CHECK(estimate_of(value) == static_cast<double>(value));
  }
  std::vector<std::int64_t> values = edges();
  TestNumbers random{1};
  for (int i = 0; i < 5'000; ++i) {
    values.push_back(random.any_size());
  }
  for (const std::int64_t value : values) {
    const auto exact = static_cast<double>(value);
    CHECK(std::abs(estimate_of(value) - exact) <= Histogram::relative_error * exact);
  }
}

TEST_CASE("histogram: every quantile of any sample is within half a percent of its rank") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    TestNumbers random{seed};
    std::vector<std::int64_t> samples;
    Histogram histogram;
    const std::uint64_t distinct = 1 + random.next() % 40;
    std::vector<std::int64_t> pool;
    for (std::uint64_t i = 0; i < distinct; ++i) {
      pool.push_back(random.any_size());
    }
    for (int i = 0; i < 500; ++i) {
      samples.push_back(pool[random.next() % distinct]);
      histogram.record(samples.back());
    }
    std::sort(samples.begin(), samples.end());
    double previous = 0;
    for (int step = 0; step <= 1000; ++step) {
      const double p = step / 1000.0;
      const auto exact = static_cast<double>(nearest_rank(samples, p));
      const double found = histogram.quantile(p);
      CHECK(std::abs(found - exact) <= Histogram::relative_error * exact);
      CHECK(found >= previous);
      previous = found;
    }
    CHECK(histogram.quantile(0) == static_cast<double>(samples.front()));
    CHECK(histogram.quantile(1) == static_cast<double>(samples.back()));
  }
}

TEST_CASE("histogram: quantiles of an exponential sample are -ln(1-p)") {
  TestNumbers random{7};
  Histogram histogram;
  const double mean_ns = 5e6;
  const int n = 400'000;
  for (int i = 0; i < n; ++i) {
    histogram.record(std::llround(-mean_ns * std::log(random.uniform())));
  }
  for (const double p : {0.1, 0.5, 0.9, 0.95, 0.99, 0.999}) {
    const double exact = -mean_ns * std::log1p(-p);
    // The standard error of a sample quantile is sqrt(p (1-p) / n) over the density.
    const double error = std::sqrt(p * (1 - p) / n) / ((1 - p) / mean_ns);
    CHECK(std::abs(histogram.quantile(p) - exact) <= 4 * error + Histogram::relative_error * exact);
  }
  CHECK(std::abs(histogram.mean() - mean_ns) <= 4 * mean_ns / std::sqrt(n));
}

TEST_CASE("histogram: count, sum, mean and extremes are exact") {
  TestNumbers random{3};
  Histogram histogram;
  unsigned __int128 sum = 0;
  std::int64_t least = INT64_MAX;
  std::int64_t largest = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t value = random.any_size();
    histogram.record(value);
    sum += static_cast<std::uint64_t>(value);
    least = std::min(least, value);
    largest = std::max(largest, value);
  }
  CHECK(histogram.count() == 10'000);
  CHECK((histogram.sum() == sum));
  CHECK(histogram.min() == least);
  CHECK(histogram.max() == largest);
  CHECK(histogram.mean() ==
        Approx(static_cast<double>(static_cast<long double>(sum) / 10'000)).epsilon(1e-15));

  Histogram extreme;
  for (int i = 0; i < 1'000; ++i) {
    extreme.record(INT64_MAX);
  }
  CHECK(extreme.mean() == static_cast<double>(INT64_MAX));
  CHECK(extreme.quantile(0.5) == Approx(static_cast<double>(INT64_MAX)).epsilon(0.005));
}

TEST_CASE("histogram: merging equals recording all, in any order and grouping") {
  TestNumbers random{11};
  std::vector<Histogram> parts(4);
  Histogram all;
  for (int i = 0; i < 4'000; ++i) {
    // Each part knows other octaves than the next, the last part knows nothing.
    const std::size_t part = random.next() % 3;
    const std::int64_t value = random.any_size() >> (15 * part);
    parts[part].record(value);
    all.record(value);
  }
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    Histogram merged;
    for (const std::size_t i : order) {
      merged.merge(parts[i]);
    }
    CHECK(merged == all);
    CHECK(merged.buckets() == all.buckets());
  } while (std::next_permutation(order.begin(), order.end()));
  Histogram left = parts[0];
  left.merge(parts[1]);
  Histogram right = parts[2];
  right.merge(parts[3]);
  right.merge(left);
  CHECK(right == all);
  CHECK_FALSE(parts[0] == all);
}

TEST_CASE("histogram: buckets hold the samples and nothing else") {
  TestNumbers random{5};
  Histogram histogram;
  std::vector<std::int64_t> samples = edges();
  for (int i = 0; i < 2'000; ++i) {
    samples.push_back(random.any_size());
  }
  for (const std::int64_t sample : samples) {
    histogram.record(sample);
  }
  std::int64_t previous_high = -1;
  for (const Histogram::Bucket& bucket : histogram.buckets()) {
    CHECK(bucket.low > previous_high);
    previous_high = bucket.high;
    const auto inside = std::count_if(samples.begin(), samples.end(), [&](std::int64_t sample) {
      return sample >= bucket.low && sample <= bucket.high;
    });
    CHECK(static_cast<std::uint64_t>(inside) == bucket.count);
    CHECK(bucket.high - bucket.low <= bucket.low / 128);
  }
}

TEST_CASE("histogram: samples beyond a quantile") {
  Histogram histogram;
  CHECK(histogram.samples_beyond(0.5) == 0);
  for (int i = 1; i <= 10'000; ++i) {
    histogram.record(i);
  }
  CHECK(histogram.samples_beyond(0.99) == 100);
  CHECK(histogram.supports_quantile(0.99));
  CHECK(histogram.samples_beyond(0.9901) == 99);
  CHECK_FALSE(histogram.supports_quantile(0.9901));
  CHECK(histogram.samples_beyond(0) == 9'999);
  CHECK(histogram.samples_beyond(1) == 0);
  for (int hundredth = 1; hundredth < 100; ++hundredth) {
    CHECK(histogram.samples_beyond(hundredth / 100.0) == 10'000u - 100u * hundredth);
  }
}

TEST_CASE("histogram: cleared is as new, restored is as it was") {
  TestNumbers random{9};
  Histogram histogram;
  for (int i = 0; i < 1'000; ++i) {
    histogram.record(random.any_size());
  }
  const auto restored =
      Histogram::restored(histogram.buckets(), histogram.min(), histogram.max(), histogram.sum());
  REQUIRE(restored);
  CHECK(*restored == histogram);

  histogram.clear();
  CHECK(histogram == Histogram());
  CHECK(histogram.buckets().empty());
  histogram.record(42);
  CHECK(histogram.min() == 42);
  CHECK(histogram.max() == 42);
  CHECK(histogram.quantile(0.99) == 42);
  Histogram fresh;
  fresh.record(42);
  CHECK(histogram == fresh);
}

TEST_CASE("histogram: what no histogram wrote is not restored") {
  using Buckets = std::vector<Histogram::Bucket>;
  CHECK(Histogram::restored(Buckets{}, 0, 0, 0));
  CHECK(Histogram::restored(Buckets{{256, 257, 2}}, 256, 257, 513));
  CHECK_FALSE(Histogram::restored(Buckets{}, 0, 0, 1));
  CHECK_FALSE(Histogram::restored(Buckets{{256, 257, 2}}, 255, 257, 513));
  CHECK_FALSE(Histogram::restored(Buckets{{256, 257, 2}}, 257, 256, 513));
  CHECK_FALSE(Histogram::restored(Buckets{{256, 257, 2}}, 256, 257, 515));
  CHECK_FALSE(Histogram::restored(Buckets{{256, 257, 0}}, 256, 257, 0));
  CHECK_FALSE(Histogram::restored(Buckets{{257, 258, 1}}, 257, 257, 257));
  CHECK_FALSE(Histogram::restored(Buckets{{-1, -1, 1}}, -1, -1, 0));
  CHECK_FALSE(Histogram::restored(Buckets{{5, 5, 1}, {4, 4, 1}}, 4, 5, 9));
  CHECK_FALSE(Histogram::restored(Buckets{{1, 1, UINT64_MAX}, {2, 2, 1}}, 1, 2, UINT64_MAX));
}
