#include "models/fault/target.hpp"

#include <charconv>
#include <cmath>

#include "models/text.hpp"

namespace headroom {

namespace {

constexpr std::uint32_t highest_replica = 999'999;

bool is_plain_name(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') return false;
  }
  return true;
}

template <class Number>
bool read_all(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

/// What stands between the brackets: "0" or "0..1".
bool read_replicas(std::string_view text, FaultTarget& target, std::string& why) {
  const std::size_t dots = text.find("..");
  const bool is_range = dots != std::string_view::npos;
  std::uint32_t first = 0, last = 0;
  const bool read =
      is_range ? read_all(text.substr(0, dots), first) && read_all(text.substr(dots + 2), last)
               : read_all(text, first);
  if (!read) {
    why = in_quotes(text) +
          " is no replica; replicas count from 0: " + in_quotes(target.name + "[0]") + " or " +
          in_quotes(target.name + "[0..1]");
    return false;
  }
  if (!is_range) last = first;
  if (first > highest_replica || last > highest_replica) {
    why = "no service has so many replicas; the last one possible is " +
          std::to_string(highest_replica);
    return false;
  }
  if (last < first) {
    why = "the range " + in_quotes(text) + " ends before it begins; write " +
          in_quotes(target.name + "[" + std::to_string(last) + ".." + std::to_string(first) + "]");
    return false;
  }
  target.first = first;
  target.last = last;
  return true;
}

bool read_share(std::string_view text, FaultTarget& target, std::string& why) {
  double percent = 0;
  if (!read_all(text.substr(0, text.size() - 1), percent)) {
    why = in_quotes(text) + " is no share; write one as in " + in_quotes(target.name + " 50%");
    return false;
  }
  if (!(percent > 0 && percent <= 100)) {
    why = "a share of the replicas is above 0% and at most 100%, not " + std::string(text);
    return false;
  }
  target.share = Ratio{percent / 100};
  return true;
}

bool read_name(std::string_view text, FaultTarget& target, std::string& why) {
  target.name = text;
  if (is_plain_name(text)) return true;
  if (text.empty()) {
    why = "the name is missing";
  } else if (text.find('.') != std::string_view::npos) {
    why =
        in_quotes(text) + " names a part of a service; only services, replicas and zones can fail";
  } else {
    why = in_quotes(text) + " is no name; names are of letters, digits, '_' and '-'";
  }
  return false;
}

/// "a -> b" or "a <-> b"; or the name that a platform file gives it.
bool read_link(std::string_view text, FaultTarget& target, std::string& why) {
  target.kind = FaultTarget::Kind::link;
  target.both_ways = text.find(" <-> ") != std::string_view::npos;
  const std::string_view arrow = target.both_ways ? " <-> " : " -> ";
  const std::size_t at = text.find(arrow);
  if (at == std::string_view::npos) {
    if (is_plain_name(text)) return read_name(text, target, why);
    why = "a link is written \"link a -> b\", or \"link a <-> b\" for both directions";
    return false;
  }
  if (!read_name(text.substr(at + arrow.size()), target, why)) return false;
  target.to = target.name;
  return read_name(text.substr(0, at), target, why);
}

}  // namespace

bool parse_target(std::string_view text, FaultTarget& target, std::string& why) {
  target = {};
  target.written = text;
  const std::size_t space = text.find(' ');
  if (space != std::string_view::npos) {
    const auto head = text.substr(0, space), tail = text.substr(space + 1);
    if (!tail.empty() && tail.back() == '%') {
      return read_name(head, target, why) && read_share(tail, target, why);
    }
    if (head == "zone") {
      target.kind = FaultTarget::Kind::zone;
      return read_name(tail, target, why);
    }
    if (head == "link") return read_link(tail, target, why);
    if (head == "host" || head == "switch") {
      target.kind = FaultTarget::Kind::node;
      target.is_host = head == "host";
      return read_name(tail, target, why);
    }
    return read_name(text, target, why);
  }
  const std::size_t bracket = text.find('[');
  constexpr std::string_view whole_leader = ".leader";
  if (bracket == std::string_view::npos && text.ends_with(whole_leader)) {
    target.leader = true;
    text.remove_suffix(whole_leader.size());
  }
  if (bracket == std::string_view::npos) return read_name(text, target, why);
  constexpr std::string_view of_shard = ".shard";
  const bool names_shard = text.substr(0, bracket).ends_with(of_shard);
  if (!names_shard && !read_name(text.substr(0, bracket), target, why)) return false;
  constexpr std::string_view of_leader = "].leader";
  if (names_shard && text.ends_with(of_leader)) {
    target.leader = true;
    text.remove_suffix(of_leader.size() - 1);
  }
  if (text.back() != ']') {
    const std::size_t close = text.find(']');
    why = close == std::string_view::npos ? "the bracket of " + in_quotes(text) + " is not closed"
                                          : in_quotes(text.substr(close + 1)) +
                                                " names a part of a replica; only services, "
                                                "shards, replicas and zones can fail";
    return false;
  }
  const std::string_view inside = text.substr(bracket + 1, text.size() - bracket - 2);
  if (!names_shard) return read_replicas(inside, target, why);
  const std::string_view head = text.substr(0, bracket - of_shard.size());
  std::uint32_t shard = 0;
  if (!read_all(inside, shard) || shard > highest_replica) {
    why = in_quotes(inside) +
          " is no shard; shards count from 0: " + in_quotes(std::string(head) + ".shard[0]");
    return false;
  }
  target.shard = shard;
  return read_name(head, target, why);
}

std::string print_target(const FaultTarget& target) {
  if (target.kind == FaultTarget::Kind::zone) return "zone " + target.name;
  if (target.kind == FaultTarget::Kind::link && target.to.empty()) return "link " + target.name;
  if (target.kind == FaultTarget::Kind::link)
    return "link " + target.name + (target.both_ways ? " <-> " : " -> ") + target.to;
  if (target.kind == FaultTarget::Kind::node)
    return (target.is_host ? "host " : "switch ") + target.name;
  if (target.share) {
    char percent[32];
    // Products such as 0.07 x 100 are not whole: 15 digits give back what was written.
    const auto end = std::to_chars(percent, percent + sizeof percent, target.share->value * 100,
                                   std::chars_format::general, 15);
    return target.name + " " + std::string(percent, end.ptr) + "%";
  }
  if (target.shard) {
    const std::string shard = target.name + ".shard[" + std::to_string(*target.shard) + "]";
    return target.leader ? shard + ".leader" : shard;
  }
  if (target.leader) return target.name + ".leader";
  if (!target.first) return target.name;
  const std::string first = std::to_string(*target.first);
  if (target.first == target.last) return target.name + "[" + first + "]";
  return target.name + "[" + first + ".." + std::to_string(*target.last) + "]";
}

ReplicaRange replicas_of(const FaultTarget& target, std::uint32_t replicas, std::uint32_t shards) {
  const std::uint32_t copies = replicas / shards;
  if (target.shard) return {*target.shard * copies, (*target.shard + 1) * copies};
  if (target.first) return {*target.first, *target.last + 1};
  if (!target.share) return {0, replicas};
  // A share that is whole but for rounding (7% of 100) does not take one more.
  const double exact = target.share->value * replicas;
  return {0, static_cast<std::uint32_t>(std::ceil(exact - 1e-9 * replicas))};
}

const TextForm& text_form_of(const FaultTarget*) {
  static constexpr TextForm form{
      "a target such as \"app\", \"app[0]\", \"app[0..1]\", \"app 50%\", \"db.shard[0]\", "
      "\"db.shard[0].leader\", \"orders.leader\", "
      "\"zone az-a\", \"link a -> b\", \"host h1\" or \"switch s1\"",
      [](std::string_view text, void* value, std::string& why) {
        FaultTarget& target = *static_cast<FaultTarget*>(value);
        if (!parse_target(text, target, why)) return false;
        target.written = print_target(target);  // As results and the resolved scenario have it.
        return true;
      },
      [](const void* value) { return print_target(*static_cast<const FaultTarget*>(value)); }};
  return form;
}

}  // namespace headroom
