#include "models/fault/plan.hpp"

namespace headroom {

namespace {

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

bool parse_link_target(std::string_view text, LinkTarget& target, std::string& why) {
  constexpr std::string_view word = "link ";
  why = "a link is written \"link a -> b\", or \"link a <-> b\" for both directions";
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  target.both_ways = text.find("<->") != std::string_view::npos;
  const std::string_view arrow = target.both_ways ? "<->" : "->";
  const std::size_t at = text.find(arrow);
  const auto is_name = [](std::string_view name) {
    return !name.empty() && name.find_first_of(" <>*") == std::string_view::npos;
  };
  if (at == std::string_view::npos) {  // The name that a platform file gives it.
    target.from = without_blanks(text);
    return is_name(target.from);
  }
  const auto from = without_blanks(text.substr(0, at));
  const auto to = without_blanks(text.substr(at + arrow.size()));
  if (!is_name(from) || !is_name(to)) return false;
  target.from = from;
  target.to = to;
  return true;
}

}  // namespace

std::string print_link_target(const LinkTarget& target) {
  if (target.to.empty()) return "link " + target.from;
  return "link " + target.from + (target.both_ways ? " <-> " : " -> ") + target.to;
}

const TextForm& text_form_of(const LinkTarget*) {
  static const TextForm form{
      "a link such as \"link az-a -> az-b\"",
      [](std::string_view text, void* value, std::string& why) {
        return parse_link_target(text, *static_cast<LinkTarget*>(value), why);
      },
      [](const void* value) { return print_link_target(*static_cast<const LinkTarget*>(value)); }};
  return form;
}

const FieldTable& fields_of(const DegradePlan*) {
  using P = DegradePlan;
  static const auto table =
      FieldTable::of<P>("degrade", "A link is slower or loses more than it otherwise does.")
          .required("degrade", &P::link,
                    "The link between two zones, in one direction or both; where both directions "
                    "share their bandwidth, both are degraded.",
                    example("link az-a -> az-b"))
          .optional("latency", &P::latency, "Its latency while it lasts.", example("80ms"),
                    absent_means("as it is"))
          .optional("loss", &P::loss, "The share that it loses while it lasts.", at_least(0.0),
                    below(1.0), example("1%"), absent_means("as it is"))
          .optional("bandwidth", &P::bandwidth, "Its bandwidth while it lasts.",
                    above(Bandwidth{0}), example("100Mbit/s"), absent_means("as it is"))
          .check([](const P& plan, Findings& findings) {
            if (!plan.latency && !plan.loss && !plan.bandwidth)
              findings.error("degrade", "nothing of the link is degraded",
                             "give \"latency\", \"loss\" or \"bandwidth\"");
          });
  return table;
}

}  // namespace headroom
