#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/explanation.hpp"
#include "models/analytic/cache.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

/// An architecture in which one thing, planted, is asked for 80 % of what there is, and everything
/// else for less than 60 %.
struct Architecture {
  Json document;
  std::string bottleneck;             ///< What explain must name.
  std::string relief;                 ///< The change that must be seen to help.
  std::function<void(Json&)> really;  ///< The same change, made in the file.
  bool costs_goodput = false;         ///< It helps one thing and harms another.
};

class Architect {
 public:
  explicit Architect(std::uint64_t number) : draws_(number, 0, "planted"), kind_(number % 10) {
    made_.document = {{"headroom", 1},
                      {"name", fmt::format("planted {}", number)},
                      {"run", {{"warmup", "30s"}, {"duration", "100s"}, {"replications", 8}}}};
  }

  Architecture build() {
    constexpr std::array<void (Architect::*)(), 10> kinds{
        &Architect::cores, &Architect::slots,      &Architect::database, &Architect::misses,
        &Architect::shard, &Architect::link,       &Architect::log,      &Architect::worker,
        &Architect::pool,  &Architect::all_retries};
    rate_ = kind_ == 3 ? 400 : 50 + 10.0 * static_cast<double>(draws_.below(3));
    add_fillers(1 + draws_.below(3));
    (this->*kinds[kind_])();
    add_fillers(draws_.below(2));
    services()["front"] = {
        {"kind", "server"}, {"concurrency", "unlimited"}, {"endpoints", {{"ask", steps_}}}};
    made_.document["workloads"]["users"] = {
        {"target", "front"}, {"arrivals", {{"poisson", fmt::format("{}/s", rate_)}}}};
    if (made_.document.contains("zones")) made_.document["workloads"]["users"]["zone"] = "a";
    return std::move(made_);
  }

 private:
  static constexpr double full = 0.8;

  Json& services() { return made_.document["services"]; }
  static std::string ms(double seconds) { return fmt::format("{:.6f}ms", seconds * 1e3); }
  /// To what can be written exactly, and 80 % of it as well.
  static double rounded(double seconds) { return std::round(seconds * 1e5) / 1e5; }
  static Json exp(double seconds) { return {{"exp", ms(seconds)}}; }
  void plant(std::string name, std::string relief, std::function<void(Json&)> really) {
    made_.bottleneck = std::move(name);
    made_.relief = std::move(relief);
    made_.really = std::move(really);
  }
  void call(const std::string& name) { steps_.push_back({{"call", name}}); }

  void add_fillers(std::uint64_t count) {
    for (; count > 0; --count) {
      const std::string name = fmt::format("part{}", fillers_++);
      const int servers = 1 + static_cast<int>(draws_.below(6));
      services()[name] = {{"kind", "server"},
                          {"service_time", exp((0.2 + 0.35 * draws_.uniform()) * servers / rate_)},
                          {"concurrency", servers}};
      call(name);
    }
  }

