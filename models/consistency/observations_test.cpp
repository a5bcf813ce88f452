#include <algorithm>
#include <catch2/catch.hpp>
#include <initializer_list>

#include "models/consistency/guarantees.hpp"
#include "sim/kernel/random.hpp"

namespace headroom::consistency {

namespace {

History one_after_the_other(std::initializer_list<Operation> operations) {
  History history;
  std::int64_t now = 0;
  for (Operation each : operations) {
    each.place = static_cast<std::uint32_t>(history.operations.size());
    each.call = ++now;
    each.ret = ++now;
    history.operations.push_back(each);
  }
  return history;
}

Operation operation(Function f, std::int64_t value) {
  Operation made;
  made.f = f;
  made.value = value;
  return made;
}

}  // namespace

TEST_CASE("a value that is written again is as new as its last write") {
  const History good =
      one_after_the_other({operation(Function::write, 1), operation(Function::write, 2),
                           operation(Function::write, 1), operation(Function::read, 1)});
  CHECK(staleness(good).stale == 0);
  CHECK(losses(good, last_seen(good)).lost == 0);
  // The second write of 1 comes after the read.
  const History stale =
      one_after_the_other({operation(Function::write, 1), operation(Function::write, 2),
                           operation(Function::read, 1), operation(Function::write, 1)});
  CHECK(staleness(stale).stale == 1);
  CHECK(staleness(stale).most_versions == 1);
}

TEST_CASE("a cas that took effect is a write, one that was refused is none") {
  Operation cas = operation(Function::cas, 2);
  cas.expected = 1;
  const auto read_one = operation(Function::read, 1);
  const auto write_one = operation(Function::write, 1);
  const History lost = one_after_the_other({write_one, cas, read_one});
  CHECK(staleness(lost).stale == 1);
  CHECK(losses(lost, last_seen(lost)).acknowledged == 2);
  CHECK(losses(lost, last_seen(lost)).lost == 1);
  cas.refused = true;
  const History refused = one_after_the_other({write_one, cas, read_one});
  CHECK(staleness(refused).stale == 0);
  CHECK(losses(refused, last_seen(refused)).acknowledged == 1);
  CHECK(losses(refused, last_seen(refused)).lost == 0);
}

TEST_CASE("a write is lost that nobody holds, not one that the last read has not seen yet") {
  const History history = one_after_the_other(
      {operation(Function::write, 1), operation(Function::write, 2), operation(Function::read, 1)});
  CHECK(losses(history, last_seen(history)).lost == 1);
  CHECK(losses(history, std::vector<HeldValue>{{0, 1}, {0, 2}}).lost == 0);
  CHECK(losses(history, std::vector<HeldValue>{{0, 1}}).lost == 1);
  CHECK(losses(history, std::vector<HeldValue>{{0, no_value}}).lost == 2);
  // Of what was not recorded nothing is known.
  CHECK(losses(history, std::vector<HeldValue>{{0, 3}}).lost == 0);
  CHECK(losses(history, {}).lost == 0);
}

TEST_CASE("random histories lose what the definition says, tried on each pair") {
  sim::Stream stream(3, 0, "losses");
  std::size_t lost = 0, kept = 0;
  for (int round = 0; round < 3'000; ++round) {
    History history;
    for (std::int64_t value = 1; value <= 8; ++value) {
      Operation each = operation(Function::write, value);
      each.key = stream.below(2);
      each.call = static_cast<std::int64_t>(stream.below(30));
      const bool is_open = stream.below(6) == 0;
      each.ret = is_open ? open_end : each.call + static_cast<std::int64_t>(stream.below(10));
      history.operations.push_back(each);
    }
    std::vector<HeldValue> held;
    for (std::uint64_t copy = 0; copy < 4; ++copy) {
      const Operation& any = history.operations[stream.below(8)];
      held.push_back({any.key, stream.below(8) == 0 ? no_value : any.value});
    }
    std::sort(held.begin(), held.end());
    std::uint64_t expected = 0;
    for (const Operation& write : history.operations) {
      std::size_t known = 0, older = 0;
      for (const HeldValue& each : held) {
        if (each.key != write.key) continue;
        ++known;
        const bool is_initial = each.value == no_value;
        const auto at = static_cast<std::size_t>(is_initial ? 0 : each.value - 1);
        older += is_initial || history.operations[at].ret < write.call ? 1 : 0;
      }
      expected += !write.is_open() && known > 0 && older == known ? 1 : 0;
    }
    REQUIRE(losses(history, held).lost == expected);
    (expected > 0 ? lost : kept) += 1;
  }
  CHECK(lost > 500);
  CHECK(kept > 500);
}

}  // namespace headroom::consistency
