#include "app/study/transport.hpp"

#include <catch2/catch.hpp>

#include "app/study/run.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

struct Inner {
  std::optional<std::string> word;
  std::vector<std::pair<std::uint8_t, double>> pairs;
};
struct Outer {
  int number = 0;
  Inner inner;
  std::array<std::uint16_t, 3> three{};
  std::variant<double, std::string> either;
};

std::string packed(const RunResult& run) {
  Packing packing;
  packing.add(run);
  return packing.bytes;
}

}  // namespace

TEST_CASE("structs travel member by member") {
  static_assert(detail::member_count<Outer>() == 4);
  static_assert(detail::member_count<Inner>() == 2);
  const Outer sent{-7, {"word", {{1, 0.5}, {2, -3}}}, {4, 5, 6}, std::string("text")};
  Packing packing;
  packing.add(sent);
  const auto got = Unpacking(packing.bytes).get<Outer>();
  CHECK(got.number == -7);
  CHECK(got.inner.word == "word");
  CHECK(got.inner.pairs == sent.inner.pairs);
  CHECK(got.three == sent.three);
  CHECK(got.either == sent.either);
}

TEST_CASE("a run comes back whole from another process, or not at all") {
  ScenarioPlan plan = made_plan();
  plan.run.duration = sim::Duration::seconds(5);
  const RunResult sent =
      simulate(plan, 3, measurement_of(plan, sim::Duration::seconds(1), 10), nullptr);
  const std::string bytes = packed(sent);
  const auto got = Unpacking(bytes).get<RunResult>();
  CHECK(packed(got) == bytes);
  CHECK(got.digest == sent.digest);
  REQUIRE(got.workloads.size() == sent.workloads.size());
  REQUIRE(sent.workloads[0].endpoints[0].latency.count() > 0);
  CHECK(got.workloads[0].endpoints[0].latency == sent.workloads[0].endpoints[0].latency);
  CHECK(got.workloads[0].series.latency == sent.workloads[0].series.latency);
  REQUIRE(got.services.size() == sent.services.size());
  CHECK(got.services[0].in_system_area == sent.services[0].in_system_area);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, bytes.size() / 2, bytes.size() - 1})
    CHECK_THROWS(Unpacking(std::string_view(bytes).substr(0, cut)).get<RunResult>());
}

}  // namespace headroom
