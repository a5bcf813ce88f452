#include <fmt/format.h>

#include <algorithm>

#include "app/cli/commands/commands.hpp"
#include "app/cli/commands/litmus.hpp"
#include "app/cli/exit_code.hpp"
#include "app/history/history_file.hpp"
#include "app/history/litmus_file.hpp"
#include "app/report/html/space_time.hpp"
#include "app/report/result_directory.hpp"
#include "models/consistency/guarantees.hpp"
#include "models/consistency/shrink.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;
using consistency::Finding;
using consistency::Holds;

constexpr std::size_t shown_operations = 20;  // Chosen: what fits a screen.
// Chosen: seconds. Linearizability alone is decided for histories of any size.
constexpr std::size_t most_for_all = 100'000;

/// What was found of each guarantee, the strongest first; where not only registers are shared, of
/// the first alone.
std::vector<Finding> findings_of(const HistoryFile& file) {
  const bool has_weaker = consistency::is_register(file.question.model) ||
                          file.question.model == consistency::Model::counter;
  if (has_weaker && file.history.operations.size() <= most_for_all)
    return consistency::check_all(file.history, file.question);
  std::vector<Finding> found{consistency::linearizable(file.history, file.question)};
  if (has_weaker)
    found.resize(consistency::guarantees,
                 {Holds::unknown, {}, "more operations than are checked for it"});
  return found;
}

/// Positions are nanoseconds in a history with times.
Json position(std::int64_t at) {
  return at == consistency::open_end ? Json(nullptr) : Json(at);
}

Json document_of(const HistoryFile& file, const Finding& finding,
                 const std::vector<consistency::Said>& weaker) {
  Json document{{"headroom", 1},
                {"model", name_of(file.question.model)},
                {"operations", file.history.operations.size()},
                {"linearizable", consistency::name_of(finding.holds)}};
  for (const auto& said : weaker) {
    document[consistency::name_of(said.guarantee)] = consistency::name_of(said.holds);
    if (said.holds == Holds::unknown)
      document["why_unknown"][consistency::name_of(said.guarantee)] = said.why;
  }
  if (!weaker.empty()) {
    const auto stale = consistency::staleness(file.history);
    document["reads"] = stale.reads;
    document["stale_reads"] = stale.stale;
    document["versions_behind_max"] = stale.most_versions;
    document["unseen_writes"] =
        consistency::losses(file.history, consistency::last_seen(file.history)).lost;
  }
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
  const bool has_keys = !file.history.at_key(file.history.operations.front().key).empty();
  if (hidden > 0)
    text += fmt::format("  {} earlier operations{}, then\n", hidden, has_keys ? " on the key" : "");
  for (std::size_t i = hidden; i < all; ++i) {
    const auto& each = file.history.operations[finding.operations[i]];
    text += fmt::format("  line {:<6} process {:<4} {:<32} {} to {}\n", each.place, each.process,
                        visible(file.history.says(each)), each.call,
                        each.is_open() ? std::string("unknown") : std::to_string(each.ret));
  }
  return text;
}

/// One line for each verdict that some of the guarantees have, and why of those that are violated.
std::string weaker_text(const HistoryFile& file, const std::vector<consistency::Said>& weaker) {
  const auto all_that = [&](Holds holds) {
    std::string list;
    for (const auto& said : weaker) {
      if (said.holds != holds) continue;
      std::string name = consistency::name_of(said.guarantee);
      std::replace(name.begin(), name.end(), '_', ' ');
      list += (list.empty() ? "" : ", ") + name;
    }
    return list;
  };
  std::string text;
  if (const auto kept = all_that(Holds::yes); !kept.empty())
    text += "no violation found of: " + kept + "\n";
  if (const auto refuted = all_that(Holds::no); !refuted.empty())
    text += "violated: " + refuted + "\n";
  if (const auto open = all_that(Holds::unknown); !open.empty()) text += "unknown: " + open + "\n";
  for (const auto& said : weaker)
    if (said.holds == Holds::no)
      text += fmt::format("  {}: {}\n", consistency::name_of(said.guarantee), visible(said.why));
  if (weaker.empty()) return text;
  const auto stale = consistency::staleness(file.history);
  const auto unseen = consistency::losses(file.history, consistency::last_seen(file.history));
  text +=
      fmt::format("{} of {} reads were stale, {} of {} acknowledged writes are not in the last ",
                  stale.stale, stale.reads, unseen.lost, unseen.acknowledged);
  return text + (unseen.lost == 0 ? "reads\n" : "reads: lost, or not there yet\n");
}

