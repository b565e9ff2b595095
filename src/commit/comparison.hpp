#pragma once
// Kafka, read to its end, against what this process knows to be committed (guarantee.md §3). Pure.
#include <optional>
#include <string>

#include "model/error.hpp"
#include "model/progress.hpp"
#include "progress/progress_store.hpp"

namespace oes {

/// Everything that a look at Kafka has shown.
struct kafka_view {
  progress_reading reading;
  next_offsets ends;  ///< of the data topics: what comes next
};

/// `held`: what memory says. refused: Kafka is not what it was, with the ways out.
result<void> compare(const kafka_view& seen, const progress_snapshot& held);
/// Where it is refused for what is missing: that, in words (progress/less_than_known).
std::optional<std::string> lacks(const kafka_view& seen, const progress_snapshot& held);

/// Reading again does not mend it: a record that cannot be, or one of a newer release.
bool lasts(const error& why);
/// fenced: another has claimed, or a transaction of this process that it took for lost was committed. Either way this
/// term knows too little to go on.
error ahead_of_us(const progress_state& there, const progress_state& known);
/// Of the newest transaction that a reading tells of; 0: of none.
std::int64_t sequence_in(const progress_reading& reading);

}  // namespace oes
