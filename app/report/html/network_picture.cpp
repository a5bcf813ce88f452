#include "app/report/html/network_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "app/report/html/markup.hpp"
#include "app/report/numbers.hpp"

namespace headroom::html {

namespace {

constexpr std::size_t most_drawn = 150;  // Chosen: more nodes cannot be told apart.
constexpr std::size_t most_in_ring = 12, most_labels = 16;  // Chosen: lines still part.
constexpr double level_height = 96, margin = 44;
constexpr double page_width = 1070, narrowest = 52, widest_column = 150;  // Chosen: fits a page.

/// The ends of "a -> b" or "a <-> b" in one order, whichever way it goes.
std::optional<std::pair<std::string, std::string>> ends_of(std::string_view name) {
  for (const std::string_view arrow : {" <-> ", " -> "}) {
    const std::size_t at = name.find(arrow);
    if (at == std::string_view::npos) continue;
    std::pair ends(std::string(name.substr(0, at)), std::string(name.substr(at + arrow.size())));
    if (ends.second < ends.first) std::swap(ends.first, ends.second);
    return ends;
  }
  return std::nullopt;
}

std::string_view without_prefix(std::string_view name) {
  for (const std::string_view prefix : {"link ", "switch ", "host ", "zone "})
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  return name;
}

std::vector<std::string_view> split(std::string_view text, std::string_view by) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + by.size());
  }
}

const char* busy_class(double utilization) {
  return utilization > 0.9 ? " full" : utilization > 0.7 ? " busy" : "";
}

std::string busy_title(std::string_view link, double utilization) {
  return fmt::format("<title>{}: {:.1f} % of its bandwidth</title>", escaped(link),
                     100 * utilization);
}

/// A cross over what was taken away.
std::string cross(double x, double y, const std::string& why) {
  return fmt::format(
      R"(<path class="hit" d="M{0:.1f} {1:.1f}l14 14m0 -14l-14 14"><title>{2}</title></path>)",
      x - 7, y - 7, escaped(why));
}

}  // namespace

void NetworkPicture::add(std::string_view name, double utilization) {
  const auto ends = ends_of(name);
  if (ends && ends->first != ends->second) join(*ends, name, utilization);
}

void NetworkPicture::add(std::string_view name, double utilization,
                         const std::vector<std::string>& between) {
  if (between.size() < 2) return add(name, utilization);
  if (between[0] != between[1]) return join(std::minmax(between[0], between[1]), name, utilization);
  auto& busy = nodes_[between[0]].utilization;
  busy = std::max(busy.value_or(0), utilization);
  for (std::size_t host = 2; host < between.size(); ++host)
    join(std::minmax(between[0], between[host]), {}, 0);
}

void NetworkPicture::join(const Ends& ends, std::string_view label, double utilization) {
  const auto [found, is_new] = links_.try_emplace(ends);
  Link& link = found->second;
  if (is_new) {
    link.from = ends.first;
    link.to = ends.second;
    ++nodes_[link.from].degree;
    ++nodes_[link.to].degree;
  }
  if (link.label.empty() || utilization > link.utilization) link.label = label;
  link.utilization = std::max(link.utilization, utilization);
}

void NetworkPicture::hit(const std::string& verb, const std::string& target,
                         const std::string& when) {
  const std::string told = verb + " " + target + when;
  if (verb == "partition") return hit_between(target, told);
  if (verb != "kill" && verb != "degrade") return;
  const std::string_view name = without_prefix(target);
  if (const auto ends = ends_of(name)) {
    if (!nodes_.contains(ends->first) || !nodes_.contains(ends->second)) return;
    add(name, 0);  // It may have carried nothing.
    links_.at(*ends).hit = told;
    has_hits_ = true;
  } else if (name != target) {
    // A node, or a link by the name that a platform file gives it.
    std::string* hit = nullptr;
    if (const auto node = nodes_.find(std::string(name)); node != nodes_.end())
      hit = &node->second.hit;
    for (auto& [ends, link] : links_)
      if (link.is_called(name)) hit = &link.hit;
    if (hit == nullptr) return;
    *hit = told;
    has_hits_ = true;
  }
}

