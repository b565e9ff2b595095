#include "simulator/mutilation.hpp"

#include <zlib.h>

#include <array>
#include <stdexcept>
#include <string_view>

#include "simulator/random.hpp"

namespace oes::sim {
namespace {

// A gzip stream, fed in pieces.
class gzip_writer {
 public:
  explicit gzip_writer(int level) {
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream_, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::runtime_error("zlib did not start");
    }
  }
  gzip_writer(const gzip_writer&) = delete;
  gzip_writer& operator=(const gzip_writer&) = delete;
  ~gzip_writer() { deflateEnd(&stream_); }

  void put(const std::string& piece, bool last) {
    std::array<unsigned char, 65536> chunk{};
    // zlib does not write to its input.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    do {
      stream_.next_out = chunk.data();
      stream_.avail_out = chunk.size();
      deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      out_.append(reinterpret_cast<const char*>(chunk.data()), chunk.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }
  std::string take() { return std::move(out_); }

 private:
  z_stream stream_{};
  std::string out_;
};

}  // namespace

std::string without_end(const std::string& body) { return body.substr(0, body.size() - body.size() / 10 - 1); }

std::string with_nan(const std::string& body) {
  const auto points = body.find(R"("data":[[")");
  if (points == std::string::npos) return R"({"success":true,"data":[NaN]})";
  const auto start = body.find("\",", points + 10) + 2;
  const auto end = body.find(']', start);
  return body.substr(0, start) + "NaN" + body.substr(end);
}

std::string wrong_shape() {
  return R"({"version":"4.5.11","success":true,"data":[{"metric":"power","unit":5,"results":{"name":1}}]})";
}

std::string odd_account(std::uint64_t salt) {
  constexpr std::array<std::string_view, 12> odd{
      R"({"plan":"ENTERPRISE","credits":{"remaining":"480"}})",
      R"({"plan":"ENTERPRISE","credits":{"remaining":1e3}})",
      R"({"plan":"ENTERPRISE","credits":{"remaining":480,"reset":9223372036854775807}})",
      R"({"plan":"ENTERPRISE","credits":{"remaining":-1}})",
      R"({"plan":"ENTERPRISE","credits":{"remaining":1e999}})",
      R"({"plan":"ENTERPRISE","credits":{"remaining":18446744073709551616,"reset":-1}})",
      R"({"plan":"ENTERPRISE","credits":[]})",
      R"({"plan":"enterprise"})",
      R"({"plan":"PLATINUM","credits":{"remaining":5}})",
      R"({"plan":null,"rate_limit":{"limit":"10","remaining":0,"reset":"1e18"}})",
      R"({"plan":7,"roles":{}})",
      R"({})",
  };
  return R"({"version":"4.5.11","success":true,"data":)" + std::string(odd[scatter(salt) % odd.size()]) + "}";
}

std::string proxy_page() {
  return "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
         "<body><h1>502 Bad Gateway</h1></body></html>\n";
}

std::string gzip_bomb() {
  gzip_writer writer(1);
  const std::string blanks(1U << 20U, ' ');
  for (int i = 0; i < 256; ++i) writer.put(blanks, i == 255);
  return writer.take();
}

std::string gzipped(const std::string& body) {
  gzip_writer writer(1);
  writer.put(body, true);
  return writer.take();
}

}  // namespace oes::sim
