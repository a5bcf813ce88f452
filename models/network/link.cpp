#include "models/network/link.hpp"

#include "models/network/network.hpp"

namespace headroom {

bool DelayLink::become(const DelayLink& other, sim::Time now) {
  if (ns_per_byte == other.ns_per_byte) {
    latency = other.latency;
    loss = other.loss;
    return false;
  }
  // What waits is so many bytes, whatever the bandwidth: all that is to come is stretched alike.
  const double stretch = ns_per_byte > 0 ? other.ns_per_byte / ns_per_byte : 1;
  const auto stretched = [&](sim::Time at) {
    const auto ahead_ns = static_cast<double>((at - now).count_ns());
    return now + sim::Duration::rounded_ns(ahead_ns * stretch);
  };
  latency = other.latency;
  loss = other.loss;
  counts.busy_ns -= waiting_ns(now);
  if (free_at > now) free_at = stretched(free_at);
  ns_per_byte = other.ns_per_byte;
  paced_ns_per_byte *= stretch;
  counts.busy_ns += waiting_ns(now);
  for (Transit* each = first_; each != nullptr; each = each->next_) {
    Message& message = each->message_;
    if (message.left <= now) continue;
    const sim::Duration after_it = message.due - message.left;
    message.left = stretched(message.left);
    message.due = std::max(message.left + after_it, now + sim::Duration::ns(1));
    each->wait_anew();
  }
  return true;
}

void DelayLink::drop_queue(sim::Time now) {
  if (free_at <= now) return;
  counts.bytes -= waiting_bytes(now);
  counts.busy_ns -= waiting_ns(now);
  free_at = now;
}

void DelayLink::start_measuring(sim::Time now) {
  waited_bytes = waiting_bytes(now);
  counts = {};
  counts.bytes = waited_bytes;
  counts.busy_ns = waiting_ns(now);
}

LinkReport DelayLink::report(std::string name, sim::Time now) const {
  LinkReport report{std::move(name), most_bytes_per_s(), counts, waiting_bytes(now) - waited_bytes};
  report.counts.bytes -= waiting_bytes(now);
  report.counts.busy_ns -= waiting_ns(now);
  return report;
}

void Transit::enter_link() {
  link_ = message_.over;
  next_ = nullptr;
  previous_ = link_->last_;
  (previous_ != nullptr ? previous_->next_ : link_->first_) = this;
  link_->last_ = this;
}

void Transit::leave_link() {
  (previous_ != nullptr ? previous_->next_ : link_->first_) = next_;
  (next_ != nullptr ? next_->previous_ : link_->last_) = previous_;
  link_ = nullptr;
}

void Transit::wait_anew() {
  if (!message_.under_way()) return end(Ended::done);
  cancel_timer();
  set_timer(message_.due);
}

}  // namespace headroom
