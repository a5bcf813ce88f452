#include <fmt/format.h>

#include <algorithm>

#include "app/cli/catalogue.hpp"
#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/report/text_table.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

nlohmann::ordered_json document_of(const std::vector<CatalogueFamily>& families) {
  nlohmann::ordered_json document = nlohmann::ordered_json::object();
  for (const auto& family : families) {
    auto& list = document[family.name] = nlohmann::ordered_json::array();
    for (const auto& entry : family.entries) {
      list.push_back({{"name", entry.name}, {"doc", entry.doc}});
      if (!entry.source.empty()) list.back()["source"] = entry.source;
    }
  }
  return document;
}

std::string text_of(const CatalogueFamily& family, const Paint& paint) {
  std::string text = wrapped(paint.bold(family.name) + ": " + std::string(family.doc), 2) + "\n";
  std::size_t widest = 0;
  for (const auto& entry : family.entries)
    widest = std::max(widest, entry.name.size());
  for (const auto& entry : family.entries) {
    std::string says(entry.doc);
    if (!entry.source.empty()) says += fmt::format(" [{}]", entry.source);
    text += fmt::format("  {:<{}}  {}\n", entry.name, widest,
                        wrapped(says, widest + 4, text_width, widest + 4));
  }
  return text;
}

/// "policy" of "policies", and "acks" of "ack".
bool is_other_number(std::string_view one, std::string_view other) {
  const auto is_plural = [](std::string_view plural, std::string_view singular) {
    if (singular.ends_with('s')) return false;
    if (singular.ends_with('y') && plural.ends_with("ies"))
      return plural.substr(0, plural.size() - 3) == singular.substr(0, singular.size() - 1);
    return plural.size() == singular.size() + 1 && plural.ends_with('s') &&
           plural.starts_with(singular);
  };
  return is_plural(one, other) || is_plural(other, one);
}

/// How well a word names a family: 0 not at all. "list policy" is understood as well, and of
/// "replication.protocol" each part.
int likeness(const std::string& wanted, std::string_view name) {
  const std::size_t dot = name.find('.');
  const std::string_view key = name.substr(dot + 1);
  if (wanted == name || wanted == key || (dot != name.npos && wanted == name.substr(0, dot)))
    return 2;
  return is_other_number(wanted, key) ? 1 : 0;
}

int list(Session& session) {
  auto families = catalogue();
  if (session.family) {
    const std::string& wanted = *session.family;
    std::vector<std::string_view> names, whole;
    int best = 0;
    for (const auto& family : families) {
      names.push_back(family.name);
      whole.push_back(family.name);
      if (const auto dot = family.name.find('.'); dot != std::string::npos)
        names.push_back(names.back().substr(dot + 1));
      best = std::max(best, likeness(wanted, family.name));
    }
    if (best == 0) {
      return session.console.error(
          exit_bad_input, "no family \"" + visible(wanted) + "\"",
          suggestion(wanted, nearest(wanted, names).empty() ? whole : names));
    }
    std::erase_if(families,
                  [&](const auto& family) { return likeness(wanted, family.name) < best; });
  }
  if (session.console.json()) {
    session.console.answer(document_of(families));
    return exit_met;
  }
  std::string text;
  for (const auto& family : families) {
    text += (text.empty() ? "" : "\n") + text_of(family, session.console.paint());
  }
  session.console.answer(text);
  return exit_met;
}

}  // namespace

void add_list(Session& session) {
  Command command = session.line.add(
      "list", "Print every kind, policy, distribution and so on with its sentence and source.");
  std::string names;
  for (const auto& family : catalogue()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", family.name);
  }
  command.optional_argument("FAMILY", session.family, "Only these: " + names);
  add_console_options(command, session.options);
  command.action([&session] { return list(session); });
}

}  // namespace headroom
