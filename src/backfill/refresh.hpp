#pragma once
// What a refresh adds to a backfill: it is entered into progress, and its answers are compared with what was published.
#include "backfill/backfill_chunk.hpp"
#include "backfill/backfill_run.hpp"

namespace oes {

/// What was published before of the chunk's labels, into `run.past`: read once for many chunks.
boost::asio::awaitable<result<void>> recall(backfill_run& run, const backfill_chunk& chunk);
/// The same, all of it. refused: records that are compared with are gone.
boost::asio::awaitable<result<void>> recall_whole(backfill_run& run, const backfill_chunk& chunk);

/// Enters it into progress before its first chunk. Where it cannot know what it compares with it is refused before
/// anything is changed.
boost::asio::awaitable<result<void>> begin_refresh(backfill_run& run, const backfill_plan& plan);

/// Takes it out of progress, after its last chunk.
boost::asio::awaitable<result<void>> end_refresh(backfill_run& run, const backfill_plan& plan);

/// What a refresh asked for again, and of which the answer (404: nullptr) has nothing although something was published
/// there: members of `chunk.work`. Empty: none, or no refresh.
std::vector<std::size_t> left_out_of(const backfill_run& run, const backfill_chunk& chunk,
                                     const time_series_answer* answer);
/// An answer that leaves out a metric says nothing of it: it is asked for again, some times. Then the API has it no
/// more.
bool asks_again(backfill_run& run, const backfill_chunk& chunk, const std::vector<std::size_t>& left_out);
/// Why it waits: names the metrics.
error left_out_error(const backfill_chunk& chunk, const std::vector<std::size_t>& left_out);

}  // namespace oes
