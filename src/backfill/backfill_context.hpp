#pragma once
// Where a backfill works, and what it tells of itself on its way.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backfill/recollection.hpp"

namespace oes {

/// How far it is.
struct backfill_news {
  std::size_t done = 0;           ///< chunks
  std::size_t left = 0;           ///< as planned now
  std::size_t requests = 0;       ///< sent, repeated ones too
  std::size_t records = 0;        ///< committed
  time_range chunk{};             ///< under way
  std::string waits_for;          ///< empty: under way; else why nothing is asked for now
  std::optional<utc_time> until;  ///< when it goes on
  std::string out_of_reach;       ///< what was not asked for since the plan's history does not hold it; for people
};

/// Where a backfill works; borrowed, outlives it.
struct backfill_context {
  const std::vector<request_group>& groups;
  const poll_context& by;
  const facility_directory* facilities;  ///< by which facility series are asked for, where there are any
  reader& read;
  writer& write;
  std::function<void(const backfill_news&)> tell;
  std::function<bool()> goes_on;  ///< false: whoever asked for it is gone
  recall_published recall;        ///< what was published before
};

}  // namespace oes
