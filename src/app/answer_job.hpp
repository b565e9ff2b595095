#pragma once
// A job that came by the control socket: done by the term when this daemon leads, else told who does lead. A reload
// concerns this daemon alone, whether it leads or stands by.
#include <boost/asio/awaitable.hpp>

#include "app/config_reload.hpp"
#include "app/parts.hpp"
#include "app/request_queue.hpp"

namespace oes {

boost::asio::awaitable<job_answer> answer_job(parts& all, request_queue& requests, config_reload& config, job asked,
                                              std::shared_ptr<job_wire> wire);

}  // namespace oes
