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

void Scope::spawn(Task<void> process) {
  const auto handle = std::exchange(process.handle_, {});
  Root& root = handle.promise();
  root.scope = this;
  root.process = ++simulation_.processes_;
  root.previous = last_;
  (last_ != nullptr ? last_->next : first_) = &root;
  last_ = &root;
  handle.resume();
}

void Scope::remove(Root& root) {
  (root.previous != nullptr ? root.previous->next : first_) = root.next;
  (root.next != nullptr ? root.next->previous : last_) = root.previous;
}

void Scope::close() {
  while (first_ != nullptr) {
    Root& root = *first_;
    remove(root);
    std::coroutine_handle<Root>::from_promise(root).destroy();
  }
}

namespace detail {

std::coroutine_handle<> Promise<void>::Final::await_suspend(
    std::coroutine_handle<Promise> ended) const noexcept {
  Promise& promise = ended.promise();
  if (promise.scope == nullptr) return promise.continuation;
  promise.scope->remove(promise);
  ended.destroy();
  return std::noop_coroutine();
}

}  // namespace detail

}  // namespace headroom::sim
