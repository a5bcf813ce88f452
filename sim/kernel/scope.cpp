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

void Scope::cancel() {
  simulation_.cancelling_ = true;
  close();
  simulation_.cancelling_ = false;
}

void Scope::destroy(Root& root) {
  if (root.held != nullptr) *root.held = {};
  std::coroutine_handle<Root>::from_promise(root).destroy();
}

namespace detail {

void PromiseBase::let_go() noexcept {
  held = nullptr;
  waiter = nullptr;
  continuation = {};
  if (doomed || scope->simulation().cancelling()) perish();
}

void PromiseBase::perish() noexcept {
  scope->remove(*this);
  Scope::destroy(*this);
}

void doom(PromiseBase& call) {
  PromiseBase* each = &call;
  for (;;) {
    each->doomed = each->scope != nullptr;
    const bool can_be_given_up = each->doomed && (each->waiter != nullptr || each->held == nullptr);
    if (can_be_given_up || !each->continuation) break;
    each =
        &std::coroutine_handle<PromiseBase>::from_address(each->continuation.address()).promise();
  }
  if (each->doomed && each->held == nullptr) each->perish();
}

}  // namespace detail

}  // namespace headroom::sim
