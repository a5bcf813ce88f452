#include "app/cli/completion.hpp"

#include <array>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

int completion(Session& session) {
  auto words = session.line.words();
  std::erase_if(words, [](const CommandWords& command) { return command.hidden; });
  std::string script;
  if (session.shell == "bash") {
    script = bash_completion(words);
  } else if (session.shell == "zsh") {
    script = zsh_completion(words);
  } else if (session.shell == "fish") {
    script = fish_completion(words);
  } else {
    constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
    return session.console.error(exit_bad_input,
                                 "no completion for \"" + visible(session.shell) + "\"",
                                 suggestion(session.shell, shells));
  }
  if (session.console.json()) {
    session.console.answer(nlohmann::ordered_json{{"shell", session.shell}, {"script", script}});
  } else {
    session.console.answer(script);
  }
  return exit_met;
}

}  // namespace

void add_completion(Session& session) {
  Command command =
      session.line.add("completion", "Print a script that lets a shell complete the words.");
  command.argument("SHELL", session.shell, "bash, zsh or fish");
  add_console_options(command, session.options);
  command.footer("Example, in ~/.bashrc: eval \"$(headroom completion bash)\"");
  command.action([&session] { return completion(session); });
}

}  // namespace headroom
