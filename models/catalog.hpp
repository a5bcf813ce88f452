#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "models/field_types.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

/// What a family offers under one name: what a reader is told of it, and how it is made.
template <class Factory>
struct Listed {
  Choice choice;
  Factory* make;
};

/// The choices of a catalogue, in its order.
template <class Factory, std::size_t n>
constexpr std::array<Choice, n> choices_of(const Listed<Factory> (&catalog)[n]) {
  std::array<Choice, n> choices{};
  for (std::size_t i = 0; i < n; ++i)
    choices[i] = catalog[i].choice;
  return choices;
}

/// How to make what is called `name`, which must be in the catalogue.
template <class Factory, std::size_t n>
Factory& factory_of(const Listed<Factory> (&catalog)[n], std::string_view name) {
  for (const Listed<Factory>& each : catalog) {
    if (each.choice.name == name) return *each.make;
  }
  HEADROOM_CHECK(!"a name of the catalogue");
  return *catalog[0].make;
}

}  // namespace headroom
