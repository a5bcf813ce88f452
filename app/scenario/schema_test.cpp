#include "app/scenario/schema.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "app/scenario/reference.hpp"
#include "app/scenario/test_fake_plan.hpp"

using namespace headroom;

namespace {

const FieldTable& root() {
  return fields_of(static_cast<const fake::Scenario*>(nullptr));
}

void gather_references(const nlohmann::ordered_json& json, std::set<std::string>& references) {
  if (json.is_object() && json.contains("$ref")) references.insert(json["$ref"].get<std::string>());
  for (const auto& child : json)
    if (child.is_structured()) gather_references(child, references);
}

}  // namespace

TEST_CASE("every reference of the schema leads to a definition and every definition is used",
          "[schema]") {
  const auto schema = json_schema(root());
  std::set<std::string> references, definitions;
  gather_references(schema, references);
  for (const auto& [name, unused] : schema["definitions"].items())
    definitions.insert("#/definitions/" + name);
  CHECK(references == definitions);
  CHECK(schema["$schema"] == "http://json-schema.org/draft-07/schema#");
}

TEST_CASE("the schema states types, ranges, defaults, choices and alternatives", "[schema]") {
  const auto definitions = json_schema(root())["definitions"];
  const auto& service = definitions["service"]["anyOf"];
  REQUIRE(service.size() == 2);
  CHECK(service[0]["properties"]["kind"]["const"] == "server");
  const auto& server = service[0]["properties"];
  CHECK(server["concurrency"]["maximum"] == 1e6);
  CHECK(server["replicas"]["default"] == 1);
  CHECK(server["queue_limit"]["default"] == 1000);
  CHECK(server["crash"]["enum"][1] == "silent");
  CHECK(server["concurrency"]["examples"][0] == 64);
  CHECK_FALSE(server.contains("shards"));
  CHECK(definitions["step"]["anyOf"][1]["properties"]["on_miss"]["items"]["$ref"] ==
        "#/definitions/step");
  CHECK(definitions["failure"]["anyOf"].size() == 3);
}

TEST_CASE("the reference names every key with its default", "[reference]") {
  const std::string text = reference_markdown(root());
  using Catch::Contains;
  CHECK_THAT(
      text,
      Contains(
          "| `queue_limit` | integer or \"unlimited\" | `1000` | Requests that may wait. |  |"));
  CHECK_THAT(text, Contains("| `concurrency` | integer | required | Slots of one replica. Range: 1 "
                            "to 1000000. | `64` |"));
  CHECK_THAT(text,
             Contains("| `zones` | list of names of zones | everywhere | Where they run. |  |"));
  CHECK_THAT(text, Contains("- `sieve`: One hand, lazy promotion. Source: Zhang 2024."));
  CHECK_THAT(text, Contains("Exactly one of `service_time`, `endpoints`."));
  CHECK_THAT(text, Contains("- `closed`: A fixed population."));
  CHECK_THAT(text, Contains("| `pareto` |"));
}
