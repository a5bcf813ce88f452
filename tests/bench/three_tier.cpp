// What scenarios/three_tier.json costs at least: the plainest event loop that can be written by
// hand for the same system, one switch over kinds of event, one record for each request, the
// kernel's own list of pending events, histograms and random numbers. It knows two zones, one
// balancer policy, one way of calls and nothing else: no coroutines, no policies to choose from, no
// books by window and outcome, no digest, no traces. instructions_per_request.sh counts it beside
// bench_request_path. Argument: run.duration=SECONDSs. Prints the same first figures as
// bench_request_path.

#include <algorithm>
#include <array>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <vector>

#include "sim/kernel/agenda.hpp"
#include "sim/kernel/random.hpp"
#include "sim/stats/histogram.hpp"
#include "sim/stats/time_average.hpp"

namespace {

using namespace headroom::sim;

struct Lognormal {
  double mean, deviation;
  static Lognormal of(double p50_ns, double p99_ns) {
    return {std::log(p50_ns), std::log(p99_ns / p50_ns) / 2.3263478740408408};
  }
  double draw(Keyed& bits) const {
    return std::exp(mean + deviation * boost::random::normal_distribution<double>()(bits));
  }
};

const Lognormal internet = Lognormal::of(20e6, 60e6), same_zone = Lognormal::of(250e3, 1e6);
const Lognormal db_read = Lognormal::of(2e6, 12e6), db_write = Lognormal::of(5e6, 40e6);
constexpr double between_zones_ns = 1.2e6, rate_per_ns = 1700e-9;
constexpr std::uint32_t apps = 4, cores = 4, app_slots = 64, app_queue = 200, db_slots = 8;

enum class Kind : std::uint8_t {
  arrival,
  at_balancer,
  at_app,
  app_done,
  at_db,
  db_done,
  back_at_app,
  back_at_balancer,
  back_at_client
};

struct Request {
  std::uint64_t key;
  Time sent, at_balancer, at_app, at_db, asked;
  std::uint32_t next_free;
  Kind kind;
  std::uint8_t balancer, app, attempt;
  bool is_write, abandoned, call_abandoned;
};

/// One way of a link: messages leave it one after the other.
struct Link {
  double ns_per_byte;
  Time free_at;
  Time send(Time now, std::int64_t bytes) {
    free_at =
        std::max(now, free_at) + Duration::rounded_ns(ns_per_byte * static_cast<double>(bytes));
    return free_at;
  }
};

/// How many are somewhere, and how long they stayed.
struct Books {
  TimeAverage level;
  Histogram stayed;
  void enter(Time now) { level.add(now, 1); }
  void leave(Time now, Time since) {
    level.add(now, -1);
    stayed.record((now - since).count_ns());
  }
};

/// Those who wait for one of so many places, first come first served.
struct Places {
  std::uint32_t free;
  std::deque<std::uint32_t> waiting;
};

class ThreeTier {
 public:
  std::uint64_t run(Time end) {
    Entry event{};
    schedule_arrival(Time());
    while (agenda_.pop(end, event)) {
      now_ = Time::at_ns(event.time_ns);
      ++events_;
      if (event.handle == 0) {
        arrive();
      } else if (event.handle >= first_timeout) {
        time_out(event.handle - first_timeout);
      } else {
        step(event.handle);
      }
    }
    return issued_;
  }
  std::uint64_t events() const { return events_; }
  const Histogram& latency() const { return latency_; }

 private:
  static constexpr std::uint32_t first_timeout = 1u << 30;

  void schedule_arrival(Time from) {
    const double gap = boost::random::exponential_distribution<double>(rate_per_ns)(arrivals_);
    agenda_.push(from + Duration::rounded_ns(gap), 0);
  }

