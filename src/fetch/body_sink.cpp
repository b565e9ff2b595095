#include "fetch/body_sink.hpp"

#include <boost/beast/core/string.hpp>

namespace oes {

void body_sink::begin(std::string_view coding, std::optional<std::uint64_t> length) {
  namespace beast = boost::beast;
  if (coding.empty() || beast::iequals(coding, "identity")) {
    if (length) text_.expect(static_cast<std::size_t>(*length));
    return;
  }
  if (beast::iequals(coding, "gzip") || beast::iequals(coding, "x-gzip")) {
    text_ = body_text(caps_.inflated);
    inflater_ = std::make_unique<inflater>();
    return;
  }
  fault_ = error{errc::server_error, "the body came in an encoding that was not asked for"};
}

void body_sink::write(std::string_view piece) {
  if (fault_) return;
  if (!inflater_) {
    if (!text_.append(piece)) fault_ = error{errc::too_large, "the body is larger than allowed"};
    return;
  }
  const auto fed = inflater_->feed(piece, text_);
  if (fed.has_error()) fault_ = fed.error();
}

void body_sink::finish() {
  if (fault_ || !inflater_) return;
  const auto complete = inflater_->finish();
  if (complete.has_error()) fault_ = complete.error();
}

}  // namespace oes
