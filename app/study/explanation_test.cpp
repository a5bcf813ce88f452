#include "app/study/explanation.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/scenario/call_graph.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/arithmetic.hpp"
#include "models/moments.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

/// A front that calls two to five services in a row or in branches, each at 25 to 45 % of what it
/// can do; one of them, planted, at 80 %.
struct Generated {
  Json document;
  std::string planted, second;
};

Generated generated(std::uint64_t number) {
  sim::Stream draws(number, 0, "architectures");
  Generated made;
  const std::size_t count = 2 + draws.below(4);
  const std::size_t planted = draws.below(count);
  const std::size_t second = (planted + 1) % count;
  constexpr double rate = 60;
  Json& services = made.document["services"];
  Json steps = Json::array();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("part{}", i);
    const double share = i == planted ? 0.8 : i == second ? 0.6 : 0.25 + 0.2 * draws.uniform();
    const auto replicas = static_cast<int>(1 + draws.below(3));
    const auto slots = static_cast<int>(1 + draws.below(4));
    const auto repeats = static_cast<int>(1 + draws.below(2));
    const double work_ms = 1e3 * share * replicas * slots / (rate * repeats);
    services[name] = {{"kind", "server"},
                      {"service_time", {{"exp", fmt::format("{:.6f}ms", work_ms)}}},
                      {"concurrency", slots},
                      {"replicas", replicas}};
    const Json call{{"call", name}};
    if (repeats > 1)
      steps.push_back({{"repeat", repeats}, {"do", {call}}});
    else
      steps.push_back(call);
  }
  made.planted = fmt::format("part{}", planted);
  made.second = fmt::format("part{}", second);
  // Slots of the front are held while it waits for the planted one: they are fuller than any.
  services["front"] = {{"kind", "server"},
                       {"concurrency", draws.below(2) == 0 ? Json(400) : Json("unlimited")},
                       {"endpoints", {{"ask", Json::array()}}}};
  if (draws.below(3) == 0 && count > 2) {
    Json branches = Json::array();
    for (auto& step : steps)
      branches.push_back(Json::array({step}));
    services["front"]["endpoints"]["ask"].push_back({{"parallel", branches}});
  } else {
    services["front"]["endpoints"]["ask"] = steps;
  }
  made.document["headroom"] = 1;
  made.document["name"] = "generated";
  made.document["run"] = {{"warmup", "20s"}, {"duration", "60s"}, {"replications", 4}};
  made.document["workloads"]["users"] = {{"target", "front"},
                                         {"arrivals", {{"poisson", fmt::format("{}/s", rate)}}}};
  return made;
}

ScenarioPlan read(const Folder& folder, const Json& document,
                  const std::vector<std::string>& settings = {}) {
  Diagnostics diagnostics;
  auto plan = read_scenario(folder.write("s.json", document.dump()), settings, diagnostics);
  REQUIRE(plan);
  return std::move(*plan);
}

Design run(ScenarioPlan plan) {
  Design design;
  design.plan = std::move(plan);
  design.result = run_study(design.plan, {});
  design.summary = summarize(design.plan, design.result);
  return design;
}

TEST_CASE("the planted bottleneck is found in 20 architectures of 20, and the next one too") {
  const Folder folder;
  int found = 0, next = 0;
  for (std::uint64_t number = 0; number < 20; ++number) {
    const Generated made = generated(number);
    const Design present = run(read(folder, made.document));
    const Explanation explanation = explain_laws(present.plan, present);
    INFO(made.document.dump());
    REQUIRE(explanation.constraints.size() >= 2);
    found += explanation.constraints[0].name == made.planted;
    next += explanation.constraints[1].name == made.second;
    CHECK(explanation.constraints[0].share == Approx(0.8).margin(0.06));
  }
  CHECK(found == 20);
  CHECK(next == 20);
}

TEST_CASE("the traffic equations and the arithmetic agree on every service") {
  const Folder folder;
  for (std::uint64_t number = 0; number < 20; ++number) {
    const ScenarioPlan plan = read(folder, generated(number).document);
    const auto rates = endpoint_rates(plan);
    const Arithmetic needs = arithmetic(plan);
    const CallGraph graph(plan);
    for (const ServiceNeeds& service : needs.services) {
      double sum = 0;
      for (std::size_t node = 0; node < rates.size(); ++node)
        if (graph.nodes()[node].service == service.service) sum += rates[node];
      CHECK(sum == Approx(service.requests_per_s));
    }
  }
}

