// What is said of counters, against every order tried and against the search that knows only
// states.
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "models/consistency/counts.hpp"
#include "sim/kernel/random.hpp"

namespace headroom::consistency {

namespace {

const Question counter{Model::counter, no_value, {}};

/// Up to eight operations of three processes on two counters, each process one after another.
History counted(sim::Stream& stream, std::uint64_t keys) {
  History history;
  std::vector<std::int64_t> free(3);
  std::uint32_t next_process = 3;
  std::vector<std::uint32_t> process{0, 1, 2};
  const std::uint64_t count = 2 + stream.below(7);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t who = stream.below(3);
    Operation each;
    each.key = stream.below(keys);
    each.process = process[who];
    each.call = free[who] + static_cast<std::int64_t>(stream.below(4));
    each.ret = each.call + static_cast<std::int64_t>(stream.below(5));
    free[who] = each.ret + 1;
    each.f = stream.below(2) == 0 ? Function::add : Function::read;
    each.value = each.f == Function::add ? 1 : static_cast<std::int64_t>(stream.below(4));
    if (each.f == Function::add && stream.below(6) == 0) {
      each.ret = open_end;
      process[who] = next_process++;
    }
    history.operations.push_back(each);
  }
  return history;
}

/// Tries every order that each process agrees with; `real_time`: and that real time allows.
bool some_order(const std::vector<Operation>& all, bool real_time, std::int64_t sum,
                std::uint32_t done) {
  bool complete = true;
  for (std::size_t i = 0; i < all.size(); ++i)
    complete = complete && ((done >> i & 1) != 0 || all[i].is_open());
  if (complete) return true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((done >> i & 1) != 0) continue;
    const Operation& each = all[i];
    const auto goes_before = [&](const Operation& other) {
      return other.ret < each.call && (real_time || other.process == each.process);
    };
    bool is_next = true;
    for (std::size_t j = 0; j < all.size(); ++j)
      is_next = is_next && ((done >> j & 1) != 0 || !goes_before(all[j]));
    if (!is_next || (each.f == Function::read && each.value != sum)) continue;
    const std::int64_t after = sum + (each.f == Function::add ? 1 : 0);
    if (some_order(all, real_time, after, done | 1U << i)) return true;
  }
  return false;
}

bool each_key(const History& history, bool real_time) {
  for (std::uint64_t key = 0; key < 2; ++key) {
    std::vector<Operation> some;
    for (const Operation& each : history.operations)
      if (each.key == key) some.push_back(each);
    if (!some_order(some, real_time, 0, 0)) return false;
  }
  return true;
}

/// Each process and key by itself, with what all added.
bool each_process(const History& history) {
  for (const Operation& one : history.operations) {
    std::vector<Operation> some;
    for (const Operation& each : history.operations) {
      const bool is_seen = each.f == Function::add || each.process == one.process;
      if (each.key == one.key && is_seen) some.push_back(each);
    }
    if (!some_order(some, false, 0, 0)) return false;
  }
  return true;
}

/// By the words of the guarantee, pair by pair.
bool sessions_hold(const History& history, Guarantee guarantee) {
  for (const Operation& read : history.operations) {
    if (read.f != Function::read) continue;
    std::int64_t least = 0;
    for (const Operation& other : history.operations) {
      const bool is_before =
          other.process == read.process && other.key == read.key && other.ret < read.call;
      if (!is_before) continue;
      if (guarantee == Guarantee::read_your_writes && other.f == Function::add) ++least;
      if (guarantee == Guarantee::monotonic_reads && other.f == Function::read)
        least = std::max(least, other.value);
    }
    if (read.value < least) return false;
  }
  return true;
}

History of(std::vector<Operation> operations) {
  History history;
  history.operations = std::move(operations);
  std::int64_t now = 0;
  for (Operation& each : history.operations) {
    each.call = ++now;
    each.ret = ++now;
  }
  return history;
}

Operation add_one() {
  Operation each;
  each.f = Function::add;
  each.value = 1;
  return each;
}

Operation reads(std::int64_t value, std::uint32_t process = 1) {
  Operation each;
  each.value = value;
  each.process = process;
  return each;
}

}  // namespace

