#pragma once

#include <string>
#include <vector>

#include "app/cli/command_line.hpp"

namespace headroom {

/// Scripts that let a shell complete the commands, their options and file names.
std::string bash_completion(const std::vector<CommandWords>& commands);
std::string zsh_completion(const std::vector<CommandWords>& commands);
std::string fish_completion(const std::vector<CommandWords>& commands);

}  // namespace headroom
