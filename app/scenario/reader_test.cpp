#include "app/scenario/reader.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <ctime>

#include "app/scenario/resolved.hpp"
#include "app/scenario/test_fake_plan.hpp"

using namespace headroom;

namespace {

struct Outcome {
  Diagnostics diagnostics;
  ReadResult result;
  std::optional<fake::Scenario> plan;
};

Outcome read(const std::string& text) {
  Outcome outcome;
  const std::uint32_t file = outcome.diagnostics.sources.add("shop.json", text);
  const auto node = parse_document(file, outcome.diagnostics);
  if (node) outcome.plan = read_plan<fake::Scenario>(*node, outcome.diagnostics, outcome.result);
  return outcome;
}

std::string errors_of(const std::string& text) {
  const Outcome outcome = read(text);
  CHECK(outcome.diagnostics.has_errors());
  CHECK_FALSE(outcome.plan);
  return outcome.diagnostics.text();
}

/// A scenario with one service `app` of these members.
std::string server(const std::string& members) {
  return R"({"name": "n", "services": {"app": {"kind": "server", )" + members + "}}}";
}
std::string workload(const std::string& members) {
  return R"({"name": "n", "workloads": {"w": {"target": "app", )" + members + "}}}";
}
std::string distribution(const std::string& json) {
  return server(R"("concurrency": 1, "service_time": )" + json);
}

const std::string whole = R"({
  "name": "web shop", "seed": 18446744073709551615, "x-note": {"anything": null},
  "services": {
    "app": {"kind": "server", "replicas": 3, "zones": ["a", "b"], "concurrency": 64, "crash": "silent",
            "endpoints": {"browse": [{"cpu": {"exp": "6ms"}},
                                     {"call": "db.read", "timeout": "20ms", "on_miss": [{"call": "db"}]}]}},
    "db": {"kind": "database", "service_time": {"read": "2ms", "write": {"uniform": ["1ms", "3ms"]}}, "eviction": "lru"},
    "db2": {"kind": "database", "service_time": {"lognormal": {"p50": "2ms", "p99": "15ms"}}}
  },
  "workloads": {
    "shoppers": {"target": "app", "arrivals": {"poisson": "2.5k/s"}, "mix": {"browse": "90%", "buy": "10%"},
                 "hedge_after": "p95", "size": {"exp": "2kB"}},
    "robots": {"target": "app", "arrivals": {"closed": 5, "think_time": "1s"}, "hedge_after": "20ms"}
  },
  "failures": [{"at": "3min", "for": "45s", "kill": "app[1]"}, {"at": "4min", "slow": "app[0]", "factor": 5}, {"at": "5min"}],
  "bandwidth": "10Gbit/s"
})";

}  // namespace

TEST_CASE("a scenario reads into its plan", "[reader]") {
  const Outcome outcome = read(whole);
  INFO(outcome.diagnostics.text());
  REQUIRE(outcome.plan);
  const fake::Scenario& plan = *outcome.plan;
  CHECK(plan.seed == UINT64_MAX);
  const auto& app = std::get<fake::Server>(plan.services.find("app")->own);
  CHECK(app.common.replicas == 3);
  CHECK(app.common.zones->at(1).name == "b");
  CHECK(app.crash == fake::Crash::silent);
  CHECK(app.queue_limit == Limit{1000});
  const auto& steps = *app.endpoints.find("browse");
  REQUIRE(steps.size() == 2);
  CHECK(std::get<fake::CpuStep>(steps[0].what).work.kind == Distribution::Kind::exponential);
  CHECK(std::get<fake::CpuStep>(steps[0].what).work.a == 6e6);
  const auto& call = std::get<fake::CallStep>(steps[1].what);
  CHECK(call.to == CallTarget{"db", "read"});
  CHECK(call.timeout == sim::Duration::ms(20));
  CHECK(std::get<fake::CallStep>(call.on_miss.at(0).what).to == CallTarget{"db", ""});
  CHECK(std::get<fake::ReadWrite>(
            std::get<fake::Database>(plan.services.find("db")->own).service_time)
            .write.b == 3e6);
  CHECK(
      std::get<Distribution>(std::get<fake::Database>(plan.services.find("db2")->own).service_time)
          .kind == Distribution::Kind::lognormal);
  const auto& shoppers = *plan.workloads.find("shoppers");
  CHECK(std::get<fake::Poisson>(shoppers.arrivals.source).rate == Rate{2500});
  CHECK(std::get<Percentile>(*shoppers.hedge_after).percent == 95);
  CHECK(shoppers.size->a == 2000);
  CHECK(std::get<sim::Duration>(*plan.workloads.find("robots")->hedge_after) ==
        sim::Duration::ms(20));
  CHECK(std::get<fake::Kill>(plan.failures[0].verb).kill.replica == 1);
  CHECK(std::get<fake::Slow>(plan.failures[1].verb).factor == 5);
  CHECK(plan.failures[2].verb.index() == 0);
  CHECK(plan.bandwidth->bytes_per_s == 1.25e9);

  // References come with their places: 2 zones, 2 call targets, 2 workload targets.
  CHECK(outcome.result.references.size() == 6);
  CHECK(outcome.result.references[1].pointer == "/services/app/zones/1");
}