/// The last operations of the counterexample, as a space-time diagram.
std::string drawing_of(const HistoryFile& file, const Finding& finding) {
  const consistency::History& history = file.history;
  const double unit = history.timed ? 1e9 : 1;
  const std::size_t all = finding.operations.size();
  std::vector<html::SpaceTimeOperation> operations;
  for (std::size_t i = all - std::min(all, shown_operations); i < all; ++i) {
    const auto& each = history.operations[finding.operations[i]];
    html::SpaceTimeOperation drawn;
    drawn.process = fmt::format("process {}", each.process);
    drawn.label = visible(history.says(each));
    drawn.key = history.key_name(each.key);
    drawn.value = history.value_name(each.value);
    drawn.writes = each.f != Function::read;
    drawn.call_s = static_cast<double>(each.call) / unit;
    if (!each.is_open()) drawn.return_s = static_cast<double>(each.ret) / unit;
    operations.push_back(std::move(drawn));
  }
  return html::space_time_drawing(operations, "not linearizable", history.timed);
}

/// The exit code; 0 where the drawing is written or none was asked for.
int draw(Session& session, const HistoryFile& file, const Finding& finding) {
  if (!session.drawing) return exit_met;
  if (finding.holds != Holds::no) {
    session.console.warn("no counterexample, so \"" + *session.drawing + "\" is not written");
    return exit_met;
  }
  const std::string why = write_file(*session.drawing, drawing_of(file, finding));
  return why.empty() ? exit_met : session.console.error(exit_failure, why);
}

int verify(Session& session) {
  constexpr bool is_scenario = false;
  if (!can_be_read(session.console, session.history, is_scenario)) return exit_bad_input;
  if (is_litmus(session.history)) return verify_litmus(session);
  Diagnostics diagnostics;
  const auto file = read_history(session.history, {session.model, session.initial}, diagnostics);
  if (!file) return session.console.errors(diagnostics);
  const std::vector<Finding> found = findings_of(*file);
  std::vector<consistency::Said> weaker;
  for (std::size_t i = 1; i < found.size(); ++i)
    weaker.push_back({static_cast<consistency::Guarantee>(i), found[i].holds, found[i].text});
  Finding finding = found.front();
  if (finding.holds == Holds::no)
    finding = consistency::smallest(consistency::Guarantee::linearizable, file->history,
                                    file->question, finding);
  if (const int code = draw(session, *file, finding); code != exit_met) return code;
  if (session.console.json()) {
    session.console.answer(document_of(*file, finding, weaker));
  } else {
    session.console.answer(text_of(*file, finding, session.console.paint()) +
                           weaker_text(*file, weaker));
  }
  if (finding.holds == Holds::no) return exit_missed;
  return finding.holds == Holds::yes ? exit_met : exit_undecided;
}

}  // namespace

void add_verify(Session& session) {
  Command command = session.line.add(
      "verify", "Check a recorded history: what can its clients have been promised?");
  command.argument("HISTORY", session.history,
                   "JSON lines in Jepsen's vocabulary, tab-separated operations, or litmus "
                   "histories with their verdicts.");
  command.option("--model", session.model, "NAME", "What is shared: " + model_names() + ".");
  command.option("--initial", session.initial, "VALUE", "What was there at the start, as JSON.");
  command.option("--svg", session.drawing, "FILE",
                 "Draw the counterexample, where there is one: processes as lines, operations as "
                 "bars, an arrow from each write to who read it.");
  add_console_options(command, session.options);
  command.footer(
      "The exit code is that of linearizability: 0 when no violation was found, 3 when there is\n"
      "one, 4 when it is unknown; of litmus histories 0 when all verdicts are as the file states\n"
      "them, 3 when one is not, 4 when one is unknown.");
  command.action([&session] { return verify(session); });
}

}  // namespace headroom
