#include <catch2/catch.hpp>
#include <initializer_list>

#include "models/consistency/guarantees.hpp"

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
  CHECK(losses(good).lost == 0);
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
  CHECK(losses(lost).acknowledged == 2);
  CHECK(losses(lost).lost == 1);
  cas.refused = true;
  const History refused = one_after_the_other({write_one, cas, read_one});
  CHECK(staleness(refused).stale == 0);
  CHECK(losses(refused).acknowledged == 1);
  CHECK(losses(refused).lost == 0);
}

}  // namespace headroom::consistency
