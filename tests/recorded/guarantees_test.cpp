// The other guarantees: verdicts that are known, random histories against the definitions tried on
// every order, and what is shrunk.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "models/consistency/guarantees.hpp"
#include "models/consistency/shrink.hpp"
#include "models/consistency/test_brute_force.hpp"
#include "sim/kernel/random.hpp"

namespace headroom::consistency {

namespace {

const Question from_zero{Model::value_register, 0, {}};

/// "w(x,1) r(y,0) | r(x,1)".
History written(const std::string& text) {
  History history;
  std::istringstream words(text);
  std::uint32_t process = 0;
  for (std::string word; words >> word;) {
    if (word == "|") {
      ++process;
      continue;
    }
    Operation each;
    each.f = word[0] == 'w' ? Function::write : Function::read;
    each.key = static_cast<std::uint64_t>(word[2] - 'a');
    each.value = word[4] - '0';
    each.process = process;
    each.place = static_cast<std::uint32_t>(history.operations.size());
    each.call = each.ret = each.place;
    history.operations.push_back(each);
  }
  return history;
}

History drawn(sim::Stream& stream) {
  History history;
  const std::uint64_t count = 2 + stream.below(9), processes = 2 + stream.below(2);
  std::int64_t values = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    Operation each;
    each.process = static_cast<std::uint32_t>(stream.below(processes));
    each.key = stream.below(2);
    each.f = stream.below(5) < 2 && values < 5 ? Function::write : Function::read;
    each.value = each.f == Function::write ? ++values : 0;
    each.place = i;
    each.call = each.ret = i;
    history.operations.push_back(each);
  }
  for (Operation& each : history.operations) {
    if (each.f == Function::write) continue;
    std::vector<std::int64_t> known{0};
    for (const Operation& other : history.operations)
      if (other.f == Function::write && other.key == each.key) known.push_back(other.value);
    each.value = known[stream.below(known.size())];
  }
  return history;
}

/// Whether without any one operation it is no violation any more, or a read from nowhere.
bool is_smallest(const History& history, Guarantee guarantee) {
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    History left = history;
    left.operations.erase(left.operations.begin() + static_cast<std::ptrdiff_t>(i));
    if (BruteForce(left.operations).holds(guarantee)) continue;
    const Operation& gone = history.operations[i];
    const bool was_read =
        std::any_of(left.operations.begin(), left.operations.end(), [&](const Operation& each) {
          return each.f == Function::read && each.key == gone.key && each.value == gone.value;
        });
    if (gone.f != Function::write || !was_read) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("litmus histories have their known verdicts") {
  std::ifstream file(std::string(HEADROOM_SOURCE_DIR) + "/tests/recorded/litmus.tsv");
  std::string line;
  REQUIRE(std::getline(file, line));
  constexpr Guarantee columns[] = {Guarantee::sequential,
                                   Guarantee::coherent,
                                   Guarantee::pram,
                                   Guarantee::causal,
                                   Guarantee::causal_memory,
                                   Guarantee::causal_convergence,
                                   Guarantee::read_your_writes,
                                   Guarantee::monotonic_reads,
                                   Guarantee::monotonic_writes,
                                   Guarantee::writes_follow_reads};
  int verdicts = 0;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string name, text, verdict;
    std::getline(cells, name, '\t');
    std::getline(cells, text, '\t');
    const History history = written(text);
    for (const Guarantee guarantee : columns) {
      REQUIRE(std::getline(cells, verdict, '\t'));
      INFO(name << " is " << name_of(guarantee) << ": " << verdict);
      const Holds wanted = verdict == "yes" ? Holds::yes : Holds::no;
      CHECK(check(guarantee, history, from_zero).holds == wanted);
      CHECK(BruteForce(history.operations).holds(guarantee) == (wanted == Holds::yes));
      ++verdicts;
    }
  }
  CHECK(verdicts == 220);
}

TEST_CASE("guarantees agree with their definitions on random histories, and shrink") {
  sim::Stream stream(3, 0, "consistency/guarantees");
  const char* wish = std::getenv("HEADROOM_HISTORIES");
  const int histories = wish != nullptr ? std::atoi(wish) : 4'000;
  std::size_t yes[guarantees] = {}, no[guarantees] = {};
  for (int i = 0; i < histories; ++i) {
    const History history = drawn(stream);
    const BruteForce brute(history.operations);
    INFO("history " << i);
    const std::vector<Finding> all = check_all(history, from_zero);
    for (std::size_t g = 1; g < guarantees; ++g) {
      const auto guarantee = static_cast<Guarantee>(g);
      const bool expected = brute.holds(guarantee);
      const Finding finding = check(guarantee, history, from_zero);
      INFO(name_of(guarantee) << ": " << finding.text);
      REQUIRE(finding.holds == (expected ? Holds::yes : Holds::no));
      REQUIRE(all[g].holds == finding.holds);
      ++(expected ? yes : no)[g];
      if (expected) continue;
      const Finding few = smallest(guarantee, history, from_zero, finding);
      History left;
      for (const std::uint32_t index : few.operations)
        left.operations.push_back(history.operations[index]);
      REQUIRE_FALSE(BruteForce(left.operations).holds(guarantee));
      REQUIRE(is_smallest(left, guarantee));
    }
  }
  for (std::size_t g = 1; g < guarantees; ++g) {
    INFO(name_of(static_cast<Guarantee>(g)));
    CHECK(yes[g] > 0);
    // No order that a process writes in can contradict itself.
    const auto guarantee = static_cast<Guarantee>(g);
    CHECK((no[g] > 0 || guarantee == Guarantee::monotonic_writes));
  }
}

}  // namespace headroom::consistency
