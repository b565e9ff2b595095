#include "simulator/options.hpp"
#include "async/clock.hpp"
#include "model/version.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace oes::sim {
namespace {

// The options as they are typed.
struct typed_options {
  std::string listen = "127.0.0.1:0";
  std::string clock_start;
  double clock_speed = 1;
  std::int64_t real_anchor_us = 0;
  std::vector<std::string> keys;
  std::string rate_limit = "real";
  std::string faults;
  std::string lies;
  std::int64_t date_skew = 0;
  int wem_every = 5;
  bool calm = false;
  bool no_cache = false;
};

void declare(CLI::App& app, typed_options& t, options& o) {
  app.set_version_flag("--version", std::string(version()));
  app.add_option("--listen", t.listen, "Address and port; port 0 picks a free one")->capture_default_str();
  app.add_option("--port-file", o.port_file, "Write the port there once listening");
  app.add_option("--seed", o.how.seed, "Everything follows from it")->capture_default_str();
  app.add_option("--clock-start", t.clock_start, "Simulated time at the anchor, ISO 8601 with offset (default: now)");
  app.add_option("--clock-speed", t.clock_speed, "Simulated seconds per real second")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1e6));
  app.add_option("--clock-real-anchor", t.real_anchor_us,
                 "Real time, microseconds since 1970, at which simulated time is --clock-start (default: start-up)");
  app.add_option("--history-days", o.history_days, "Days of data before --clock-start")
      ->capture_default_str()
      ->check(CLI::Range(0, 3650));
  app.add_option("--facilities-per-fueltech", o.facilities_per_fueltech,
                 "Facilities of each fueltech in a region; 6: about 650 units in the NEM")
      ->capture_default_str()
      ->check(CLI::Range(1, 20));
  app.add_option("--key", t.keys,
                 "KEY:PLAN or KEY:PLAN:CREDITS_PER_DAY, repeatable (default demo-key-0123456789:ENTERPRISE)");
  app.add_option("--rate-limit", t.rate_limit, "Clock of the limit per second")
      ->capture_default_str()
      ->check(CLI::IsMember({"real", "simulated", "off"}));
  const auto rate = CLI::Range(0.0, 1.0);
  app.add_option("--revisions", o.how.revisions, "How often values are rewritten, 0 to 1")
      ->capture_default_str()
      ->check(rate);
  app.add_option("--late", o.how.late, "Share of a region's labels that arrive late")
      ->capture_default_str()
      ->check(rate);
  app.add_option("--holes", o.how.holes, "Share of half-hours with a hole")->capture_default_str()->check(rate);
  app.add_option("--outages", o.how.outages, "Share of days with an outage of hours")
      ->capture_default_str()
      ->check(rate);
  app.add_flag("--calm", t.calm, "No revisions, lateness, holes or outages: each point has one value for ever");
  app.add_option("--faults", t.faults, "RATE[,KIND…]: faults at random requests, e.g. 0.05,status,cut");
  app.add_option("--lies", t.lies,
                 "RATE[,KIND…]: whole answers that are not true, e.g. 0.05,ahead,off-grid (default: every kind)");
  app.add_option("--date-skew", t.date_skew, "Seconds by which the answers' Date header is wrong");
  app.add_option("--wem-every", t.wem_every, "Minutes between the WEM's rows; 30: as before October 2023")
      ->capture_default_str()
      ->check(CLI::IsMember({5, 10, 15, 30, 60}));
  app.add_flag("--no-cache", t.no_cache, "Do not cache answers for 300 s");
  app.add_flag("--gzip", o.server.gzip, "Compress answers when asked to");
  app.add_option("--served-log", o.served_log, "Append one JSON line per answer to this file");
  app.add_flag("--fixed-world,--regions-x-fueltechs", o.fixed_world,
               "NEM only, exactly 50 series of region and fueltech, calm");
  app.add_flag("--memoise-answers", o.api.memoise, "Keep every answer for ever (benchmarks)");
}