void NetworkPicture::hit_between(const std::string& groups, const std::string& told) {
  std::map<std::string, std::size_t, std::less<>> group_of;
  const char* between = groups.find(" | ") != std::string::npos ? " | " : " -> ";
  std::size_t number = 0;
  for (const std::string_view group : split(groups, between)) {
    for (const std::string_view name : split(group, ", "))
      group_of.emplace(without_prefix(name), number);
    ++number;
  }
  for (auto& [ends, link] : links_) {
    const auto from = group_of.find(link.from), to = group_of.find(link.to);
    if (from == group_of.end() || to == group_of.end() || from->second == to->second) continue;
    link.hit = told;
    has_hits_ = true;
  }
}

bool NetworkPicture::is_too_large() const {
  return nodes_.size() > most_drawn;
}

/// Nothing in it is an end, and it is small: zones, as a rule.
bool NetworkPicture::is_ring() const {
  return nodes_.size() <= most_in_ring &&
         std::none_of(nodes_.begin(), nodes_.end(),
                      [](const auto& each) { return each.second.degree == 1; });
}

NetworkPicture::Size NetworkPicture::place_ring() {
  const auto count = static_cast<double>(nodes_.size());
  const double across = 170 + 14 * count, up = 80 + 12 * count;
  const Size size{2 * (across + 2 * margin), 2 * (up + margin)};
  double number = 0;
  for (auto& [name, node] : nodes_) {
    const double angle = 2 * std::numbers::pi * number++ / count - std::numbers::pi / 2;
    node.x = size.width / 2 + across * std::cos(angle);
    node.y = size.height / 2 + up * std::sin(angle);
  }
  return size;
}

NetworkPicture::Size NetworkPicture::place_rows() {
  choose_rows();
  std::size_t rows = 0, widest = 1;
  std::map<std::size_t, std::size_t> in_row;
  for (const auto& [name, node] : nodes_) {
    rows = std::max(rows, node.row + 1);
    widest = std::max(widest, ++in_row[node.row]);
  }
  const double columns = static_cast<double>(widest);
  const double column = std::clamp((page_width - 2 * margin) / columns, narrowest, widest_column);
  const Size size{2 * margin + column * columns,
                  2 * margin + level_height * static_cast<double>(rows - 1)};
  for (auto& [name, node] : nodes_) {
    node.x = margin + (size.width - 2 * margin) * node.x;
    node.y = size.height - margin - level_height * static_cast<double>(node.row);
  }
  return size;
}

/// Rows by the distance from the ends of the network; in a row, each near those below it.
void NetworkPicture::choose_rows() {
  const bool has_ends = std::any_of(nodes_.begin(), nodes_.end(),
                                    [](const auto& each) { return each.second.degree == 1; });
  std::map<std::string, std::size_t> rows;
  for (const auto& [name, node] : nodes_)
    if (!has_ends || node.degree == 1) rows[name] = 0;
  for (std::size_t row = 1; rows.size() < nodes_.size(); ++row) {
    std::vector<std::string> reached;
    for (const auto& [ends, link] : links_)
      for (const auto& [one, other] :
           {std::pair(link.from, link.to), std::pair(link.to, link.from)})
        if (rows.count(one) && rows[one] < row && !rows.count(other)) reached.push_back(other);
    if (reached.empty()) {
      for (const auto& [name, node] : nodes_)
        rows.try_emplace(name, row);
    }
    for (const auto& name : reached)
      rows.try_emplace(name, row);
  }
  std::map<std::size_t, std::vector<std::string>> by_row;
  for (auto& [name, node] : nodes_) {
    node.row = rows[name];
    by_row[node.row].push_back(name);
  }
  for (auto& [row, names] : by_row) {
    if (row > 0)
      std::stable_sort(names.begin(), names.end(), [&, row = row](const auto& a, const auto& b) {
        return middle_below(a, row) < middle_below(b, row);
      });
    for (std::size_t i = 0; i < names.size(); ++i)
      nodes_[names[i]].x = (static_cast<double>(i) + 0.5) / static_cast<double>(names.size());
  }
}

