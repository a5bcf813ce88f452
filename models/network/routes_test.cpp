#include "models/network/routes.hpp"

#include <catch2/catch.hpp>

#include "models/network/test_network.hpp"

using namespace headroom;
using network_fixture::three_zones;

namespace {

NetworkPlan links(std::initializer_list<const char*> keys) {
  NetworkPlan plan;
  for (const char* key : keys)
    plan.links.add(key);
  return plan;
}

std::vector<std::string> errors_of(const NetworkPlan& plan) {
  Findings findings;
  check_network(plan, three_zones, findings);
  std::vector<std::string> messages;
  for (const auto& finding : findings.all()) {
    if (!finding.is_warning) messages.push_back(finding.key + ": " + finding.message);
  }
  return messages;
}

}  // namespace

TEST_CASE("link keys: the three forms, with and without blanks, and nothing else", "[network]") {
  CHECK(parse_link_key("same zone") == LinkKey{"", "", true, true});
  CHECK(parse_link_key("az-a <-> az-b") == LinkKey{"az-a", "az-b", true, false});
  CHECK(parse_link_key("az-a->*") == LinkKey{"az-a", "*", false, false});
  CHECK(parse_link_key("*<->*") == LinkKey{"*", "*", true, false});
  for (const char* bad : {"", "a", "a <- b", "-> b", "a ->", "a b -> c", "a -> b -> c", "a - > b",
                          "same  zone", "a <-> b <-> c"}) {
    INFO(bad);
    CHECK_FALSE(parse_link_key(bad));
  }
}

TEST_CASE("the most specific key serves a pair, wherever it stands in the file", "[network]") {
  // Entries in the order of falling rank for a -> b; whatever is left, the first of them wins.
  const std::vector<const char*> by_rank{"a -> b",  "b <-> a", "a -> *",
                                         "* <-> b", "* -> *",  "* <-> *"};
  for (unsigned chosen = 1; chosen < 1u << by_rank.size(); ++chosen) {
    NetworkPlan forward, backward;
    const char* expected = nullptr;
    for (std::size_t i = 0; i < by_rank.size(); ++i) {
      if (((chosen >> i) & 1) == 0) continue;
      if (expected == nullptr) expected = by_rank[i];
      forward.links.add(by_rank[i]);
      backward.links.entries.insert(backward.links.entries.begin(), {by_rank[i], LinkPlan{}});
    }
    for (const auto& plan : {forward, backward}) {
      const Routes routes(plan, three_zones);
      REQUIRE(plan.links.entries[routes.entry(0, 1)].first == expected);
      REQUIRE(routes.entry(0, 0) == Routes::none);
    }
  }
}

TEST_CASE("inside a zone only its own key and \"same zone\" fit", "[network]") {
  const Routes routes(links({"* <-> *", "same zone", "a <-> a", "b -> *"}), three_zones);
  CHECK(routes.entry(0, 0) == 2);
  CHECK(routes.entry(1, 1) == 1);
  CHECK(routes.entry(2, 2) == 1);
  CHECK(routes.entry(1, 2) == 3);
  CHECK(routes.entry(2, 1) == 0);
  CHECK(routes.clashes().empty());
}

TEST_CASE("keys that fit a pair equally well are an error unless a better one settles it",
          "[network]") {
  CHECK(errors_of(links({"a <-> *", "* <-> b", "* <-> *"})) ==
        std::vector<std::string>{"* <-> b: fits \"a -> b\" as well as \"a <-> *\" does"});
  CHECK(errors_of(links({"a <-> *", "* <-> b", "* <-> *", "a <-> b"})).empty());
  CHECK(errors_of(links({"a <-> b", "b <-> a", "* <-> *"})).size() == 1);
}

TEST_CASE("zones without a route and zones that do not exist are named", "[network]") {
  CHECK(errors_of(links({})).empty());
  CHECK(errors_of(links({"* <-> *"})).empty());
  CHECK(errors_of(links({"a <-> *"})) ==
        std::vector<std::string>{": no route from \"b\" to \"c\""});
  CHECK(errors_of(links({"a <-> *", "b -> c"})) ==
        std::vector<std::string>{": no route from \"c\" to \"b\""});
  CHECK(errors_of(links({"same zone"})) ==
        std::vector<std::string>{": no route from \"a\" to \"b\", \"c\"",
                                 ": no route from \"b\" to \"c\""});
  CHECK(errors_of(links({"* <-> *", "a <-> d"})) ==
        std::vector<std::string>{"a <-> d: \"d\" is not a zone"});
  CHECK(errors_of(links({"* <-> *", "a = b"})) ==
        std::vector<std::string>{"a = b: \"a = b\" names no link"});
}
