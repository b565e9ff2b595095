#include <algorithm>
#include <array>

#include "config/checks.hpp"
#include "config/quantity.hpp"

namespace oes {
namespace {

using std::chrono::seconds;

// Which network a region is in; the API answers another pair with "no data" for ever.
std::optional<network> network_of(std::string_view region) {
  static constexpr std::array<std::string_view, 6> of_nem{"NSW1", "QLD1", "SA1", "TAS1", "VIC1", "SNOWY1"};
  if (std::find(of_nem.begin(), of_nem.end(), region) != of_nem.end()) return network::nem;
  return std::nullopt;
}

void check_region(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto& s = given.values.at("network_region");
  if (spec.net == network::nem && spec.filter.network_region == "WEM") {  // a row of it was seen in NEM market data
    log.warn(s.at, s.key,
             "WEM is a network of its own, hardly ever a region of NEM: network_code: WEM is probably meant");
  }
  const auto home = network_of(spec.filter.network_region);
  if (!home || spec.net == network::au || *home == spec.net) return;
  log.fault(s.at, s.key,
            spec.filter.network_region + " is a region of " + std::string(code(*home)) + ", and this stream is of " +
                std::string(code(spec.net)) + ": it would wait for data for ever");
}

// Whether the API lists a facility only its list can tell, at run time.
void check_facility_codes(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto& s = given.values.at("facility_code");
  const auto& codes = spec.filter.facility_codes;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] == all_facilities) continue;
    std::string upper(codes[i]);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (upper == codes[i]) continue;
    log.warn(i < s.item_at.size() ? s.item_at[i] : s.at, s.key,
             "'" + codes[i] + "' is not written as codes of facilities are; did you mean '" + upper + "'?");
  }
}

// Of long intervals a label comes once in hours or months: asking every few minutes only costs credits.
void check_trigger(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto step = bucket_add(network_time(), spec.interval, 1) - network_time();
  constexpr seconds long_interval = std::chrono::hours(24);
  if (step < long_interval || spec.trigger * 24 >= long_interval) return;
  const auto& trigger = given.values.at("trigger");
  const auto& blamed = trigger.origin == setting_origin::from_file ? trigger : given.values.at("interval");
  log.warn(blamed.at, blamed.key,
           "an interval of " + std::string(code(spec.interval)) + " polled every " +
               format_duration(std::chrono::milliseconds(spec.trigger)) +
               ": each poll costs a credit and there is nothing new in most of them; trigger: 6h suits it");
}

void check_start(const stream_settings& given, const stream_spec& spec, utc_time now, problem_log& log) {
  const auto* start = std::get_if<network_time>(&spec.start);
  if (start == nullptr || *start <= to_network_time(now, spec.net)) return;
  const auto& s = given.values.at("start");
  log.warn(s.at, s.key,
           "it lies in the future (" + format(*start, utc_offset(spec.net)) + "): nothing is asked for until then");
}

// A record is published once its columns are there, or null: of columns that come later nobody would hear.
void check_first_of_wide(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  constexpr auto settled = std::chrono::hours(24);
  if (spec.shape != record_shape::wide || spec.revisions != revision_policy::first || spec.publish_after >= settled)
    return;
  const auto& s = given.values.at("revisions");
  log.warn(s.at, s.key,
           "of a wide record that is published once, a column that is null at first stays null for readers, whatever "
           "comes later: publish_after: 72h lets values settle, revisions: all publishes each change");
}

void check_folder(const check_subject& subject, const check_means& means, problem_log& log) {
  if (!means.try_folder) return;
  const auto& s = subject.settings.daemon.at("progress_path");
  const auto verdict = means.try_folder(subject.config.progress_path);
  if (verdict.complaint.empty()) return;
  if (verdict.level == severity::fault) log.fault(s.at, s.key, verdict.complaint);
  if (verdict.level == severity::warning) log.warn(s.at, s.key, verdict.complaint);
}

using text_check = std::function<std::string(const std::string&)>;

void try_text(const setting& s, const text_check& complains, problem_log& log) {
  if (!complains || !s.is_set() || s.refused) return;
  const auto& text = as<std::string>(s.value);
  const auto complaint = text.empty() ? std::string() : complains(text);
  if (!complaint.empty()) log.fault(s.at, s.key, complaint);
}

}  // namespace

void check_wishes(const check_subject& subject, const check_means& means, problem_log& log) {
  for (std::size_t i = 0; i < subject.config.streams.size(); ++i) {
    const auto& given = subject.settings.streams[i];
    const auto& spec = subject.config.streams[i];
    check_region(given, spec, log);
    check_facility_codes(given, spec, log);
    check_trigger(given, spec, log);
    check_first_of_wide(given, spec, log);
    if (means.now) check_start(given, spec, *means.now, log);
  }
  check_folder(subject, means, log);
  try_text(subject.settings.daemon.at("api.base_url"), means.try_url, log);
  const bool over_tls = subject.config.fetch.base_url.starts_with("https://");
  if (over_tls) try_text(subject.settings.daemon.at("api.ca_file"), means.try_ca_file, log);
}

}  // namespace oes
