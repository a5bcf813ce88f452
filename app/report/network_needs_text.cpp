#include "app/report/network_needs_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

std::string rate(double bytes_per_s) {
  return number_text(bytes_per_s / 1e6, Measure::number) + " MB/s";
}

/// "a, b and 5 more"
std::string list(const std::vector<std::string>& names) {
  constexpr std::size_t most = 6;  // Chosen: one line.
  std::string text;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

std::string links(const NetworkNeeds& needs, const Paint& paint) {
  constexpr std::size_t most = 8;  // Chosen: the fullest are what one looks for.
  if (needs.links.empty()) return {};
  TextTable table;
  for (const auto* heading : {"LINKS", "asked for", "bandwidth", "full"})
    table.column(heading);
  for (std::size_t i = 0; i < std::min(most, needs.links.size()); ++i) {
    const LinkNeed& link = needs.links[i];
    const auto& bandwidth = link.bandwidth_bytes_per_s;
    const double share = bandwidth ? link.needed_bytes_per_s / *bandwidth : 0;
    table.row({link.name,
               rate(link.needed_bytes_per_s),
               bandwidth ? rate(*bandwidth) : std::string("unlimited"),
               {bandwidth ? number_text(share, Measure::share) : std::string("-"),
                share >= 1 ? &Paint::red : nullptr}});
  }
  std::string text = table.text(paint);
  if (needs.links.size() > most)
    text +=
        paint.dim(fmt::format("  - {} more links carry something\n", needs.links.size() - most));
  return text + "\n";
}

}  // namespace

std::string network_needs_text(const NetworkNeeds& needs, const Paint& paint) {
  std::string text = links(needs, paint);
  const auto say = [&](const std::string& sentence) { text += wrapped(sentence) + "\n"; };
  for (const RateBound& bound : needs.bounds)
    say(fmt::format("The network carries at most {} of {} (their {}), by the minimum cut: {}.",
                    number_text(bound.per_s, Measure::per_s), bound.workload,
                    bound.of_answers ? "answers" : "requests", list(bound.links)));
  for (const SinglePoint& point : needs.points)
    say(fmt::format("Single point of failure: {} {}; without it {} cut off.",
                    point.is_link ? "link" : "switch", point.name, list(point.cut_off)));
  for (const CutOff& cut : needs.cut_off)
    say(cut.cut_off.empty()
            ? fmt::format("Failure {} (kill {}) cuts nothing else off: there are other ways.",
                          cut.failure, cut.target)
            : fmt::format("Failure {} (kill {}) cuts off {}.", cut.failure, cut.target,
                          list(cut.cut_off)));
  for (const std::string& note : needs.notes)
    say(note + ".");
  return text;
}

Json to_json(const NetworkNeeds& needs) {
  Json json = Json::object();
  json["links"] = Json::object();
  for (const LinkNeed& link : needs.links) {
    Json& one = json["links"][link.name];
    one["needed_bytes_per_s"] = link.needed_bytes_per_s;
    one["bandwidth_bytes_per_s"] =
        link.bandwidth_bytes_per_s ? Json(*link.bandwidth_bytes_per_s) : Json(nullptr);
  }
  json["bounds"] = Json::object();
  for (const RateBound& bound : needs.bounds)
    json["bounds"][bound.workload] = {{"per_s", bound.per_s},
                                      {"of", bound.of_answers ? "answers" : "requests"},
                                      {"minimum_cut", bound.links}};
  json["single_points"] = Json::array();
  for (const SinglePoint& point : needs.points)
    json["single_points"].push_back(
        {{"name", point.name}, {"is_link", point.is_link}, {"cut_off", point.cut_off}});
  json["failures"] = Json::array();
  for (const CutOff& cut : needs.cut_off)
    json["failures"].push_back(
        {{"failure", cut.failure}, {"target", cut.target}, {"cut_off", cut.cut_off}});
  json["notes"] = needs.notes;
  return json;
}

}  // namespace headroom
