#include "app/report/html/reasons.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/html/markup.hpp"

namespace headroom::html {

void Reasons::add(const std::string& which, const Figure& figure) {
  if (figure.value) return;
  const auto found = std::find_if(reasons_.begin(), reasons_.end(),
                                  [&](const auto& each) { return each.second == figure.why; });
  if (found == reasons_.end()) {
    reasons_.emplace_back(which, figure.why);
  } else {
    found->first += ", " + which;
  }
}

std::string Reasons::notes() const {
  std::string text;
  for (const auto& [which, why] : reasons_)
    text += paragraph(which + ": " + why, "note");
  return text;
}

std::string Reasons::folded_table() const {
  constexpr std::size_t most_rows = 40;  // Chosen: the rest is more of the same.
  if (reasons_.empty()) return {};
  Table table("Figures that are withheld");
  table.hide_caption();
  table.column("figure", Table::Align::left);
  table.column("why", Table::Align::left);
  for (std::size_t i = 0; i < std::min(most_rows, reasons_.size()); ++i)
    table.row({reasons_[i].first, reasons_[i].second}, "prose");
  std::string text = table.text();
  if (reasons_.size() > most_rows) {
    text += paragraph(fmt::format("and {} more.", reasons_.size() - most_rows), "note");
  }
  return folded(fmt::format("Figures that are withheld, and why ({})", reasons_.size()), text);
}

}  // namespace headroom::html
