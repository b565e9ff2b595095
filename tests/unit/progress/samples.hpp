#pragma once
// States that progress tests write and read.
#include <string>

#include "model/progress.hpp"
#include "progress/progress_codec.hpp"

namespace oes::samples {

inline network_time local(const char* text) { return *parse_network_time(text); }

inline member_progress nem_power() {
  member_progress m;
  m.identity = "network|NEM|5m|network_region/fueltech||long";
  m.net = network::nem;
  m.start = local("2026-11-22T10:00:00");
  m.position = local("2026-11-23T10:05:00");
  m.ledger_from = local("2026-11-22T11:00:00");
  m.topic = "openelectricity.network.5m.v1";
  m.record_key = "point";
  m.labels.cover({local("2026-11-22T10:00:00"), local("2026-11-22T12:00:00")});
  m.labels.cover({local("2026-11-22T13:00:00"), local("2026-11-23T10:05:00")});
  m.labels.add_gap({{local("2026-11-22T12:00:00"), local("2026-11-22T13:00:00")},
                    "no_data",
                    *parse_utc("2026-11-23T00:11:12.345678Z")});
  return m;
}

inline member_progress wem_price() {
  member_progress m;
  m.identity = "market|WEM|5m|total||long";
  m.net = network::wem;
  m.start = local("2026-11-22T08:00:00");
  m.position = local("2026-11-23T08:00:00");
  m.ledger_from = m.start;
  m.labels.cover({m.start, m.position});
  return m;
}

inline progress_state state() {
  progress_state s;
  s.sequence = 12;
  s.last_version = 1795395600000123;
  s.generation = 3;
  s.claim_owner = "host-a/4711/ab12";
  s.members[{"nem", "power"}] = nem_power();
  s.members[{"wem|odd %name\n", "price"}] = wem_price();
  return s;
}

/// What a reader does with a record, where the ledger is not looked at.
inline result<void> fold(progress_state& s, std::string_view key, std::string_view value) {
  ledger_book unused;
  return apply_progress_record(s, unused, key, value);
}

inline progress_snapshot snapshot() { return {state(), {"cluster-1", "openelectricity.progress.test", 90}}; }

}  // namespace oes::samples
