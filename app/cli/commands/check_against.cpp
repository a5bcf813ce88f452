#include <fmt/format.h>

#include <filesystem>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/progress.hpp"
#include "app/report/gate_text.hpp"
#include "app/report/html/recorded.hpp"
#include "app/report/result_directory.hpp"
#include "app/scenario/quantity.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

/// What a run of an earlier day said: DIR of -o, or its summary.json.
std::optional<Summary> read_baseline(Console& console, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const std::string file =
      fs::is_directory(path, ignored) ? (fs::path(path) / "summary.json").string() : path;
  std::string content, why;
  if (!read_file(file, content, why)) {
    console.error(exit_bad_input, visible(why), "make a baseline: headroom run FILE -o DIR");
    return std::nullopt;
  }
  const Json document = Json::parse(content, nullptr, false);
  if (document.is_discarded() || !html::below(document, {"workloads"}).is_object() ||
      !html::below(document, {"digest"}).is_string()) {
    console.error(exit_bad_input, fmt::format("{} is no summary of a run", visible(file)),
                  "what headroom run FILE -o DIR writes, or run --json prints");
    return std::nullopt;
  }
  return html::summary_of(document);
}

std::optional<double> read_allowed(Console& console, const std::optional<std::string>& written) {
  if (!written) return 0.05;  // Chosen: less than people notice, more than chance in most runs.
  const auto parsed = parse_quantity(Quantity::ratio, *written);
  if (parsed.value && *parsed.value >= 0 && *parsed.value <= 10) return *parsed.value;
  console.error(exit_bad_input, fmt::format("--allow is {}", visible(*written)),
                "a share of the baseline's value, as in --allow 5%");
  return std::nullopt;
}

}  // namespace

int check_against(Session& session, const ScenarioPlan& plan, const Diagnostics& diagnostics) {
  Console& console = session.console;
  const auto allowed =
      read_execution(session) ? read_allowed(console, session.allow) : std::nullopt;
  const auto baseline = allowed ? read_baseline(console, *session.against) : std::nullopt;
  if (!baseline) return exit_bad_input;
  Progress progress(console.shows_progress());
  int code = exit_met;
  const auto finished = carry_out(
      session, plan, [&](double share) { progress.show(share, plan.name); }, code);
  progress.clear();
  if (!finished) return code;
  if (finished->result.interrupted)
    return console.error(exit_interrupted, "interrupted before the run was finished");
  auto rows = gate_rows(*baseline, finished->summary, *allowed);
  if (rows.empty())
    return console.error(exit_bad_input,
                         "there is nothing to check: no SLO, and no workload of "
                         "the baseline");
  if (session.junit) {
    const std::string why = write_file(*session.junit, gate_junit(plan.name, rows));
    if (!why.empty()) return console.error(exit_failure, why);
  }
  if (console.json()) {
    Json document{{"scenario", plan.name}, {"errors", 0}};
    document["warnings"] = diagnostics.warnings_json();
    document["against"] = gate_json(rows);
    console.answer(document);
  } else {
    console.answer(gate_text(plan.name, rows, console.paint()));
  }
  return softened(exit_code_of(verdict_of(rows)), session.study.exit_zero);
}

}  // namespace headroom
