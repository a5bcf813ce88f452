#include "app/scenario/suggest.hpp"

#include <catch2/catch.hpp>

using namespace headroom;

TEST_CASE("edit distance counts one for a swap and ignores case", "[suggest]") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("replcas", "replicas") == 1);
  CHECK(edit_distance("tiemout", "timeout") == 1);
  CHECK(edit_distance("Timeout", "timeout") == 0);
  CHECK(edit_distance("kitten", "sitting") == 3);  // the textbook pair
}

TEST_CASE("edit distance is symmetric and obeys the bounds of lengths", "[suggest]") {
  const std::string_view words[] = {"", "a", "lru", "lfu", "arc", "s3_fifo", "w_tinylfu", "sieve"};
  for (auto a : words)
    for (auto b : words) {
      const std::size_t d = edit_distance(a, b);
      CHECK(d == edit_distance(b, a));
      CHECK((d == 0) == (a == b));
      CHECK(d <= std::max(a.size(), b.size()));
      CHECK(d >= std::max(a.size(), b.size()) - std::min(a.size(), b.size()));
    }
}

TEST_CASE("a misspelt name suggests the near ones, a strange one lists the valid ones",
          "[suggest]") {
  const std::string_view valid[] = {"replicas", "shards", "replication", "timeout"};
  CHECK(suggestion("replcas", valid) == "did you mean \"replicas\"?");
  CHECK(suggestion("zzz", valid) ==
        "valid here: \"replicas\", \"shards\", \"replication\", \"timeout\"");
  CHECK(suggestion("x", {}).empty());
  CHECK(suggestion("time", valid) == "did you mean \"timeout\"?");
}

TEST_CASE("long lists are cut", "[suggest]") {
  const std::vector<std::string_view> many(15, "a");
  CHECK(listed(many, 2) == "\"a\", \"a\" and 13 more");
}
