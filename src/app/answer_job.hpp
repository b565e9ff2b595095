#pragma once
// A job that came by the control socket: done by the term when this daemon leads, else told who does lead. A reload
// concerns this daemon alone, whether it leads or stands by.
#include <boost/asio/awaitable.hpp>

#include "app/config_reload.hpp"
#include "app/instance.hpp"
#include "app/request_queue.hpp"
#include "async/clock.hpp"
#include "config/configuration.hpp"
#include "progress/progress_store.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

/// Who is asked, and where it finds the answer.
struct job_desk {
  const configuration& config;
  const instance_name& instance;
  const time_source& clock;
  daemon_status& board;
  progress_store& store;
  request_queue& requests;
  config_reload& reload;
};

boost::asio::awaitable<job_answer> answer_job(job_desk desk, job asked, std::shared_ptr<job_wire> wire);

}  // namespace oes