TEST_CASE("a change is the scenario with that setting changed: the same events") {
  const Folder folder;
  const Json document = Json::parse(R"({
    "headroom": 1, "name": "two tiers", "run": {"warmup": "1s", "duration": "10s", "replications": 2},
    "network": {"same zone": {"latency": "3ms"}},
    "workloads": {"w": {"target": "app", "arrivals": {"poisson": "40/s"}, "timeout": "90ms",
      "retry": {"attempts": 3, "backoff": "10ms"}}},
    "services": {
      "app": {"kind": "server", "concurrency": 4, "endpoints": {"ask": [{"cpu": {"exp": "20ms"}},
        {"call": "db"}]}},
      "db": {"kind": "server", "concurrency": 1, "service_time": {"exp": "15ms"}}},
    "failures": [{"at": "2s", "for": "1s", "pause": "db"}]})");
  const auto digests = [](const ScenarioPlan& plan) {
    std::vector<std::uint64_t> found;
    for (const RunResult& run : run_study(plan, {}).runs)
      found.push_back(run.digest);
    return found;
  };
  const ScenarioPlan plan = read(folder, document);
  const auto same = [&](std::optional<Change> change, const auto& really) {
    REQUIRE(change);
    INFO(change->what);
    Json changed = document;
    really(changed);
    const auto expected = digests(read(folder, changed));
    CHECK(digests(change->plan) == expected);
    CHECK(expected != digests(plan));
    if (!change->setting.empty())
      CHECK(digests(read(folder, document, {change->setting})) == expected);
  };
  same(one_more_replica(plan, "db"), [](Json& j) { j["services"]["db"]["replicas"] = 2; });
  same(work_scaled(plan, "db", 0.8),
       [](Json& j) { j["services"]["db"]["service_time"]["exp"] = "12ms"; });
  same(work_scaled(plan, "app", 0.8),
       [](Json& j) { j["services"]["app"]["endpoints"]["ask"][0]["cpu"]["exp"] = "16ms"; });
  same(without_policy(plan, ClientPolicy::retry),
       [](Json& j) { j["workloads"]["w"].erase("retry"); });
  same(without_failure(plan, 0), [](Json& j) { j.erase("failures"); });
  same(without_latency(plan), [](Json& j) {
    j["network"]["same zone"] = {{"bandwidth", "100000Gbit/s"}};
  });
  same(without_policy(plan, ClientPolicy::timeout),
       [](Json& j) { j["workloads"]["w"].erase("timeout"); });
  same(twice_the_slots(plan, "app"), [](Json& j) { j["services"]["app"]["concurrency"] = 8; });
  // For both: a replica, slots, less work. Retries, timeouts, the failure, latency.
  CHECK(counterfactuals(plan).size() == 10);
  for (const Change& change : counterfactuals(plan)) {
    INFO(change.what);
    CHECK(digests(change.plan) != digests(plan));
  }
  CHECK_FALSE(one_more_replica(plan, "nobody"));
  CHECK_FALSE(without_failure(plan, 1));
}

TEST_CASE("a scaled law has its mean scaled and its shape kept") {
  using Kind = Distribution::Kind;
  for (const Kind kind : {Kind::constant, Kind::exponential, Kind::lognormal, Kind::gamma,
                          Kind::erlang, Kind::weibull, Kind::pareto}) {
    Distribution law;
    law.kind = kind;
    law.a = kind == Kind::lognormal ? 15 : 1e6;
    law.b = 3;
    CHECK(mean(scaled(law, 0.8)) == Approx(0.8 * mean(law)));
    CHECK(squared_cv(scaled(law, 0.8)) == Approx(squared_cv(law)));
  }
  Distribution uniform{Kind::uniform, 1e6, 3e6, {}, {}, {}, {}, {}};
  Distribution mixed{Kind::mixture, 0, 0, {0.3, 0.7}, {uniform, uniform}, {}, {}, {}};
  Distribution shifted{Kind::shifted, 5e5, 0, {}, {mixed}, {}, {}, {}};
  CHECK(mean(scaled(shifted, 0.5)) == Approx(0.5 * mean(shifted)));
  CHECK(squared_cv(scaled(shifted, 0.5)) == Approx(squared_cv(shifted)));
}

TEST_CASE("explain cannot tell what a change does to a p99 that was not measured") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  // 2 replications of 10 s of 50 requests a second: 10 samples lie beyond the p99.
  const std::vector<std::string> words{"explain", file, "--duration", "10s", "--replications", "2"};
  const Answer text = run_headroom(words);
  CHECK(text.out.find("cannot tell: no p99") != std::string::npos);
  CHECK(text.out.find("no effect seen") == std::string::npos);
  auto as_json = words;
  as_json.push_back("--json");
  const auto effects = Json::parse(run_headroom(as_json).out)["explanation"]["effects"];
  CHECK(effects.size() > 1);
  for (const auto& effect : effects) {
    CHECK(effect["p99_s"]["difference"]["value"].is_null());
    CHECK(effect["verdict"] != "no effect seen");
  }
}

TEST_CASE("explain ranks what helps first and lists what does not") {
  const Folder folder;
  const Generated made = generated(3);
  const std::string file = folder.write("s.json", made.document.dump());
  const Answer answer =
      run_headroom({"explain", file, "--replications", "12", "--duration", "200s", "--json"});
  REQUIRE(answer.code == 0);
  const Json explanation = Json::parse(answer.out)["explanation"];
  CHECK(explanation["bottleneck"] == made.planted);
  CHECK(explanation["next"] == made.second);
  const auto& effects = explanation["effects"];
  CHECK(effects[0]["change"].get<std::string>().find(made.planted) != std::string::npos);
  CHECK(effects[0]["verdict"] == "helps");
  CHECK(effects[0]["p99_s"]["difference"]["high"] < 0.0);
  CHECK(effects[effects.size() - 1]["verdict"] != "helps");
  const Answer text = run_headroom({"explain", file, "--no-color", "--duration", "60s"});
  CHECK(text.out.find("Bottleneck: " + made.planted) != std::string::npos);
  CHECK(text.out.find("no effect seen") != std::string::npos);
  // What it says of one more replica is what a comparison with that setting says.
  for (const auto& effect : effects) {
    if (effect["set"].is_null() || effect["change"] != "one more replica of " + made.planted)
      continue;
    const Answer compared =
        run_headroom({"compare", file, "--set", effect["set"].get<std::string>(), "--replications",
                      "12", "--duration", "200s", "--json"});
    const Json difference =
        Json::parse(compared.out)["differences"]["workloads.users.latency_s.p99"]["difference"];
    CHECK(effect["p99_s"]["difference"]["value"] == difference["value"]);
  }
}

}  // namespace
}  // namespace headroom
