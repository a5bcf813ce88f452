// The links that carried something: as a picture and as a table; copies of data beside them.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "app/report/bandwidth_text.hpp"
#include "app/report/html/markup.hpp"
#include "app/report/html/network_picture.hpp"
#include "app/report/html/sections.hpp"

namespace headroom::html {

namespace {

using Json = nlohmann::ordered_json;

Figure figure_below(const Json& json, const char* key) {
  return figure_of(below(json, {key}));
}

double busyness(const Json& link) {
  return figure_below(link, "utilization").value.value_or(0);
}

/// The busiest first.
std::string link_table(const Json& links) {
  constexpr std::size_t most = 40;  // Chosen: a fat tree has thousands.
  std::vector<std::pair<std::string, const Json*>> order;
  for (const auto& [name, link] : links.items())
    order.emplace_back(name, &link);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return busyness(*a.second) > busyness(*b.second);
  });
  Table table("Links");
  table.column("link", Table::Align::left);
  for (const auto* heading : {"carried", "bandwidth", "utilisation", "left", "lost"})
    table.column(heading);
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
    const auto& [name, link] = order[i];
    const Json& bandwidth = below(*link, {"bandwidth_bytes_per_s"});
    const bool is_limited = bandwidth.is_number();
    table.row({name, bandwidth_text(figure_below(*link, "bytes_per_s")),
               is_limited ? number_text(bandwidth.get<double>() / 1e6, Measure::number) + " MB/s"
                          : std::string("unlimited"),
               figure_text(figure_below(*link, "utilization"), Measure::share),
               bandwidth_text(figure_below(*link, "residual_bytes_per_s")),
               figure_text(figure_below(*link, "lost_per_s"), Measure::per_s)});
  }
  std::string text = table.text();
  if (order.size() > most)
    text +=
        paragraph(fmt::format("{} more links are in summary.json.", order.size() - most), "note");
  return text;
}

std::string copy_table(const Json& bulk) {
  Table table("Copies");
  table.column("copy", Table::Align::left);
  for (const auto* heading : {"begun", "finished", "sent anew", "took", "rate"})
    table.column(heading);
  for (const auto& [name, copy] : bulk.items()) {
    const Figure took = figure_below(copy, "duration_s");
    table.row({name, figure_text(figure_below(copy, "begun"), Measure::number),
               figure_text(figure_below(copy, "finished"), Measure::number),
               figure_text(figure_below(copy, "cut"), Measure::number),
               took.value ? figure_text(took, Measure::seconds) : std::string("not finished"),
               bandwidth_text(figure_below(copy, "bytes_per_s"))});
  }
  return table.text();
}

std::string when(const FailureSummary& failure) {
  if (!failure.at_s) return ", again and again";
  std::string text = fmt::format(", from {}", length_text(*failure.at_s));
  if (failure.for_s) text += fmt::format(" for {}", length_text(*failure.for_s));
  return text;
}

std::string picture_of(const Recorded& study, const Json& links) {
  NetworkPicture picture;
  for (const auto& [name, link] : links.items())
    picture.add(name, busyness(link), link.value("between", std::vector<std::string>()));
  const bool is_platform = std::any_of(links.begin(), links.end(),
                                       [](const Json& link) { return link.contains("between"); });
  for (const FailureSummary& failure : study.summary.failures)
    picture.hit(failure.verb, failure.target, when(failure));
  if (!picture.is_worth_drawing()) return {};
  if (picture.is_too_large())
    return paragraph(
        "Too many hosts and switches for a picture: `headroom check FILE --dot` draws "
        "them for Graphviz.",
        "note");
  std::string told =
      "Squares are hosts or zones, circles what connects them; a thick line was busy, the busier "
      "direction counts.";
  if (is_platform)
    told +=
        " A circle with the name of a link is one that joins several, as the backbone of a "
        "cluster does.";
  if (picture.has_hits())
    told +=
        " A cross is over what a failure took away or made worse: it tells when it is pointed "
        "at.";
  return paragraph(told) + picture.text();
}

}  // namespace

std::string network_section(const Part& part) {
  const Json& network = below(part.study.document, {"network"});
  const Json& links = below(network, {"links"});
  return section(
      part.prefix + "-network", "Network",
      picture_of(part.study, links) + link_table(links) + copy_table(below(network, {"bulk"})));
}

}  // namespace headroom::html
