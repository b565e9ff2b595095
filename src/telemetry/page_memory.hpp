#pragma once
// What the page alone remembers of the last day; at most 2 MiB.
#include "telemetry/data_chart.hpp"
#include "telemetry/page_history.hpp"

namespace oes {

struct page_memory {
  page_history lines;
  data_chart chart;
};

}  // namespace oes
