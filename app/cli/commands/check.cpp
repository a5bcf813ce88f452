#include <fmt/format.h>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/report/arithmetic_text.hpp"
#include "app/report/network_needs_text.hpp"
#include "app/report/result_files.hpp"
#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

/// The topology in the language of Graphviz, with what stands on its hosts.
int draw(Session& session, const ScenarioPlan& plan) {
  if (!plan.network || plan.network->topology.empty())
    return session.console.error(exit_bad_input, "this scenario has no topology to draw",
                                 "a network with \"hosts\", \"generate\" or \"platform\" has one");
  const Sites sites(plan);
  const DrawnTopology drawn = drawn_topology(plan, sites);
  session.console.answer(dot_of(drawn.topology, plan.name, drawn.residents));
  return exit_met;
}

int check(Session& session) {
  Console& console = session.console;
  if (!settings_agree(session)) return exit_bad_input;
  Diagnostics diagnostics;
  const auto plan =
      open_scenario(session, session.study.file, session.study.settings(), diagnostics);
  if (!plan) return exit_bad_input;
  if (session.against) return check_against(session, *plan, diagnostics);
  for (const auto& [option, value] :
       {std::pair("--allow", session.allow), std::pair("--junit", session.junit)}) {
    if (value)
      return console.error(exit_bad_input, fmt::format("{} needs --against", option),
                           "check FILE --against DIR holds a run against a baseline");
  }
  if (session.dot) return draw(session, *plan);
  const Arithmetic needs = arithmetic(*plan);
  const NetworkNeeds network = network_needs(*plan);
  if (console.json()) {
    nlohmann::ordered_json document;
    document["scenario"] = plan->name;
    document["errors"] = 0;
    document["warnings"] = diagnostics.warnings_json();
    document["arithmetic"] = to_json(needs, network.links, *plan);
    if (plan->network) document["network"] = to_json(network);
    if (session.resolved) document["resolved"] = resolved(with_defaults(*plan));
    console.answer(document);
  } else if (session.resolved) {
    console.answer(resolved_text(*plan));
  } else {
    const auto warnings = diagnostics.warning_count();
    console.answer(arithmetic_text(needs, network.links, *plan, console.paint()));
    console.answer(network_needs_text(network, console.paint()));
    console.answer(fmt::format("No errors, {} warning{}.\n\nNext: {}\n", warnings,
                               warnings == 1 ? "" : "s",
                               console.paint().bold("headroom run " + session.study.file)));
  }
  return exit_met;
}

}  // namespace

void add_check(Session& session) {
  Command command = session.line.add(
      "check",
      "Look for mistakes and say by arithmetic what each service needs; or hold a run "
      "against a baseline.");
  add_setting_options(command, session.study);
  command.flag("--resolved", session.resolved, "Print the scenario with every default instead.");
  command.flag("--dot", session.dot, "Print its topology for Graphviz instead.");
  command.option("--against", session.against, "DIR",
                 "Run it, judge its SLOs and hold it against this earlier result of run -o.");
  command.option("--allow", session.allow, "SHARE",
                 "How much worse than the baseline times and rates may be. Default: 5%.");
  command.option("--junit", session.junit, "FILE",
                 "Write what was checked for continuous integration, as JUnit XML.");
  command.option("--jobs", session.study.jobs, "N",
                 "Replications at once, where it is run. Default: as many as the machine has "
                 "threads.");
  command.flag("--exit-zero", session.study.exit_zero,
               "Exit with 0 where a check is missed (3) or undecided (4).");
  add_console_options(command, session.options);
  command.footer(
      "Examples: headroom check shop.json\n"
      "          headroom check shop.json --against main.results --junit gate.xml\n\n"
      "Exit codes with --against: 0 nothing is worse than allowed, 3 something is, or an SLO is\n"
      "missed, 4 undecided.");
  command.action([&session] { return check(session); });
}

}  // namespace headroom
