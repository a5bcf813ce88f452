#include "app/report/rebalance_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/report/numbers.hpp"
#include "app/report/summary_json.hpp"

namespace headroom {

namespace {

/// "8.04 GB": three digits.
std::string bytes_text(double bytes) {
  constexpr std::array units{"bytes", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  for (; bytes >= 999.5 && unit + 1 < units.size(); ++unit)
    bytes /= 1000;
  return fmt::format("{} {}", number_text(bytes, Measure::number), units[unit]);
}

/// "the busiest shard got 31.2 % of the operations before and 12.4 % after"
std::string load_text(const RebalanceSummary& change) {
  const auto most = [](const std::vector<Figure>& shares) {
    double largest = 0;
    for (const Figure& share : shares)
      largest = std::max(largest, share.value.value_or(0));
    return number_text(largest, Measure::share);
  };
  if (change.shard_share_before.empty() || change.shard_share_after.empty()) return {};
  return fmt::format("; the busiest shard got {} of the operations before and {} after",
                     most(change.shard_share_before), most(change.shard_share_after));
}

std::string note_of(const std::string& service, const RebalanceSummary& change) {
  std::string text = fmt::format("{}: {} at {}", service, change.change, length_text(change.at_s));
  const double moved = change.moved_bytes.value.value_or(0);
  if (change.took_s.value)
    text += fmt::format(", {} moved in {} ({}/s)", bytes_text(moved),
                        number_text(*change.took_s.value, Measure::seconds),
                        bytes_text(change.bytes_per_s.value.value_or(0)));
  else
    text += fmt::format(", not over at the end of {} of {} runs: {} of the keys moved, {}",
                        change.runs - change.ended, change.runs,
                        number_text(change.share_moved.value.value_or(0), Measure::share),
                        bytes_text(moved));
  text += fmt::format("; {} redirected operations",
                      number_text(change.redirects.value.value_or(0), Measure::number));
  if (change.resends.value.value_or(0) > 0)
    text +=
        fmt::format(", {} chunks sent again", number_text(*change.resends.value, Measure::number));
  text += fmt::format(", a range without an owner for {} at most",
                      number_text(change.handover_s.value.value_or(0), Measure::seconds));
  return text + load_text(change);
}

std::string note_of(const std::string& service, const MemberChangeSummary& change) {
  std::string text = fmt::format("{}: {} at {}", service, change.change, length_text(change.at_s));
  const double sent = change.sent_bytes.value.value_or(0);
  const std::string bytes = sent > 0 ? fmt::format("{} sent ({}/s)", bytes_text(sent),
                                                   bytes_text(change.bytes_per_s.value.value_or(0)))
                                     : std::string();
  if (change.took_s.value)
    text += fmt::format(", done {} later", number_text(*change.took_s.value, Measure::seconds));
  else
    text += fmt::format(", not over at the end of {} of {} runs", change.runs - change.ended,
                        change.runs);
  if (!bytes.empty()) text += "; " + bytes;
  if (change.resends.value.value_or(0) > 0)
    text +=
        fmt::format(", {} pieces sent again", number_text(*change.resends.value, Measure::number));
  return text;
}

}  // namespace

std::vector<std::string> rebalance_notes(const ServiceSummary& service) {
  std::vector<std::string> notes;
  for (const MemberChangeSummary& change : service.store->member_changes)
    notes.push_back(note_of(service.name, change));
  for (const RebalanceSummary& change : service.store->rebalances)
    notes.push_back(note_of(service.name, change));
  return notes;
}

nlohmann::ordered_json rebalances_json(const StoreSummary& store) {
  auto list = nlohmann::ordered_json::array();
  const auto shares = [](const std::vector<Figure>& figures) {
    auto json = nlohmann::ordered_json::array();
    for (const Figure& figure : figures)
      json.push_back(to_json(figure));
    return json;
  };
  for (const RebalanceSummary& change : store.rebalances) {
    auto& json = list.emplace_back();
    json["change"] = change.change;
    json["at_s"] = change.at_s;
    json["ended"] = change.ended;
    json["took_s"] = to_json(change.took_s);
    json["moved_bytes"] = to_json(change.moved_bytes);
    json["moved_keys"] = to_json(change.moved_keys);
    json["share_moved"] = to_json(change.share_moved);
    json["bytes_per_s"] = to_json(change.bytes_per_s);
    json["redirects"] = to_json(change.redirects);
    json["resends"] = to_json(change.resends);
    json["handovers"] = to_json(change.handovers);
    json["longest_handover_s"] = to_json(change.handover_s);
    json["shard_share_before"] = shares(change.shard_share_before);
    json["shard_share_after"] = shares(change.shard_share_after);
  }
  return list;
}

nlohmann::ordered_json member_changes_json(const StoreSummary& store) {
  auto list = nlohmann::ordered_json::array();
  for (const MemberChangeSummary& change : store.member_changes) {
    auto& json = list.emplace_back();
    json["change"] = change.change;
    json["at_s"] = change.at_s;
    json["ended"] = change.ended;
    json["took_s"] = to_json(change.took_s);
    json["sent_bytes"] = to_json(change.sent_bytes);
    json["bytes_per_s"] = to_json(change.bytes_per_s);
    json["resends"] = to_json(change.resends);
  }
  return list;
}

}  // namespace headroom
