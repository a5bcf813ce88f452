#pragma once

#include <string>
#include <string_view>

#include "models/fields.hpp"

namespace headroom {

/// Why a text may not be a name, or empty. Names end up in files, tables and HTML, and in commands
/// that people copy, so they hold no control characters, markup, quotes or path steps and do not
/// start like a formula of a spreadsheet.
std::string name_fault(std::string_view name, Field::Names rule);

}  // namespace headroom
