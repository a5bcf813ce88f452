#include "app/cli/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "app/report/text_table.hpp"

namespace headroom {

namespace {

constexpr std::size_t help_column = 30;

/// CLI11 indents what stands after a line end, but does not break lines itself.
std::string for_help(const std::string& doc) {
  return wrapped(doc, 0, text_width - help_column);
}

std::string on_one_line(std::string doc) {
  std::replace(doc.begin(), doc.end(), '\n', ' ');
  return doc;
}

const char* const program_footer =
    "Exit codes: 0 done and every SLO met, 1 internal or I/O, 2 bad command line or scenario,\n"
    "3 an SLO is missed, 4 undecided or never settled, 130 interrupted.\n\n"
    "Start with: headroom init";

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_lnames())
    names.push_back("--" + name);
  for (const auto& name : option.get_snames())
    names.push_back("-" + name);
  return names;
}

CommandWords words_of(const CLI::App& app) {
  CommandWords words;
  words.name = app.get_name();
  words.hidden = app.get_group().empty();
  words.doc = on_one_line(app.get_description());
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      words.most_arguments += static_cast<std::size_t>(option->get_items_expected_max());
      words.fewest_arguments +=
          option->get_required() ? static_cast<std::size_t>(option->get_items_expected_min()) : 0;
      words.arguments = option->get_name();
      continue;
    }
    words.options.push_back({names_of(*option), on_one_line(option->get_description()),
                             option->get_items_expected_max() > 0,
                             option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll});
  }
  return words;
}

/// --help and -h of every command read alike.
void set_up(CLI::App& app) {
  app.set_help_flag("-h,--help", "Print this help.");
  app.get_formatter()->column_width(help_column);
  app.get_formatter()->label("REQUIRED", "");
}

}  // namespace

void Command::flag(const std::string& names, bool& target, const std::string& doc) {
  app_.add_flag(names, target, for_help(doc))->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

void Command::option(const std::string& names, std::optional<std::string>& target,
                     const std::string& what, const std::string& doc) {
  app_.add_option_function<std::string>(
          names, [&target](const std::string& value) { target = value; }, for_help(doc))
      ->type_name(what);
}

void Command::repeatable(const std::string& names, std::vector<std::string>& target,
                         const std::string& what, const std::string& doc) {
  app_.add_option(names, target, for_help(doc))
      ->type_name(what)
      ->type_size(1)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Command::argument(const std::string& name, std::string& target, const std::string& doc) {
  app_.add_option(name, target, for_help(doc))->required()->type_name(" ");
}

void Command::optional_argument(const std::string& name, std::optional<std::string>& target,
                                const std::string& doc) {
  app_.add_option_function<std::string>(
          name, [&target](const std::string& value) { target = value; }, for_help(doc))
      ->type_name(" ");
}

void Command::arguments(const std::string& name, std::vector<std::string>& target,
                        std::size_t fewest, const std::string& doc) {
  constexpr int most = 100;  // Chosen: more are a mistake of the shell.
  app_.add_option(name, target, for_help(doc))
      ->expected(static_cast<int>(fewest), most)
      ->required(fewest > 0)
      ->type_name(" ");
}

void Command::footer(const std::string& text) {
  app_.footer(text);
}

void Command::hide() {
  app_.group("");
}

CommandLine::CommandLine()
    : app_(std::make_unique<CLI::App>(
          "headroom: how much load a distributed system holds, by simulating it", "headroom")) {
  set_up(*app_);
  app_->footer(program_footer);
}

CommandLine::~CommandLine() = default;

Command CommandLine::add(const std::string& name, const std::string& doc) {
  CLI::App* command = app_->add_subcommand(name, for_help(doc));
  set_up(*command);
  auto& [added, action] = actions_.emplace_back(command, nullptr);
  return {*added, action};
}

std::vector<CommandWords> CommandLine::words() const {
  std::vector<CommandWords> words;
  for (const auto& [command, action] : actions_)
    words.push_back(words_of(*command));
  return words;
}

CommandLine::Parsed CommandLine::parse(const std::vector<std::string>& words) {
  Parsed parsed;
  parsed.fault = find_word_fault(this->words(), words);
  if (parsed.fault) return parsed;
  try {
    // CLI11 takes its words from the back.
    app_->parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app_->get_subcommands();
    parsed.help = chosen.empty() ? app_->help() : chosen.front()->help("headroom");
    return parsed;
  } catch (const CLI::ParseError& error) {
    parsed.fault = WordFault{error.what(), "see headroom --help"};
    return parsed;
  }
  for (auto& [command, action] : actions_) {
    if (command->parsed()) parsed.action = action;
  }
  return parsed;
}

}  // namespace headroom
