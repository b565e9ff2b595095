#pragma once
// A refresh, and a gap that fills, are compared with what was published, and only the data topics know that for what is
// older than the ledger: they are read, on a thread of their own, and may take minutes.
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "app/label_places.hpp"
#include "app/topic_access.hpp"
#include "backfill/backfill.hpp"
#include "commit/patient_look.hpp"

namespace oes {

/// Of these members of a group, what lies in the labels of each. `committed`: where they stand, and how far the topics
/// were written at least. `places`: what one reading knows of the topics for the next. Ends early when `tap` closes
/// (stopped). Errors: kafka_unavailable; refused: the topics end below that, and still do after a while.
boost::asio::awaitable<result<published_before>> read_published(topic_access by, event& tap, const request_group& group,
                                                                std::vector<member_labels> asked,
                                                                const progress_snapshot& committed,
                                                                label_places& places, look_patience how = {});

}  // namespace oes
