#include "models/store/layout.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include <string>

#include "models/store/sharding.hpp"

namespace headroom {
namespace {

constexpr std::uint64_t keys = 20'000;

struct Space {
  explicit Space(ShardBy by, std::uint32_t count, std::uint32_t virtual_nodes = 100)
      : plan{count, by, virtual_nodes, std::nullopt} {}
  static KeySpacePlan of_keys() {
    KeySpacePlan plan;
    plan.count = keys;
    return plan;
  }
  Request request(std::uint64_t key) const {
    Request request;
    request.key = key;
    request.key_space = 1;
    return request;
  }
  KeySpacePlan space = of_keys();
  std::vector<KeySpace> all{KeySpace(space, 1, "k")};
  ShardsPlan plan;
  Sharding sharding{plan, "db", all};
};

std::uint32_t owner(const Space& space, const Layout& layout, std::uint64_t key) {
  return layout.owner(layout.cell_of(space.sharding.position_of(space.request(key))));
}

RebalancePlan add(std::uint32_t count) {
  RebalancePlan plan;
  plan.add = count;
  return plan;
}
RebalancePlan remove(std::uint32_t shard) {
  RebalancePlan plan;
  plan.remove = shard;
  return plan;
}
RebalancePlan split(std::uint32_t shard) {
  RebalancePlan plan;
  plan.split = shard;
  return plan;
}

/// From whom to whom keys go, and how many.
std::map<std::pair<std::uint32_t, std::uint32_t>, double> moves(const Space& space,
                                                                const RebalancePlan& change) {
  Layout before = space.sharding.layout();
  Layout after = space.sharding.changed(before, change, space.plan.count);
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> found;
  for (std::uint64_t key = 0; key < keys; ++key) {
    const std::uint32_t from = owner(space, before, key), to = owner(space, after, key);
    if (from != to) found[{from, to}] += 1.0 / keys;
  }
  Layout::align(before, after);
  REQUIRE(before.cells() == after.cells());
  double widths = 0;
  for (std::size_t cell = 0; cell < before.cells(); ++cell)
    widths += before.width(cell);
  CHECK(widths == Approx(1));
  for (std::uint64_t key = 0; key < keys; ++key) {
    const std::size_t cell = before.cell_of(space.sharding.position_of(space.request(key)));
    const std::size_t same = after.cell_of(space.sharding.position_of(space.request(key)));
    REQUIRE(cell == same);
    const auto pair = std::make_pair(before.owner(cell), after.owner(cell));
    REQUIRE((pair.first == pair.second) == !found.contains(pair));
  }
  return found;
}

double sum(const std::map<std::pair<std::uint32_t, std::uint32_t>, double>& moved) {
  double all = 0;
  for (const auto& [pair, share] : moved)
    all += share;
  return all;
}

TEST_CASE("A layout is the sharding it comes from, key by key") {
  for (const ShardBy by : {ShardBy::hash, ShardBy::range, ShardBy::consistent_hash}) {
    for (const std::uint32_t count : {1u, 2u, 7u, 16u}) {
      const Space space(by, count);
      const Layout layout = space.sharding.layout();
      for (std::uint64_t key = 0; key < keys; ++key)
        REQUIRE(owner(space, layout, key) == space.sharding.shard_of(space.request(key)));
    }
  }
}

TEST_CASE("A layout that has got a shard more is that of as many shards") {
  for (const ShardBy by : {ShardBy::hash, ShardBy::consistent_hash}) {
    const Space three(by, 3), five(by, 5);
    const Layout grown = three.sharding.changed(three.sharding.layout(), add(2), 3);
    for (std::uint64_t key = 0; key < keys; ++key)
      REQUIRE(owner(three, grown, key) == five.sharding.shard_of(five.request(key)));
  }
}

TEST_CASE("What is taken back is as if it had never been added") {
  for (const ShardBy by : {ShardBy::hash, ShardBy::range, ShardBy::consistent_hash}) {
    const Space space(by, 4);
    const Layout before = space.sharding.layout();
    for (const RebalancePlan& more : {add(1), split(2)}) {
      if (more.split && by != ShardBy::range) continue;  // the ring gives arcs to the next points
      const Layout larger = space.sharding.changed(before, more, 4);
      const Layout again = space.sharding.changed(larger, remove(4), 5);
      for (std::uint64_t key = 0; key < keys; ++key)
        REQUIRE(owner(space, again, key) == owner(space, before, key));
    }
  }
}

TEST_CASE("Modulo another number nearly all keys move, on a ring those of the new shard alone") {
  // Of n to n + 1 residues a share n / (n + 1) moves: a number is the same modulo both for n of
  // n (n + 1) residues.
  const double modulo = sum(moves(Space(ShardBy::hash, 8), add(1)));
  CHECK(modulo == Approx(8.0 / 9).epsilon(0.01));
  const auto ring = moves(Space(ShardBy::consistent_hash, 8, 1000), add(1));
  CHECK(sum(ring) == Approx(1.0 / 9).epsilon(0.1));
  for (const auto& [pair, share] : ring)
    CHECK(pair.second == 8);
  CHECK(ring.size() == 8);
}

TEST_CASE("A removed shard gives away its own keys on a ring and in ranges") {
  const auto ring = moves(Space(ShardBy::consistent_hash, 8, 1000), remove(3));
  CHECK(sum(ring) == Approx(1.0 / 8).epsilon(0.15));
  for (const auto& [pair, share] : ring)
    CHECK(pair.first == 3);
  for (const std::uint32_t shard : {0u, 3u, 7u}) {
    const auto ranges = moves(Space(ShardBy::range, 8), remove(shard));
    REQUIRE(ranges.size() == 1);
    CHECK(ranges.begin()->first == std::make_pair(shard, shard == 0 ? 1u : shard - 1));
    CHECK(sum(ranges) == Approx(1.0 / 8));
  }
}

TEST_CASE("A split gives half of one shard to a new one") {
  for (const ShardBy by : {ShardBy::hash, ShardBy::range, ShardBy::consistent_hash}) {
    const Space space(by, 8, 1000);
    const auto moved = moves(space, split(5));
    REQUIRE(moved.size() == 1);
    CHECK(moved.begin()->first == std::make_pair(5u, 8u));
    CHECK(sum(moved) == Approx(1.0 / 16).epsilon(0.15));
  }
  // Each split of the widest range halves it: 0 .. 1/8 becomes 0 .. 1/16.
  const Space space(ShardBy::range, 8);
  Layout layout = space.sharding.layout();
  for (std::uint32_t shard = 8; shard < 11; ++shard)
    layout = space.sharding.changed(layout, split(0), shard);
  CHECK(owner(space, layout, keys / 64 - 1) == 0);
  CHECK(owner(space, layout, keys / 64 + 1) == 10);
  CHECK(owner(space, layout, keys / 32 + 1) == 9);
  CHECK(owner(space, layout, keys / 16 + 1) == 8);
}

TEST_CASE("The widest range is halved for a shard that is added") {
  const auto moved = moves(Space(ShardBy::range, 4), add(1));
  REQUIRE(moved.size() == 1);
  CHECK(moved.begin()->first == std::make_pair(0u, 4u));
  CHECK(sum(moved) == Approx(1.0 / 8));
}

}  // namespace
}  // namespace headroom
