#pragma once

// For tests: the policies that learn from more than the order of use, again. See
// test_naive_policies.hpp.

#include "models/cache/policies/frequency_sketch.hpp"
#include "models/cache/test_naive_policies.hpp"

namespace headroom::naive {

/// The queue of the paper's step 2 is searched for the least priority.
class Gdsf : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    const bool hit = files.contains(x);
    if (!hit) {
      while (used + size(x) > c)
        evict();
      used += size(x);
    }
    File& file = files[x];
    ++file.frequency;
    file.priority = clock + file.frequency / static_cast<double>(std::max<Key>(1, size(x)));
    return hit;
  }

 private:
  struct File {
    double frequency = 0;
    double priority = 0;
  };
  void evict() {
    auto least = files.begin();
    for (auto file = files.begin(); file != files.end(); ++file) {
      const bool equal = file->second.priority == least->second.priority;
      if (equal ? sim::mix(file->first) < sim::mix(least->first)
                : file->second.priority < least->second.priority)
        least = file;
    }
    clock = least->second.priority;
    used -= size(least->first);
    files.erase(least);
  }

  std::map<Key, File> files;
  std::uint64_t used = 0;
  double clock = 0;
};

class TwoQ : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    if (am.has(x)) {
      am.erase(x);
      am.push(x);
      return true;
    }
    if (a1in.has(x)) return true;
    const bool was_out = a1out.has(x);
    a1out.erase(x);
    while (am.used() + a1in.used() + size(x) > c) {
      if (a1in.used() > c / 4 || am.empty()) {
        const Key y = a1in.pop();
        if (size(y) <= c / 2) a1out.push(y);
        while (a1out.used() > c / 2)
          a1out.pop();
      } else {
        am.pop();
      }
    }
    (was_out ? am : a1in).push(x);
    return false;
  }

 private:
  Queue am = queue(), a1in = queue(), a1out = queue();
};

/// Figure 4 of the paper, for keys of one size.
class Arc : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    if (t1.has(x) || t2.has(x)) {
      t1.erase(x);
      t2.erase(x);
      t2.push(x);
      return true;
    }
    const auto n = [](const Queue& q) { return static_cast<double>(q.used()); };
    const auto most = static_cast<double>(c);
    if (b1.has(x)) {
      p = std::min(most, p + (n(b1) >= n(b2) ? 1 : n(b2) / n(b1)));
      replace(x);
      b1.erase(x);
      t2.push(x);
    } else if (b2.has(x)) {
      p = std::max(0.0, p - (n(b2) >= n(b1) ? 1 : n(b1) / n(b2)));
      replace(x);
      b2.erase(x);
      t2.push(x);
    } else {
      if (n(t1) + n(b1) == most) {
        if (n(t1) < most) {
          b1.pop();
          replace(x);
        } else {
          t1.pop();
        }
      } else if (n(t1) + n(t2) + n(b1) + n(b2) >= most) {
        if (n(t1) + n(t2) + n(b1) + n(b2) == 2 * most) b2.pop();
        replace(x);
      }
      t1.push(x);
    }
    return false;
  }

 private:
  void replace(Key x) {
    const auto length = static_cast<double>(t1.used());
    if (!t1.empty() && (length > p || (b2.has(x) && length == p))) {
      b1.push(t1.pop());
    } else {
      b2.push(t2.pop());
    }
  }

  Queue t1 = queue(), t2 = queue(), b1 = queue(), b2 = queue();
  double p = 0;
};

class Sieve : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    for (Object& object : objects) {
      if (object.key != x) continue;
      object.visited = true;
      return true;
    }
    while (used() + size(x) > c)
      evict();
    objects.push_front({x, false});
    return false;
  }

 private:
  struct Object {
    Key key;
    bool visited;
  };
  void evict() {
    auto o = hand;
    if (o == objects.end()) o = std::prev(objects.end());
    while (o->visited) {
      o->visited = false;
      o = o == objects.begin() ? std::prev(objects.end()) : std::prev(o);
    }
    hand = o == objects.begin() ? objects.end() : std::prev(o);
    objects.erase(o);
  }
  std::uint64_t used() const {
    std::uint64_t sum = 0;
    for (const Object& object : objects)
      sum += size(object.key);
    return sum;
  }

  std::list<Object> objects;  // The head first.
  std::list<Object>::iterator hand = objects.end();
};

class S3Fifo : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    if (s.has(x) || m.has(x)) {
      freq[x] = std::min(freq[x] + 1, 3);
      return true;
    }
    while (s.used() + m.used() + size(x) > c) {
      if (s.used() >= small && !s.empty()) {
        evict_s();
      } else if (!m.empty()) {
        evict_m();
      } else {
        evict_s();
      }
    }
    (g.has(x) ? m : s).push(x);
    g.erase(x);
    freq[x] = 0;
    return false;
  }

 private:
  void evict_s() {
    bool evicted = false;
    while (!evicted && !s.empty()) {
      const Key t = s.oldest();
      if (freq[t] > 1) {
        if (m.used() + size(t) > c - small) evict_m();
        m.push(t);
        freq[t] = 0;
      } else {
        if (size(t) <= c - small) g.push(t);
        while (g.used() > c - small)
          g.pop();
        evicted = true;
      }
      s.erase(t);
    }
  }
  void evict_m() {
    while (!m.empty()) {
      const Key t = m.pop();
      if (freq[t] == 0) return;
      m.push(t);
      --freq[t];
    }
  }

  std::uint64_t small = std::max<std::uint64_t>(1, c / 10);
  Queue s = queue(), m = queue(), g = queue();
  std::map<Key, int> freq;
};

/// Shares the sketch with the fast one; that is tested on its own. For keys of one size.
class WTinyLfu : public Cache {
 public:
  WTinyLfu(std::uint64_t room, SizeOf size_of)
      : Cache(room, size_of),
        window_room(std::max<std::uint64_t>(1, room / 100)),
        main(room - window_room, size_of) {}
  bool request(Key x) override {
    sketch.count(x);
    if (window.has(x)) {
      window.erase(x);
      window.push(x);
      return true;
    }
    if (main.hit(x)) return true;
    if (window.used() == window_room) {
      const Key candidate = window.pop();
      const bool full = main.probation.used() + main.guarded.used() == c - window_room;
      Queue& last = main.probation.empty() ? main.guarded : main.probation;
      const bool wins =
          !last.empty() && sketch.estimate(candidate) > sketch.estimate(last.oldest());
      if (full && wins) last.pop();
      if (c > window_room && (!full || wins)) main.probation.push(candidate);
    }
    window.push(x);
    // The fast one makes its sketch larger as it gets more entries.
    entries = std::max(entries, window.used() + main.probation.used() + main.guarded.used());
    while (sketch_room < std::min(entries, c))
      sketch_room = std::min(c, 2 * sketch_room);
    sketch.fit(sketch_room);
    return false;
  }

 private:
  std::uint64_t window_room;
  std::uint64_t entries = 0;
  std::uint64_t sketch_room = std::min<std::uint64_t>(64, c);
  Queue window = queue();
  Slru main;
  FrequencySketch sketch;
};

}  // namespace headroom::naive
