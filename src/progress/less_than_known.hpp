#pragma once
// What Kafka was shown without, though it is known to be there: what a broker that lags behind shows, and Kafka that
// has lost records. Only looking again tells which. Pure.
#include <cstdint>
#include <optional>
#include <string>

#include "model/error.hpp"
#include "model/topic_offsets.hpp"
#include "progress/reconcile_input.hpp"

namespace oes {

/// A partition that ends at or below a record that was written there.
struct cut_partition {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t end = 0;      ///< what comes next there, as it was told
  std::int64_t written = 0;  ///< offset of a committed record
};
/// The first of them. `ends`: what comes next; what is missing there is not compared.
std::optional<cut_partition> first_cut(const next_offsets& ends, const last_offsets& written);

/// The progress topic, where it ends at or below the record that `known` names.
std::optional<cut_partition> cut_progress(const next_offsets& ends, const progress_place& known);
/// refused: such a topic, which cannot be read to its end either (`why`), with the ways out. What an older copy of the
/// partition left open is a transaction that nobody ends any more: waiting for its end has no sense.
error unreadable_and_cut(const cut_partition& cut, const error& why);

/// Of an input that reconcile refuses, in words; nullopt: it is refused for something else.
std::optional<std::string> less_than_known(const reconcile_input& input);

/// "topic power, partition 1 ends at offset 50, though a record was committed at 50".
std::string words_of(const cut_partition& cut);

}  // namespace oes
