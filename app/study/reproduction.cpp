#include "app/study/reproduction.hpp"

#include <algorithm>
#include <string_view>

#include "app/scenario/merge.hpp"

namespace headroom {

std::string shell_word(std::string_view word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos)
    return std::string(word);
  std::string text = "'";
  for (const char c : word)
    text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string reproduction(const std::string& file, const std::vector<std::string>& settings,
                         std::uint32_t replication) {
  std::string command = "headroom run " + shell_word(file);
  for (const std::string& setting : settings) {
    // "--seed 7", "--vary PATH=VALUE", or PATH=VALUE alone.
    const bool is_option = setting.starts_with("--");
    const std::size_t space = is_option ? std::min(setting.find(' '), setting.size() - 1) : 0;
    std::string_view option = std::string_view(setting).substr(0, space);
    if (!is_option || option == "--vary" || option == "--trigger") option = "--set";
    const std::string_view value = std::string_view(setting).substr(is_option ? space + 1 : 0);
    command += " " + std::string(option) + " " + shell_word(value);
  }
  return command + " --only " + std::to_string(replication);
}

std::string run_command(const std::string& file, const std::vector<std::string>& settings) {
  std::string command = "headroom run " + shell_word(file);
  std::vector<std::string> paths;
  for (const std::string& setting : settings)
    paths.push_back(as_path(setting));
  for (auto setting = paths.begin(); setting != paths.end(); ++setting) {
    const std::string path = setting->substr(0, setting->find('=') + 1);
    const bool is_last = std::none_of(setting + 1, paths.end(), [&](const std::string& later) {
      return later.starts_with(path);
    });
    if (is_last) command += " --set " + shell_word(*setting);
  }
  return command;
}

}  // namespace headroom
