// Caches of any capacity before recorded keys.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/test_program_runner.hpp"

namespace headroom {

TEST_CASE("what one that knows the future would hit, at any capacity") {
  const Folder folder;
  folder.write("k.csv", "1\n2\n1\n3\n1\n2\n");  // three keys, asked for six times
  const auto would_hit = [&](const std::string& capacity) {
    const std::string file =
        folder.write("s.json", R"({"headroom": 1, "name": "replayed", "run": {"warmup": "0s",
          "duration": "2s", "replications": 2}, "keys": {"k": {"replay": "k.csv"}},
        "workloads": {"w": {"target": "f", "arrivals": {"poisson": "20/s"}}},
        "services": {
          "f": {"kind": "server", "concurrency": 1, "endpoints": {"call": [{"call": "c", "op": "get",
            "key": "k", "on_miss": [{"call": "c", "op": "set", "key": "k"}]}]}},
          "c": {"kind": "cache", "service_time": "0s", "concurrency": 1, "replicas": 3, )" +
                                   capacity + "}}}");
    const Answer answer = run_headroom({"run", file, "--json"});
    INFO(capacity << answer.out << answer.err);
    REQUIRE(answer.code == 0);
    return nlohmann::json::parse(answer.out)["services"]["c"]["clairvoyant_hit_ratio"]
        .get<double>();
  };
  for (const char* ample : {R"("capacity": "unlimited")", R"("capacity": 1)",
                            R"("capacity": 9000000000000000000)", R"("memory": "8000000TB")"})
    CHECK(would_hit(ample) == 0.5);
  CHECK(would_hit(R"("capacity": 0)") == 0);
}

}  // namespace headroom
