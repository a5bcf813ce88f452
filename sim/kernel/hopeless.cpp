#include <vector>

#include "sim/kernel/simulation.hpp"

namespace headroom::sim {

/// The root that cannot go on because that call never ends; null where somebody may give up on the
/// way, nobody waits, or others decide. A wait that is one of several fails.
detail::PromiseBase* Simulation::hopeless_root(detail::PromiseBase* call) {
  using Caller = std::coroutine_handle<detail::PromiseBase>;
  for (;;) {
    if (call->is_root) return call;
    auto caller = call->continuation;
    if (call->scope != nullptr && call->waiter != nullptr) {
      Wait& wait = *call->waiter;
      if (!wait.waiting() || wait.is_limited()) return nullptr;
      if (wait.kind_ == Wait::Kind::in_group) {
        wait.end(Wait::Ended::broken);
        return nullptr;
      }
      caller = wait.process_;
    }
    if (!caller) return nullptr;
    call = &Caller::from_address(caller.address()).promise();
  }
}

void Simulation::lose_hopeless() {
  HEADROOM_CHECK_IN(*this, ready_.empty());
  std::vector<detail::PromiseBase*> calls;
  for (Scope* scope = scopes_; scope != nullptr; scope = scope->next_scope_)
    for (auto* call = scope->first_; call != nullptr; call = call->next)
      if (call->doomed) calls.push_back(call);
  Scope lost(*this);
  const auto lose = [&lost](detail::PromiseBase* call) {
    detail::PromiseBase* root = hopeless_root(call);
    if (root == nullptr || root->scope == &lost) return;
    root->scope->remove(*root);
    root->scope = &lost;
    lost.add(*root);
  };
  for (auto* call : calls)
    lose(call);
  // With a root its votes are gone, and with enough of them a poll is lost, which is what ends a
  // wait as broken here, as does a group of which too few are left: who waits is as hopeless.
  using Caller = std::coroutine_handle<detail::PromiseBase>;
  do {
    lost.close();
    while (!ready_.empty()) {
      Wait* wait = ready_.pop();
      if (wait == nullptr) continue;
      wait->state_ = Wait::State::over;
      if (wait->ended_ != Wait::Ended::broken || wait->is_limited()) continue;
      lose(&Caller::from_address(wait->process_.address()).promise());
    }
  } while (!lost.empty());
}

}  // namespace headroom::sim
