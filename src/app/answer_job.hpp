#pragma once
// A job that came by the control socket: done by the term when this daemon leads, else told who does lead.
#include <boost/asio/awaitable.hpp>

#include "app/job_desk.hpp"
#include "app/parts.hpp"

namespace oes {

boost::asio::awaitable<job_answer> answer_job(parts& all, job_desk& desk, job asked, std::shared_ptr<job_wire> wire);

}  // namespace oes
