#include "app/report/html/markup.hpp"

#include <catch2/catch.hpp>

namespace headroom::html {

TEST_CASE("Text is inert between tags and in attributes") {
  CHECK(escaped("</script><img src=x onerror=\"a('b')\">&") ==
        "&lt;/script&gt;&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;");
  CHECK(escaped("two\nlines") == "two\nlines");
  // What turns the direction of reading would show another text than there is.
  CHECK(escaped("a\xe2\x80\xae"
                "b") == "a&lt;U+202E&gt;b");
  CHECK(escaped("\xff") == "\\xff");
  CHECK(escaped("größer") == "größer");
}

TEST_CASE("A document within a script cannot end it and reads back the same") {
  const nlohmann::ordered_json document{{"</script><!--", "<script>&\xe2\x80\xa8 ü"}};
  const std::string text = script_json(document);
  CHECK(text.find_first_of("<>&") == std::string::npos);
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; }));
  CHECK(nlohmann::ordered_json::parse(text) == document);
}

TEST_CASE("A data address holds any bytes") {
  CHECK(data_address("text/plain", "a \"#%\xc3\xbc\n") ==
        "data:text/plain;charset=utf-8,a%20%22%23%25%C3%BC%0A");
}

TEST_CASE("Sentences that were broken for a terminal are whole again") {
  CHECK(unbroken(" one\n  two  three\n") == "one two three");
}

TEST_CASE("Tables escape cells, head their rows and stand without a caption") {
  Table table("a < b");
  table.column("name", Table::Align::left);
  table.column("value");
  table.row({"<b>", Table::Cell::markup("<svg></svg>")});
  const std::string text = table.text();
  CHECK(text.find("<th scope=\"row\" class=\"l\">&lt;b&gt;</th><td><svg></svg></td>") !=
        std::string::npos);
  CHECK(text.find("aria-label=\"a &lt; b\"") != std::string::npos);
  CHECK(text.find("<table>") != std::string::npos);
  table.column("verdict", Table::Align::left);
  CHECK(table.text().find("<table class=\"judged\">") != std::string::npos);
  CHECK(Table("empty").text().empty());
}

TEST_CASE("A figure may break before its interval, so that a table fits a narrow page") {
  Table table("t");
  table.column("name", Table::Align::left);
  table.column("p99");
  table.row({"a [b]", "34.1 [33.9, 35.2] ms"});
  table.row({"c", "7.77 ms (14 %)"});
  const std::string text = table.text();
  CHECK(text.find("<td>34.1 <wbr>[33.9, 35.2] ms</td>") != std::string::npos);
  CHECK(text.find("<td>7.77 ms <wbr>(14 %)</td>") != std::string::npos);
  CHECK(text.find(">a [b]</th>") != std::string::npos);
}

}  // namespace headroom::html
