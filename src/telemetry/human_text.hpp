#pragma once
// Values as a person reads them; for the status page.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "telemetry/status_board.hpp"

namespace oes {

/// `1,234,567`.
std::string grouped(std::int64_t n);

/// `42 s`, `4 min`, `1 h 12 min`, `3 d 4 h`; negative times as `0 s`.
std::string duration_words(std::int64_t seconds);

/// `5m`, `9m20s`, `2h`: as a duration is written in a configuration.
std::string duration_text(std::chrono::seconds span);

/// `1.9×`.
std::string times_text(double factor);

/// `, polls 1.9× further apart`; empty where triggers come as wanted, `, none left` where no credit is left at all.
std::string stretch_words(double stretch);

/// `Catching up` and so on: a state in words.
std::string_view words(stream_state s);

/// A label `2026-11-23T10:05:00+10:00` taken apart; anything else is all `time`.
struct label_parts {
  std::string time;    ///< `10:05`, with seconds only where they are not 00
  std::string date;    ///< `2026-11-23`
  std::string offset;  ///< `+10:00`
};
label_parts split_label(const std::string& label);

}  // namespace oes
