#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

using Json = nlohmann::json;

namespace {

/// `rate` messages of 100 MB a second over a link of 100 MB/s and 10 ms.
std::string over_one_link(const std::string& arrivals, const std::string& more = "") {
  return R"({"headroom": 1, "name": "link", "run": {"warmup": "10s", "duration": "500s",
    "replications": 3, "seed": 7}, "zones": ["a", "b"],
    "network": {"engine": "flow", "flow_threshold": 0,
      "a <-> b": {"latency": "10ms", "bandwidth": "100MB/s"}},
    "workloads": {"w": {"zone": "a", "target": "app", "arrivals": )" +
         arrivals + R"(, "size": "100MB", "reply_size": "0B"}},
    "services": {"app": {"kind": "server", "zones": ["b"], "service_time": "0s",
      "concurrency": "unlimited"}})" +
         more + "}";
}

double mean_latency_s(const Answer& answer) {
  INFO(answer.out << answer.err);
  REQUIRE((answer.code == 0 || answer.code == 4));
  return Json::parse(answer.out)["workloads"]["w"]["latency_s"]["mean"]["value"];
}

}  // namespace

TEST_CASE("both engines agree on a link with one message at a time") {
  const Folder folder;
  const std::string file = folder.write("s.json", over_one_link(R"({"constant": "0.2/s"})"));
  for (const char* engine : {"flow", "delay"})
    CHECK(mean_latency_s(run_headroom({"run", file, "--json", "--network", engine})) ==
          Approx(1.02).epsilon(1e-6));
}

TEST_CASE("messages of the flow engine share a link: processor sharing, not a queue") {
  // M/G/1 with constant work of 1 s at load 0.5: shared 1/(1 - 0.5) = 2 s, in turn 1.5 s.
  const Folder folder;
  const std::string file = folder.write("s.json", over_one_link(R"({"poisson": "0.5/s"})"));
  const std::vector<std::string> words{"run", file, "--json", "--duration", "20000s", "--network"};
  auto shared = words, in_turn = words;
  shared.push_back("flow");
  in_turn.push_back("delay");
  CHECK(mean_latency_s(run_headroom(shared)) == Approx(2.02).epsilon(0.04));
  CHECK(mean_latency_s(run_headroom(in_turn)) == Approx(1.52).epsilon(0.04));
}

TEST_CASE("replications in worker processes: the same bytes for any number of jobs") {
  const Folder folder;
  const std::string file =
      folder.write("s.json", over_one_link(R"({"poisson": "0.5/s"})",
                                           R"(, "failures": [{"at": "100s", "for": "100s",
                                 "degrade": "link a -> b", "bandwidth": "80MB/s"}])"));
  const Answer one = run_headroom({"run", file, "--json", "--jobs", "1"});
  REQUIRE(one.code == 0);
  CHECK(one.err.empty());
  for (const char* jobs : {"2", "3"})
    CHECK(run_headroom({"run", file, "--json", "--jobs", jobs}).out == one.out);
}

TEST_CASE("a link is used by its bandwidth of each moment") {
  // 50 messages a second of 10 ms each, of 12.5 ms for 40 of 100 s; the bandwidth is whole at the
  // end.
  const Folder folder;
  const std::string file = folder.write(
      "s.json", R"({"headroom": 1, "name": "one", "run": {"warmup": "0s", "duration": "100s",
        "replications": 1}, "zones": ["a", "b"], "network": {"a <-> b": {"bandwidth": "100MB/s"}},
        "workloads": {"w": {"zone": "a", "target": "app", "arrivals": {"constant": "50/s"},
          "size": "1MB", "reply_size": "0B"}},
        "services": {"app": {"kind": "server", "zones": ["b"], "service_time": "0s",
          "concurrency": 1}},
        "failures": [{"at": "20s", "for": "40s", "degrade": "link a -> b", "bandwidth": "80MB/s"}]})");
  const Answer answer = run_headroom({"run", file, "--json"});
  INFO(answer.out << answer.err);
  REQUIRE(answer.code == 0);
  const Json used = Json::parse(answer.out)["network"]["links"]["a -> b"]["utilization"];
  CHECK(double(used["value"]) == Approx(0.6 * 0.5 + 0.4 * 0.625).epsilon(0.001));
}

