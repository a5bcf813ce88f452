#include "sim/kernel/scope.hpp"

#include "sim/kernel/simulation.hpp"

namespace headroom::sim {

Scope::Scope(Simulation& simulation) : simulation_(simulation), next_scope_(simulation.scopes_) {
  if (next_scope_ != nullptr) next_scope_->previous_scope_ = this;
  simulation.scopes_ = this;
}

Scope::~Scope() {
  close();
  (previous_scope_ != nullptr ? previous_scope_->next_scope_ : simulation_.scopes_) = next_scope_;
  if (next_scope_ != nullptr) next_scope_->previous_scope_ = previous_scope_;
}

void Scope::close() {
  while (first_ != nullptr) {
    Root& root = *first_;
    remove(root);
    destroy(root);
  }
}

void Scope::destroy(Root& root) {
  if (root.held != nullptr) *root.held = {};
  std::coroutine_handle<Root>::from_promise(root).destroy();
}

}  // namespace headroom::sim
