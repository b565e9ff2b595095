#pragma once
// One request beside the live stream: its question, and what becomes of the answer.
#include <string>
#include <vector>

#include "backfill/backfill_plan.hpp"
#include "pipeline/delivery.hpp"
#include "pipeline/writer.hpp"
#include "reader/reader.hpp"
#include "records/ledger.hpp"

namespace oes {

struct backfill_chunk {
  const request_group& group;
  group_backfill work;
  time_range window;
};

/// Nothing to compare with: parallel to the chunk's members.
std::vector<ledger> nothing_published(const backfill_chunk& chunk);

/// Facility series: a window that suits the list of facilities, which is waited for.
boost::asio::awaitable<result<void>> fit_to_facilities(backfill_chunk& chunk, reader& read);

/// Asks for the metrics that want something of the chunk's window. Errors as of reader::read().
boost::asio::awaitable<result<window_answer>> read_chunk(const backfill_chunk& chunk, spend_on purpose,
                                                         unusable_answer unusable, reader& read);

/// Commits and reports what the answer lets the members do; gives the number of records. Errors: fenced, stopped.
boost::asio::awaitable<result<std::size_t>> publish_chunk(const backfill_chunk& chunk, const time_series_answer& answer,
                                                          std::vector<member_step> steps, reader& read, writer& write);

}  // namespace oes