TEST_CASE("a link that is asked for more than it carries is full, whatever goes over it as flows") {
  // Of messages of 100 kB in the mean most are transfers, the others wait for what these leave.
  const Folder folder;
  const std::string file = folder.write(
      "s.json", R"({"headroom": 1, "name": "full", "run": {"warmup": "1s", "duration": "4s",
        "replications": 2}, "network": {"same zone": {"bandwidth": "100Mbit/s"}, "engine": "flow"},
        "workloads": {"w": {"target": "app", "arrivals": {"constant": "300/s"},
          "size": {"exp": "100kB"}}},
        "services": {"app": {"kind": "server", "service_time": "1ms",
          "concurrency": "unlimited"}}})");
  const Answer answer = run_headroom({"run", file, "--json", "--exit-zero"});
  INFO(answer.out << answer.err);
  const Json link = Json::parse(answer.out)["network"]["links"]["local -> local"];
  CHECK(double(link["utilization"]["value"]) == Approx(1).epsilon(0.01));
  CHECK(double(link["bytes_per_s"]["value"]) == Approx(12.5e6).epsilon(0.03));
}

TEST_CASE("a transfer feels a narrower link at once") {
  // One transfer of 10 s from 0.8 s on; half of the bandwidth from 5 s on.
  const Folder folder;
  const std::string file =
      folder.write("s.json",
                   R"({"headroom": 1, "name": "one", "run": {"warmup": "0s", "duration": "100s",
        "replications": 1}, "zones": ["a", "b"],
        "network": {"engine": "flow", "a <-> b": {"bandwidth": "100MB/s"}},
        "workloads": {"w": {"zone": "a", "target": "app", "arrivals": {"constant": "0.0125/s"},
          "size": "1GB", "reply_size": "0B"}},
        "services": {"app": {"kind": "server", "zones": ["b"], "service_time": "0s",
          "concurrency": 1}},
        "failures": [{"at": "85s", "degrade": "link a -> b", "bandwidth": "50MB/s"}]})");
  // Sent at 80 s: 5 s at 100 MB/s, then 10 s at 50 MB/s.
  CHECK(mean_latency_s(run_headroom({"run", file, "--json"})) == Approx(15).epsilon(1e-6));
}

TEST_CASE(
    "a link that is asked for more than it carries never settles and is named, by either "
    "engine") {
  const Folder folder;
  const std::string patient = folder.write("p.json", over_one_link(R"({"poisson": "1.25/s"})"));
  // Those who asked have gone: only what is under way grows.
  std::string text = over_one_link(R"({"poisson": "1.25/s"})");
  text.insert(text.find(R"("size")"), R"("timeout": "5s", )");
  const std::string impatient = folder.write("i.json", text);
  const std::string light = folder.write("l.json", over_one_link(R"({"poisson": "0.5/s"})"));
  for (const char* engine : {"flow", "delay"}) {
    INFO(engine);
    for (const std::string& file : {patient, impatient}) {
      const Answer answer = run_headroom({"run", file, "--json", "--network", engine});
      CHECK(answer.code == 4);
      const Json result = Json::parse(answer.out);
      CHECK(result["settled"] == false);
      INFO(result["unsettled_because"]);
      CHECK(std::string(result["unsettled_because"]).find("link a -> b: ") != std::string::npos);
      CHECK(result["bottleneck"]["name"] == "link a -> b");
    }
    // Too short to see it grow, but not for arithmetic.
    const Answer brief = run_headroom({"run", patient, "--json", "--duration", "3s", "--set",
                                       "run.warmup=0s", "--network", engine});
    CHECK(Json::parse(brief.out)["settled"] == false);
    const Answer other = run_headroom({"run", light, "--json", "--network", engine});
    CHECK(Json::parse(other.out)["settled"] == true);
  }
}

