#pragma once
// The bytes of one record: what its series always says, what its label says, and its own number, revision and version.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "model/interval.hpp"
#include "model/network.hpp"
#include "records/series_pieces.hpp"

namespace oes {

/// What all records of one label share.
struct label_text {
  std::string interval;       ///< `2026-11-23T10:05:00+10:00`
  std::string period;         ///< `,"interval_size":"5m","interval_start":"…Z","interval_end":"…Z"`
  std::string avro_interval;  ///< the same instant, encoded
  std::string avro_period;
  label_text(network_time label, network net, interval_size size);
  /// In key and value; as Avro they are less.
  [[nodiscard]] std::size_t size() const { return 2 * interval.size() + period.size(); }
};

enum class interval_in_key { yes, no };

/// What one record says beside its series and its label.
struct record_point {
  std::string_view number;  ///< empty: null
  std::uint16_t revision = 0;
  std::int64_t version = 0;
  std::string_view version_text;  ///< the same in digits
  std::string_view tail;
};

/// Upper bound of a record of the series, without what its label and its numbers take.
std::size_t fixed_size(const series_pieces& pieces);
/// Where a point's number stands there twice, null and the columns of a wide record once.
std::size_t most_of_number(std::size_t size);

/// After the bytes, for which there must be room.
inline char* put(char* at, std::string_view bytes) {
  std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}
/// After the key, and after the value: there must be room.
char* put_key(char* at, std::string_view key, const label_text& label, interval_in_key where);
char* put_value(char* at, const series_pieces& pieces, const label_text& label, const record_point& point);

}  // namespace oes
