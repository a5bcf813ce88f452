#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <functional>
#include <set>

#include "app/cli/test_program_runner.hpp"
#include "app/cli/vary.hpp"

namespace headroom {

namespace {

std::vector<std::string> values_of(const std::string& argument) {
  std::string why;
  const auto axis = parse_axis(argument, why);
  return axis ? axis->values : std::vector<std::string>{"refused: " + why};
}

bool is_refused(const std::string& argument) {
  std::string why;
  return !parse_axis(argument, why) && !why.empty();
}

}  // namespace

TEST_CASE("Values of --vary are written as in the file") {
  using Values = std::vector<std::string>;
  CHECK(values_of("run.load=0.5..2:7") == Values{"0.5", "0.75", "1", "1.25", "1.5", "1.75", "2"});
  CHECK(values_of("a.poisson=100/s..300/s:3") == Values{"100/s", "200/s", "300/s"});
  CHECK(values_of("a=500us..2ms:4") == Values{"500us", "1ms", "1500us", "2ms"});
  CHECK(values_of("a=0.1..0.3:3") == Values{"0.1", "0.2", "0.3"});
  // Six digits are enough, unless the values are closer than that; ends stay as they are asked for.
  CHECK(values_of("run.load=0.5..1.6:8")[3] == "0.971429");
  CHECK(values_of("a=1ms..2s:4") == Values{"1ms", "667333us", "1.33367s", "2s"});
  CHECK(values_of("a=0.12345678..3:3") == Values{"0.12345678", "1.56173", "3"});
  CHECK(values_of("a=1000001..1000004:4") == Values{"1000001", "1000002", "1000003", "1000004"});
  CHECK(values_of("a=1..1.00001:3")[1] == "1.000005");
  CHECK(values_of("a=8..2:3") == Values{"8", "5", "2"});
  CHECK(values_of("a=fifo,lifo") == Values{"fifo", "lifo"});
  CHECK(values_of(R"(a={"exp":"1ms"},{"gamma":{"mean":"1ms","cv":2}})") ==
        Values{R"({"exp":"1ms"})", R"({"gamma":{"mean":"1ms","cv":2}})"});
  CHECK(values_of("failures[0].kill=app[0..1],app[2]") == Values{"app[0..1]", "app[2]"});
  for (const auto* bad : {"run.load", "=1,2", "a=", "a=1..2", "a=1..2:1", "a=1..2:0", "a=1..2:x",
                          "a=1/s..2ms:3", "a=1..x:3", "a=1,,2", "a=1..2:9999999"}) {
    INFO(bad);
    CHECK(is_refused(bad));
  }
}

TEST_CASE("A grid has every combination, the last axis fastest") {
  const auto points = grid({{"a", {"1", "2"}, {}}, {"b", {"x", "y", "z"}, {}}});
  REQUIRE(points.size() == 6);
  CHECK(points[1] == std::vector<std::size_t>{0, 1});
  CHECK(points[3] == std::vector<std::size_t>{1, 0});
}

TEST_CASE("Each point of a sweep is the study of that value") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5, "p99 < 300ms"));
  const Answer sweep = run_headroom(
      {"sweep", file, "--vary", "workloads.w.arrivals.poisson=30/s..150/s:3", "--json"});
  CHECK(sweep.code == 3);
  const auto document = nlohmann::json::parse(sweep.out);
  REQUIRE(document["points"].size() == 3);
  const auto& middle = document["points"][1];
  CHECK(middle["at"]["workloads.w.arrivals.poisson"] == "90/s");
  auto alone = nlohmann::json::parse(
      run_headroom({"run", file, "--set", "workloads.w.arrivals.poisson=90/s", "--json"}).out);
  CHECK(middle["digest"] == alone["digest"]);
  CHECK(middle["workloads"] == alone["workloads"]);
  CHECK(document["points"][2]["settled"] == false);
  CHECK(document["first_to_break"]["slo"] == "fast");
  CHECK(run_headroom({"sweep", file, "--vary", "run.load=1,1.2"}).code == 0);
}

