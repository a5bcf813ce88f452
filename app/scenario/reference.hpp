#pragma once

#include <string>
#include <vector>

#include "models/fields.hpp"

namespace headroom {

/// The table and those it refers to, each once, in the order a reader meets them.
std::vector<const FieldTable*> tables_of(const FieldTable& root);

/// The reference of every field the table and those it refers to declare, as Markdown: one section
/// for each table with key, type, default, meaning and example.
std::string reference_markdown(const FieldTable& root);

}  // namespace headroom
