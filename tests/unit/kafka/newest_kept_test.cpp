#include "kafka/newest_kept.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

kept_record of(std::int64_t version, const std::string& interval_end, std::int32_t partition = 0) {
  return {{version, interval_end}, "t", partition, version, "k", "v"};
}

std::vector<std::string> ends_of(const std::vector<kept_record>& records) {
  std::vector<std::string> out;
  out.reserve(records.size());
  for (const auto& one : records) out.push_back(one.age.interval_end);
  return out;
}

}  // namespace

TEST_CASE("the newest are kept whatever their order, and come with the oldest first") {
  newest_kept kept(3);
  for (const auto version : {5, 1, 9, 2, 8, 3}) {
    kept.add(of(version, "v" + std::to_string(version)));
  }
  CHECK(kept.is_full());
  CHECK(ends_of(kept.take()) == std::vector<std::string>{"v5", "v8", "v9"});
  CHECK(kept.take().empty());
}

TEST_CASE("of one version the later interval is the newer, whichever partition it lies in") {
  newest_kept kept(2);
  kept.add(of(7, "2026-03-10T02:10:00Z", 0));
  kept.add(of(7, "2026-03-10T02:00:00Z", 2));
  kept.add(of(7, "2026-03-10T02:05:00Z", 1));
  CHECK(ends_of(kept.take()) == std::vector<std::string>{"2026-03-10T02:05:00Z", "2026-03-10T02:10:00Z"});
}

TEST_CASE("where none is wanted none is kept") {
  newest_kept kept(0);
  kept.add(of(1, "a"));
  CHECK(kept.is_full());
  CHECK(kept.take().empty());
}
