// What was read of some members is not taken for what was published of others.
#include "backfill/recollection.hpp"

#include <doctest/doctest.h>

#include "support/run_on_loop.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

backfill_chunk chunk_of(const request_group& group, std::vector<std::size_t> members) {
  const time_range window{at("2026-11-23T10:00:00"), at("2026-11-23T11:00:00")};
  backfill_chunk out{group, {}, window};
  out.work.wanted.resize(members.size());
  out.work.members = std::move(members);
  out.work.windows = {window};
  return out;
}

}  // namespace

TEST_CASE("one member's recollection is not another's, though both are one") {
  stream_spec stream;
  stream.name = "nem";
  stream.metrics = {"power", "energy"};
  stream.topic = "t";
  const auto group = make_groups({stream}).front();
  const recall_published reader = [](const request_group& of, std::vector<std::size_t> asked,
                                     time_range labels) -> boost::asio::awaitable<result<published_before>> {
    published_before out{labels, {}, {}};
    for (std::size_t i = 0; i < asked.size(); ++i) out.known.emplace_back(of.identity.interval);
    co_return out;
  };
  boost::asio::io_context loop;
  recollection past;
  const auto first = chunk_of(group, {0});
  REQUIRE(run_on_loop(loop, past.read(first, reader)).has_value());
  CHECK(past.holds(first));
  CHECK_FALSE(past.holds(chunk_of(group, {1})));
  CHECK_FALSE(past.holds(chunk_of(group, {0, 1})));
}
