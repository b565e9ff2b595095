#pragma once
// Whether the ledger can take an answer's new series: asked before anything of it is begun. Pure.
#include <vector>

#include "groups/request_group.hpp"
#include "model/answer.hpp"
#include "model/error.hpp"
#include "records/ledger.hpp"

namespace oes {

/// `members`: indices into the group's; `ledgers`: parallel to the group's members. Error: rejected, naming the member
/// and the bound. Each answer has few series, but names that change all the time add up over the years.
result<void> check_series_room(const request_group& group, const std::vector<ledger>& ledgers,
                               const std::vector<std::size_t>& members, const time_series_answer& answer);

}  // namespace oes
