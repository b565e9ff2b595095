#pragma once
// One transaction through one producer (guarantee.md §2, §4), and its plainer sister without transactions.
#include <cstdint>
#include <functional>
#include <string>

#include "model/batch.hpp"
#include "publish/deadline.hpp"
#include "publish/producer.hpp"

namespace oes {

/// How it ended. All but the first two leave a producer that must not be used again; its successor's init ends what is
/// open. That is why no EndTxn(abort) is ever sent: there is none that could come late.
enum class ending {
  committed,
  not_started,    ///< the producer is as it was
  not_committed,  ///< commit was never asked for
  unknown,        ///< commit was asked for, or may have been, or where it landed was not told: the progress topic knows
  rehearsed,      ///< a rehearsal: every record was taken; commit was never asked for
};

struct transaction_end {
  ending how = ending::not_started;
  error why{errc::not_committed, {}};  ///< or kafka_refused, or refused: Kafka is not what it was known to be
  std::int64_t progress_offset = -1;
  std::int64_t begin_offset = -1;
  last_offsets data = {};
};

/// Whether this process still has the right under which the transaction was decided; asked before it is begun and
/// while its commit is waited for. While records are sent and awaited, message_timeout and two seconds at most, nobody
/// asks: the thread that serves the group does that. What is lost then is the broker's to fence.
using still_ours = std::function<bool()>;

/// Blocks. `until` bounds the records and their deliveries, `commit_until` the commit.
transaction_end transact(
    producer& through, const transaction& txn, const deadline& until, const deadline& commit_until,
    const still_ours& still = [] { return true; });

/// Data first, and when all of it is delivered the progress; committed means delivered. After anything else some
/// records may be there and come again, but for `unknown`: all are there, where was not told. `still`: asked before
/// anything is sent, before the progress is, and under way where that takes long.
transaction_end produce_idempotent(producer& through, const transaction& txn, const deadline& until,
                                   const still_ours& still);

/// Every data topic of a transaction, once each.
std::vector<std::string> topics_of(const transaction& txn);

}  // namespace oes
