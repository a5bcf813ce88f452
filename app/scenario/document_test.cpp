#include "app/scenario/document.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

using namespace headroom;

namespace {

std::string answer_to(const std::string& text, DocumentLimits limits = {}) {
  Diagnostics diagnostics;
  const std::uint32_t file = diagnostics.sources.add("f.json", text);
  parse_document(file, diagnostics, limits);
  return diagnostics.text();
}

/// Every scalar and key must stand where its place says.
void check_places(const Sources& sources, const Node& node) {
  if (node.key_place.length) CHECK(nlohmann::json::parse(sources.text(node.key_place)) == node.key);
  switch (node.kind) {
    case Node::Kind::string:
      CHECK(nlohmann::json::parse(sources.text(node.place)) == node.text);
      break;
    case Node::Kind::number:
      CHECK(sources.text(node.place) == node.text);
      break;
    case Node::Kind::boolean:
      CHECK(sources.text(node.place) == (node.truth ? "true" : "false"));
      break;
    case Node::Kind::null:
      CHECK(sources.text(node.place) == "null");
      break;
    case Node::Kind::array:
      CHECK(sources.text(node.place) == "[");
      break;
    case Node::Kind::object:
      CHECK(sources.text(node.place) == "{");
      break;
  }
  for (const Node& child : node.children)
    check_places(sources, child);
}

nlohmann::json random_json(std::mt19937_64& random, int depth) {
  static const std::string texts[] = {
      "", "plain", "with \"quotes\"", "back\\slash", "\\\"", "tab\t", "ü€𝄞", "a/b~c"};
  switch (random() % (depth > 4 ? 5 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random()) >> (random() % 64);
    case 3:
      return static_cast<double>(random()) / 1e7 - 1e11;
    case 4:
      return texts[random() % std::size(texts)];
    case 5: {
      auto list = nlohmann::json::array();
      for (std::size_t n = random() % 5; n > 0; --n)
        list.push_back(random_json(random, depth + 1));
      return list;
    }
    default: {
      auto object = nlohmann::json::object();
      for (std::size_t n = random() % 5; n > 0; --n)
        object[texts[random() % std::size(texts)] + std::to_string(n)] =
            random_json(random, depth + 1);
      return object;
    }
  }
}

}  // namespace

TEST_CASE("a document holds what the parser of the library reads, each value at its place",
          "[document]") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 300; ++i) {
    const nlohmann::json json = random_json(random, 0);
    Diagnostics diagnostics;
    const std::uint32_t file = diagnostics.sources.add("f", json.dump(i % 4 == 0 ? -1 : i % 4));
    const auto node = parse_document(file, diagnostics);
    INFO(diagnostics.text() << json.dump());
    REQUIRE(node);
    CHECK(nlohmann::json::parse(to_json_text(*node)) == json);
    check_places(diagnostics.sources, *node);
  }
}

TEST_CASE("comments and a byte-order mark are accepted, order is kept", "[document]") {
  Diagnostics diagnostics;
  const std::uint32_t file = diagnostics.sources.add(
      "f", "\xEF\xBB\xBF{ // note\n \"z\": 1, /* more \" */ \"a\": [2, {\"deep\": true}] }");
  const auto node = parse_document(file, diagnostics);
  REQUIRE(node);
  check_places(diagnostics.sources, *node);
  CHECK(node->children[0].key == "z");
  CHECK(at_pointer(*node, "/a/1/deep")->truth);
  CHECK(at_pointer(*node, "/a/2") == nullptr);
  CHECK(diagnostics.sources.locate(node->place).column == 1);
  const Location location = diagnostics.sources.locate(at_pointer(*node, "/a/0")->place);
  CHECK((location.line == 2 && location.column == 29));
  CHECK(place_of(*node, "/a/9/x").offset == node->find("a")->key_place.offset);
}

