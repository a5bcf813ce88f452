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

namespace {

/// Of several settings of one path, by an option or not, only the last.
std::vector<std::string> last_of_each(const std::vector<std::string>& settings) {
  const auto path_of = [](const std::string& setting) {
    const std::string written = as_path(setting);
    return written.substr(0, written.find('='));
  };
  std::vector<std::string> last;
  for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
    const bool is_overruled = std::any_of(setting + 1, settings.end(), [&](const auto& later) {
      return path_of(later) == path_of(*setting);
    });
    if (!is_overruled) last.push_back(*setting);
  }
  return last;
}

}  // namespace

std::string reproduction(const std::string& file, const std::vector<std::string>& settings,
                         std::uint32_t replication) {
  std::string command = "headroom run " + shell_word(file);
  for (const std::string& setting : last_of_each(settings)) {
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
  for (const std::string& setting : last_of_each(settings))
    command += " --set " + shell_word(as_path(setting));
  return command;
}

}  // namespace headroom
