// The links that carried something, as a picture: hosts below, what connects them above.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"

namespace headroom::html {

namespace {

constexpr std::size_t most_drawn = 150;  // Chosen: more nodes cannot be told apart.
constexpr double row_height = 96, margin = 44;
constexpr double page_width = 1070, narrowest = 52, widest_column = 84;  // Chosen: fits a page.

struct DrawnLink {
  std::string from, to, label;
  double utilization = 0;
};

struct DrawnNode {
  std::size_t row = 0, degree = 0;
  double x = 0;
};

/// Both directions of a cable as one line, as busy as the busier of them.
class NetworkPicture {
 public:
  void add(const std::string& name, double utilization) {
    for (const std::string_view arrow : {" <-> ", " -> "}) {
      const std::size_t at = name.find(arrow);
      if (at == std::string::npos) continue;
      std::string from = name.substr(0, at), to = name.substr(at + arrow.size());
      if (from == to) return;
      if (to < from) std::swap(from, to);
      DrawnLink& link = links_[{from, to}];
      link.from = from;
      link.to = to;
      if (link.label.empty() || utilization > link.utilization) link.label = name;
      link.utilization = std::max(link.utilization, utilization);
      return;
    }
  }

  bool worth_drawing() {
    for (const auto& [ends, link] : links_) {
      ++nodes_[link.from].degree;
      ++nodes_[link.to].degree;
    }
    return links_.size() > 1 && nodes_.size() <= most_drawn;
  }

  std::string text() {
    place();
    std::size_t rows = 0, widest = 1;
    std::map<std::size_t, std::size_t> in_row;
    for (const auto& [name, node] : nodes_) {
      rows = std::max(rows, node.row + 1);
      widest = std::max(widest, ++in_row[node.row]);
    }
    const double columns = static_cast<double>(widest);
    const double column = std::clamp((page_width - 2 * margin) / columns, narrowest, widest_column);
    const double width = 2 * margin + column * (columns - 1);
    const double height = 2 * margin + row_height * static_cast<double>(rows - 1);
    const auto y_of = [&](const DrawnNode& node) {
      return height - margin - row_height * static_cast<double>(node.row);
    };
    for (auto& [name, node] : nodes_)
      node.x = margin + (width - 2 * margin) * node.x;
    std::string svg = fmt::format(
        R"(<div class="frame"><svg class="network" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" )"
        R"(height="{1:.0f}" role="img" aria-label="Links by how busy they were">)",
        width, height);
    for (const auto& [ends, link] : links_) {
      const DrawnNode &a = nodes_[link.from], &b = nodes_[link.to];
      // Nodes of one row are joined by a bow, so that the line passes between others.
      const double bow = a.row == b.row ? 34 : 0;
      svg += fmt::format(
          R"(<path class="{}" stroke-width="{:.1f}" d="M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}">)"
          R"(<title>{}: {:.1f} % of its bandwidth</title></path>)",
          link.utilization > 0.9   ? "link full"
          : link.utilization > 0.7 ? "link busy"
                                   : "link",
          1.2 + 5 * std::min(link.utilization, 1.0), a.x, y_of(a), (a.x + b.x) / 2,
          (y_of(a) + y_of(b)) / 2 - bow, b.x, y_of(b), escaped(link.label), 100 * link.utilization);
    }
    for (const auto& [name, node] : nodes_) {
      svg +=
          node.row == 0
              ? fmt::format(R"(<rect class="node" x="{:.1f}" y="{:.1f}" width="14" height="14"/>)",
                            node.x - 7, y_of(node) - 7)
              : fmt::format(R"(<circle class="node" cx="{:.1f}" cy="{:.1f}" r="8"/>)", node.x,
                            y_of(node));
      svg += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", node.x,
                         y_of(node) + (node.row == 0 ? 22 : -13), escaped(name));
    }
    return svg + "</svg></div>\n";
  }

 private:
  /// Rows by the distance from the ends of the network; in a row, each near those below it.
  void place() {
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
        std::stable_sort(names.begin(), names.end(), [&](const auto& a, const auto& b) {
          return middle_below(a, row) < middle_below(b, row);
        });
      for (std::size_t i = 0; i < names.size(); ++i)
        nodes_[names[i]].x = (static_cast<double>(i) + 0.5) / static_cast<double>(names.size());
    }
  }

  double middle_below(const std::string& name, std::size_t row) {
    double sum = 0, count = 0;
    for (const auto& [ends, link] : links_) {
      const std::string* other = link.from == name ? &link.to
                                 : link.to == name ? &link.from
                                                   : nullptr;
      if (other == nullptr || nodes_[*other].row >= row) continue;
      sum += nodes_[*other].x;
      ++count;
    }
    return count > 0 ? sum / count : 0.5;
  }

  std::map<std::pair<std::string, std::string>, DrawnLink> links_;
  std::map<std::string, DrawnNode> nodes_;
};

}  // namespace

std::string network_section(const Part& part) {
  const auto& links = below(part.study.document, {"network", "links"});
  NetworkPicture picture;
  for (const auto& [name, link] : links.items()) {
    const auto& used = below(link, {"utilization", "value"});
    picture.add(name, used.is_number() ? used.template get<double>() : 0);
  }
  if (!picture.worth_drawing()) return {};
  return section(part.prefix + "-network", "Network",
                 paragraph("Squares are hosts or zones, circles what connects them; a thick line "
                           "was busy. Each line tells its figures when it is pointed at; all "
                           "links are in the table of further figures.") +
                     picture.text());
}

}  // namespace headroom::html