  void cores() {
    const int cores = 1 + static_cast<int>(draws_.below(3));
    services()["app"] = {
        {"kind", "server"},
        {"cores", cores},
        {"concurrency", 200},
        {"endpoints", {{"do", {{{"cpu", exp(full * cores / rate_)}}, {{"wait", "20ms"}}}}}}};
    call("app");
    plant("app", "one more core at app",
          [cores](Json& j) { j["services"]["app"]["cores"] = cores + 1; });
  }
  void slots() {
    const int slots = 2 + static_cast<int>(draws_.below(6));
    services()["app"] = {{"kind", "server"},
                         {"concurrency", slots},
                         {"endpoints", {{"do", {{{"wait", exp(full * slots / rate_)}}}}}}};
    call("app");
    plant("app", "twice the slots of app",
          [slots](Json& j) { j["services"]["app"]["concurrency"] = 2 * slots; });
  }
  void keys(std::uint64_t count, double zipf) {
    made_.document["keys"]["item"] = {{"count", count}, {"zipf", zipf}};
  }
  void database() {
    const int slots = 1 + static_cast<int>(draws_.below(4));
    const double read_s = rounded(full * slots / rate_);
    keys(1000, 0);
    services()["db"] = {{"kind", "database"},
                        {"concurrency", slots},
                        {"service_time", {{"read", exp(read_s)}, {"write", exp(read_s)}}}};
    steps_.push_back({{"call", "db"}, {"op", "read"}, {"key", "item"}});
    plant("db", "20 % less work at db", [read_s](Json& j) {
      j["services"]["db"]["service_time"] = {{"read", exp(0.8 * read_s)},
                                             {"write", exp(0.8 * read_s)}};
    });
  }
  /// Of what a cache does not have.
  void misses() {
    constexpr std::uint64_t items = 5000, room = 500;
    const double missed = 1 - zipf_lru_hit_ratio_che(items, 0.9, room);
    keys(items, 0.9);
    const int slots = 2 + static_cast<int>(draws_.below(4));
    services()["cache"] = {
        {"kind", "cache"}, {"capacity", room}, {"concurrency", 100}, {"service_time", "0.1ms"}};
    services()["origin"] = {{"kind", "server"},
                            {"concurrency", slots},
                            {"service_time", exp(full * slots / (rate_ * missed))}};
    steps_.push_back(
        {{"call", "cache"},
         {"op", "get"},
         {"key", "item"},
         {"on_miss", {{{"call", "origin"}}, {{"call", "cache"}, {"op", "set"}, {"key", "item"}}}}});
    plant("origin", "a cache twice as large at cache",
          [](Json& j) { j["services"]["cache"]["capacity"] = 2 * room; });
  }
  /// One key gets 60 % of what there is, and its shard a quarter of the rest.
  void shard() {
    keys(1000, 0);
    made_.document["keys"]["item"]["hot"] = {{"share", "60%"}, {"count", 1}};
    const double read_s = rounded(full / (rate_ * 0.7));
    services()["db"] = {{"kind", "database"},
                        {"concurrency", 1},
                        {"shards", {{"count", 4}}},
                        {"service_time", {{"read", exp(read_s)}, {"write", exp(read_s)}}}};
    steps_.push_back({{"call", "db"}, {"op", "read"}, {"key", "item"}});
    plant("db", "20 % less work at db", [read_s](Json& j) {
      j["services"]["db"]["service_time"] = {{"read", exp(0.8 * read_s)},
                                             {"write", exp(0.8 * read_s)}};
    });
  }
  void link() {
    made_.document["zones"] = {"a", "b"};
    const auto bytes_per_s = static_cast<std::int64_t>(rate_ * 50'000 / full);
    made_.document["network"]["a <-> b"] = {{"latency", "1ms"},
                                            {"bandwidth", fmt::format("{}B/s", bytes_per_s)}};
    services()["files"] = {{"kind", "server"},
                           {"zones", {"b"}},
                           {"concurrency", "unlimited"},
                           {"service_time", exp(0.002)}};
    steps_.push_back({{"call", "files"}, {"size", "1kB"}, {"reply_size", {{"exp", "50kB"}}}});
    plant("link b -> a", "twice the bandwidth of every link", [bytes_per_s](Json& j) {
      j["network"]["a <-> b"]["bandwidth"] = fmt::format("{}B/s", 2 * bytes_per_s);
    });
  }
  void log() {
    const int partitions = 2 + static_cast<int>(draws_.below(3));
    services()["events"] = {{"kind", "log"}, {"partitions", partitions}};
    services()["reader"] = {{"kind", "worker"},
                            {"consumes", "events"},
                            {"replicas", partitions},
                            {"concurrency", 4},
                            {"service_time", exp(full * partitions / rate_)}};
    steps_.push_back({{"publish", "events"}});
    plant("events", "one more partition of events",
          [partitions](Json& j) { j["services"]["events"]["partitions"] = partitions + 1; });
  }
  void worker() {
    const int workers = 1 + static_cast<int>(draws_.below(3));
    services()["jobs"] = {{"kind", "queue"}};
    services()["worker"] = {{"kind", "worker"},
                            {"consumes", "jobs"},
                            {"replicas", workers},
                            {"concurrency", 2},
                            {"service_time", exp(full * workers * 2 / rate_)}};
    steps_.push_back({{"publish", "jobs"}});
    plant("worker", "one more replica of worker",
          [workers](Json& j) { j["services"]["worker"]["replicas"] = workers + 1; });
  }
  /// Connections to something that itself has no limit.
  void pool() {
    const int connections = 2 + static_cast<int>(draws_.below(6));
    services()["remote"] = {{"kind", "server"},
                            {"concurrency", "unlimited"},
                            {"endpoints", {{"do", {{{"wait", exp(full * connections / rate_)}}}}}}};
    place_ = steps_.size();
    steps_.push_back(
        {{"call", "remote"}, {"bulkhead", {{"concurrency", connections}, {"queue", 1000}}}});
    plant("bulkhead front -> remote", "no bulkheads", [place = place_](Json& j) {
      j["services"]["front"]["endpoints"]["ask"][place].erase("bulkhead");
    });
  }
  /// Half of the attempts fail, so that four attempts make 1.875 of each call.
  void all_retries() {
    const int slots = 1 + static_cast<int>(draws_.below(4));
    services()["flaky"] = {
        {"kind", "server"},
        {"concurrency", slots},
        {"endpoints",
         {{"do", {{{"cpu", exp(full * slots / (rate_ * 1.875))}}, {{"fail", {{"p", 0.5}}}}}}}}};
    place_ = steps_.size();
    steps_.push_back({{"call", "flaky"}, {"retry", {{"attempts", 4}, {"backoff", "5ms"}}}});
    made_.costs_goodput = true;
    plant("flaky", "no retries", [place = place_](Json& j) {
      j["services"]["front"]["endpoints"]["ask"][place].erase("retry");
    });
  }

  sim::Stream draws_;
  std::uint64_t kind_;
  Architecture made_;
  Json steps_ = Json::array();
  double rate_ = 0;
  int fillers_ = 0;
  std::size_t place_ = 0;
};

ScenarioPlan plan_of(const Folder& folder, const Json& document) {
  Diagnostics diagnostics;
  INFO(document.dump(1));
  auto plan = read_scenario(folder.write("s.json", document.dump()), {}, diagnostics);
  INFO(diagnostics.text());
  REQUIRE(plan);
  return std::move(*plan);
}

Design simulated(ScenarioPlan plan) {
  Design design;
  design.plan = std::move(plan);
  design.result = run_study(design.plan, {});
  design.summary = summarize(design.plan, design.result);
  return design;
}

std::vector<std::uint64_t> digests(const Design& design) {
  std::vector<std::uint64_t> found;
  for (const RunResult& run : design.result.runs)
    found.push_back(run.digest);
  return found;
}

TEST_CASE(
    "what was planted in 20 architectures of ten kinds is found and relieved in all of them") {
  const Folder folder;
  int found = 0, relieved = 0, agrees = 0;
  for (std::uint64_t number = 0; number < 20; ++number) {
    const Architecture made = Architect(number).build();
    INFO(made.document.dump());
    const Design present = simulated(plan_of(folder, made.document));
    const Explanation explanation = explain_laws(present.plan, present);
    REQUIRE_FALSE(explanation.constraints.empty());
    const Constraint& first = explanation.constraints.front();
    CHECK(first.name == made.bottleneck);
    CHECK(first.share == Approx(0.8).margin(0.08));
    if (explanation.constraints.size() > 1) CHECK(explanation.constraints[1].share < 0.65);
    found += first.name == made.bottleneck;

    auto changes = counterfactuals(present.plan);
    const auto relief = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
      return change.what == made.relief;
    });
    REQUIRE(relief != changes.end());
    const Design changed = simulated(relief->plan);
    const Effect effect = effect_of(*relief, present, changed, 0.95);
    const Use use = judged(explanation, effect);
    CHECK(use == (made.costs_goodput ? Use::mixed : Use::helps));
    relieved += use == Use::helps || use == Use::mixed;

    Json document = made.document;
    made.really(document);
    const bool same = digests(changed) == digests(simulated(plan_of(folder, document)));
    CHECK(same);
    CHECK(digests(changed) != digests(present));
    agrees += same;
  }
  CHECK(found == 20);
  CHECK(relieved == 20);
  CHECK(agrees == 20);
}

}  // namespace
}  // namespace headroom
