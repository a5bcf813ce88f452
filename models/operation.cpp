#include "models/operation.hpp"

namespace headroom {

Choices choices_of(Operation) {
  static constexpr Choice choices[] = {
      {"get", "look a key up in a cache"},
      {"set", "put a value into a cache"},
      {"delete", "take a key out of a cache"},
      {"read", "read a key of a store"},
      {"write", "write a key of a store"},
      {"cas", "write a key of a store if it still has the value that is expected"},
  };
  return choices;
}

Operation operation_named(std::string_view name) {
  const Choices choices = choices_of(Operation());
  for (std::size_t i = 0; i < choices.size(); ++i)
    if (choices[i].name == name) return static_cast<Operation>(i);
  return Operation::none;
}

}  // namespace headroom
