#pragma once
// The resolved configuration: every part's settings, every stream.
#include <optional>
#include <string>
#include <vector>

#include "async/clock.hpp"
#include "facilities/facility_list_settings.hpp"
#include "fetch/fetch_settings.hpp"
#include "model/stream.hpp"
#include "publish/publish_settings.hpp"
#include "registry/registry_settings.hpp"
#include "schedule/schedule_settings.hpp"
#include "telemetry/telemetry_settings.hpp"

namespace oes {

/// The one place where a room sees other rooms' headers: their settings, nothing else.
struct configuration {
  fetch_settings fetch;
  schedule_settings schedule;
  budget_settings budget;
  publish_settings publish;
  registry_settings registry;
  telemetry_settings telemetry;
  std::vector<stream_spec> streams;
  facility_list_settings facilities;
  std::string progress_path;
  std::optional<clock_settings> test_clock;
};

}  // namespace oes
