#pragma once

#include <string>

#include "app/report/paint.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// What a person reads after a run: the verdict first, then the figures it rests on.
std::string run_text(const Summary& summary, const Paint& paint);

/// Title of a study, with a line under it.
std::string title_text(const std::string& title, const Paint& paint);

/// How the figures came about and how sure they are.
std::string certainty_text(const Summary& summary);

}  // namespace headroom
