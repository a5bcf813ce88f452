#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// A word as a shell takes it, quoted where it must be.
std::string shell_word(std::string_view word);

/// The command that runs one replication of a scenario again, by itself, quoted for a shell.
/// `settings` as `read_scenario` takes them.
std::string reproduction(const std::string& file, const std::vector<std::string>& settings,
                         std::uint32_t replication);

/// "headroom run FILE --set PATH=VALUE ...", quoted for a shell; of several `settings` of one path,
/// as `read_scenario` takes them, only the last.
std::string run_command(const std::string& file, const std::vector<std::string>& settings);

}  // namespace headroom
