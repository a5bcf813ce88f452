#include "app/study/summary.hpp"

#include <algorithm>
#include <cmath>

#include "app/study/arithmetic.hpp"
#include "app/study/figures_of_runs.hpp"
#include "app/study/judge.hpp"

namespace headroom {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::met: return "met";
    case Verdict::missed: return "missed";
    case Verdict::undecided: break;
  }
  return "undecided";
}

}  // namespace headroom
