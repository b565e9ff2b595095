#include "telemetry/http_host.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("G6: addresses, localhost, the machine and the allowed names are ours, nothing else is") {
  const own_hosts hosts({"Status.Example"}, "box.lan");
  for (const auto* ours :
       {"127.0.0.1", "127.0.0.1:9464", "[::1]", "[::1]:9464", "10.1.2.3:80", "localhost", "LOCALHOST:1", "localhost.",
        "box", "box.lan:9464", "BOX.lan", "status.example", "status.example.:443", ""}) {
    CAPTURE(ours);
    CHECK(hosts.is_ours(ours));
  }
  for (const auto* other : {"evil.example", "evil.example:9464", "localhost.evil.example", "box.evil", "[evil]", "[::1",
                            "127.0.0.1.evil.example", "status.example:x", "status.example@evil", "?", "*", ":9464",
                            "127.0.0.1 evil", "0x7f.1.evil"}) {
    CAPTURE(other);
    CHECK_FALSE(hosts.is_ours(other));
  }
  CHECK(own_hosts({"*"}, "").is_ours("evil.example"));
  CHECK_FALSE(own_hosts({}, "").is_ours("evil.example"));
}