TEST_CASE("what was resolved reads back to the same, with every default written",
          "[reader][resolved]") {
  const Outcome first = read(whole);
  REQUIRE(first.plan);
  const auto json = resolved(*first.plan);
  const Outcome second = read(json.dump(2));
  INFO(json.dump(2) << second.diagnostics.text());
  REQUIRE(second.plan);
  CHECK(resolved(*second.plan) == json);
  CHECK(json["services"]["app"]["queue_limit"] == 1000);
  CHECK(json["services"]["app"]["kind"] == "server");
  CHECK(json["services"]["db2"]["service_time"]["lognormal"]["p99"] == "15ms");
  CHECK(json["failures"][1]["factor"] == 5);
  CHECK_FALSE(json["services"]["app"].contains("cores"));
}

TEST_CASE("a default that would exclude what is given stays unwritten", "[reader][resolved]") {
  const Outcome first = read(server(R"("concurrency": 1, "service_time": "1ms")"));
  REQUIRE(first.plan);
  const auto json = resolved(*first.plan);
  CHECK_FALSE(json["services"]["app"].contains("endpoints"));
  CHECK(read(json.dump()).plan);
}

TEST_CASE("the tables of the fake plan are sound", "[reader]") {
  std::string why;
  const bool sound = table_is_sound(fields_of(static_cast<const fake::Scenario*>(nullptr)), why);
  INFO(why);
  CHECK(sound);
}

TEST_CASE("an unknown key is answered in the shape of the contract", "[reader]") {
  CHECK(errors_of("{\n  \"name\": \"n\",\n  \"services\": {\n    \"db\": {\"kind\": \"database\", "
                  "\"replcas\": 3, \"service_time\": \"1ms\"}}}") ==
        "shop.json:4:32: error: unknown key \"replcas\" in database \"db\"\n"
        "  4 |     \"db\": {\"kind\": \"database\", \"replcas\": 3, \"service_time\": \"1ms\"}}}\n"
        "    |                                ^^^^^^^^^ did you mean \"replicas\"?\n"
        "    at /services/db/replcas\n");
}

