#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/scenario/diagnostics.hpp"

namespace headroom {

/// Where answers, warnings and errors go. Answers to standard output, the rest to standard error;
/// with --json everything that the program has to say in answer is one JSON object on standard
/// output, errors included.
class Console {
 public:
  struct Options {
    bool json = false, quiet = false, no_color = false;
  };
  void configure(Options options);

  bool json() const { return options_.json; }
  bool quiet() const { return options_.quiet; }
  const Paint& paint() const { return paint_; }
  /// Somebody watches standard error.
  bool shows_progress() const;

  void answer(const std::string& text);
  void answer(const nlohmann::ordered_json& document);

  /// Returns the exit code it is given.
  int error(int code, const std::string& message, const std::string& hint = {});
  /// Returns `exit_bad_input`.
  int errors(const Diagnostics& diagnostics);
  /// Silent with -q.
  void warn(const std::string& text);
  void warnings(const Diagnostics& diagnostics);

  /// Whether an answer or an error was given.
  bool has_spoken() const { return has_spoken_; }
  /// Whether all answers could be written; says why not on standard error, unless the reader of a
  /// pipe just had enough.
  bool delivered();

 private:
  void to_stdout(const std::string& text);

  Options options_;
  Paint paint_;
  int write_error_ = 0;
  bool has_spoken_ = false;
};

}  // namespace headroom
