#pragma once
// What was served, one JSON line per answer, written before the answer is sent: a checker's main source.
//
// {"n":7,"at":"2026-11-23T10:05:00.000Z","real_us":…,"as_of_us":…,"request":"/v4/…","status":200,"cache":"MISS","blocks":[
//   {"network_code":"NEM","metric":"power","unit":"MW","interval":"5m","series":[
//     {"columns":{"region":"NSW1"},"first":"2026-11-22T00:00:00+10:00","step":300,"values":["3256.9176",null,…]}]}]}
//
// `as_of_us`: the simulated instant whose data the answer shows (a cached answer's is older than `at`).
// Values are the texts of the answer. Uneven labels (months, merged units): "labels":[…] instead of first and step.
// A fault adds "fault":"<kind>"; one that made the answer unusable also adds "cut":true. Of an answer that lies the
// blocks hold what is true in it; "doubted":[…], in the same form, what a client may believe.
#include <cstdint>
#include <cstdio>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "model/time.hpp"

namespace oes::sim {

struct served_answer {
  utc_time at;
  utc_time real;
  std::optional<utc_time> as_of;
  std::string request;
  int status = 200;
  std::string cache;  ///< "HIT", "MISS", or empty
  std::string fault;  ///< empty: none
  bool cut = false;
  std::shared_ptr<const std::string> blocks;  ///< may be null
  std::shared_ptr<const std::string> doubted = nullptr;
};

class served_log {
 public:
  /// `path` may be empty: kept in memory only. Throws std::runtime_error if the file cannot be opened.
  explicit served_log(const std::string& path);

  /// Writes and flushes the line; returns its number.
  std::uint64_t write(const served_answer& answer);
  /// The answer with this number was sent to its last byte.
  void sent(std::uint64_t n);
  /// NDJSON of complete 200 answers with a number > since, as far as they are still in memory (64 MiB).
  [[nodiscard]] std::string since(std::uint64_t n) const;
  [[nodiscard]] std::uint64_t count() const { return next_ - 1; }

 private:
  struct entry {
    std::uint64_t n;
    bool good;
    bool sent;
    std::string line;
  };
  struct closer {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };

  std::unique_ptr<std::FILE, closer> file_;
  std::uint64_t next_ = 1;
  std::deque<entry> recent_;
  std::size_t bytes_ = 0;
};

}  // namespace oes::sim
