#pragma once
// One term of leadership: topics → lead → read progress → reconcile → claim → groups (guarantee.md §3). Who runs terms
// resigns between them.
#include <boost/asio/awaitable.hpp>

#include "app/term_context.hpp"
#include "app/term_work.hpp"
#include "model/error.hpp"

namespace oes {

/// Errors: refused, damaged and kafka_refused (an operator has to act); kafka_unavailable, not_committed and fenced
/// (try again); stopped.
boost::asio::awaitable<result<term_report>> run_term(term_context& context);

}  // namespace oes
