#pragma once
// Payload → time series. Validates the whole answer before anything of it may be used. Pure.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "model/account.hpp"
#include "model/answer.hpp"
#include "model/error.hpp"
#include "model/network.hpp"

namespace oes {

/// Understands one answer in slices, so that a large one does not hold up the loop.
class decoder {
 public:
  /// Takes the body over and parses it in situ. `net`'s offset is what every label must state.
  decoder(raw_answer answer, network net);
  ~decoder();
  decoder(decoder&&) noexcept;

  /// Handles at most about `tokens` more JSON tokens. true: finished, take() may be called. Error: malformed, with what
  /// and where (never a payload's text).
  result<bool> advance(std::size_t tokens);
  /// The validated answer; once, after advance() returned true.
  time_series_answer take();

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

/// The same in one go.
result<time_series_answer> decode(raw_answer answer, network net);

/// The reason in an error body: `error`, else `detail` (string, array or object), else empty. At most 300 characters, one line.
std::string error_text(std::string_view body);

/// GET /me, parsed leniently (api.md §7).
result<account> decode_account(std::string_view body);

}  // namespace oes
