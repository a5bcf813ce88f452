#pragma once

#include <string>

#include "models/fields.hpp"

namespace headroom {

/// The reference of every field the table and those it refers to declare, as Markdown: one section
/// for each table with key, type, default, meaning and example.
std::string reference_markdown(const FieldTable& root);

}  // namespace headroom
