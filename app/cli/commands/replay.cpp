#include <fmt/format.h>

#include <array>
#include <string_view>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/progress.hpp"
#include "app/report/result_directory.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/theory_text.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

/// Of a smaller scenario that shows the same: found by a search of its own, not by the run.
bool is_search(const std::string& key) {
  return key.starts_with("/consistency/") && key.find("/smallest/") != std::string::npos;
}

/// The numbers of both that are not the same, each as "path: before, now"; what is only a record of
/// how the study was run does not count.
std::vector<std::string> differences(const Json& before, const Json& now) {
  std::vector<std::string> found;
  const Json was = before.flatten();
  const Json is = now.flatten();
  const auto text = [](const Json& all, const std::string& key) {
    return all.contains(key) ? all[key].dump() : std::string("nothing");
  };
  for (const auto& [key, value] : was.items()) {
    if (key.starts_with("/warnings") || key.starts_with("/digest") || is_search(key)) continue;
    if (text(is, key) != value.dump()) {
      found.push_back(fmt::format("{}: {} before, {} now", key, value.dump(), text(is, key)));
    }
  }
  for (const auto& [key, value] : is.items()) {
    if (!was.contains(key) && !key.starts_with("/digest")) {
      found.push_back(fmt::format("{}: nothing before, {} now", key, value.dump()));
    }
  }
  return found;
}

std::vector<std::size_t> moved_replications(const Json& before, const Json& now) {
  std::vector<std::size_t> moved;
  if (!before.contains("digests") || !before["digests"].is_array()) return moved;
  const Json& was = before["digests"];
  for (std::size_t run = 0; run < was.size(); ++run) {
    if (was[run].is_null()) continue;  // never finished
    if (run >= now["digests"].size() || now["digests"][run] != was[run]) moved.push_back(run);
  }
  return moved;
}

int tell(Session& session, const Json& before, const Json& now) {
  Console& console = session.console;
  const bool was_partial = before.value("partial", false);
  const auto moved = moved_replications(before, now);
  const auto differ = was_partial ? std::vector<std::string>() : differences(before, now);
  const bool same = moved.empty() && differ.empty() &&
                    (was_partial || before.value("digest", std::string()) == now["digest"]);
  if (console.json()) {
    console.answer(Json{{"same", same},
                        {"digest", now["digest"]},
                        {"recorded_digest", before.value("digest", std::string())},
                        {"partial_record", was_partial},
                        {"moved_replications", moved},
                        {"differences", differ}});
    return same ? exit_met : exit_failure;
  }
  if (same) {
    console.answer(was_partial
                       ? std::string("same digests of all replications that were finished\n")
                       : fmt::format("same digest {} and the same figures\n",
                                     now["digest"].get<std::string>()));
    return exit_met;
  }
  std::string text =
      fmt::format("{}: digest {} recorded, {} now\n", console.paint().red("DIFFERS"),
                  before.value("digest", std::string("none")), now["digest"].get<std::string>());
  for (const std::size_t run : moved)
    text += fmt::format("  replication {} took another course\n", run);
  constexpr std::size_t shown = 20;
  for (std::size_t each = 0; each < std::min(shown, differ.size()); ++each) {
    text += "  " + differ[each] + "\n";
  }
  if (differ.size() > shown) text += fmt::format("  and {} more numbers\n", differ.size() - shown);
  console.answer(text);
  return exit_failure;
}

/// A study of another command than `run`, and what can be done with it instead.
struct OtherStudy {
  std::string_view command, holds, instead;
};
constexpr std::array other_studies{
    OtherStudy{"sweep", "holds a sweep; replay one of its points", "headroom replay {}/point-001"},
    OtherStudy{"compare", "holds a comparison; replay one of its designs",
               "headroom replay {}/design-1"},
    OtherStudy{"capacity", "holds a search for a capacity", ""},
    OtherStudy{"explain", "holds an explanation", ""},
    OtherStudy{"stability", "holds a map of stability", ""},
    OtherStudy{"availability", "holds an estimate of availability", ""},
    OtherStudy{"cap", "holds a comparison of protocols", ""},
    OtherStudy{"trace", "holds the trace of a request", ""},
};

