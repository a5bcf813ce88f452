#include <fmt/format.h>

#include <algorithm>

#include "app/cli/command_line.hpp"
#include "app/scenario/diagnostics.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

using Words = std::vector<std::string>;

bool is_help(std::string_view word) {
  return word == "-h" || word == "--help";
}

/// "-1" is a value that is wrong somewhere, not an option.
bool looks_like_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9') && word[1] != '.';
}

std::string in_quotes(std::string_view word) {
  return "\"" + visible(word) + "\"";
}

const OptionWords* find_option(const CommandWords& command, std::string_view name) {
  for (const OptionWords& option : command.options) {
    if (std::find(option.names.begin(), option.names.end(), name) != option.names.end()) {
      return &option;
    }
  }
  return nullptr;
}

std::optional<WordFault> fault_of_command(const std::vector<CommandWords>& commands,
                                          const std::string& word) {
  if (looks_like_option(word)) {
    const bool known = std::any_of(commands.begin(), commands.end(), [&](const auto& command) {
      return find_option(command, word.substr(0, word.find('='))) != nullptr;
    });
    if (known) {
      return WordFault{in_quotes(word) + " stands before the command",
                       "options come after it, as in: headroom run FILE " + visible(word)};
    }
    return WordFault{"unknown option " + in_quotes(word), "see headroom --help"};
  }
  if (word.ends_with(".json")) {
    return WordFault{in_quotes(word) + " is not a command",
                     "to simulate it: headroom run " + visible(word)};
  }
  std::vector<std::string_view> names;
  for (const auto& command : commands)
    names.push_back(command.name);
  return WordFault{"unknown command " + in_quotes(word), suggestion(word, names)};
}

/// The words after the command, one by one.
class Reader {
 public:
  Reader(const std::vector<CommandWords>& commands, const CommandWords& command)
      : commands_(commands), command_(command), seen_(command.options.size()) {}

  std::optional<WordFault> read(const Words& words) {
    for (std::size_t at = 1; at < words.size(); ++at) {
      if (is_help(words[at])) return std::nullopt;
    }
    bool only_arguments = false;
    for (std::size_t at = 1; at < words.size(); ++at) {
      const std::string& word = words[at];
      if (!only_arguments && word == "--") {
        only_arguments = true;
      } else if (!only_arguments && looks_like_option(word)) {
        if (auto fault = option(words, at)) return fault;
      } else if (++arguments_ > command_.most_arguments) {
        return WordFault{fmt::format("unexpected word {} after {}", in_quotes(word), command_.name),
                         looks_like_setting(word) ? option_before(word)
                         : command_.most_arguments == 0
                             ? command_.name + " takes no such word"
                             : "one " + command_.arguments + " is enough"};
      }
    }
    if (arguments_ >= command_.fewest_arguments) return std::nullopt;
    return WordFault{fmt::format("{} needs a {}", command_.name, command_.arguments),
                     fmt::format("headroom {} {}", command_.name, command_.arguments)};
  }

 private:
  static bool looks_like_setting(std::string_view word) {
    return word.find('=') != std::string_view::npos && word.find('.') < word.find('=');
  }
  /// "run.load=2" without the option that belongs before it.
  std::string option_before(const std::string& word) const {
    const bool is_varied = find_option(command_, "--vary") != nullptr;
    return fmt::format("write {} {}", is_varied ? "--vary" : "--set", visible(word));
  }
  std::optional<WordFault> unknown(const std::string& name) const {
    std::vector<std::string_view> names;
    for (const auto& known : command_.options) {
      for (const auto& each : known.names)
        names.push_back(each);
    }
    for (const auto& other : commands_) {
      if (find_option(other, name) == nullptr) continue;
      return WordFault{fmt::format("{} has no option {}", command_.name, in_quotes(name)),
                       fmt::format("it belongs to headroom {}", other.name)};
    }
    return WordFault{fmt::format("unknown option {} of {}", in_quotes(name), command_.name),
                     suggestion(name, names)};
  }

  /// An option at `at`, which moves on to its value where that is a word of its own.
  std::optional<WordFault> option(const Words& words, std::size_t& at) {
    const std::string& word = words[at];
    const bool is_long = word.starts_with("--");
    const std::string name = is_long ? word.substr(0, word.find('=')) : word.substr(0, 2);
    const OptionWords* found = find_option(command_, name);
    if (found == nullptr) return unknown(is_long ? name : word);
    const bool has_value = is_long ? name.size() < word.size() : word.size() > 2;
    if (has_value && !found->takes_value) {
      if (is_long) return WordFault{name + " takes no value", "write " + name};
      return unknown(word);
    }
    if (seen_[static_cast<std::size_t>(found - command_.options.data())]++ > 0 &&
        !found->repeatable) {
      return WordFault{name + " is given twice", "give it once"};
    }
    if (!found->takes_value || has_value) return std::nullopt;
    if (at + 1 == words.size() || looks_like_option(words[at + 1])) {
      return WordFault{name + " needs a value", found->doc};
    }
    ++at;
    return std::nullopt;
  }

  const std::vector<CommandWords>& commands_;
  const CommandWords& command_;
  std::vector<int> seen_;
  std::size_t arguments_ = 0;
};

}  // namespace

std::optional<WordFault> find_word_fault(const std::vector<CommandWords>& commands,
                                         const Words& words) {
  if (words.empty()) {
    std::vector<std::string_view> names;
    for (const auto& command : commands)
      names.push_back(command.name);
    return WordFault{"no command given", "one of " + listed(names) + "; to begin: headroom init"};
  }
  if (is_help(words.front())) return std::nullopt;
  for (const CommandWords& command : commands) {
    if (command.name == words.front()) return Reader(commands, command).read(words);
  }
  return fault_of_command(commands, words.front());
}

}  // namespace headroom
