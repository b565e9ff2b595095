// libFuzzer target for what arrives from the network: a body of any kind must give an answer or an error, the same in
// slices as in one go, and an answer must give well-formed records. Not part of the build:
//   tests/fuzz/run.sh decode
// Links: model decode records
#include <rapidjson/reader.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "decode/decode.hpp"
#include "model/utf8.hpp"
#include "records/record_builder.hpp"

namespace {

using namespace oes;

void require(bool holds) {
  if (!holds) std::abort();
}

std::optional<time_series_answer> in_slices(std::string body, std::size_t slice) {
  decoder one({std::move(body), {}}, network::nem);
  while (true) {
    const auto finished = one.advance(slice);
    if (finished.has_error()) {
      require(finished.error().code == errc::malformed && !finished.error().context.empty());
      return std::nullopt;
    }
    if (*finished) return one.take();
  }
}

void check_same(const time_series_answer& a, const time_series_answer& b) {
  require(a.blocks.size() == b.blocks.size());
  for (std::size_t i = 0; i < a.blocks.size(); ++i) {
    require(a.blocks[i].metric == b.blocks[i].metric && a.blocks[i].all.size() == b.blocks[i].all.size());
    for (std::size_t s = 0; s < a.blocks[i].all.size(); ++s) {
      const auto& left = a.blocks[i].all[s];
      const auto& right = b.blocks[i].all[s];
      require(left.labels == right.labels && left.points.size() == right.points.size());
      for (std::size_t p = 0; p < left.points.size(); ++p) {
        require(left.points[p].label == right.points[p].label);
        require(p == 0 || left.points[p - 1].label < left.points[p].label);
        require(a.text(left.points[p]) == b.text(right.points[p]));
      }
    }
  }
}

void check_records(const time_series_answer& answer) {
  const network_time first(std::chrono::local_days(std::chrono::year(1800) / 1 / 1));
  const network_time last(std::chrono::local_days(std::chrono::year(3100) / 1 / 1));
  const ledger nothing(interval_size::m5);
  std::vector<record_plan> plans;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < answer.blocks.size(); ++i) {
    plans.push_back({select_changes(answer, i, nothing, {first, first, last, revision_policy::all, true}), {}});
    chosen += plans.back().chosen.chosen;
  }
  record_builder builder(answer, std::move(plans));
  version_counter versions(0);
  std::size_t built = 0;
  while (!builder.done()) {
    const auto chunk = builder.next({.records = 3, .bytes = 2'000}, versions);
    require(!chunk.batch.empty());
    built += chunk.batch.records.size();
    for (const auto& record : chunk.batch.records) {
      std::string value(chunk.batch.value(record));
      rapidjson::Reader reader;
      // In situ: RapidJSON's other way adds to a null pointer, which UBSan reports.
      rapidjson::InsituStringStream stream(value.data());
      rapidjson::BaseReaderHandler<> nobody;
      constexpr auto flags = rapidjson::kParseInsituFlag | rapidjson::kParseValidateEncodingFlag;
      require(!reader.Parse<flags>(stream, nobody).IsError());
      require(stream.Tell() == value.size());
    }
  }
  require(built == chosen);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  const auto whole = in_slices(body, static_cast<std::size_t>(-1));
  const auto sliced = in_slices(body, 1);
  require(whole.has_value() == sliced.has_value());
  if (whole) {
    check_same(*whole, *sliced);
    check_records(*whole);
  }
  require(is_utf8(error_text(body)));
  (void)decode_account(body);
  return 0;
}
