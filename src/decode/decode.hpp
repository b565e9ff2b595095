#pragma once
// Payload → time series. Validates the whole answer before anything of it may be used. Pure.
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/expected_answer.hpp"
#include "model/account.hpp"
#include "model/answer.hpp"
#include "model/error.hpp"
#include "model/facility.hpp"

namespace oes {

/// Understands one answer in slices, so that a large one does not hold up the loop.
class decoder {
 public:
  /// Takes the body over and parses it in situ. A label stated with another offset than the network's is converted.
  decoder(raw_answer answer, network net);
  decoder(raw_answer answer, expected_answer expected);
  ~decoder();
  decoder(decoder&&) noexcept;
  decoder& operator=(decoder&&) noexcept;

  /// Handles at most about `tokens` more JSON tokens (a point of a series is four). true: finished, take() may be
  /// called. Error: malformed, with what and where (never a payload's text); the decoder is of no use afterwards.
  result<bool> advance(std::size_t tokens);
  /// The validated answer; once, after advance() returned true.
  time_series_answer take();

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

/// The same in one go.
result<time_series_answer> decode(raw_answer answer, network net);
result<time_series_answer> decode(raw_answer answer, expected_answer expected);

/// The reason in an error body: `error`, else `detail` (string, array or object), else empty. One line, for people; not
/// cut: it may hold a secret, which has to be taken out before. Of a long body the first 64 KiB are read.
std::string error_text(std::string_view body);

/// GET /me, parsed leniently (api.md §7).
result<account> decode_account(std::string_view body);

/// GET /facilities/ in slices, as the decoder above. received_at is the caller's. An entry that cannot be used is left
/// out; a list without units is malformed: it would make all of them disappear.
class facility_decoder {
 public:
  explicit facility_decoder(std::string body);
  ~facility_decoder();
  facility_decoder(const facility_decoder&) = delete;
  facility_decoder& operator=(const facility_decoder&) = delete;

  result<bool> advance(std::size_t tokens);
  facility_list take();

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};
/// The same in one go.
result<facility_list> decode_facilities(std::string body);

}  // namespace oes
