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

struct Option {
  std::string_view name, value;
  /// Of --set; empty where it is another option.
  std::string_view path() const {
    return name == "--set" ? value.substr(0, value.find('=')) : std::string_view();
  }
};

/// "--seed 7", "--vary PATH=VALUE", or PATH=VALUE alone.
Option option_of(std::string_view setting) {
  if (!setting.starts_with("--")) return {"--set", setting};
  const std::size_t space = std::min(setting.find(' '), setting.size() - 1);
  const std::string_view name = setting.substr(0, space);
  const bool sets = name == "--vary" || name == "--trigger";
  return {sets ? "--set" : name, setting.substr(space + 1)};
}

}  // namespace

std::string reproduction(const std::string& file, const std::vector<std::string>& settings,
                         std::uint32_t replication) {
  std::string command = "headroom run " + shell_word(file);
  for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
    const Option option = option_of(*setting);
    const bool is_overruled = std::any_of(setting + 1, settings.end(), [&](const auto& later) {
      return !option.path().empty() && option_of(later).path() == option.path();
    });
    if (!is_overruled) command += " " + std::string(option.name) + " " + shell_word(option.value);
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
