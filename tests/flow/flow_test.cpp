#include <catch2/catch.hpp>

#include <cmath>

#include "models/network/tcp.hpp"
#include "tests/flow/rig.hpp"

using namespace headroom;
using namespace headroom::flow_rig;

namespace {

std::vector<double> headroom_says(const Rig& rig) {
  const auto arrivals = in_child([&] { return arrivals_by_headroom(rig); });
  REQUIRE(arrivals.size() == rig.sendings.size());
  return arrivals;
}

/// One transfer alone over one link.
double alone(FlowModel model, double bytes_per_s, double latency_s, std::int64_t bytes,
             bool acknowledgements_share = true) {
  const Rig rig{model, {bytes_per_s}, {{{0}, latency_s}}, {{0, 0, bytes}}, acknowledgements_share};
  return headroom_says(rig).at(0);
}

/// Transfers of 1 to 50 MB over random ways through six links, many at the same time.
Rig random_rig(FlowModel model, std::uint64_t seed) {
  sim::Stream chance(seed);
  Rig rig;
  rig.model = model;
  for (int link = 0; link < 6; ++link)
    rig.bytes_per_s.push_back(1e6 * static_cast<double>(1 + chance.below(20)));
  for (int way = 0; way < 12; ++way) {
    Way one;
    for (std::uint32_t link = 0; link < 6; ++link)
      if (chance.below(3) == 0) one.links.push_back(link);
    if (one.links.empty()) one.links.push_back(static_cast<std::uint32_t>(chance.below(6)));
    one.latency_s = 1e-3 * static_cast<double>(1 + chance.below(50));
    rig.ways.push_back(one);
  }
  for (int i = 0; i < 120; ++i)
    rig.sendings.push_back({chance.below(12), 0.5 * static_cast<double>(chance.below(200)),
                            static_cast<std::int64_t>(1'000'000 + chance.below(49'000'000))});
  return rig;
}

}  // namespace

TEST_CASE("the same transfers end when SimGrid with actors says", "[flow]") {
  for (const FlowModel model : {FlowModel::exact, FlowModel::LV08, FlowModel::CM02}) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      const Rig rig = random_rig(model, seed);
      const auto ours = headroom_says(rig);
      const auto theirs = in_child([&] { return arrivals_by_actors(rig); });
      REQUIRE(ours.size() == rig.sendings.size());
      REQUIRE(theirs.size() == rig.sendings.size());
      for (std::size_t i = 0; i < ours.size(); ++i) {
        INFO("model " << static_cast<int>(model) << ", seed " << seed << ", transfer " << i);
        REQUIRE(ours[i] > rig.sendings[i].at_s);
        REQUIRE(std::fabs(ours[i] - theirs[i]) <= 1e-9 * theirs[i]);
      }
    }
  }
}

TEST_CASE("transfers on one link get a share each", "[flow]") {
  for (const int k : {1, 2, 10, 100}) {
    Rig rig{FlowModel::exact, {100e6}, {{{0}, 0.01}}, {}};
    for (int i = 0; i < k; ++i)
      rig.sendings.push_back({0, 0, 10'000'000});
    const auto arrivals = headroom_says(rig);
    REQUIRE(arrivals.size() == static_cast<std::size_t>(k));
    for (const double at : arrivals)
      REQUIRE(at == Approx(0.01 + 0.1 * k).epsilon(1e-9));
  }
}

TEST_CASE("max-min fair shares: the worked examples", "[flow]") {
  // Bytes are so that all end after 1,000 s where the shares are the expected ones.
  const Rig two_links{FlowModel::exact,
                      {10, 5},
                      {{{0, 1}}, {{0}}, {{1}}},
                      {{0, 0, 2'500}, {1, 0, 7'500}, {2, 0, 2'500}}};
  for (const double at : headroom_says(two_links))
    CHECK(at == Approx(1'000).epsilon(1e-9));
  const Rig parking_lot{FlowModel::exact,
                        {10, 10, 10},
                        {{{0, 1, 2}}, {{0}}, {{1}}, {{2}}},
                        {{0, 0, 5'000}, {1, 0, 5'000}, {2, 0, 5'000}, {3, 0, 5'000}}};
  for (const double at : headroom_says(parking_lot))
    CHECK(at == Approx(1'000).epsilon(1e-9));
  // Keshav's: one link of 10, demands as links of their own.
  const Rig demands{FlowModel::exact,
                    {10, 2, 2.6, 4, 5},
                    {{{0, 1}}, {{0, 2}}, {{0, 3}}, {{0, 4}}},
                    {{0, 0, 2'000}, {1, 0, 2'600}, {2, 0, 2'700}, {3, 0, 2'700}}};
  for (const double at : headroom_says(demands))
    CHECK(at == Approx(1'000).epsilon(1e-9));
}

TEST_CASE("SimGrid's published factors", "[flow]") {
  // 100 kB over 1 Mbit/s and 10 ms; with and without acknowledgements on the same link.
  CHECK(alone(FlowModel::LV08, 125'000, 0.01, 100'000) == Approx(0.996079).epsilon(1e-6));
  CHECK(alone(FlowModel::LV08, 125'000, 0.01, 100'000, false) == Approx(0.954842).epsilon(1e-6));
  CHECK(alone(FlowModel::exact, 125'000, 0.01, 100'000) == Approx(0.81).epsilon(1e-9));
  // A window of 4 MiB bounds the rate.
  const std::int64_t much = 10'000'000'000;
  CHECK(alone(FlowModel::CM02, 1e10, 0, much, false) == Approx(1).epsilon(1e-6));
  CHECK(alone(FlowModel::CM02, 1e10, 1e-5, much, false) == Approx(1.00001).epsilon(1e-6));
  CHECK(alone(FlowModel::CM02, 1e10, 1e-3, much, false) == Approx(4.769372).epsilon(1e-6));
  CHECK(alone(FlowModel::CM02, 1e10, 0.1, much, false) == Approx(476.937).epsilon(1e-6));
}
