#include <fmt/format.h>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/report/arithmetic_text.hpp"
#include "app/report/result_files.hpp"
#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

int check(Session& session) {
  Console& console = session.console;
  Diagnostics diagnostics;
  const auto plan =
      open_scenario(session, session.study.file, session.study.settings(), diagnostics);
  if (!plan) return exit_bad_input;
  const Arithmetic needs = arithmetic(*plan);
  if (console.json()) {
    nlohmann::ordered_json document;
    document["scenario"] = plan->name;
    document["errors"] = 0;
    document["warnings"] = diagnostics.warnings_json();
    document["arithmetic"] = to_json(needs, *plan);
    if (session.resolved) document["resolved"] = resolved(with_defaults(*plan));
    console.answer(document);
  } else if (session.resolved) {
    console.answer(resolved_text(*plan));
  } else {
    const auto warnings = diagnostics.warning_count();
    console.answer(arithmetic_text(needs, *plan, console.paint()));
    console.answer(fmt::format("No errors, {} warning{}.\n\nNext: {}\n", warnings,
                               warnings == 1 ? "" : "s",
                               console.paint().bold("headroom run " + session.study.file)));
  }
  return exit_met;
}

}  // namespace

void add_check(Session& session) {
  Command command = session.line.add(
      "check", "Look for mistakes and say by arithmetic what each service needs, without running.");
  add_setting_options(command, session.study);
  command.flag("--resolved", session.resolved, "Print the scenario with every default instead.");
  add_console_options(command, session.options);
  command.action([&session] { return check(session); });
}

}  // namespace headroom
