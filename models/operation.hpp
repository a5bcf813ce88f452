#pragma once

#include "models/field_types.hpp"
#include "models/request.hpp"

namespace headroom {

/// Those that a scenario may name.
Choices choices_of(Operation);
/// The operation of that name; `none` where there is none.
Operation operation_named(std::string_view name);

}  // namespace headroom
