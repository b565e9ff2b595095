#pragma once
// Everything by which the daemon tells what it does: log, metrics, status board and page, and who feeds them all.
#include "app/instance.hpp"
#include "async/clock.hpp"
#include "config/configuration.hpp"
#include "report/reporter.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/page_memory.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

struct telling_parts {
  /// `clock` outlives it.
  telling_parts(const configuration& config, const instance_name& instance, const time_source& clock);
  telling_parts(const telling_parts&) = delete;
  telling_parts& operator=(const telling_parts&) = delete;

  logger log;
  metrics numbers;
  page_memory page;
  daemon_status board;
  reporter report;
};

}  // namespace oes
