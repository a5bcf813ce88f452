// The same through the program, as a person meets it: exit code 2, the answer on stderr or in the
// one JSON object, and soon.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;

namespace {

struct Answer {
  int code = -1;
  std::string out;
  double seconds = 0;
};

/// Output and errors together; `arguments` as a shell takes them.
Answer answer_to(const std::string& arguments) {
  Answer answer;
  const auto start = std::chrono::steady_clock::now();
  FILE* pipe = popen((std::string(HEADROOM_PROGRAM) + " " + arguments).c_str(), "r");
  REQUIRE(pipe != nullptr);
  char chunk[4096];
  for (std::size_t got = 0; (got = fread(chunk, 1, sizeof chunk, pipe)) > 0;)
    answer.out.append(chunk, got);
  const int status = pclose(pipe);
  answer.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return answer;
}

const std::string good = R"({"headroom": 1, "name": "n", "run": {"duration": "1s"},
"workloads": {"u": {"target": "a", "arrivals": {"poisson": "9/s"}}},
"services": {"a": {"kind": "server", "concurrency": 1, "service_time": "1ms"}}})";

std::string with(const std::string& part, const std::string& instead) {
  std::string text = good;
  text.replace(text.find(part), part.size(), instead);
  return text;
}

}  // namespace

TEST_CASE("the program refuses with exit code 2, places and suggestions") {
  const Folder folder;
  const std::string path = folder.put("good.json", good);
  CHECK(answer_to("check " + path + " 2>&1").code == 0);

  const std::string bad = folder.put("bad.json", with("\"concurrency\"", "\"concurency\""));
  for (const char* command : {"check ", "run "}) {
    const Answer answer = answer_to(command + bad + " 2>&1 >/dev/null");
    INFO(answer.out);
    CHECK(answer.code == 2);
    CHECK(answer.out.find("bad.json:3:") != std::string::npos);
    CHECK(answer.out.find("did you mean \"concurrency\"?") != std::string::npos);
    CHECK(answer.out.find("at /services/a/concurency") != std::string::npos);
  }
  const Answer json = answer_to("check --json " + bad + " 2>/dev/null");
  CHECK(json.code == 2);
  const auto parsed = nlohmann::json::parse(json.out, nullptr, false);
  REQUIRE_FALSE(parsed.is_discarded());
  CHECK(parsed["error"]["code"] == 2);
  CHECK(parsed["error"]["messages"][0]["pointer"] == "/services/a/concurency");
  CHECK(parsed["error"]["messages"][0]["line"] == 3);
}

TEST_CASE("bad words on the command line") {
  const Folder folder;
  const std::string path = folder.put("good.json", good);
  for (const std::string& arguments :
       {"chekc " + path, "check --jsno " + path, "run --jobs 0 " + path,
        "check --set services.a.concurency=2 " + path, "check " + folder.path() + "/none.json",
        "run --seed abc " + path, "run --seed -1 " + path, "run --seed 1 --seed 2 " + path,
        "check --json --json " + path, "check " + path + " " + path, "sweep " + path}) {
    const Answer answer = answer_to(arguments + " 2>&1");
    INFO(arguments << "\n" << answer.out);
    CHECK(answer.code == 2);
    CHECK(answer.out != "");
  }
}

TEST_CASE("what was typed is shown where it was typed") {
  const Folder folder;
  const std::string path = folder.put("good.json", good);
  const auto says = [&](const std::string& arguments, const std::string& part) {
    const Answer answer = answer_to(arguments + " 2>&1");
    INFO(arguments << "\n" << answer.out);
    CHECK(answer.code == 2);
    CHECK(answer.out.find(part) != std::string::npos);
  };
  says("run --seed abc " + path, "--seed:1:1: error: ");
  says("run --seed abc " + path, "\n  1 | abc\n    | ^^^\n");
  says("run --duration=-1s " + path, "--duration:1:1: error: \"-1s\" is negative");
  says("check --replications 0 " + path, "--replications:1:1: error: 0 is out of range");
  says("sweep " + path + " --vary run.load=1,x", "--vary:1:10: error: ");
  says("sweep " + path + " --vary run.load=1,x", "  at the point run.load = x\n");
  says("sweep " + path + " --vary run.laod=1,2", "did you mean \"load\"?");
  says("check --set services.aa.replicas=2 " + path, "there is no service \"aa\"");
  says("run --set run.seed=1 --set run.seed=2 " + path,
       "one setting is given two values: --set run.seed=1 and --set run.seed=2");
  says("check --seed 1 --set run.seed=2 " + path, "--set run.seed=2 and --seed 1");
  CHECK(answer_to("check --set run.seed=2 --set run.seed=2 --seed 2 " + path + " 2>&1").code == 0);
  says("run --only 30 " + path, "--only is 30");
  says("run --only 30 " + path, "0 to 9: there are 10 replications");
  CHECK(answer_to("run -q --only 9 --exit-zero " + path + " 2>&1").code == 0);
  says("trace --pick 5000 " + path, "request 5000 of u was not sent in the measured time");
  says("trace --pick 5000 " + path, " to ");
  says("availability --vary services.a.replicas=4,3 " + path, "does not go up");
  says("sweep " + path + " run.load=1..2:3", "write --vary run.load=1..2:3");
  says("run " + path + " run.load=2", "write --set run.load=2");
  says("check " + folder.path() + "/good", "did you mean \"good.json\"?");
  says("check " + folder.path() + "/godo.json", "did you mean \"good.json\"?");
  CHECK(answer_to("help").out == answer_to("--help").out);
  CHECK(answer_to("help run").out == answer_to("run --help").out);
  const Answer init = answer_to("init " + folder.path() + "/none/x.json 2>&1");
  CHECK(init.code == 1);
  CHECK(init.out.find("there is no directory") != std::string::npos);
}

TEST_CASE("a refusal takes no longer than a blink") {
  const Folder folder;
  std::string services;
  for (int i = 0; i < 2000; ++i)
    services += ", \"s" + std::to_string(i) +
                "\": {\"kind\": \"server\", \"concurrency\": 1, \"service_tme\": \"1ms\"}";
  std::string text = with("\"1ms\"}}", "\"1ms\"}" + services + "}");
  const std::string path = folder.put("large.json", text);
  const Answer answer = answer_to("check " + path + " 2>&1");
  CHECK(answer.code == 2);
  CHECK(answer.seconds < 1);  // 100 ms on a machine with nothing else to do
}
