#pragma once
// A job that came by the control socket: done by the term when this daemon leads, else told who does lead.
#include <boost/asio/awaitable.hpp>

#include "app/parts.hpp"
#include "app/request_queue.hpp"

namespace oes {

boost::asio::awaitable<job_answer> answer_job(parts& all, request_queue& requests, job asked,
                                              std::shared_ptr<job_wire> wire);

}  // namespace oes
