#pragma once
// New rows of a wide answer that are not whole: they wait for the columns that are still to come. Pure.
#include "model/answer.hpp"
#include "model/column_set.hpp"
#include "records/ledger.hpp"

namespace oes {

/// The label of the first row of a series, after `after`, that waits: the answer has some of its numbers, and leaves
/// out a column in which the series' newest published record has one. network_time::max(): none does. Of a series that
/// was never published each column is waited for. One that the API has no longer is waited for once: the record that
/// goes without it is the newest then.
/// `own`: the columns of the stream.
network_time first_waiting(const series& one, const ledger& published, network_time after,
                           column_set own = all_columns);

}  // namespace oes