double NetworkPicture::middle_below(const std::string& name, std::size_t row) const {
  double sum = 0, count = 0;
  for (const auto& [ends, link] : links_) {
    const std::string* other = link.from == name ? &link.to
                               : link.to == name ? &link.from
                                                 : nullptr;
    if (other == nullptr || nodes_.at(*other).row >= row) continue;
    sum += nodes_.at(*other).x;
    ++count;
  }
  return count > 0 ? sum / count : 0.5;
}

std::string NetworkPicture::link_text(const Link& link, bool labelled, bool ring) const {
  const Node &a = nodes_.at(link.from), &b = nodes_.at(link.to);
  // Nodes of one row are joined by a bow, so that the line passes between others.
  const double bow = !ring && a.row == b.row ? 34 : 0;
  const double x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
  std::string svg = fmt::format(
      R"(<path class="link{}" stroke-width="{:.1f}" d="M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}">)"
      "{}</path>",
      busy_class(link.utilization), 1.2 + 5 * std::min(link.utilization, 1.0), a.x, a.y, x, y - bow,
      b.x, b.y, link.label.empty() ? "" : busy_title(link.label, link.utilization));
  if (!link.hit.empty()) svg += cross(x, y - bow / 2, link.hit);
  if (!labelled || link.utilization <= 0) return svg;
  // Lines to a row of ends part towards these.
  const Node &low = a.row < b.row ? a : b, &high = a.row < b.row ? b : a;
  const double down = ring || a.row == b.row ? 0.5 : 0.7;
  svg += fmt::format(R"(<text class="busyness" x="{:.1f}" y="{:.1f}">{}</text>)",
                     high.x + down * (low.x - high.x) + 10,
                     high.y + down * (low.y - high.y) - bow / 2 + 4,
                     number_text(link.utilization, Measure::share));
  return svg;
}

std::string NetworkPicture::node_text(const std::string& name, const Node& node, bool ring) const {
  std::string svg =
      node.utilization
          ? fmt::format(R"(<circle class="node{}" cx="{:.1f}" cy="{:.1f}" r="8">{}</circle>)",
                        busy_class(*node.utilization), node.x, node.y,
                        busy_title(name, *node.utilization))
      : node.row == 0
          ? fmt::format(R"(<rect class="node" x="{:.1f}" y="{:.1f}" width="14" height="14"/>)",
                        node.x - 7, node.y - 7)
          : fmt::format(R"(<circle class="node" cx="{:.1f}" cy="{:.1f}" r="8"/>)", node.x, node.y);
  if (!node.hit.empty()) svg += cross(node.x, node.y, node.hit);
  // The name stands outside: above the topmost, below the others.
  const bool is_above = ring ? node.y < margin + 1 : node.row > 0;
  return svg + fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", node.x,
                           node.y + (is_above ? -13 : 22), escaped(name));
}

std::string NetworkPicture::text() {
  const bool ring = is_ring();
  const Size size = ring ? place_ring() : place_rows();
  std::string svg = fmt::format(
      R"(<div class="frame"><svg class="network" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" )"
      R"(height="{1:.0f}" role="img" aria-label="Links by how busy they were">)",
      size.width, size.height);
  const bool labelled = links_.size() <= most_labels;
  for (const auto& [ends, link] : links_)
    svg += link_text(link, labelled, ring);
  for (const auto& [name, node] : nodes_)
    svg += node_text(name, node, ring);
  return svg + "</svg></div>\n";
}

}  // namespace headroom::html