  void arrive() {
    schedule_arrival(now_);
    std::uint32_t number = free_;
    if (number == 0) {
      number = static_cast<std::uint32_t>(requests_.size());
      requests_.emplace_back();
    } else {
      free_ = requests_[number].next_free;
    }
    Request& request = requests_[number];
    request = {};
    request.key = mix(1, issued_);
    request.sent = now_;
    request.is_write = Keyed(mix(request.key, 1)).uniform() >= 0.9;
    ++issued_;
    send_to_balancer(number);
  }

  void send_to_balancer(std::uint32_t number) {
    Request& request = requests_[number];
    request.balancer = static_cast<std::uint8_t>(next_balancer_++ % 2);
    request.kind = Kind::at_balancer;
    Keyed bits(mix(request.key, 2));
    request.asked = now_;
    agenda_.push(client_timeout_, now_, first_timeout + 2 * number);
    agenda_.push(now_ + Duration::rounded_ns(internet.draw(bits)), number);
  }

  /// From one zone to another, or within one.
  void transfer(std::uint32_t number, std::uint32_t from, std::uint32_t to, std::int64_t bytes,
                std::uint64_t draw, Kind kind) {
    Request& request = requests_[number];
    request.kind = kind;
    const Time left = links_[from][to].send(now_, bytes);
    Keyed bits(mix(request.key, draw));
    const double latency = from == to ? same_zone.draw(bits) : between_zones_ns;
    agenda_.push(left + Duration::rounded_ns(latency), number);
  }

  void step(std::uint32_t number) {
    Request& request = requests_[number];
    switch (request.kind) {
      case Kind::arrival:
        break;
      case Kind::at_balancer: {
        balancer_.enter(now_);
        request.at_balancer = now_;
        auto& outstanding = outstanding_[request.balancer];
        request.app = static_cast<std::uint8_t>(
            std::min_element(outstanding.begin(), outstanding.end()) - outstanding.begin());
        ++outstanding[request.app];
        transfer(number, request.balancer, request.app % 2, 1000, 3, Kind::at_app);
        break;
      }
      case Kind::at_app: {
        app_.enter(now_);
        request.at_app = now_;
        Places& slots = slots_[request.app];
        if (slots.free > 0) {
          --slots.free;
          start_app(number);
        } else if (slots.waiting.size() < app_queue) {
          slots.waiting.push_back(number);
        } else {
          leave_app(number);
        }
        break;
      }
      case Kind::app_done: {
        Places& of_cores = cores_[request.app];
        busy_cores_.add(now_, -1);
        if (of_cores.waiting.empty()) {
          ++of_cores.free;
        } else {
          work(take(of_cores));
        }
        request.asked = now_;
        request.call_abandoned = false;
        agenda_.push(request.is_write ? write_timeout_ : read_timeout_, now_,
                     first_timeout + 2 * number + 1);
        transfer(number, request.app % 2, 0, request.is_write ? 2000 : 200, 5, Kind::at_db);
        break;
      }
      case Kind::at_db:
        db_.enter(now_);
        request.at_db = now_;
        if (db_places_.free > 0) {
          --db_places_.free;
          start_db(number);
        } else {
          db_places_.waiting.push_back(number);
        }
        break;
      case Kind::db_done:
        db_.leave(now_, request.at_db);
        if (db_places_.waiting.empty()) {
          ++db_places_.free;
        } else {
          start_db(take(db_places_));
        }
        transfer(number, 0, request.app % 2, request.is_write ? 100 : 4000, 7, Kind::back_at_app);
        break;
      case Kind::back_at_app: {
        Places& slots = slots_[request.app];
        if (slots.waiting.empty()) {
          ++slots.free;
        } else {
          start_app(take(slots));
        }
        leave_app(number);
        break;
      }
      case Kind::back_at_balancer: {
        --outstanding_[request.balancer][request.app];
        balancer_.leave(now_, request.at_balancer);
        request.kind = Kind::back_at_client;
        Keyed bits(mix(request.key, 9));
        agenda_.push(now_ + Duration::rounded_ns(internet.draw(bits)), number);
        break;
      }
      case Kind::back_at_client:
        if (!request.abandoned) latency_.record((now_ - request.sent).count_ns());
        request.key = 0;
        request.next_free = free_;
        free_ = number;
        break;
    }
  }

