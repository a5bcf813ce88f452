// Source: Lamport 1978, "Time, clocks, and the ordering of events in a distributed system", fig. 1:
// processes as lines, messages (here: values) as arrows between them.
#include "app/report/html/space_time.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/html/markup.hpp"

namespace headroom::html {

namespace {

constexpr double left = 110, row_height = 62, top = 34, bar_height = 20, least_step = 74;

// Colours are written out: the drawing is also a file of its own.
constexpr const char* style =
    "<style>.st text{font:12px system-ui,sans-serif;fill:#1a1a1a}.st .small{font-size:10px;"
    "fill:#666}.st .line{stroke:#bbb}.st .write{fill:#2563a8}.st .read{fill:#b4531a}"
    ".st .open{fill-opacity:.45}.st .value{stroke:#555;fill:none;stroke-width:1.4}"
    ".st .head{fill:#555}.st .paper{fill:#fff}</style>";

struct Place {
  double from = 0, to = 0, y = 0;
};

class Drawing {
 public:
  Drawing(const std::vector<SpaceTimeOperation>& all, bool are_times)
      : all_(all), are_times_(are_times) {
    for (const auto& each : all) {
      if (std::find(rows_.begin(), rows_.end(), each.process) == rows_.end())
        rows_.push_back(each.process);
      times_.push_back(each.call_s);
      if (each.return_s) times_.push_back(*each.return_s);
    }
    std::sort(times_.begin(), times_.end());
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
    for (const auto& each : all) {
      const auto row = std::find(rows_.begin(), rows_.end(), each.process) - rows_.begin();
      Place place;
      place.from = x_of(each.call_s);
      place.to = each.return_s ? std::max(x_of(*each.return_s), place.from + 8) : right();
      place.y = top + row_height * (static_cast<double>(row) + 0.5);
      places_.push_back(place);
    }
  }

  std::string text(const std::string& title) const {
    const double height = top + row_height * static_cast<double>(rows_.size()) + 26;
    std::string svg = fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" class="st" viewBox="0 0 {0:.0f} {1:.0f}" )"
        R"(width="{0:.0f}" height="{1:.0f}" role="img" aria-label="{2}">)",
        right() + 20, height, escaped(title));
    svg += style;
    svg += fmt::format(R"(<rect class="paper" width="{:.0f}" height="{:.0f}"/>)", right() + 20,
                       height);
    svg += fmt::format(R"(<text x="8" y="18">{}</text>)", escaped(title));
    svg += lines();
    for (std::size_t i = 0; i < all_.size(); ++i)
      svg += bar(i);
    for (std::size_t write = 0; write < all_.size(); ++write) {
      for (std::size_t read = 0; read < all_.size(); ++read) {
        const bool is_source = all_[write].writes && !all_[read].writes &&
                               all_[write].key == all_[read].key &&
                               all_[write].value == all_[read].value;
        if (is_source) svg += arrow(places_[write], places_[read]);
      }
    }
    return svg + "</svg>\n";
  }

 private:
  double x_of(double time) const {
    const auto at = std::lower_bound(times_.begin(), times_.end(), time) - times_.begin();
    return left + least_step * static_cast<double>(at);
  }
  double right() const { return left + least_step * static_cast<double>(times_.size()) + 60; }

  std::string lines() const {
    std::string svg;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const double y = top + row_height * (static_cast<double>(row) + 0.5);
      svg += fmt::format(R"(<text x="8" y="{:.1f}">{}</text>)", y + 4, escaped(rows_[row]));
      svg += fmt::format(R"(<line class="line" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)",
                         left - 8, y, right(), y);
    }
    const double y = top + row_height * static_cast<double>(rows_.size()) + 12;
    for (std::size_t i = 0; i < times_.size(); ++i)
      svg += fmt::format(
          R"(<text class="small" x="{:.1f}" y="{:.1f}">{}</text>)",
          left + least_step * static_cast<double>(i), i % 2 == 0 ? y : y + 12,
          are_times_ ? fmt::format("{:.6f} s", times_[i]) : fmt::format("{:.0f}", times_[i]));
    return svg;
  }

  std::string bar(std::size_t index) const {
    const SpaceTimeOperation& each = all_[index];
    const Place& place = places_[index];
    std::string svg = fmt::format(
        R"(<rect class="{}{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.0f}" rx="4"/>)",
        each.writes ? "write" : "read", each.return_s ? "" : " open", place.from,
        place.y - bar_height / 2, place.to - place.from, bar_height);
    return svg + fmt::format(R"(<text x="{:.1f}" y="{:.1f}">{}</text>)", place.from,
                             place.y - bar_height / 2 - 4, escaped(each.label));
  }

  /// From the end of the write to the end of the read, where the value came out.
  static std::string arrow(const Place& write, const Place& read) {
    const double x1 = (write.from + write.to) / 2, x2 = (read.from + read.to) / 2;
    if (write.y == read.y) {
      const double bend = write.y + bar_height / 2 + 14;
      return fmt::format(R"(<path class="value" d="M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}"/>)"
                         R"(<circle class="head" cx="{:.1f}" cy="{:.1f}" r="3.5"/>)",
                         x1, write.y + bar_height / 2, (x1 + x2) / 2, bend, x2,
                         read.y + bar_height / 2, x2, read.y + bar_height / 2);
    }
    const double side = read.y > write.y ? bar_height / 2 : -bar_height / 2;
    return fmt::format(R"(<path class="value" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>)"
                       R"(<circle class="head" cx="{:.1f}" cy="{:.1f}" r="3.5"/>)",
                       x1, write.y + side, x2, read.y - side, x2, read.y - side);
  }

  const std::vector<SpaceTimeOperation>& all_;
  bool are_times_;
  std::vector<std::string> rows_;
  std::vector<double> times_;
  std::vector<Place> places_;
};

}  // namespace

std::string space_time_drawing(const std::vector<SpaceTimeOperation>& operations,
                               const std::string& title, bool are_times) {
  return operations.empty() ? std::string() : Drawing(operations, are_times).text(title);
}

}  // namespace headroom::html