void read_listen(const std::string& text, server_settings& s) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) throw CLI::ValidationError("--listen", "expected ADDRESS:PORT");
  s.address = text.substr(0, colon);
  const auto* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, s.port);
  if (parsed.ec != std::errc{} || parsed.ptr != end) throw CLI::ValidationError("--listen", "bad port in " + text);
}

void read_clock(const typed_options& t, clock_settings& clock) {
  clock.real_anchor = t.real_anchor_us != 0 ? utc_time(std::chrono::microseconds(t.real_anchor_us)) : wall_now();
  clock.shown_anchor = clock.real_anchor;
  clock.speed = t.clock_speed;
  if (t.clock_start.empty()) return;
  const auto start = parse_utc(t.clock_start);
  if (!start) throw CLI::ValidationError("--clock-start", "expected ISO 8601 with an offset, found " + t.clock_start);
  clock.shown_anchor = *start;
}

fault_rate read_rate(const std::string& option, const std::string& text) {
  fault_rate read;
  const auto parts = CLI::detail::split(text, ',');
  try {
    read.rate = std::stod(parts.front());
  } catch (const std::exception&) {
    throw CLI::ValidationError(option, "expected RATE[,KIND…], found " + text);
  }
  if (!(read.rate >= 0 && read.rate <= 1)) throw CLI::ValidationError(option, "the rate must be from 0 to 1");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto kind = parse_fault_kind(parts[i]);
    if (!kind) throw CLI::ValidationError(option, "unknown kind " + parts[i]);
    read.kinds.push_back(*kind);
  }
  return read;
}

void read_faults(const typed_options& t, options& o) {
  if (!t.faults.empty()) o.faults.push_back(read_rate("--faults", t.faults));
  if (t.lies.empty()) return;
  auto lies = read_rate("--lies", t.lies);
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const auto kind = static_cast<fault_kind>(i);
    if (t.lies.find(',') == std::string::npos && is_lie(kind)) lies.kinds.push_back(kind);
  }
  o.faults.push_back(std::move(lies));
}

void read_keys(const std::vector<std::string>& texts, options& o) {
  for (const auto& text : texts) {
    const auto key = parse_key_settings(text);
    if (!key)
      throw CLI::ValidationError("--key",
                                 "expected KEY:PLAN[:CREDITS], plan one of COMMUNITY, ACADEMIC, PRO, ENTERPRISE");
    o.keys.push_back(*key);
  }
  if (o.keys.empty()) o.keys.push_back({"demo-key-0123456789", plan_code::enterprise, std::nullopt});
}

void resolve(const typed_options& t, options& o) {
  read_listen(t.listen, o.server);
  read_clock(t, o.api.clock);
  read_faults(t, o);
  read_keys(t.keys, o);
  o.limit_rate = t.rate_limit != "off";
  o.api.simulated_rate_clock = t.rate_limit == "simulated";
  o.api.cache = !t.no_cache;
  // A benchmark's server must not spend its time on the log.
  o.api.with_blocks = !o.api.memoise || !o.served_log.empty();
  if (t.calm || o.fixed_world) o.how = realism{o.how.seed, 0, 0, 0, 0};
  o.how.wem_every = std::chrono::minutes(t.wem_every);
  o.api.date_skew = std::chrono::seconds(t.date_skew);
}

}  // namespace

std::optional<options> parse_options(int argc, const char* const* argv, int& exit_code) {
  CLI::App app(
      "A simulator of the OpenElectricity API: same routes, bounds, labels, errors and limits; invented values.",
      "openelectricity-simulator");
  typed_options typed;
  options parsed;
  declare(app, typed, parsed);
  try {
    app.parse(argc, argv);
    resolve(typed, parsed);
  } catch (const CLI::ParseError& e) {
    exit_code = app.exit(e) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return parsed;
}

}  // namespace oes::sim