  void leave_app(std::uint32_t number) {
    Request& request = requests_[number];
    app_.leave(now_, request.at_app);
    transfer(number, request.app % 2, request.balancer, 20'000, 8, Kind::back_at_balancer);
  }

  static std::uint32_t take(Places& places) {
    const std::uint32_t next = places.waiting.front();
    places.waiting.pop_front();
    return next;
  }

  void start_app(std::uint32_t number) {
    Request& request = requests_[number];
    app_wait_.record((now_ - request.at_app).count_ns());
    Places& of_cores = cores_[request.app];
    if (of_cores.free == 0) {
      of_cores.waiting.push_back(number);
      return;
    }
    --of_cores.free;
    work(number);
  }

  void work(std::uint32_t number) {
    Request& request = requests_[number];
    request.kind = Kind::app_done;
    busy_cores_.add(now_, 1);
    Keyed bits(mix(request.key, 4));
    const double mean = request.is_write ? 12e6 : 6e6;
    const double work = mean * boost::random::exponential_distribution<double>()(bits);
    agenda_.push(now_ + Duration::rounded_ns(work), number);
  }

  void start_db(std::uint32_t number) {
    Request& request = requests_[number];
    db_wait_.record((now_ - request.at_db).count_ns());
    request.kind = Kind::db_done;
    Keyed bits(mix(request.key, 6));
    const double work = (request.is_write ? db_write : db_read).draw(bits);
    agenda_.push(now_ + Duration::rounded_ns(work), number);
  }

  /// Most come for what has long been answered.
  void time_out(std::uint32_t which) {
    Request& request = requests_[which / 2];
    const Duration limit = which % 2 == 0     ? client_timeout_.delay()
                           : request.is_write ? write_timeout_.delay()
                                              : read_timeout_.delay();
    if (request.key == 0 || now_ - request.asked != limit) return;
    (which % 2 == 0 ? request.abandoned : request.call_abandoned) = true;
  }

  Agenda agenda_;
  Lane client_timeout_ = agenda_.lane(Duration::seconds(2));
  Lane read_timeout_ = agenda_.lane(Duration::ms(500));
  Lane write_timeout_ = agenda_.lane(Duration::seconds(1));
  Time now_;
  Stream arrivals_{1, 0, "arrivals"};
  std::vector<Request> requests_ = std::vector<Request>(1);
  std::uint32_t free_ = 0;
  std::uint64_t issued_ = 0, events_ = 0, next_balancer_ = 0;
  std::array<std::array<std::uint32_t, apps>, 2> outstanding_{};
  std::array<std::array<Link, 2>, 2> links_{{{{{0.8, {}}, {1.6, {}}}}, {{{1.6, {}}, {0.8, {}}}}}};
  std::array<Places, apps> slots_{
      {{app_slots, {}}, {app_slots, {}}, {app_slots, {}}, {app_slots, {}}}};
  std::array<Places, apps> cores_{{{cores, {}}, {cores, {}}, {cores, {}}, {cores, {}}}};
  Places db_places_{db_slots, {}};
  Books balancer_, app_, db_;
  TimeAverage busy_cores_;
  Histogram app_wait_, db_wait_, latency_;
};

}  // namespace

int main(int argc, char** argv) {
  double seconds = 60;
  constexpr const char* setting = "run.duration=";
  for (int i = 1; i < argc; ++i)
    if (std::strncmp(argv[i], setting, std::strlen(setting)) == 0)
      seconds = std::atof(argv[i] + std::strlen(setting));
  ThreeTier system;
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t requests = system.run(Time() + Duration::rounded_ns(seconds * 1e9));
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  std::printf("requests %llu events %llu p99 %.1f ms ns/request %.0f\n",
              static_cast<unsigned long long>(requests),
              static_cast<unsigned long long>(system.events()),
              system.latency().quantile(0.99) / 1e6, spent.count() / static_cast<double>(requests));
  return 0;
}