TEST_CASE("each mistake gets its own answer", "[reader]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {server(R"("concurrency": 2.5, "service_time": "1ms")"), "2.5 is not an integer"},
      {server(R"("concurrency": -1, "service_time": "1ms")"), "expected an integer, 1 to 1000000"},
      {server(R"("concurrency": 0, "service_time": "1ms")"), "0 is out of range"},
      {server(R"("concurrency": 1, "service_time": "1ms", "queue_limit": -1)"),
       "expected an integer or \"unlimited\", at least 0"},
      {server(R"("concurrency": 1e9, "service_time": "1ms")"), "1e9 is out of range"},
      {server(R"("concurrency": "5", "service_time": "1ms")"), "write 5 without quotes"},
      {server(R"("concurrency": 1)"), "needs one of \"service_time\", \"endpoints\""},
      {server(R"("concurrency": 1, "service_time": "1ms", "endpoints": {})"), "exclude each other"},
      {server(R"("service_time": "1ms")"), "missing key \"concurrency\" in server \"app\""},
      {server(R"("service_time": "1ms")"), "for example \"concurrency\": 64"},
      {server(R"("concurency": 1, "service_time": "1ms")"), "did you mean \"concurrency\"?"},
      {server(R"("concurrency": 1, "service_time": "1ms", "shards": 2)"),
       "that is a key of \"database\""},
      {server(R"("concurrency": 1, "service_time": "1ms", "cores": 2)"), "more cores than slots"},
      {server(R"("concurrency": 1, "service_time": "1ms", "cores": null)"),
       "null has no meaning here"},
      {server(R"("concurrency": 1, "service_time": "1ms", "crash": "rest")"),
       "did you mean \"reset\"?"},
      {server(R"("concurrency": 1, "service_time": "1ms", "queue_limit": "unlimitd")"),
       "did you mean \"unlimited\"?"},
      {server(R"("concurrency": 1, "endpoints": {"a b": []})"), "letters, digits, _ and - only"},
      {server(R"("concurrency": 1, "endpoints": {"a": [{"cpu": "1ms", "call": "db"}]})"),
       "exclude each other"},
      {server(R"("concurrency": 1, "endpoints": {"a": [{}]})"), "exactly one of \"cpu\", \"call\""},
      {server(R"("concurrency": 1, "endpoints": {"a": [{"cpuu": "1ms"}]})"),
       "did you mean \"cpu\"?"},
      {server(R"("concurrency": 1, "endpoints": {"a": [{"cpu": "1ms", "timeout": "1s"}]})"),
       "that is a key of \"call\""},
      {workload(R"("arrivals": {"poisson": 10})"), "write \"10/s\""},
      {workload(R"("arrivals": {"poisson": "0/s"})"), "above 0"},
      {workload(R"("arrivals": {"poisson": "5/s"}, "mix": {"a": "60%", "b": "60%"})"),
       "the shares sum to 120%"},
      {workload(R"("arrivals": {"poisson": "5/s"}, "mix": {"a": "99.9%"})"),
       "the shares sum to 99.9%"},
      {workload(R"("arrivals": {"poisson": "5/s"}, "hedge_after": "5 m")"),
       "the unit \"m\" is ambiguous"},
      {workload(R"("arrivals": {"poisson": "5/s"}, "hedge_after": "late")"),
       "or a percentile such as"},
      {workload(R"("arrivals": "5/s")"), "expected an object (arrivals), found the text"},
      {R"({"name": "<script>"})", "must not hold <"},
      {R"({"name": "=cmd"})", "must not start with ="},
      {R"({"name": "../../x"})", "must not hold /"},
      {R"({"name": "n", "seed": -1})", "0 to 18446744073709551615"},
      {R"({"name": "n", "seed": 18446744073709551616})", "out of range"},
      {R"({"name": "n", "seed": "abc"})", "expected an integer"},
      {R"({"name": "n", "quick": "true"})", "write true without quotes"},
      {R"({"name": "n", "services": {"a": {"kind": "servr"}}})", "did you mean \"server\"?"},
      {R"({"name": "n", "services": {"a": {}}})", "missing key \"kind\" in service"},
      {R"({"name": "n", "failures": [{"at": "1s", "kill": "app"}]})",
       "names a replica in brackets"},
      {R"({"name": "n", "failures": {"at": "1s"}})",
       "expected a list of `failure` objects, found an object"},
      {distribution(R"({"pareto": {"min": "1ms", "shape": 1}})"), "no finite mean"},
      {distribution(R"({"exp": "nanms"})"), "not finite"},
      {distribution(R"({"exp": 6})"), "write \"6ms\" or \"6s\""},
      {distribution(R"({"expp": "6ms"})"), "did you mean \"exp\"?"},
      {distribution(R"({"uniform": ["3ms", "1ms"]})"), "lower bound is above"},
      {distribution(R"({"lognormal": {"p50": "2ms"}})"), "missing \"p99\""},
      {distribution(R"({"lognormal": {"p50": "2ms", "cv": 2}})"), "exclude each other"},
      {distribution(R"({"hyperexp": [{"p": 0.9, "mean": "1ms"}]})"), "sum to 0.9"},
      {distribution(R"({"hyperexp": []})"), "expected at least one part"},
      {distribution(R"({"mixture": [{"p": 1, "of": {"exp": "-1ms"}}]})"), "negative"},
      {distribution(R"({"empirical": "nowhere.csv"})"), "cannot read the file"},
      {distribution("{}"), "the distribution is empty"},
      {distribution("5"), "write \"5ms\" or \"5s\""},
  }));
  INFO(text);
  CHECK_THAT(errors_of(text), Catch::Contains(expected));
}

