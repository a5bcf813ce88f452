#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace headroom {

/// What is wrong with the words of a command line, and what may have been meant.
struct WordFault {
  std::string message, hint;
};

/// The words of one option, as completion scripts and checks need them.
struct OptionWords {
  std::vector<std::string> names;  ///< "--jobs", "-q"
  std::string doc;
  bool takes_value = false, repeatable = false;
};
struct CommandWords {
  std::string name, doc;
  bool hidden = false;
  std::vector<OptionWords> options;
  std::size_t fewest_arguments = 0, most_arguments = 0;
  std::string arguments;  ///< "FILE"
};

/// One command of the program while it is being declared. Every value is kept as text: the command
/// that uses it knows what to say when it is wrong.
class Command {
 public:
  Command(CLI::App& app, std::function<int()>& action) : app_(app), action_(action) {}

  void flag(const std::string& names, bool& target, const std::string& doc);
  void option(const std::string& names, std::optional<std::string>& target, const std::string& what,
              const std::string& doc);
  void repeatable(const std::string& names, std::vector<std::string>& target,
                  const std::string& what, const std::string& doc);
  void argument(const std::string& name, std::string& target, const std::string& doc);
  void optional_argument(const std::string& name, std::optional<std::string>& target,
                         const std::string& doc);
  /// `fewest` to 100 words.
  void arguments(const std::string& name, std::vector<std::string>& target, std::size_t fewest,
                 const std::string& doc);
  void footer(const std::string& text);
  /// Understood, but told to nobody.
  void hide();
  /// What to do when this command was typed; returns the exit code.
  void action(std::function<int()> does) { action_ = std::move(does); }

 private:
  CLI::App& app_;
  std::function<int()>& action_;
};

/// The commands of the program and the reading of what was typed.
class CommandLine {
 public:
  CommandLine();
  ~CommandLine();

  Command add(const std::string& name, const std::string& doc);

  /// What was typed (without the program's name), read into the targets: an action to take, a help
  /// text to print, or a fault.
  struct Parsed {
    std::function<int()> action;
    std::string help;
    std::optional<WordFault> fault;
  };
  Parsed parse(const std::vector<std::string>& words);

  std::vector<CommandWords> words() const;

 private:
  std::unique_ptr<CLI::App> app_;
  std::deque<std::pair<CLI::App*, std::function<int()>>> actions_;
};

/// Finds the first word that fits no command, option or argument. CLI11 alone would blame another
/// word: it takes a mistyped option for the start of the arguments.
std::optional<WordFault> find_word_fault(const std::vector<CommandWords>& commands,
                                         const std::vector<std::string>& words);

}  // namespace headroom
