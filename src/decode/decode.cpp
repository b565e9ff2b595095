#include "decode/decode.hpp"

#include <limits>
#include <utility>

#include "decode/answer_reader.hpp"

namespace oes {

struct decoder::machinery {
  machinery(raw_answer raw, expected_answer expected)
      : body(std::make_unique<std::string>(std::move(raw.body))),
        received_at(raw.received_at),
        served_at(raw.served_at),
        reader(*body, std::move(expected)) {}

  std::unique_ptr<std::string> body;
  utc_time received_at;
  utc_time served_at;
  answer_reader reader;
};

decoder::decoder(raw_answer answer, network net)
    : decoder(std::move(answer), expected_answer{.net = net, .interval = {}, .metrics = {}, .labels = {}}) {}
decoder::decoder(raw_answer answer, expected_answer expected)
    : machinery_(std::make_unique<machinery>(std::move(answer), std::move(expected))) {}
decoder::~decoder() = default;
decoder::decoder(decoder&&) noexcept = default;
decoder& decoder::operator=(decoder&&) noexcept = default;

result<bool> decoder::advance(std::size_t tokens) {
  // Points refer to the body by 32 bits.
  if (machinery_->body->size() > std::numeric_limits<std::uint32_t>::max()) {
    return error{.code = errc::too_large, .context = "an answer of more than 4 GiB", .retry_after = {}};
  }
  return machinery_->reader.advance(tokens);
}

time_series_answer decoder::take() {
  time_series_answer out;
  out.blocks = machinery_->reader.take_blocks();
  out.received_at = machinery_->received_at;
  out.served_at = machinery_->served_at;
  out.body = std::move(machinery_->body);
  return out;
}

result<time_series_answer> decode(raw_answer answer, network net) {
  return decode(std::move(answer), expected_answer{.net = net, .interval = {}, .metrics = {}, .labels = {}});
}

result<time_series_answer> decode(raw_answer answer, expected_answer expected) {
  decoder one(std::move(answer), std::move(expected));
  const auto finished = one.advance(std::numeric_limits<std::size_t>::max());
  if (finished.has_error()) return finished.error();
  return one.take();
}

}  // namespace oes
