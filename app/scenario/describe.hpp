#pragma once

#include <optional>
#include <string>

#include "app/scenario/quantity.hpp"
#include "models/fields.hpp"

namespace headroom {

/// The quantity a scalar field or the values of its distribution are; none for other kinds.
std::optional<Quantity> quantity_of(const Field& field, const FieldType& type);

/// The bounds that hold: those of the field within those of its type.
Range effective_range(const Field& field, const FieldType& type);

/// "1 to 100", "at least 1ms", "above 0"; empty where nothing is bounded but the sign.
std::string range_text(const Field& field, const FieldType& type);

/// What to write, for "expected ...": `a time such as "5ms"`, `one of "reset", "silent"`.
std::string expectation(const Field& field, const FieldType& type);

/// The type in a few words, for the reference: "time", "list of rates", "`retry`".
std::string type_words(const Field& field, const FieldType& type);

/// The names a choice or a catalogued text may take.
Choices choices_for(const Field& field, const FieldType& type);
std::vector<std::string_view> names_of(Choices choices);

/// An example as JSON text: a bare word gets its quotes.
std::string as_json_text(std::string_view example);

}  // namespace headroom
