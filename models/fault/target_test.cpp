#include "models/fault/target.hpp"

#include <catch2/catch.hpp>

using namespace headroom;
using Kind = FaultTarget::Kind;

namespace {

FaultTarget target_of(std::string_view text) {
  FaultTarget target;
  std::string why;
  INFO(text << ": " << why);
  REQUIRE(parse_target(text, target, why));
  CHECK(target.written == text);
  return target;
}

std::string refusal_of(std::string_view text) {
  FaultTarget target;
  std::string why;
  INFO(text);
  REQUIRE_FALSE(parse_target(text, target, why));
  return why;
}

}  // namespace

TEST_CASE("targets: services, replicas, shares and zones", "[fault]") {
  CHECK(target_of("app").name == "app");
  CHECK_FALSE(target_of("app").first);

  const auto one = target_of("app[3]");
  CHECK(one.name == "app");
  CHECK(one.first == 3u);
  CHECK(one.last == 3u);

  const auto range = target_of("web-1_x[0..12]");
  CHECK(range.name == "web-1_x");
  CHECK(range.first == 0u);
  CHECK(range.last == 12u);

  CHECK(target_of("app 50%").share == Ratio{0.5});
  CHECK(target_of("app 0.5%").share->value == Approx(0.005));
  CHECK(target_of("db.shard[2].leader").leader);
  CHECK(target_of("db.shard[2].leader").shard == 2u);
  CHECK(print_target(target_of("db.shard[2].leader")) == "db.shard[2].leader");
  CHECK_FALSE(target_of("db.shard[2]").leader);
  CHECK(target_of("orders.leader").leader);
  CHECK(target_of("orders.leader").name == "orders");
  CHECK_FALSE(target_of("orders.leader").shard);
  CHECK(print_target(target_of("orders.leader")) == "orders.leader");
  CHECK(target_of("zone az-a").kind == Kind::zone);
  CHECK(target_of("zone az-a").name == "az-a");
  CHECK(target_of("zone").kind == Kind::service);  // a service may be called so
  CHECK(target_of("zone 50%").kind == Kind::service);
}

TEST_CASE("what is no target is refused with the reason", "[fault]") {
  CHECK(refusal_of("app[1..0]") == "the range \"1..0\" ends before it begins; write \"app[0..1]\"");
  CHECK(refusal_of("app[0") == "the bracket of \"app[0\" is not closed");
  CHECK(refusal_of("app[x]") ==
        "\"x\" is no replica; replicas count from 0: \"app[0]\" or \"app[0..1]\"");
  CHECK(refusal_of("app 0%") == "a share of the replicas is above 0% and at most 100%, not 0%");
  CHECK(refusal_of("app x%") == "\"x%\" is no share; write one as in \"app 50%\"");
  CHECK(refusal_of("db.shard[2].tail").find("\".tail\" names a part of a replica") == 0);
  CHECK(refusal_of("db.shard[x].leader").find("\"x\" is no shard") == 0);
  CHECK(refusal_of("db.shard[x]") == "\"x\" is no shard; shards count from 0: \"db.shard[0]\"");
  CHECK(refusal_of("") == "the name is missing");
  CHECK(refusal_of("zone ") == "the name is missing");
  for (const char* bad : {"app[]",
                          "app[-1]",
                          "app[0..]",
                          "app[..1]",
                          "app[0...1]",
                          "app[0]x",
                          "app[0][1]",
                          "[0]",
                          "app[1000000]",
                          "app[4294967295]",
                          "app[99999999999]",
                          "app 101%",
                          "app nan%",
                          "app -5%",
                          "app %",
                          " app",
                          "app ",
                          "zone a b",
                          "link a ->",
                          "link a->b",
                          "host a b",
                          "switch ",
                          "app\n",
                          "app[0]%",
                          "50%",
                          "<b>",
                          "]"}) {
    CHECK_FALSE(refusal_of(bad).empty());
  }
}

TEST_CASE("a printed target reads as the same target", "[fault]") {
  for (const char* text : {"app", "app[0]", "app[2..7]", "app 50%", "app 7%", "app 33.3%",
                           "app 0.1%", "app 100%", "zone az-a", "zone", "link a -> b",
                           "link a-1 <-> b_2", "link a", "host h1", "switch s1", "link", "host"}) {
    CHECK(print_target(target_of(text)) == text);
  }
  CHECK(print_target(target_of("app[4..4]")) == "app[4]");
  CHECK(print_target(target_of("app[007]")) == "app[7]");
  for (int permille = 1; permille <= 1'000; ++permille) {
    FaultTarget target;
    target.name = "app";
    target.share = Ratio{permille / 1000.0};
    FaultTarget again;
    std::string why;
    REQUIRE(parse_target(print_target(target), again, why));
    REQUIRE(again.share->value == Approx(target.share->value).epsilon(1e-14));
  }
}

TEST_CASE("the replicas that a target names", "[fault]") {
  const auto replicas = [](std::string_view text, std::uint32_t count) {
    const auto range = replicas_of(target_of(text), count);
    return std::pair(range.first, range.end);
  };
  CHECK(replicas("app", 6) == std::pair(0u, 6u));
  CHECK(replicas("app[2]", 6) == std::pair(2u, 3u));
  CHECK(replicas("app[0..1]", 6) == std::pair(0u, 2u));
  CHECK(replicas("app[5..9]", 6) == std::pair(5u, 10u));  // beyond: for the caller to refuse
  CHECK(replicas("app 50%", 5) == std::pair(0u, 3u));
  CHECK(replicas("app 1%", 6) == std::pair(0u, 1u));
  CHECK(replicas("app 100%", 6) == std::pair(0u, 6u));
  for (std::uint32_t percent = 1; percent <= 100; ++percent) {  // whole shares take no one more
    CHECK(replicas("app " + std::to_string(percent) + "%", 100).second == percent);
  }
}
