#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/starters.hpp"
#include "app/report/result_directory.hpp"
#include "app/report/summary_json.hpp"
#include "app/scenario/schema.hpp"
#include "app/scenario/suggest.hpp"
#include "app/study/reproduction.hpp"

namespace headroom {

namespace {

const Starter* find_starter(Session& session) {
  const std::string wanted = session.starter.value_or("web");
  std::vector<std::string_view> names;
  for (const Starter& starter : starters()) {
    if (starter.name == wanted) return &starter;
    names.push_back(starter.name);
  }
  session.console.error(exit_bad_input, "unknown template \"" + visible(wanted) + "\"",
                        suggestion(wanted, names));
  return nullptr;
}

/// Whether another file stands where the schema goes. An older schema is none: in the place of this
/// one it would let the editor complain of what is right.
bool is_foreign(const std::string& path, const nlohmann::ordered_json& schema) {
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) return false;
  std::string text, why;
  if (!read_file(path, text, why)) return true;
  const auto present = nlohmann::ordered_json::parse(text, nullptr, false);
  return !present.is_object() || !present.contains("title") || present["title"] != schema["title"];
}

int init(Session& session) {
  Console& console = session.console;
  const Starter* starter = find_starter(session);
  if (starter == nullptr) return exit_bad_input;
  const std::string file = session.new_file.value_or("headroom.json");
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    return console.error(exit_bad_input, visible(file) + " exists already",
                         "name another file: headroom init FILE");
  }
  const auto folder = std::filesystem::path(file).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
    return console.error(exit_failure, "there is no directory " + visible(folder.string()),
                         "make it first: mkdir -p " + shell_word(folder.string()));
  }
  const auto beside = std::filesystem::path(file).parent_path() / "headroom.schema.json";
  const auto schema = json_schema(fields_of(static_cast<const ScenarioPlan*>(nullptr)));
  if (is_foreign(beside.string(), schema)) {
    return console.error(exit_bad_input,
                         visible(beside.string()) + " exists already and is no schema of headroom",
                         "the schema goes there: rename that file, or name one in another folder");
  }
  std::string why = write_file(beside.string(), printed(schema));
  if (why.empty()) why = write_file(file, std::string(starter->text));
  if (!why.empty()) return console.error(exit_failure, why);
  if (console.json()) {
    console.answer(nlohmann::ordered_json{{"written", {file, beside.string()}}});
    return exit_met;
  }
  const std::string word = shell_word(file);
  console.answer(fmt::format(
      "Wrote {} ({})\nand {}, from which editors complete keys.\n\n"
      "Next: {}\n      {}\n",
      file, starter->doc, beside.string(), console.paint().bold("headroom check " + word),
      console.paint().bold("headroom run " + word)));
  return exit_met;
}

}  // namespace

void add_init(Session& session) {
  Command command =
      session.line.add("init", "Write a scenario to begin with, and the schema for editors.");
  command.optional_argument("FILE", session.new_file, "Default: headroom.json");
  std::string what;
  for (const Starter& starter : starters()) {
    what += fmt::format("{}{}", what.empty() ? "" : ", ", starter.name);
  }
  command.option("--template", session.starter, "NAME", "One of " + what + ". Default: web");
  add_console_options(command, session.options);
  command.action([&session] { return init(session); });
}

}  // namespace headroom
