#pragma once

// For tests: the policies again, in as few lines as their papers leave them, from lists that are
// searched from end to end. Written apart from the fast ones.

#include <algorithm>
#include <functional>
#include <list>
#include <map>
#include <vector>

#include "sim/kernel/random.hpp"

namespace headroom::naive {

using Key = std::uint64_t;
using SizeOf = std::function<std::uint64_t(Key)>;

/// Keys from the newest to the oldest.
class Queue {
 public:
  explicit Queue(SizeOf size_of) : size_of_(std::move(size_of)) {}
  bool has(Key key) const { return std::find(keys_.begin(), keys_.end(), key) != keys_.end(); }
  void push(Key key) { keys_.push_front(key); }
  void erase(Key key) { keys_.remove(key); }
  Key oldest() const { return keys_.back(); }
  Key pop() {
    const Key key = keys_.back();
    keys_.pop_back();
    return key;
  }
  bool empty() const { return keys_.empty(); }
  std::uint64_t used() const {
    std::uint64_t sum = 0;
    for (const Key key : keys_)
      sum += size_of_(key);
    return sum;
  }
  const std::list<Key>& keys() const { return keys_; }

 private:
  SizeOf size_of_;
  std::list<Key> keys_;
};

/// `request` tells whether the key was there, and brings it in where it was not.
class Cache {
 public:
  Cache(std::uint64_t room, SizeOf size_of) : c(room), size(std::move(size_of)) {}
  virtual ~Cache() = default;
  virtual bool request(Key key) = 0;

 protected:
  Queue queue() const { return Queue(size); }

  std::uint64_t c;
  SizeOf size;
};

class Lru : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    const bool hit = q.has(x);
    if (hit) q.erase(x);
    while (!hit && q.used() + size(x) > c)
      q.pop();
    q.push(x);
    return hit;
  }

 private:
  Queue q = queue();
};

class Fifo : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    if (q.has(x)) return true;
    while (q.used() + size(x) > c)
      q.pop();
    q.push(x);
    return false;
  }

 private:
  Queue q = queue();
};

/// A circle of frames and a hand, as in Multics; for keys of one size.
class Clock : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    for (Frame& frame : frames) {
      if (frame.key != x) continue;
      frame.used = true;
      return true;
    }
    if (frames.size() < c) {
      frames.push_back({x, false});
      return false;
    }
    for (; frames[hand].used; hand = (hand + 1) % frames.size())
      frames[hand].used = false;
    frames[hand] = {x, false};
    hand = (hand + 1) % frames.size();
    return false;
  }

 private:
  struct Frame {
    Key key;
    bool used;
  };
  std::vector<Frame> frames;
  std::size_t hand = 0;
};

class Random : public Cache {
 public:
  Random(std::uint64_t room, SizeOf size_of, sim::Stream stream)
      : Cache(room, std::move(size_of)), random(stream) {}
  bool request(Key x) override {
    if (std::find(keys.begin(), keys.end(), x) != keys.end()) return true;
    used += size(x);
    while (used > c) {
      const std::size_t i = random.below(keys.size());
      used -= size(keys[i]);
      std::swap(keys[i], keys.back());
      keys.pop_back();
    }
    keys.push_back(x);
    return false;
  }

 private:
  sim::Stream random;
  std::vector<Key> keys;
  std::uint64_t used = 0;
};

class Lfu : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    ++now;
    const auto at = entries.find(x);
    if (at != entries.end()) {
      ++at->second.uses;
      at->second.last = now;
      return true;
    }
    while (used() + size(x) > c)
      entries.erase(std::min_element(entries.begin(), entries.end(), [](auto& a, auto& b) {
        return std::pair(a.second.uses, a.second.last) < std::pair(b.second.uses, b.second.last);
      }));
    entries[x] = {1, now};
    return false;
  }

 private:
  std::uint64_t used() const {
    std::uint64_t sum = 0;
    for (const auto& [key, entry] : entries)
      sum += size(key);
    return sum;
  }
  struct Entry {
    std::uint64_t uses, last;
  };
  std::map<Key, Entry> entries;
  std::uint64_t now = 0;
};

class Slru : public Cache {
 public:
  using Cache::Cache;
  bool request(Key x) override {
    if (hit(x)) return true;
    while (probation.used() + guarded.used() + size(x) > c)
      (probation.empty() ? guarded : probation).pop();
    probation.push(x);
    return false;
  }
  bool hit(Key x) {
    if (!probation.has(x) && !guarded.has(x)) return false;
    probation.erase(x);
    guarded.erase(x);
    guarded.push(x);
    while (guarded.used() > c * 8 / 10)
      probation.push(guarded.pop());
    return true;
  }

  Queue probation = queue();
  Queue guarded = queue();
};

}  // namespace headroom::naive
