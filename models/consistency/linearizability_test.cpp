// Random histories against every order tried one after the other, and fast paths against search.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

#include "models/consistency/linearizability.hpp"
#include "models/consistency/shrink.hpp"
#include "sim/kernel/random.hpp"

namespace headroom::consistency {

namespace {

/// Tries every next operation, whether or not it leads anywhere: slow and obviously right.
bool some_order(const std::vector<Operation>& all, std::int64_t state, std::uint32_t done) {
  std::int64_t first_end = open_end;
  bool complete = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((done >> i & 1) != 0) continue;
    first_end = std::min(first_end, all[i].ret);
    complete = complete && all[i].is_open();
  }
  if (complete) return true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((done >> i & 1) != 0 || all[i].call > first_end) continue;
    const Operation& each = all[i];
    std::int64_t after = state;
    if (each.f == Function::write) after = each.value;
    if (each.f == Function::read && each.value != state) continue;
    if (each.f == Function::cas) {
      if ((state == each.expected) == each.refused) continue;
      if (!each.refused) after = each.value;
    }
    if (some_order(all, after, done | 1U << i)) return true;
  }
  return false;
}

struct Drawn {
  bool with_cas = false, distinct = false;
};

/// Up to ten operations of three processes on one register with initial value 0.
History drawn(sim::Stream& stream, Drawn kind) {
  History history;
  const std::uint64_t count = 1 + stream.below(10);
  std::int64_t next_value = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Operation each;
    each.call = static_cast<std::int64_t>(stream.below(12));
    each.ret = each.call + static_cast<std::int64_t>(stream.below(6));
    each.value = static_cast<std::int64_t>(stream.below(kind.distinct ? 6 : 3));
    const std::uint64_t choice = stream.below(kind.with_cas ? 4 : 2);
    each.f = choice == 0 ? Function::write : choice == 1 ? Function::read : Function::cas;
    if (each.f == Function::cas) {
      each.expected = static_cast<std::int64_t>(stream.below(3));
      each.refused = stream.below(3) == 0;
    }
    if (each.f == Function::write && kind.distinct) each.value = ++next_value;
    if (each.f != Function::read && !each.refused && stream.below(5) == 0) each.ret = open_end;
    history.operations.push_back(each);
  }
  return history;
}

}  // namespace

/// HEADROOM_HISTORIES says how many.
TEST_CASE("search and zones agree with brute force on random histories") {
  sim::Stream stream(7, 0, "consistency/brute force");
  const Question question{Model::cas_register, 0, {}};
  std::size_t violations = 0;
  const char* wish = std::getenv("HEADROOM_HISTORIES");
  const std::size_t histories = wish != nullptr ? std::strtoull(wish, nullptr, 10) : 30'000;
  for (std::size_t i = 0; i < histories; ++i) {
    const History history = drawn(stream, {i % 3 == 0, i % 3 == 1});
    const bool expected = some_order(history.operations, 0, 0);
    violations += expected ? 0 : 1;
    const Holds wanted = expected ? Holds::yes : Holds::no;
    INFO("history " << i);
    REQUIRE(linearizable(history, question).holds == wanted);
    REQUIRE(linearizable_by_search(history, question).holds == wanted);
  }
  // Both verdicts are common, or this would show little.
  CHECK(violations > histories / 10);
  CHECK(violations < histories / 10 * 9);
}

TEST_CASE("the operations of a violation are a violation by themselves") {
  sim::Stream stream(11, 0, "consistency/witness");
  const Question question{Model::value_register, 0, {}};
  for (int i = 0; i < 3'000; ++i) {
    const History history = drawn(stream, {false, true});
    const Finding finding = linearizable(history, question);
    if (finding.holds != Holds::no) continue;
    History few;
    for (const std::uint32_t index : finding.operations)
      few.operations.push_back(history.operations[index]);
    INFO("history " << i << ": " << finding.text);
    CHECK(few.operations.size() <= 6);
    CHECK_FALSE(some_order(few.operations, 0, 0));
  }
}