TEST_CASE("a message without bytes is a transfer as well where all are") {
  // LV08 takes 13.01 times the latency each way, and 97 % of the bandwidth.
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "empty replies",
    "run": {"warmup": "0s", "duration": "100s", "replications": 1}, "zones": ["a", "b"],
    "network": {"engine": "flow", "model": "LV08", "flow_threshold": 0,
      "a <-> b": {"latency": "10ms", "bandwidth": "1Mbit/s"}},
    "workloads": {"w": {"zone": "a", "target": "app", "arrivals": {"constant": "0.1/s"},
      "size": "100kB", "reply_size": "0B"}},
    "services": {"app": {"kind": "server", "zones": ["b"], "concurrency": 1,
      "service_time": "0s"}}})");
  CHECK(mean_latency_s(run_headroom({"run", file, "--json"})) ==
        Approx(2 * 0.1301 + 0.8 / 0.97).epsilon(1e-4));
  CHECK(mean_latency_s(run_headroom({"run", file, "--json", "--set", "network.model=exact"})) ==
        Approx(2 * 0.01 + 0.8).epsilon(1e-6));
}

TEST_CASE("a lossy way of the flow engine carries what TCP would get") {
  // N04, Mathis et al. 1997: 1,460 bytes, 100 ms, 1e-4 give 14.3050 Mbit/s, so 17,881,250 bytes
  // take 10 s, and 50 ms each way.
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "lossy",
    "run": {"warmup": "0s", "duration": "400s", "replications": 1}, "zones": ["a", "b"],
    "network": {"engine": "flow", "flow_threshold": 0,
      "a <-> b": {"latency": "50ms", "bandwidth": "1Gbit/s", "loss": "0.01%"}},
    "workloads": {"w": {"zone": "a", "target": "app", "arrivals": {"constant": "0.02/s"},
      "size": "17881250B"}},
    "services": {"app": {"kind": "server", "zones": ["b"], "concurrency": 1,
      "service_time": "0s"}}})");
  CHECK(mean_latency_s(run_headroom({"run", file, "--json"})) == Approx(10.1).epsilon(1e-4));
}

TEST_CASE("a throttled copy takes bytes / throttle in both engines") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "copy",
    "run": {"warmup": "1s", "duration": "30s", "replications": 1}, "zones": ["a", "b"],
    "network": {"a <-> b": {"latency": "1ms", "bandwidth": "100MB/s"},
      "bulk": {"copy": {"from": ["a"], "to": ["b"], "bytes": "100MB", "at": "1s",
        "throttle": "20MB/s"}}},
    "workloads": {"w": {"zone": "a", "target": "app", "arrivals": {"constant": "1/s"}}},
    "services": {"app": {"kind": "server", "zones": ["b"], "concurrency": 1,
      "service_time": "1ms"}}})");
  for (const char* engine : {"flow", "delay"}) {
    const Answer answer = run_headroom({"run", file, "--json", "--network", engine});
    INFO(answer.out << answer.err);
    REQUIRE(answer.code == 0);
    const Json copy = Json::parse(answer.out)["network"]["bulk"]["copy"];
    CHECK(double(copy["duration_s"]["value"]) == Approx(5.002).epsilon(0.001));
    CHECK(double(copy["finished"]["value"]) == 1);
  }
}

TEST_CASE("what a window carries over a long and fast way is told in units of its size") {
  const Folder folder;
  const std::string file = folder.write("s.json", R"({"headroom": 1, "name": "far",
    "run": {"warmup": "0s", "duration": "30s", "replications": 1}, "zones": ["a", "b"],
    "network": {"a <-> b": {"latency": "50ms", "bandwidth": "10Gbit/s"},
      "bulk": {"copy": {"from": ["a"], "to": ["b"], "bytes": "100MB", "at": "1s",
        "window": "1MB"}}},
    "workloads": {"w": {"zone": "a", "target": "app", "arrivals": {"constant": "1/s"}}},
    "services": {"app": {"kind": "server", "zones": ["b"], "concurrency": 1,
      "service_time": "1ms"}}})");
  const Answer answer = run_headroom({"check", file, "--no-color"});
  INFO(answer.out << answer.err);
  CHECK(answer.code == 0);
  // 1 MB each 100 ms; 10 Gbit/s are 1.25 GB/s, of which 125 MB are under way.
  CHECK(answer.out.find("10 MB/s, not") != std::string::npos);
  CHECK(answer.out.find("1.25 GB/s") != std::string::npos);
  CHECK(answer.out.find("125 MB") != std::string::npos);
}

}  // namespace headroom
