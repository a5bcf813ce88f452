#pragma once

#include <string_view>

namespace headroom::lesson_texts {

// Scenarios of the gallery, which the build puts into the program.

std::string_view power_of_two();
std::string_view fan_out();
std::string_view open_versus_closed();
std::string_view cache_stampede();
std::string_view retry_storm_metastable();
std::string_view quorum_staleness();
std::string_view cap_partition();

}  // namespace headroom::lesson_texts
