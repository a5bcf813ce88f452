#pragma once

#include <string>

#include "app/cli/study_options.hpp"
#include "app/report/paint.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// The command that a person would most likely type after reading this, on a line of its own.
std::string next_command(const StudyArguments& arguments, const ScenarioPlan& plan,
                         const Summary& summary, const Paint& paint);

}  // namespace headroom
