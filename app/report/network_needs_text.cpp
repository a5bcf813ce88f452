#include "app/report/network_needs_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/numbers.hpp"
#include "app/report/summary_json.hpp"
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
    const double share = link.share();
    table.row({link.name,
               rate(link.needed_bytes_per_s),
               bandwidth ? rate(*bandwidth) : std::string("unlimited"),
               {bandwidth && link.is_shared ? number_text(share, Measure::share) : std::string("-"),
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

std::string bound_sentence(const RateBound& bound) {
  const std::string most = fmt::format("The network carries at most {} of {}",
                                       number_text(bound.per_s, Measure::per_s), bound.workload);
  if (!bound.full_link.empty())
    return fmt::format("{}: they and the calls they cause fill link {} then.", most,
                       bound.full_link);
  return fmt::format("{} (their {}), by the minimum cut: {}.", most,
                     bound.of_answers ? "answers" : "requests", list(bound.links));
}

std::string side(const CutOff& cut, std::size_t number) {
  return cut.sides[number].empty() ? std::string("nobody") : list(cut.sides[number]);
}

std::string cut_sentence(const CutOff& cut) {
  const std::string failure = fmt::format("Failure {} ({}{}{})", cut.failure, cut.verb,
                                          cut.target.empty() ? "" : " ", cut.target);
  if (!cut.sides.empty()) {
    std::string others = cut.sides.size() == 1 ? "all others" : side(cut, 1);
    for (std::size_t i = 2; i < cut.sides.size(); ++i)
      others += " and from " + side(cut, i);
    if (cut.is_one_way)
      return fmt::format("{} cuts what goes from {} to {}, not what comes back.", failure,
                         side(cut, 0), others);
    return fmt::format("{} cuts {} off from {}.", failure, side(cut, 0), others);
  }
  if (cut.target.starts_with("zone "))
    return fmt::format("{} takes down {}.", failure,
                       cut.cut_off.empty() ? std::string("nobody") : list(cut.cut_off));
  if (cut.cut_off.empty())
    return fmt::format("{} cuts nothing else off{}.", failure,
                       cut.target.starts_with("host ") ? "" : ": there are other ways");
  return fmt::format("{} cuts off {}.", failure, list(cut.cut_off));
}

}  // namespace

std::string network_needs_text(const NetworkNeeds& needs, const Paint& paint) {
  std::string text = links(needs, paint);
  const auto say = [&](const std::string& sentence) { text += wrapped(sentence) + "\n"; };
  for (const RateBound& bound : needs.bounds)
    say(bound_sentence(bound));
  for (const std::string& sentence : single_points(needs))
    say(sentence);
  for (const CutOff& cut : needs.cut_off)
    say(cut_sentence(cut));
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
    one["bandwidth_bytes_per_s"] = or_null(link.bandwidth_bytes_per_s);
    one["ceiling_per_s"] = or_null(link.ceiling_per_s);
  }
  json["bounds"] = Json::object();
  for (const RateBound& bound : needs.bounds) {
    Json& one = json["bounds"][bound.workload];
    one["per_s"] = bound.per_s;
    if (bound.full_link.empty()) {
      one["of"] = bound.of_answers ? "answers" : "requests";
      one["minimum_cut"] = bound.links;
    } else {
      one["full_link"] = bound.full_link;
    }
  }
  json["single_points"] = Json::array();
  for (const SinglePoint& point : needs.points)
    json["single_points"].push_back(
        {{"name", point.name}, {"is_link", point.is_link}, {"cut_off", point.cut_off}});
  json["failures"] = Json::array();
  for (const CutOff& cut : needs.cut_off)
    json["failures"].push_back({{"failure", cut.failure},
                                {"verb", cut.verb},
                                {"target", cut.target},
                                {"cut_off", cut.cut_off},
                                {"sides", cut.sides},
                                {"one_way", cut.is_one_way}});
  json["notes"] = needs.notes;
  return json;
}

}  // namespace headroom
