#include "app/scenario/schema.hpp"

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/report/result_directory.hpp"
#include "app/report/summary_json.hpp"
#include "app/scenario/reference.hpp"

namespace headroom {

namespace {

int schema(Session& session) {
  Console& console = session.console;
  const FieldTable& root = fields_of(static_cast<const ScenarioPlan*>(nullptr));
  const std::string text = session.markdown ? reference_markdown(root) : printed(json_schema(root));
  if (session.study.directory) {
    const std::string why = write_file(*session.study.directory, text);
    if (!why.empty()) return console.error(exit_failure, why);
    if (console.json()) {
      console.answer(nlohmann::ordered_json{{"written", *session.study.directory}});
    }
  } else if (session.markdown && console.json()) {
    console.answer(nlohmann::ordered_json{{"reference", text}});
  } else {
    console.answer(text);
  }
  return exit_met;
}

}  // namespace

void add_schema(Session& session) {
  Command command =
      session.line.add("schema", "Print the JSON Schema of scenarios, for editors that complete.");
  command.flag("--markdown", session.markdown, "Print what each key means, as Markdown, instead.");
  command.option("-o,--output", session.study.directory, "FILE", "Write it into a file instead.");
  add_console_options(command, session.options);
  command.action([&session] { return schema(session); });
}

}  // namespace headroom
