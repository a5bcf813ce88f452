#include "app/scenario/diagnostics.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

using namespace headroom;

namespace {

std::string shown(const std::string& line, std::uint32_t offset, std::uint32_t length,
                  const std::string& message = "m") {
  Diagnostics diagnostics;
  diagnostics.sources.add("f", line);
  diagnostics.error({0, offset, length}, "/p", message, "hint");
  return diagnostics.text();
}

}  // namespace

TEST_CASE("control characters and tricks of a terminal are made visible", "[diagnostics]") {
  CHECK(visible("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(visible("\xE2\x80\xAEx") == "<U+202E>x");
  CHECK(visible("\xFFy") == "\\xffy");
  CHECK(visible("ü€𝄞") == "ü€𝄞");
  CHECK(visible("\xC0\xAF") == "\\xc0\\xaf");  // an overlong slash
  CHECK(shown("\"\x1b\": 1", 0, 3, "evil \x1b[2J").find('\x1b') == std::string::npos);
}

TEST_CASE("the caret stands under what it marks, in characters", "[diagnostics]") {
  CHECK(shown("\tüü bad", 6, 3) ==
        "f:1:5: error: m\n"
        "  1 |   üü bad\n"
        "    |      ^^^ hint\n"
        "    at /p\n");
}

TEST_CASE("long lines are trimmed around the caret", "[diagnostics]") {
  const std::string line = fmt::format("{:a>5000}BAD{:z>5000}", "", "");
  const std::string text = shown(line, 5000, 3);
  CHECK(text.size() < 400);
  const std::size_t second = text.find('\n') + 1;
  const std::size_t third = text.find('\n', second) + 1;
  CHECK(text.find("BAD") - second == text.find("^^^") - third);
  CHECK(text.find("...aaa") != std::string::npos);
}

TEST_CASE("errors come in the order of the file, before warnings", "[diagnostics]") {
  Diagnostics diagnostics;
  diagnostics.sources.add("f", "abc\ndef\n");
  diagnostics.warning({0, 0, 1}, "", "first");
  diagnostics.error({0, 4, 1}, "", "third");
  diagnostics.error({0, 1, 1}, "", "second");
  const std::string text = diagnostics.text();
  CHECK(text.find("second") < text.find("third"));
  CHECK(text.find("third") < text.find("warning: first"));
  CHECK(diagnostics.error_count() == 2);
  CHECK(diagnostics.warnings_json().size() == 1);
  CHECK(diagnostics.error_json()["error"]["code"] == 2);
  CHECK(diagnostics.error_json()["error"]["messages"][0]["message"] == "second");
}

TEST_CASE("a place at the very end or beyond is no trouble", "[diagnostics]") {
  CHECK(shown("", 0, 0).find("f:1:1") == 0);
  CHECK(shown("ab\n", 3, 1).find("f:2:1") == 0);
  CHECK(shown("ab", 90, 5).find("f:1:3") == 0);
}
