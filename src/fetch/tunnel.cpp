#include "fetch/tunnel.hpp"

#include <openssl/evp.h>

#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <vector>

#include "async/stream_deadline.hpp"
#include "fetch/async_result.hpp"
#include "model/version.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t largest_answer = 16UL * 1024;

std::string base64(const std::string& text) {
  std::vector<unsigned char> out(4 * (text.size() / 3 + 1) + 1);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const int size = EVP_EncodeBlock(out.data(), bytes, static_cast<int>(text.size()));
  return {out.begin(), out.begin() + size};
}

error failed(const proxy_address& proxy, const boost::system::error_code& ec) {
  if (ec == asio::error::operation_aborted) return {errc::stopped, "stopped"};
  const auto who = "proxy " + text_of(proxy) + ": ";
  if (ec == beast::error::timeout) return {errc::unreachable, who + "no answer to CONNECT in time"};
  if (ec == http::error::end_of_stream || ec == http::error::partial_message) {
    return {errc::unreachable, who + "it closed the connection instead of answering CONNECT"};
  }
  return {errc::unreachable, who + "CONNECT: " + ec.message()};
}

// The proxy's own words are left out: nobody knows what it repeats of the request.
error refused(const proxy_address& proxy, const base_url& url, unsigned status) {
  std::string why = "proxy " + text_of(proxy) + " refuses CONNECT to " + host_and_port(url) + " with " +
                    std::to_string(status) + " " + std::string(http::obsolete_reason(http::int_to_status(status)));
  constexpr unsigned wants_login = 407;
  if (status == wants_login && proxy.user.empty()) why += ": it wants user and password, in " + proxy.named_by;
  if (status == wants_login && !proxy.user.empty()) why += ": user or password in " + proxy.named_by + " is wrong";
  return {errc::unreachable, why};
}

}  // namespace

std::string connect_text(const proxy_address& proxy, const base_url& url) {
  const auto to = host_and_port(url);
  std::string out = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n";
  if (!proxy.user.empty()) out += "Proxy-Authorization: Basic " + base64(proxy.user + ":" + proxy.password) + "\r\n";
  return out.append("User-Agent: openelectricity-stream/").append(version()).append("\r\n\r\n");
}

asio::awaitable<result<void>> open_tunnel(plain_stream& open, const proxy_address& proxy, const base_url& url,
                                          steady_time deadline) {
  end_by(open, deadline);
  const auto request = connect_text(proxy, url);
  const auto text = asio::buffer(request);
  const auto [write_ec, written] = co_await asio::async_write(open, text, as_result);
  if (write_ec) co_return failed(proxy, write_ec);
  beast::flat_buffer buffer(largest_answer);
  http::response_parser<http::empty_body> answer;
  answer.skip(true);  // after a 2xx to CONNECT come the API's bytes, not a body
  const auto [read_ec, size] = co_await http::async_read_header(open, buffer, answer, as_result);
  if (read_ec) co_return failed(proxy, read_ec);
  const auto status = answer.get().result_int();
  if (status / 100 != 2) co_return refused(proxy, url, status);
  if (buffer.size() > 0) {
    co_return error{errc::unreachable, "proxy " + text_of(proxy) + ": it sends data before the API was asked anything"};
  }
  co_return result<void>();
}

}  // namespace oes