TEST_CASE("More load never makes a missed goal less certain") {
  const Folder folder;
  // The more is asked, the fewer are answered within the second that they wait: ever fewer samples.
  const std::string file = folder.write("s.json", R"({
    "headroom": 1, "name": "too much", "run": {"duration": "10s", "replications": 4},
    "workloads": {"w": {"target": "app", "arrivals": {"poisson": "500/s"}, "timeout": "1s"}},
    "services": {"app": {"kind": "server", "service_time": {"exp": "8ms"}, "concurrency": 4,
                         "queue_limit": "unlimited"}},
    "slos": {"fast": {"workload": "w", "require": "p99 < 100ms"}}})");
  const Answer sweep = run_headroom({"sweep", file, "--vary", "run.load=1.2..2:3", "--json"});
  CHECK(sweep.code == 3);
  const auto points = nlohmann::json::parse(sweep.out)["points"];
  REQUIRE(points.size() == 3);
  for (const auto& point : points) {
    INFO(point["at"].dump());
    CHECK(point["settled"] == false);
    CHECK(point["verdict"] == "missed");
    CHECK(
        run_headroom({"run", file, "--set", "run.load=" + point["at"]["run.load"].dump(), "--json"})
            .code == 3);
  }
}

TEST_CASE("What never settles misses a goal that is certainly broken, else is called so") {
  const Folder folder;
  const auto sweep = [](const std::string& file) {
    return run_headroom({"sweep", file, "--vary", "run.load=0.5,3", "--no-color"});
  };
  const std::string broken = folder.write("b.json", R"({
    "headroom": 1, "name": "too much", "run": {"duration": "10s", "replications": 4},
    "workloads": {"w": {"target": "app", "arrivals": {"poisson": "250/s"}, "timeout": "1s"}},
    "services": {"app": {"kind": "server", "service_time": {"exp": "8ms"}, "concurrency": 4}},
    "slos": {"goal": {"workload": "w", "require": "error_rate < 1%"}}})");
  CHECK(sweep(broken).code == 3);
  // Nobody gives up, and what was answered was answered within an hour: nothing is certain.
  const std::string open = folder.write("s.json", small_scenario(0.5, "p99 < 1h"));
  const Answer answer = sweep(open);
  CHECK(answer.code == 4);
  CHECK(answer.out.find("missed") == std::string::npos);
  // A search turns the same load down, and calls it the same on the terminal and on the page.
  const Answer capacity =
      run_headroom({"capacity", open, "-o", folder.file("r"), "--resolution", "20%", "--no-color"});
  CHECK(capacity.code == 0);
  CHECK(capacity.out.find("never settled") != std::string::npos);
  const std::string page = folder.read("r/report.html");
  CHECK(page.find("never settled</span>") != std::string::npos);
  CHECK(page.find("missed</span>") == std::string::npos);
}

TEST_CASE("A sweep shows every point, keeps them in directories and refuses mistakes at once") {
  const Folder folder;
  const std::string file = folder.write("s.json", small_scenario(0.5));
  const std::string results = folder.file("r");
  const Answer sweep =
      run_headroom({"sweep", file, "--vary", "run.load=0.5,2.5", "-o", results, "--exit-zero"});
  CHECK(sweep.code == 0);
  CHECK(sweep.out.find("never settled") != std::string::npos);
  CHECK(run_headroom({"replay", results + "/point-001"}).code == 0);
  CHECK(run_headroom({"replay", results}).code == 1);
  const Answer mistake = run_headroom({"sweep", file, "--vary", "run.laod=1,2"});
  CHECK(mistake.code == 2);
  CHECK(mistake.err.find("\"load\"") != std::string::npos);
  for (const std::vector<std::string>& given :
       {std::vector<std::string>{"--set", "run.seed=2"}, {"--seed", "2"}}) {
    std::vector<std::string> words{"sweep", file, "--vary", "run.seed=1,2"};
    words.insert(words.end(), given.begin(), given.end());
    const Answer two = run_headroom(words);
    CHECK(two.code == 2);
    CHECK(two.err.find("run.seed is varied and given a value: " + given[0] + " ") !=
          std::string::npos);
  }
}

TEST_CASE("A stranger begins in an empty folder") {
  const Folder folder;
  for (const auto* name : {"web", "queue", "failure"}) {
    const std::string file = std::string(name) + ".json";
    REQUIRE(run_headroom({"init", file, "--template", name}, folder.path()).code == 0);
    const Answer check = run_headroom({"check", file}, folder.path());
    INFO(check.err);
    CHECK(check.code == 0);
    CHECK(check.err.empty());
    CHECK(run_headroom({"run", file}, folder.path()).code == 0);
  }
  CHECK(nlohmann::json::parse(folder.read("headroom.schema.json")).is_object());
  const std::string before = folder.read("web.json");
  CHECK(run_headroom({"init", "web.json"}, folder.path()).code == 2);
  CHECK(folder.read("web.json") == before);
  CHECK(folder.size() == 4);
}

