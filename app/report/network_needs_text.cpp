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

/// Those that cut the most off, and in one sentence the hosts that hang on one link.
std::vector<std::string> single_points(const NetworkNeeds& needs) {
  constexpr std::size_t most = 8;  // Chosen: as many as links.
  std::vector<const SinglePoint*> points;
  std::vector<std::string> on_one_link;
  for (const SinglePoint& point : needs.points) {
    if (point.is_link && point.hosts == 1)
      on_one_link.insert(on_one_link.end(), point.cut_off.begin(), point.cut_off.end());
    else
      points.push_back(&point);
  }
  std::stable_sort(points.begin(), points.end(), [](const auto* one, const auto* other) {
    return one->cut_off.size() > other->cut_off.size();
  });
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < std::min(most, points.size()); ++i)
    sentences.push_back(fmt::format("Single point of failure: {} {}; without it {} cut off.",
                                    points[i]->is_link ? "link" : "switch", points[i]->name,
                                    list(points[i]->cut_off)));
  if (points.size() > most)
    sentences.push_back(
        fmt::format("{} more single points of failure, all told by --json.", points.size() - most));
  if (!on_one_link.empty())
    sentences.push_back(fmt::format("On one link only: {}.", list(on_one_link)));
  return sentences;
}

}  // namespace

std::string network_needs_text(const NetworkNeeds& needs, const Paint& paint) {
  std::string text = links(needs, paint);
  const auto say = [&](const std::string& sentence) { text += wrapped(sentence) + "\n"; };
  for (const RateBound& bound : needs.bounds)
    say(fmt::format("The network carries at most {} of {} (their {}), by the minimum cut: {}.",
                    number_text(bound.per_s, Measure::per_s), bound.workload,
                    bound.of_answers ? "answers" : "requests", list(bound.links)));
  for (const std::string& sentence : single_points(needs))
    say(sentence);
  for (const CutOff& cut : needs.cut_off)
    say(cut.cut_off.empty()
            ? fmt::format("Failure {} (kill {}) cuts nothing else off{}.", cut.failure, cut.target,
                          cut.target.starts_with("host ") ? "" : ": there are other ways")
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
