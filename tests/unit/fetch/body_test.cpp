#include <doctest/doctest.h>
#include <zlib.h>

#include "fetch/body_sink.hpp"
#include "fetch/body_text.hpp"
#include "fetch/inflate.hpp"

namespace oes {
namespace {

std::string gzipped(std::string_view text) {
  z_stream z{};
  deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, static_cast<uLong>(text.size())) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string some_json(std::size_t size) {
  std::string out = "{";
  for (std::size_t i = 0; out.size() < size; ++i)
    out += "\"k" + std::to_string(i * 7919) + "\":" + std::to_string(i) + ",";
  return out;
}

struct sunk {
  std::string text;
  std::optional<error> fault;
};

/// Feeds `bytes` in pieces of `step`.
sunk sink(std::string_view coding, std::string_view bytes, std::size_t step, body_caps caps = {1000000, 4000000}) {
  body_sink into(caps);
  into.begin(coding, std::nullopt);
  for (std::size_t at = 0; at < bytes.size(); at += step) into.write(bytes.substr(at, step));
  into.finish();
  return {into.take(), into.fault()};
}

}  // namespace

TEST_CASE("a body arrives whole in whatever pieces it came") {
  const auto text = some_json(200000);
  const auto packed = gzipped(text);
  for (const std::size_t step : {1UL, 7UL, 4096UL, 1000000UL}) {
    CHECK(sink("", text, step).text == text);
    const auto unpacked = sink("gzip", packed, step);
    CHECK_FALSE(unpacked.fault);
    CHECK(unpacked.text == text);
  }
  CHECK(sink("X-GZIP", packed, 100).text == text);
  CHECK(sink("identity", text, 100).text == text);
}

TEST_CASE("gzip members one after another are one body") {
  CHECK(sink("gzip", gzipped("{\"a\":1,") + gzipped("\"b\":2}"), 5).text == "{\"a\":1,\"b\":2}");
}

TEST_CASE("a gzip body that ends too early is not an answer") {
  const auto packed = gzipped(some_json(50000));
  for (const std::size_t missing : {1UL, 8UL, 100UL}) {
    const auto out = sink("gzip", std::string_view(packed).substr(0, packed.size() - missing), 4096);
    REQUIRE(out.fault);
    CHECK(out.fault->code == errc::network_error);
  }
  CHECK(sink("gzip", "", 1).fault->code == errc::network_error);
}

TEST_CASE("a damaged gzip body is noticed") {
  auto packed = gzipped(some_json(50000));
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 0x55);  // in the checksum
  CHECK(sink("gzip", packed, 4096).fault->code == errc::network_error);
  CHECK(sink("gzip", "{\"not\":\"gzip\"}", 4096).fault->code == errc::network_error);
  CHECK(sink("gzip", gzipped("{}") + "tail", 4096).fault->code == errc::network_error);
}

TEST_CASE("a gzip bomb stops at the cap") {
  std::string zeros;
  zeros.resize(10UL << 20U);
  const auto bomb = gzipped(zeros);
  CHECK(bomb.size() < 20000);
  const auto out = sink("gzip", bomb, 4096);
  REQUIRE(out.fault);
  CHECK(out.fault->code == errc::too_large);
  CHECK(out.text.size() <= 4000000);
}

TEST_CASE("a plain body over its cap is refused, one at the cap is not") {
  CHECK_FALSE(sink("", std::string(1000000, 'a'), 65536).fault);
  CHECK(sink("", std::string(1000001, 'a'), 65536).fault->code == errc::too_large);
  CHECK_FALSE(sink("gzip", gzipped(std::string(4000000, 'a')), 65536).fault);
  CHECK(sink("gzip", gzipped(std::string(4000001, 'a')), 65536).fault->code == errc::too_large);
}

TEST_CASE("an encoding that was not asked for is refused") {
  CHECK(sink("br", "xyz", 3).fault->code == errc::server_error);
}

TEST_CASE("a large body of unknown length gets its room once, as address space") {
  body_text text(64UL << 20U);
  const std::string piece(65536, 'x');
  while (text.size() < (2UL << 20U)) REQUIRE(text.append(piece));
  for (int i = 0; i < 100; ++i) REQUIRE(text.append(piece));
  const std::string whole = text.take();
  CHECK(whole.capacity() >= (64UL << 20U));
}

TEST_CASE("an announced length is believed only up to the cap") {
  body_text text(1000);
  text.expect(1UL << 40U);
  const std::string whole = text.take();
  CHECK(whole.capacity() >= 1000);
  CHECK(whole.capacity() < 4000);
}

}  // namespace oes