TEST_CASE("one mistake gives one message", "[reader]") {
  for (const std::string& text :
       {server(R"("concurency": 1, "service_time": "1ms")"),
        server(R"("concurrency": 1, "endpoints": {"a": [{"cpuu": "1ms"}]})"),
        server(R"("concurrency": 1, "endpoints": {"a": [{"publish": "q", "timeout": "1s"}]})"),
        std::string(R"({"name": "n", "services": {"a": {"kind": "zzz", "depth": 3}}})"),
        std::string(R"({"name": "n", "services": {"a": {"kind": "servr", "concurrency": 3}}})")}) {
    const Outcome outcome = read(text);
    INFO(outcome.diagnostics.text());
    CHECK(outcome.diagnostics.error_count() == 1);
  }
}

TEST_CASE("all errors are reported together, twenty shown", "[reader]") {
  std::string text = R"({"name": "n")";
  for (int i = 0; i < 30; ++i)
    text += ",\n \"bad" + std::to_string(i) + "\": 1";
  const Outcome outcome = read(text + "}");
  CHECK(outcome.diagnostics.error_count() == 30);
  CHECK_THAT(outcome.diagnostics.text(), Catch::Contains("and 10 more errors"));
  CHECK(outcome.diagnostics.error_json()["error"]["messages"].size() == 20);
  CHECK(outcome.diagnostics.error_json()["error"]["omitted"] == 10);
  CHECK(outcome.diagnostics.error_json()["error"]["messages"][1]["line"] == 3);
}

TEST_CASE("a large scenario and a file of errors are answered at once", "[reader]") {
  std::string text = R"({"name": "n", "services": {)";
  for (int i = 0; i < 5000; ++i) {
    text +=
        (i ? ",\n" : "\n") +
        fmt::format(
            R"("s{}": {{"kind": "server", "concurency": {}, "service_time": {{"exp": "6 ms"}}}})",
            i, i);
  }
  const std::clock_t start = std::clock();
  const Outcome outcome = read(text + "}}");
  CHECK(outcome.diagnostics.error_count() == 10'000);
  CHECK(outcome.diagnostics.text().size() < 20'000);
  const std::clock_t took = std::clock() - start;
  CHECK(took < CLOCKS_PER_SEC);  // measured: far below; the margin is for sanitizers
}

TEST_CASE("warnings do not stop a reading", "[reader]") {
  const Outcome outcome = read(
      server(R"("concurrency": 6000, "service_time": {"pareto": {"min": "1ms", "shape": 1.5}})"));
  CHECK(outcome.plan);
  CHECK(outcome.diagnostics.warning_count() == 2);
  CHECK_THAT(outcome.diagnostics.text(),
             Catch::Contains("warning: a Pareto shape of 1.5 has no finite variance"));
}

TEST_CASE("distributions keep their parameters", "[reader][distribution]") {
  const auto of = [](const std::string& json) {
    const Outcome outcome = read(distribution(json));
    INFO(outcome.diagnostics.text());
    REQUIRE(outcome.plan);
    return *std::get<fake::Server>(outcome.plan->services.find("app")->own).service_time;
  };
  CHECK(of("\"0s\"").a == 0);
  const Distribution lognormal = of(R"({"lognormal": {"mean": "2ms", "cv": 1.5}})");
  CHECK(std::exp(lognormal.a + lognormal.b * lognormal.b / 2) == Approx(2e6));
  CHECK(std::sqrt(std::expm1(lognormal.b * lognormal.b)) == Approx(1.5));
  CHECK(std::exp(of(R"({"lognormal": {"p50": "2ms", "p99": "15ms"}})").a +
                 2.326347874 * of(R"({"lognormal": {"p50": "2ms", "p99": "15ms"}})").b) ==
        Approx(15e6));
  CHECK(of(R"({"gamma": {"mean": "20ms", "cv": 0.5}})").b == Approx(4));
  CHECK(of(R"({"weibull": {"mean": "10ms", "shape": 1}})").a == Approx(1e7));
  CHECK(of(R"({"shifted": {"by": "0.2ms", "of": {"exp": "1ms"}}})").parts.at(0).a == 1e6);
  const Distribution hyperexp =
      of(R"({"hyperexp": [{"p": "90%", "mean": "1ms"}, {"p": 0.1, "mean": "50ms"}]})");
  CHECK(hyperexp.weights == std::vector<double>{0.9, 0.1});
  CHECK(hyperexp.parts.at(1).a == 5e7);
}
