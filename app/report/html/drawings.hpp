#pragma once

#include <string>
#include <vector>

#include "app/study/summary.hpp"

namespace headroom::html {

// Small drawings that need no script: they stand in tables and print. All are <svg> elements whose
// colours come from the style sheet.

/// A limit as a line with the forbidden side shaded, the interval as a bar and the value as a mark
/// whose shape is that of the verdict. Empty where there is no value. The scale has room for all
/// figures of `beside` as well, so that drawings below each other can be compared.
std::string interval_drawing(const Figure& figure, double limit, bool at_most, Verdict verdict,
                             const std::vector<Figure>& beside = {});

/// A share from 0 to 1 as a bar, its interval as a whisker and each replica as a tick; replicas
/// beyond 40 as the range that they span. Empty where there is no value.
std::string share_drawing(const Figure& share, const std::vector<Figure>& replicas);

/// Parts of a bar one after the other, as shares of its full length; part i is drawn as "part<i>".
std::string stacked_drawing(const std::vector<double>& parts);

}  // namespace headroom::html
