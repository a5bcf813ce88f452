#include <fmt/format.h>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/history/history_file.hpp"
#include "models/consistency/linearizability.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;
using consistency::Finding;
using consistency::Holds;

constexpr std::size_t shown_operations = 20;  // Chosen: what fits a screen.

/// Positions are nanoseconds in a history with times.
Json position(std::int64_t at) {
  return at == consistency::open_end ? Json(nullptr) : Json(at);
}

Json document_of(const HistoryFile& file, const Finding& finding) {
  Json document{{"headroom", 1},
                {"model", name_of(file.question.model)},
                {"operations", file.history.operations.size()},
                {"linearizable", consistency::name_of(finding.holds)}};
  if (finding.holds == Holds::unknown) document["why"] = finding.text;
  if (finding.holds != Holds::no) return document;
  Json operations = Json::array();
  for (const std::uint32_t index : finding.operations) {
    const auto& each = file.history.operations[index];
    operations.push_back({{"line", each.place},
                          {"process", each.process},
                          {"text", file.history.says(each)},
                          {"call", position(each.call)},
                          {"return", position(each.ret)}});
  }
  document["anomaly"] = {{"operations", std::move(operations)}, {"text", finding.text}};
  return document;
}

std::string text_of(const HistoryFile& file, const Finding& finding, const Paint& paint) {
  const std::size_t count = file.history.operations.size();
  const std::string counted = fmt::format("{} operation{}", count, count == 1 ? "" : "s");
  const std::string model = name_of(file.question.model);
  if (finding.holds == Holds::yes)
    return fmt::format("no violation of linearizability found in {} (model {})\n", counted, model);
  if (finding.holds == Holds::unknown)
    return fmt::format("unknown: {} (model {}, {})\n", visible(finding.text), model, counted);
  std::string text = fmt::format("{} of linearizability in {} (model {}): {}\n",
                                 paint.red("VIOLATION"), counted, model, visible(finding.text));
  // The last ones are those that no order allows.
  const std::size_t all = finding.operations.size();
  const std::size_t hidden = all > shown_operations ? all - shown_operations : 0;
  if (hidden > 0) text += fmt::format("  {} earlier operations on the key, then\n", hidden);
  for (std::size_t i = hidden; i < all; ++i) {
    const auto& each = file.history.operations[finding.operations[i]];
    text += fmt::format("  line {:<6} process {:<4} {:<32} {} to {}\n", each.place, each.process,
                        visible(file.history.says(each)), each.call,
                        each.is_open() ? std::string("unknown") : std::to_string(each.ret));
  }
  return text;
}

int verify(Session& session) {
  Diagnostics diagnostics;
  const auto file = read_history(session.history, {session.model, session.initial}, diagnostics);
  if (!file) return session.console.errors(diagnostics);
  const Finding finding = consistency::linearizable(file->history, file->question);
  if (session.console.json()) {
    session.console.answer(document_of(*file, finding));
  } else {
    session.console.answer(text_of(*file, finding, session.console.paint()));
  }
  if (finding.holds == Holds::no) return exit_missed;
  return finding.holds == Holds::yes ? exit_met : exit_undecided;
}

}  // namespace

void add_verify(Session& session) {
  Command command =
      session.line.add("verify", "Check a recorded history: can its clients have seen one copy?");
  command.argument("HISTORY", session.history,
                   "JSON lines in Jepsen's vocabulary, or tab-separated operations.");
  command.option("--model", session.model, "NAME", "What is shared: " + model_names() + ".");
  command.option("--initial", session.initial, "VALUE", "What was there at the start, as JSON.");
  add_console_options(command, session.options);
  command.footer(
      "Exits with 0 when no violation was found, 3 when there is one, 4 when it is unknown.");
  command.action([&session] { return verify(session); });
}

}  // namespace headroom
