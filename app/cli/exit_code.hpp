#pragma once

#include "app/study/summary.hpp"

namespace headroom {

/// What the program tells the shell.
enum ExitCode : int {
  exit_met = 0,        ///< Done, every SLO met.
  exit_failure = 1,    ///< Internal, or input and output.
  exit_bad_input = 2,  ///< Bad command line or scenario.
  exit_missed = 3,     ///< An SLO is missed.
  exit_undecided = 4,  ///< Undecided, or never settled.
  exit_interrupted = 130,
};

inline int exit_code_of(Verdict verdict) {
  return verdict == Verdict::met      ? exit_met
         : verdict == Verdict::missed ? exit_missed
                                      : exit_undecided;
}

/// What a finished study tells the shell; partial ones are interrupted, whatever they show.
inline int exit_code_of(const Summary& summary) {
  if (summary.partial) return exit_interrupted;
  return exit_code_of(summary.verdict);
}

/// --exit-zero: an answer was given, whatever it is.
inline int softened(int code, bool exit_zero) {
  return exit_zero && (code == exit_missed || code == exit_undecided) ? exit_met : code;
}

}  // namespace headroom
