#pragma once
// One request beside the live stream: its question, and what becomes of the answer.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "backfill/backfill_plan.hpp"
#include "backfill/young_labels.hpp"
#include "pipeline/chunk_pipeline.hpp"
#include "pipeline/poll_context.hpp"
#include "pipeline/writer.hpp"
#include "reader/reader.hpp"
#include "records/ledger.hpp"

namespace oes {

struct backfill_chunk {
  const request_group& group;
  group_backfill work;
  time_range window;
  network_time asked_until = window.end;  ///< behind it, where only that shows whether its last label is whole
};

/// Nothing to compare with: parallel to the chunk's members.
std::vector<ledger> nothing_published(const backfill_chunk& chunk);

/// A window that one request can ask for. Of facility series it suits the list of facilities, which is waited for;
/// where its last label may not be whole there is room for the one behind it. `smaller`: the cap on a request after
/// trouble.
boost::asio::awaitable<result<void>> fit_window(backfill_chunk& chunk, const poll_context& by, reader& read,
                                                std::optional<std::chrono::seconds> smaller = std::nullopt);

/// What tells how much of its answer is whole, now.
young_edge edge_of(const backfill_chunk& chunk, const poll_context& by);

/// Asks for the metrics that want something of the chunk's window. Errors as of reader::read().
boost::asio::awaitable<window_read> read_chunk(const backfill_chunk& chunk, spend_on purpose, unusable_answer unusable,
                                               const poll_context& by, reader& read);

/// Commits and reports what the answer lets the members do; gives the number of records. Errors: fenced, stopped.
boost::asio::awaitable<result<std::size_t>> publish_chunk(const backfill_chunk& chunk, const time_series_answer& answer,
                                                          std::vector<member_step> steps, const poll_context& by,
                                                          writer& write);

}  // namespace oes
