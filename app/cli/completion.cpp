#include "app/cli/completion.hpp"

#include <fmt/format.h>

namespace headroom {

namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string command_names(const std::vector<CommandWords>& commands) {
  std::vector<std::string> names;
  for (const auto& command : commands)
    names.push_back(command.name);
  return joined(names);
}

/// Text within single quotes of any of the three shells.
std::string single_quoted(const std::string& text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return "'" + quoted + "'";
}

/// The same where brackets and colons mean something to zsh's _arguments.
std::string zsh_text(const std::string& text) {
  std::string plain;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') plain += '\\';
    if (c == '\'') {
      plain += "'\\''";
    } else {
      plain += c;
    }
  }
  return plain;
}

}  // namespace

std::string bash_completion(const std::vector<CommandWords>& commands) {
  std::string text =
      "# bash completion of headroom: eval \"$(headroom completion bash)\"\n"
      "_headroom() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options=\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  text += fmt::format("    COMPREPLY=($(compgen -W '{} --help' -- \"$word\"))\n    return\n  fi\n",
                      command_names(commands));
  text += "  case ${COMP_WORDS[1]} in\n";
  for (const auto& command : commands) {
    std::vector<std::string> all;
    for (const auto& option : command.options)
      all.insert(all.end(), option.names.begin(), option.names.end());
    text += fmt::format("    {}) options='{}' ;;\n", command.name, joined(all));
  }
  text +=
      "  esac\n"
      "  case $word in\n"
      "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
      "    *) case ${COMP_WORDS[1]} in\n"
      "         completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$word\")) ;;\n"
      "         *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
      "       esac ;;\n"
      "  esac\n"
      "}\n"
      "complete -o filenames -F _headroom headroom\n";
  return text;
}

std::string zsh_completion(const std::vector<CommandWords>& commands) {
  std::string text =
      "#compdef headroom\n"
      "# zsh completion of headroom: source <(headroom completion zsh)\n"
      "_headroom() {\n"
      "  if (( CURRENT == 2 )); then\n"
      "    local -a commands=(\n";
  for (const auto& command : commands) {
    text += fmt::format("      '{}:{}'\n", command.name, zsh_text(command.doc));
  }
  text +=
      "    )\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  (( CURRENT-- ))\n"
      "  case $command in\n";
  for (const auto& command : commands) {
    text += fmt::format("    {})\n      _arguments", command.name);
    for (const auto& option : command.options) {
      for (const auto& name : option.names) {
        text += fmt::format(" \\\n        '{}{}[{}]{}'", option.repeatable ? "*" : "", name,
                            zsh_text(option.doc), option.takes_value ? ":value:_files" : "");
      }
    }
    if (command.name == "completion") {
      text += " \\\n        ':shell:(bash zsh fish)'";
    } else if (command.most_arguments > 0) {
      text += fmt::format(" \\\n        '{}:{}:_files'", command.most_arguments > 1 ? "*" : "",
                          command.arguments);
    }
    text += " ;;\n";
  }
  text +=
      "  esac\n"
      "}\n"
      "if [ \"$funcstack[1]\" = _headroom ]; then _headroom \"$@\"; else compdef _headroom "
      "headroom; fi\n";
  return text;
}

std::string fish_completion(const std::vector<CommandWords>& commands) {
  std::string text = "# fish completion of headroom: headroom completion fish | source\n";
  for (const auto& command : commands) {
    text += fmt::format("complete -c headroom -n __fish_use_subcommand -f -a {} -d {}\n",
                        command.name, single_quoted(command.doc));
    for (const auto& option : command.options) {
      text += fmt::format("complete -c headroom -n '__fish_seen_subcommand_from {}'", command.name);
      for (const auto& name : option.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      text += fmt::format("{} -d {}\n", option.takes_value ? " -r" : "", single_quoted(option.doc));
    }
  }
  text +=
      "complete -c headroom -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n";
  return text;
}

}  // namespace headroom