TEST_CASE("the smallest counterexample contradicts itself whatever else was written") {
  sim::Stream stream(12, 0, "consistency/smallest");
  const Question question{Model::cas_register, 0, {}};
  std::size_t violations = 0, operations = 0;
  for (int i = 0; i < 6'000; ++i) {
    const History history = drawn(stream, {i % 3 != 0, i % 2 == 0});
    const Finding finding = linearizable(history, question);
    if (finding.holds != Holds::no) continue;
    const Finding few = smallest(Guarantee::linearizable, history, question, finding);
    History rest;
    for (std::uint32_t each = 0; each < history.operations.size(); ++each) {
      Operation operation = history.operations[each];
      const bool is_shown = std::binary_search(few.operations.begin(), few.operations.end(), each);
      if (!is_shown && (operation.f == Function::read || operation.refused)) continue;
      if (!is_shown) operation.f = Function::write;
      rest.operations.push_back(operation);
    }
    INFO("history " << i << ": " << few.text);
    REQUIRE_FALSE(some_order(rest.operations, 0, 0));
    ++violations;
    operations += few.operations.size();
  }
  CHECK(violations > 1'000);
  CHECK(operations < 4 * violations);
}

TEST_CASE("of a chain of cas the last links show the violation") {
  History history;
  const auto add = [&](Function f, std::int64_t expected, std::int64_t value) {
    Operation each;
    each.f = f, each.expected = expected, each.value = value;
    each.call = static_cast<std::int64_t>(2 * history.operations.size());
    each.ret = each.call + 1;
    history.operations.push_back(each);
  };
  for (std::int64_t value = 1; value <= 60; ++value)
    add(Function::cas, value == 1 ? no_value : value - 1, value);
  add(Function::read, no_value, 50);
  const Question question{Model::cas_register, no_value, {}};
  const Finding finding = linearizable(history, question);
  REQUIRE(finding.holds == Holds::no);
  const Finding few = smallest(Guarantee::linearizable, history, question, finding);
  CHECK(few.operations.size() == 3);
  CHECK(few.operations.back() == 60);
}

TEST_CASE("what is no register is told with all that changed it") {
  History history;
  const auto add = [&](Function f, std::int64_t text) {
    Operation each;
    each.f = f, each.value = History::text_value(static_cast<std::size_t>(text));
    each.call = static_cast<std::int64_t>(2 * history.operations.size());
    each.ret = each.call + 1;
    history.operations.push_back(each);
  };
  history.texts = {"a", "b", "ab"};
  add(Function::append, 0);
  add(Function::read, 0);
  add(Function::append, 1);
  add(Function::read, 2);
  add(Function::read, 0);
  const Question question{Model::kv, no_value, {}};
  const Finding finding = linearizable(history, question);
  REQUIRE(finding.holds == Holds::no);
  const Finding few = smallest(Guarantee::linearizable, history, question, finding);
  CHECK(few.operations == std::vector<std::uint32_t>{0, 2, 4});
}

TEST_CASE("a write in vain may still take effect later") {
  // Both write while 1 is there already; the read needs the second of them to come last.
  History history;
  const auto add = [&](Function f, std::int64_t value, std::int64_t call, std::int64_t ret) {
    Operation each;
    each.f = f, each.value = value, each.call = call, each.ret = ret;
    history.operations.push_back(each);
  };
  add(Function::write, 1, 0, 1);
  add(Function::write, 2, 2, 4);
  add(Function::write, 1, 3, 5);
  add(Function::read, 1, 6, 7);
  CHECK(linearizable(history, {Model::value_register, 0, {}}).holds == Holds::yes);
  history.operations.back().value = 0;
  CHECK(linearizable(history, {Model::value_register, 0, {}}).holds == Holds::no);
}

TEST_CASE("what a budget does not decide is unknown") {
  // Appends that all overlap, and a read that none of their orders gives.
  History history;
  history.texts = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "aaaaaaaaa"};
  for (std::size_t i = 0; i < history.texts.size(); ++i) {
    Operation each;
    each.f = i < 9 ? Function::append : Function::read;
    each.value = History::text_value(i);
    each.call = i < 9 ? 0 : 2;
    each.ret = each.call + 1;
    history.operations.push_back(each);
  }
  const Question question{Model::kv, no_value, {}};
  const Finding curtailed = linearizable(history, question, {1'000, 20'000'000});
  CHECK(curtailed.holds == Holds::unknown);
  CHECK_FALSE(curtailed.text.empty());
  CHECK(linearizable(history, question).holds == Holds::no);
}

TEST_CASE("recorded events become operations, a timeout stays open, a failure did not happen") {
  using Type = HistoryEvent::Type;
  const auto event = [](std::int64_t at, std::uint32_t process, Type type, Function f,
                        std::int64_t value) {
    return HistoryEvent{sim::Time::at_ns(at), value, no_value, 0, process, type, f};
  };
  const RecordedHistory recorded{event(1, 0, Type::invoke, Function::write, 5),
                                 event(2, 1, Type::invoke, Function::write, 6),
                                 event(3, 0, Type::info, Function::write, 5),
                                 event(4, 1, Type::fail, Function::write, 6),
                                 event(5, 2, Type::invoke, Function::read, no_value),
                                 event(6, 2, Type::ok, Function::read, 5)};
  const History history = history_of(recorded);
  REQUIRE(history.operations.size() == 2);
  CHECK(history.operations[0].is_open());
  CHECK(history.says(history.operations[1]) == "read 0 -> 5");
  CHECK(linearizable(history, {Model::value_register, 0, {}}).holds == Holds::yes);
  const RecordedHistory twice{recorded[0], recorded[0]};
  CHECK(std::get<HistoryFault>(operations_of(twice)).event == 1);
  RecordedHistory changed{event(1, 0, Type::invoke, Function::write, 5),
                          event(2, 0, Type::ok, Function::write, 6)};
  CHECK(std::get<HistoryFault>(operations_of(changed)).event == 1);
  changed[1].value = no_value;  // Not said again.
  CHECK(std::holds_alternative<std::vector<Operation>>(operations_of(changed)));
}

}  // namespace headroom::consistency
