#include <charconv>

#include "app/scenario/plan.hpp"
#include "app/scenario/quantity.hpp"

namespace headroom {

namespace {

constexpr std::string_view between_which_and_workload = " of ";

bool parse_pick(std::string_view text, void* value, std::string& why) {
  auto& pick = *static_cast<TracePick*>(value);
  pick = {};
  pick.written = std::string(text);
  const auto of = text.find(between_which_and_workload);
  if (of == std::string_view::npos) {
    why = "write which request and of which workload, as in \"p99.9 of shoppers\"";
    return false;
  }
  const std::string_view which = text.substr(0, of);
  pick.workload = std::string(text.substr(of + between_which_and_workload.size()));
  if (which == "slowest") pick.quantile = 1;
  if (which == "median") pick.quantile = 0.5;
  if (pick.quantile) return true;
  const auto percentile = parse_quantity(Quantity::percentile, which);
  if (percentile.value) {
    pick.quantile = *percentile.value / 100;
    return true;
  }
  const char* last = which.data() + which.size();
  const auto [end, error] = std::from_chars(which.data(), last, pick.number);
  if (error == std::errc() && end == last) return true;
  why = "\"" + std::string(which) +
        "\" names no request: write p99.9, median, slowest or the number of one";
  return false;
}

}  // namespace

const TextForm& text_form_of(const TracePick*) {
  static constexpr TextForm form{
      "one request, such as \"p99.9 of shoppers\"", parse_pick,
      [](const void* value) { return static_cast<const TracePick*>(value)->written; }};
  return form;
}

}  // namespace headroom
