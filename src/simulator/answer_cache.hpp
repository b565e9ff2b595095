#pragma once
// The server's answer cache: by user and parameters, on simulated time, bounded in bytes.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "model/time.hpp"

namespace oes::sim {

/// A rendered answer. Shared by the cache and by the connections that are sending it.
struct cached_answer {
  std::shared_ptr<const std::string> body;
  std::shared_ptr<const std::string> blocks;  ///< for the served log; may be empty
  std::string etag;
  utc_time expires;
  utc_time read_at{};  ///< the instant whose data it shows
};

class answer_cache {
 public:
  explicit answer_cache(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  /// nullptr: nothing fresh. Valid until the next put.
  [[nodiscard]] const cached_answer* find(const std::string& key, utc_time now) const;
  void put(const std::string& key, cached_answer answer);

 private:
  static std::size_t size_of(const cached_answer& a) { return a.body->size() + (a.blocks ? a.blocks->size() : 0); }
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, cached_answer> answers_;
  std::deque<std::string> order_;  // oldest first
};

}  // namespace oes::sim