TEST_CASE("what is no JSON text is named as such", "[document]") {
  using Catch::Contains;
  CHECK_THAT(answer_to(""), Contains("the file is empty"));
  CHECK_THAT(answer_to(" \n"), Contains("nothing but white space"));
  CHECK_THAT(answer_to(std::string("\xFF\xFE{\0}\0", 6)), Contains("UTF-16") && Contains("byte 0"));
  CHECK_THAT(answer_to(std::string("\xFF\xFE\0\0{\0\0\0", 8)), Contains("UTF-32"));
  CHECK_THAT(answer_to(std::string("{\0}\0", 4)),
             Contains("UTF-16 without") && Contains("byte 0x00 at byte 1"));
  CHECK_THAT(answer_to(std::string("\0{\0}", 4)), Contains("UTF-16 without") && Contains("byte 0"));
  CHECK_THAT(answer_to(std::string("\0\1\2", 3)), Contains("not text: byte 0x00 at byte 0"));
  CHECK_THAT(answer_to(std::string("{}\x7F"
                                   "ELF")),
             Contains("not text: byte 0x7f at byte 2"));
  CHECK_THAT(answer_to("{\"a\": 1,\n \"b\": [1, 2"),
             Contains("f.json:2:12") && Contains("the file ends in the middle of a list") &&
                 Contains("the '[' opened at 2:7 is not closed"));
  CHECK_THAT(answer_to("{\"a\": \"tex"), Contains("middle of a text in quotes"));
  CHECK_THAT(answer_to("{\"a\": 1"),
             Contains("middle of an object") && Contains("the '{' opened at 1:1"));
  CHECK_THAT(answer_to("{\"a\": 1, }"), Contains("f.json:1:10") && Contains("remove the comma"));
  CHECK_THAT(answer_to("{\"a\": 1 \"b\": 2}"), Contains("f.json:1:9") && Contains("comma missing"));
  CHECK_THAT(answer_to("{'a': 1}"), Contains("double quotes"));
  CHECK_THAT(answer_to("{\"a\": 1e999}"), Contains("too large"));
  CHECK_THAT(answer_to("{\"a\": \"\xC3\x28\"}"), Contains("UTF-8"));
  CHECK_THAT(answer_to("{} {}"), Contains("expected end of input"));
  CHECK_THAT(answer_to("{\"a\": nope}"), Contains("invalid literal"));
}

TEST_CASE("duplicate keys are reported with both positions", "[document]") {
  CHECK(answer_to("{\"s\": {\n  \"a\": 1,\n  \"a\": 2}}") ==
        "f.json:3:3: error: duplicate key \"a\"\n"
        "  3 |   \"a\": 2}}\n"
        "    |   ^^^ first given at 2:3\n"
        "    at /s/a\n");
}

TEST_CASE("limits hold", "[document]") {
  using Catch::Contains;
  CHECK_THAT(answer_to(std::string(65, '[') + std::string(65, ']')),
             Contains("nested deeper than 64"));
  CHECK(answer_to(std::string(64, '[') + std::string(64, ']')).empty());
  CHECK_THAT(answer_to("[1, 2, 3]", {.bytes = 100, .depth = 64, .values = 3}),
             !Contains("bytes long") && Contains("more than 3 values"));
  CHECK_THAT(answer_to("[1, 2, 3]", {.bytes = 8, .depth = 64, .values = 10}),
             Contains("9 bytes long"));
  CHECK_THAT(answer_to(std::string(100'000, '[')), Contains("nested deeper"));
}

TEST_CASE("every prefix and every one-byte change of a document is answered, never crashed on",
          "[document]") {
  const std::string text =
      "{\"a\": [1, -2.5e3, \"x\\\"y\\u00e9\"], /* c */ \"b\": {\"k\": null, \"t\": true}} // end";
  for (std::size_t i = 0; i < text.size(); ++i) {
    answer_to(text.substr(0, i));
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[i] = static_cast<char>(byte);
      answer_to(changed);
    }
  }
  CHECK(answer_to(text).empty());
}

TEST_CASE("a cut-off document is cut off wherever it is cut", "[document]") {
  const std::string text = R"({"a": [1, {"b": "c"}], "d": {"e": null}})";
  for (std::size_t i = 1; i < text.size(); ++i) {
    INFO(text.substr(0, i));
    const bool within_literal = i > 34 && i < 38;
    if (!within_literal)
      CHECK_THAT(answer_to(text.substr(0, i)), Catch::Contains("ends in the middle"));
  }
}