TEST_CASE("what is said of random counters is what every order says, and the search") {
  sim::Stream stream(5, 0, "counts");
  int refuted[5] = {};
  constexpr int histories = 20'000;
  for (int i = 0; i < histories; ++i) {
    const History history = counted(stream, 1 + i % 2);
    INFO("history " << i);
    const bool expected[] = {each_key(history, true), each_key(history, false),
                             sessions_hold(history, Guarantee::read_your_writes),
                             sessions_hold(history, Guarantee::monotonic_reads),
                             each_process(history)};
    const Guarantee asked[] = {Guarantee::linearizable, Guarantee::coherent,
                               Guarantee::read_your_writes, Guarantee::monotonic_reads,
                               Guarantee::pram};
    for (int which = 0; which < 5; ++which) {
      const Finding found = check_counts(asked[which], history, counter);
      // The order of adds to several keys is not looked at.
      const Holds kept = asked[which] == Guarantee::pram ? Holds::unknown : Holds::yes;
      REQUIRE(found.holds == (expected[which] ? kept : Holds::no));
      refuted[which] += expected[which] ? 0 : 1;
    }
    REQUIRE(linearizable_by_search(history, counter).holds ==
            (expected[0] ? Holds::yes : Holds::no));
  }
  for (const int each : refuted)
    CHECK((each > histories / 100 && each < histories - histories / 100));
}

TEST_CASE("the operations that show what is wrong with a count") {
  const auto found = [](const History& history, Guarantee guarantee) {
    const Finding finding = check_counts(guarantee, history, counter);
    CHECK(finding.holds == Holds::no);
    return finding.operations;
  };
  using Indices = std::vector<std::uint32_t>;
  CHECK(found(of({add_one(), reads(1), add_one(), reads(0)}), Guarantee::monotonic_reads) ==
        Indices{1, 3});
  CHECK(found(of({add_one(), reads(0, 0)}), Guarantee::read_your_writes) == Indices{0, 1});
  CHECK(found(of({add_one(), reads(0)}), Guarantee::linearizable) == Indices{0, 1});
  // Counted twice: nothing explains it, in whatever order.
  CHECK(found(of({add_one(), reads(2)}), Guarantee::coherent) == Indices{0, 1});
  CHECK(found(of({add_one(), reads(2)}), Guarantee::pram) == Indices{1});
  CHECK(found(of({add_one(), reads(1), add_one(), reads(2), reads(1)}), Guarantee::causal) ==
        Indices{3, 4});
  // Each of two counts its own and nothing else, as on two sides of a cut.
  const History one = of({add_one(), reads(1, 0)});
  History both = of({add_one(), add_one(), reads(1, 0), reads(1)});
  both.operations[1].process = 1;
  CHECK(check_counts(Guarantee::coherent, one, counter).holds == Holds::yes);
  CHECK(check_counts(Guarantee::coherent, both, counter).holds == Holds::no);
  CHECK(check_counts(Guarantee::sequential, both, counter).holds == Holds::no);
  CHECK(check_counts(Guarantee::pram, both, counter).holds == Holds::unknown);
  CHECK(check_counts(Guarantee::linearizable, of({add_one(), reads(8)}), {Model::counter, 7, {}})
            .holds == Holds::yes);
}

TEST_CASE("adds that are counted late are stale reads; what all copies lack is lost") {
  const History history = of({add_one(), add_one(), add_one(), reads(1)});
  CHECK(staleness(history).stale == 1);
  CHECK(staleness(history).longest == 7 - 4);
  CHECK(staleness(history).most_versions == 2);
  CHECK(losses(history, std::vector<HeldValue>{{0, 1}}).lost == 2);
  CHECK(losses(history, std::vector<HeldValue>{{0, 3}}).lost == 0);
  CHECK(losses(history, std::vector<HeldValue>{{0, 4}}).lost == 0);
  // Each copy may count others.
  CHECK(losses(history, std::vector<HeldValue>{{0, 1}, {0, 2}}).lost == 0);
}

}  // namespace headroom::consistency