TEST_CASE("What is no schema of headroom is not written over by one") {
  const Folder folder;
  for (const char* foreign : {R"({"title": "of somebody else"})", "[1]", "not JSON", ""}) {
    folder.write("headroom.schema.json", foreign);
    const Answer refused = run_headroom({"init", "z.json"}, folder.path());
    CHECK(refused.code == 2);
    CHECK(refused.err.find("headroom.schema.json exists already") != std::string::npos);
    CHECK(folder.read("headroom.schema.json") == foreign);
    CHECK(folder.size() == 1);
  }
  auto older = nlohmann::json::parse(run_headroom({"schema"}).out);
  older.erase("definitions");
  folder.write("headroom.schema.json", older.dump());
  CHECK(run_headroom({"init", "z.json"}, folder.path()).code == 0);
  CHECK(nlohmann::json::parse(folder.read("headroom.schema.json")).contains("definitions"));
}

TEST_CASE("Completion scripts know every command and are valid") {
  const Folder folder;
  const std::string bash = folder.write("c.bash", run_headroom({"completion", "bash"}).out);
  CHECK(std::system(("bash -n " + bash).c_str()) == 0);
  const std::string asks = "bash -c 'source " + bash +
                           "; COMP_WORDS=(headroom run --rep); COMP_CWORD=2; _headroom; "
                           "test \"${COMPREPLY[0]}\" = --replications'";
  CHECK(std::system(asks.c_str()) == 0);
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const std::string script = run_headroom({"completion", shell}).out;
    for (const auto* word :
         {"init", "check", "run", "sweep", "replay", "list", "schema", "version"}) {
      CHECK(script.find(word) != std::string::npos);
    }
  }
}

TEST_CASE("The list comes from the tables: kinds, policies and distributions with their sources") {
  const auto document = nlohmann::json::parse(run_headroom({"list", "--json"}).out);
  for (const auto& [family, entries] : document.items()) {
    INFO(family);
    CHECK(!entries.empty());
    for (const auto& entry : entries) {
      CHECK(!entry["name"].get<std::string>().empty());
      CHECK(!entry["doc"].get<std::string>().empty());
    }
  }
  CHECK(document["kinds"].size() >= 2);
  CHECK(document["policies"].size() >= 8);
  CHECK(run_headroom({"list", "policy"}).out.find("round_robin") != std::string::npos);
  const auto lists = [](const char* family, const char* name) {
    return run_headroom({"list", family}).out.find(name) != std::string::npos;
  };
  CHECK(lists("protocols", "  raft"));
  CHECK(lists("admission", "  codel"));
  CHECK(lists("acks", "  leader"));
  CHECK(lists("by", "  consistent_hash"));
  CHECK(lists("network", "  LV08"));
  CHECK_FALSE(lists("acks", "raft"));
  const Answer near = run_headroom({"list", "kindss"});
  CHECK(near.code == 2);
  CHECK(near.err.find("did you mean \"kinds\"") != std::string::npos);
  const Answer far = run_headroom({"list", "nope"});
  CHECK(far.code == 2);
  constexpr std::size_t shown = 12;
  CHECK(far.err.find("and " + std::to_string(document.size() - shown) + " more") !=
        std::string::npos);
}

TEST_CASE("The list names every word that the schema lets a scenario choose") {
  std::set<std::string> listed;
  const auto document = nlohmann::json::parse(run_headroom({"list", "--json"}).out);
  for (const auto& [family, entries] : document.items())
    for (const auto& entry : entries)
      listed.insert(entry["name"].get<std::string>());
  std::size_t words = 0;
  const std::function<void(const nlohmann::json&)> look = [&](const nlohmann::json& schema) {
    for (const auto& [key, value] : schema.items()) {
      if (value.is_structured()) look(value);
      if (key != "enum" || !value.is_array()) continue;
      for (const auto& word : value) {
        INFO(value);
        CHECK((!word.is_string() || listed.contains(word.get<std::string>())));
        ++words;
      }
    }
  };
  look(nlohmann::json::parse(run_headroom({"schema"}).out));
  CHECK(words > 50);
}

}  // namespace headroom
