#pragma once

#include <span>
#include <string_view>

namespace headroom {

/// A scenario of the gallery with what to ask before it is run and what comes out.
struct Lesson {
  std::string_view name;      ///< Of the scenario.
  std::string_view question;  ///< To be answered before anything is run.
  std::string_view look_at;   ///< The command that shows it; FILE stands for the scenario's file.
  std::string_view answer;    ///< What comes out, and why.
  std::string_view then;      ///< The next thing to try.
  std::string_view scenario;  ///< Its text.
};
std::span<const Lesson> lessons();

}  // namespace headroom
