#pragma once
// A command that does an operator's job itself, for want of a daemon: it takes the folder's lock, leads a term for this
// one job, and resigns.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "app/both_sides.hpp"
#include "app/exit_code.hpp"
#include "app/request_queue.hpp"
#include "app/term_context.hpp"
#include "config/configuration.hpp"

namespace oes {

/// What to do once the plan of the API key is known: nothing leads yet, and nothing is on the requests.
using work_alone = std::function<boost::asio::awaitable<exit_code>(term_context& context)>;

/// `work` from lock to last write. It says little, serves nothing and does not stand by. errc of what ended it as exit
/// code; what happened is on stdout or stderr.
exit_code run_alone(configuration config, run_mode mode, const work_alone& work);

/// Both sides as they are now, without leading or making anything. `home`: the cluster outside which nothing is made.
boost::asio::awaitable<result<both_sides>> look_alone(term_context& context, std::string home);

/// The term for the job that lies on the requests, and its end: the job's answer, or why it has none.
boost::asio::awaitable<result<job_answer>> run_term_for(term_context& context, const operator_request& mine);

/// On stderr; its exit code.
exit_code fail(const error& why);
/// On stdout, or on stderr where it is no success; its exit code.
exit_code tell(const job_answer& given);

}  // namespace oes
