#include <fmt/format.h>

#include <algorithm>

#include "app/report/html/anomaly.hpp"
#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"
#include "models/consistency/guarantees.hpp"

namespace headroom::html {

namespace {

using Json = nlohmann::ordered_json;

std::string in_words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string guarantee_table(const Json& store) {
  Table table("Guarantees");
  table.hide_caption();
  table.column("guarantee", Table::Align::left);
  table.column("found", Table::Align::left);
  const auto operations = below(store, {"operations"}).dump();
  for (std::size_t number = 0; number < consistency::guarantees; ++number) {
    const char* name = consistency::name_of(static_cast<consistency::Guarantee>(number));
    const std::string holds = text_of(below(store, {name}));
    if (holds.empty()) continue;
    std::string found = "no violation found in " + operations + " operations";
    if (holds == "no") found = "violated";
    if (holds == "unknown") found = "not decided: " + text_of(below(store, {"why_unknown", name}));
    table.row({in_words(name), found}, holds == "no" ? "missed" : "");
  }
  return table.text();
}

std::string availability_table(const Json& availability) {
  Table table("Operations answered, of those begun");
  table.column("when and where", Table::Align::left);
  table.column("answered");
  for (const auto& [side, figure] : below(availability, {"during_partition"}).items())
    table.row({"while cut, clients in " + side, figure_text(figure_of(figure), Measure::share)});
  if (table.empty()) return {};
  table.row(
      {"otherwise", figure_text(figure_of(below(availability, {"outside"})), Measure::share)});
  return table.text();
}

}  // namespace

std::string consistency_section(const Part& part) {
  std::string body;
  for (const auto& [name, store] : below(part.study.document, {"consistency"}).items()) {
    body += "<h3>" + escaped(name) + ", as its clients saw it</h3>\n" + guarantee_table(store);
    const Json& anomaly = below(store, {"anomaly"});
    if (anomaly.is_object()) {
      const std::string what = "Not " + in_words(text_of(below(anomaly, {"violates"})));
      body += paragraph(what + ": " + text_of(below(anomaly, {"text"})) + ".");
      body += "<div class=\"scroll\">" + anomaly_drawing(anomaly) + "</div>\n";
    }
    body += availability_table(below(part.study.document, {"availability", name}));
  }
  return section(part.prefix + "-consistency", "What clients saw of consistency", body);
}

}  // namespace headroom::html
