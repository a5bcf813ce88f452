#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"

namespace headroom {

void add_version(Session& session) {
  Command command = session.line.add("version", "Print the version of the program and its format.");
  add_console_options(command, session.options);
  command.action([&session] {
    if (session.console.json()) {
      session.console.answer(nlohmann::ordered_json{{"program", HEADROOM_VERSION}, {"format", 1}});
    } else {
      session.console.answer(std::string("headroom " HEADROOM_VERSION ", scenario format 1\n"));
    }
    return exit_met;
  });
}

}  // namespace headroom
