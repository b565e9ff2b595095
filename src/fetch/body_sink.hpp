#pragma once
// Where Beast's parser puts a body: straight into its final string, inflated on the way if need be.
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "fetch/body_text.hpp"
#include "fetch/inflate.hpp"

namespace oes {

struct body_caps {
  std::size_t plain = 0;     ///< as transferred
  std::size_t inflated = 0;  ///< after gzip
};

class body_sink {
 public:
  explicit body_sink(body_caps caps) : caps_(caps), text_(caps.plain) {}

  /// Once the header is known; `coding` is its Content-Encoding, `length` what it announced.
  void begin(std::string_view coding, std::optional<std::uint64_t> length);
  void write(std::string_view piece);
  void finish();
  [[nodiscard]] const std::optional<error>& fault() const { return fault_; }
  [[nodiscard]] std::string take() { return text_.take(); }

 private:
  body_caps caps_;
  body_text text_;
  std::unique_ptr<inflater> inflater_;
  std::optional<error> fault_;
};

/// Meets Beast's Body requirements for parsing. The sink belongs to the caller of the parser.
struct sink_body {
  using value_type = body_sink*;

  class reader {
   public:
    template <bool IsRequest, class Fields>
    reader(boost::beast::http::header<IsRequest, Fields>& head, value_type& sink) : head_(head), sink_(sink) {}

    void init(const boost::optional<std::uint64_t>& length, boost::beast::error_code& ec) {
      const auto coding = head_[boost::beast::http::field::content_encoding];
      sink_->begin({coding.data(), coding.size()}, length ? std::optional(*length) : std::nullopt);
      report(ec);
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::beast::error_code& ec) {
      std::size_t taken = 0;
      for (auto at = boost::asio::buffer_sequence_begin(buffers); at != boost::asio::buffer_sequence_end(buffers);
           ++at) {
        const boost::asio::const_buffer piece = *at;
        sink_->write({static_cast<const char*>(piece.data()), piece.size()});
        taken += piece.size();
      }
      report(ec);
      return taken;
    }
    void finish(boost::beast::error_code& ec) {
      sink_->finish();
      report(ec);
    }

   private:
    // Any code will do: who called the parser looks at fault().
    void report(boost::beast::error_code& ec) const {
      ec = {};
      if (sink_->fault()) ec = boost::system::errc::make_error_code(boost::system::errc::io_error);
    }

    const boost::beast::http::fields& head_;
    value_type& sink_;
  };
};

}  // namespace oes
