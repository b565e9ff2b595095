#pragma once
// The pieces of the status page, each of which adds its own HTML. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/data_chart.hpp"
#include "telemetry/status_board.hpp"
#include "telemetry/stream_summary.hpp"

namespace oes {

/// The page's words of health: one sentence that says whether data flows.
std::string health_sentence(const daemon_status& status);
/// How many credits the day takes if it goes on as it does; nullopt: nothing polls yet.
std::optional<std::int64_t> credits_by_day_end(const daemon_status& status);

void add_health(std::string& page, const daemon_status& status);
void add_facts(std::string& page, const daemon_status& status);
void add_charts(std::string& page, const daemon_status& status);
void add_streams(std::string& page, const daemon_status& status);
void add_backfill(std::string& page, const daemon_status& status);
void add_records(std::string& page, const daemon_status& status);
void add_events(std::string& page, const daemon_status& status);

/// Name of the page's tone of a state (status_page_assets.cpp); words always stand beside a colour.
std::string_view tone_of(stream_state state);
/// One record as a person reads it, in cells: label, series, metric, value, revision; of a wide one label, series, its
/// numbers by name, revision; the text itself where it is something else.
std::vector<std::string> record_cells(const std::string& json);

/// `2026-11-23 00:05:12 UTC`.
std::string clock_text(utc_time at);
/// `<small>…</small>`, where there is something to say.
void add_small(std::string& page, std::string_view text);
std::string capitalised(std::string text);

}  // namespace oes
