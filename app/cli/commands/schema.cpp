#include "app/scenario/schema.hpp"

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/report/result_directory.hpp"
#include "app/report/summary_json.hpp"

namespace headroom {

void add_schema(Session& session) {
  Command command =
      session.line.add("schema", "Print the JSON Schema of scenarios, for editors that complete.");
  command.option("-o,--output", session.study.directory, "FILE", "Write it into a file instead.");
  add_console_options(command, session.options);
  command.action([&session] {
    const auto schema = json_schema(fields_of(static_cast<const ScenarioPlan*>(nullptr)));
    if (!session.study.directory) {
      session.console.answer(schema);
      return exit_met;
    }
    const std::string why = write_file(*session.study.directory, printed(schema));
    if (!why.empty()) return static_cast<ExitCode>(session.console.error(exit_failure, why));
    if (session.console.json()) {
      session.console.answer(nlohmann::ordered_json{{"written", *session.study.directory}});
    }
    return exit_met;
  });
}

}  // namespace headroom