/// What the study was asked for, as its directory keeps it; points of a sweep and designs of a
/// comparison are runs that were asked for nothing.
Json asked_of(const std::string& directory) {
  std::string text, why;
  if (!read_file(directory + "/scenario.resolved.json", text, why)) return Json::object();
  const Json scenario = Json::parse(text, nullptr, false);
  const bool is_asked = scenario.is_object() && scenario.contains("x-study");
  return is_asked && scenario["x-study"].is_object() ? scenario["x-study"] : Json::object();
}

/// The command whose results these are.
std::string command_of(const Json& asked) {
  const bool is_told = asked.contains("command") && asked["command"].is_string();
  return is_told ? asked["command"].get<std::string>() : "run";
}

std::optional<Json> recorded_summary(Session& session, const std::string& directory,
                                     const Json& asked) {
  Console& console = session.console;
  std::string text, why;
  if (!read_file(directory + "/summary.json", text, why)) {
    console.error(exit_failure, why, "replay needs a directory that headroom run -o has written");
    return std::nullopt;
  }
  const std::string command = command_of(asked);
  for (const OtherStudy& other : other_studies) {
    if (command != other.command) continue;
    const bool has_runs = !other.instead.empty();
    console.error(exit_failure, fmt::format("{} {}", directory, other.holds),
                  has_runs ? fmt::format(fmt::runtime(other.instead), directory)
                           : fmt::format("replay repeats a run; headroom {} with the same words "
                                         "and another -o DIR gives the same summary.json again",
                                         command));
    return std::nullopt;
  }
  Json summary = Json::parse(text, nullptr, false);
  if (!summary.is_object() || !summary.contains("digest") || !summary["digest"].is_string()) {
    console.error(exit_failure, directory + "/summary.json is not a summary of headroom");
    return std::nullopt;
  }
  return summary;
}

/// Of a run of one replication, which one.
void take_only(const Json& asked, Execution& execution) {
  if (asked.contains("only") && asked["only"].is_number_unsigned())
    execution.only = asked["only"].get<std::uint32_t>();
}

int replay(Session& session) {
  const std::string& directory = session.study.file;
  if (!read_execution(session)) return exit_bad_input;
  const Json asked = asked_of(directory);
  const auto before = recorded_summary(session, directory, asked);
  if (!before) return exit_failure;
  take_only(asked, session.execution);
  Diagnostics diagnostics;
  // Warnings were shown when the study was run; written-out defaults would only add to them.
  const auto plan = read_scenario(directory + "/scenario.resolved.json", {}, diagnostics);
  if (!plan) return session.console.errors(diagnostics);

  Progress progress(session.console.shows_progress());
  int code = exit_met;
  const auto finished = carry_out(
      session, *plan, [&](double share) { progress.show(share, plan->name); }, code);
  progress.clear();
  if (!finished) return code;
  if (finished->result.interrupted) {
    return session.console.error(exit_interrupted,
                                 "interrupted before all replications were finished");
  }
  Json now = to_json(finished->summary);
  // `run` writes it; the parts of other studies are without.
  if (before->contains("no_theory"))
    add_further_theory(held_theories(*plan, finished->summary), now);
  now["digests"] = digests_json(finished->result);
  return tell(session, *before, now);
}

}  // namespace

void add_replay(Session& session) {
  Command command =
      session.line.add("replay", "Run the study of a result directory again and compare.");
  command.argument("DIR", session.study.file, "A directory that headroom run -o has written.");
  command.option("--jobs", session.study.jobs, "N", "Replications at once.");
  add_console_options(command, session.options);
  command.footer("Exits with 0 when digest and figures are the same, with 1 when they are not.");
  command.action([&session] { return replay(session); });
}

}  // namespace headroom
