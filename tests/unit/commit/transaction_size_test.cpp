#include "commit/transaction_size.hpp"

#include <doctest/doctest.h>

using namespace oes;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mib = 1024UL * 1024;
constexpr chunk_limits configured{50'000, 16 * mib};

}  // namespace

TEST_CASE("F3: what Kafka takes a part of in time is halved, within a handful of tries, down to what still pays") {
  transaction_size size(configured, 20s);
  CHECK(size.took_a_part(8 * mib));
  CHECK(size.now().bytes == 4 * mib);
  CHECK(size.now().records == configured.records);
  int tries = 1;
  while (size.took_a_part(size.now().bytes)) ++tries;
  CHECK(tries == 6);
  CHECK(size.now().bytes == mib / 8);
  CHECK_FALSE(size.took_a_part(300));
}

TEST_CASE("F3: one label may be larger than what is tried: it is not cut anew for ever") {
  transaction_size size(configured, 20s);
  int tries = 0;
  while (size.took_a_part(3 * mib)) ++tries;
  CHECK(tries < 8);
}

TEST_CASE("F3: full ones that are quick let it grow, up to what is configured") {
  transaction_size size(configured, 20s);
  size.took_a_part(8 * mib);
  for (int i = 0; i < 100; ++i) size.took(1000, 10ms);  // says nothing of full ones
  CHECK(size.now().bytes == 4 * mib);
  for (int i = 0; i < 100; ++i) size.took(2 * mib, 10s);
  CHECK(size.now().bytes == 4 * mib);
  for (int i = 0; i < 7; ++i) size.took(2 * mib, 1s);
  CHECK(size.now().bytes == 4 * mib);
  size.took(2 * mib, 1s);
  CHECK(size.now().bytes == 8 * mib);
  for (int i = 0; i < 100; ++i) size.took(8 * mib, 1s);
  CHECK(size.now().bytes == configured.bytes);
}
