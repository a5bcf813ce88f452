#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// Damerau-Levenshtein distance (optimal string alignment), case ignored.
/// Source: Damerau 1964, "A technique for computer detection and correction of spelling errors".
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The valid names near enough to a misspelt one to be meant, nearest first, three at most.
std::vector<std::string_view> nearest(std::string_view wrong,
                                      std::span<const std::string_view> valid);

/// `did you mean "replicas"?`, or the valid names where none is near, or nothing without names.
std::string suggestion(std::string_view wrong, std::span<const std::string_view> valid);

/// `"a", "b", "c"`, with "and N more" after `most`.
std::string listed(std::span<const std::string_view> names, std::size_t most = 12);

}  // namespace headroom
