#include "app/cli/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/cli/exit_code.hpp"
#include "app/cli/terminal.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

bool colours_wanted(bool refused) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
  return !refused && (no_color == nullptr || *no_color == '\0') && !dumb && ::isatty(STDOUT_FILENO);
}

void to_stderr(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace

void Console::configure(Options options) {
  options_ = options;
  paint_ = Paint(!options.json && colours_wanted(options.no_color));
  constexpr std::size_t least = 40;  // Chosen: room for the first column and a figure.
  if (const auto columns = terminal_columns(STDOUT_FILENO))
    text_width = std::min(text_width, std::max(least, *columns));
}

bool Console::shows_progress() const {
  return !options_.quiet && ::isatty(STDERR_FILENO);
}

void Console::to_stdout(const std::string& text) {
  has_spoken_ = true;
  std::size_t written = 0;
  while (write_error_ == 0 && written < text.size()) {
    const ssize_t more = ::write(STDOUT_FILENO, text.data() + written, text.size() - written);
    if (more < 0 && errno != EINTR) write_error_ = errno;
    if (more > 0) written += static_cast<std::size_t>(more);
  }
}

void Console::answer(const std::string& text) {
  to_stdout(text);
}
void Console::answer(const nlohmann::ordered_json& document) {
  to_stdout(printed(document));
}

int Console::error(int code, const std::string& message, const std::string& hint) {
  if (options_.json) {
    nlohmann::ordered_json entry{{"severity", "error"}, {"message", message}};
    if (!hint.empty()) entry["hint"] = hint;
    nlohmann::ordered_json document;
    document["error"]["code"] = code;
    document["error"]["messages"] = nlohmann::ordered_json::array({entry});
    answer(document);
  } else {
    has_spoken_ = true;
    to_stderr("headroom: error: " + message + (hint.empty() ? "\n" : "\n  " + hint + "\n"));
  }
  return code;
}

int Console::errors(const Diagnostics& diagnostics) {
  if (options_.json) {
    answer(diagnostics.error_json(exit_bad_input));
  } else {
    to_stderr(diagnostics.text());
  }
  return exit_bad_input;
}

void Console::warn(const std::string& text) {
  if (!options_.quiet) to_stderr(text);
}

void Console::warnings(const Diagnostics& diagnostics) {
  if (diagnostics.warning_count() > 0) warn(diagnostics.text());
}

bool Console::delivered() {
  if (write_error_ == 0) return true;
  if (write_error_ != EPIPE) {
    to_stderr(
        fmt::format("headroom: error: cannot write the answer: {}\n", std::strerror(write_error_)));
  }
  return write_error_ == EPIPE;
}

}  // namespace headroom
