// What twenty years of history cost: a start, a cycle, its bytes to Kafka and to disk. Prints a table; nothing is
// asserted, the bounds are in the unit tests (D1).
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>

#include "integration/progress/temp_folder.hpp"
#include "model/member_patch.hpp"
#include "progress/head_record.hpp"
#include "progress/member_records.hpp"
#include "progress/progress_changes.hpp"
#include "progress/progress_codec.hpp"
#include "progress/progress_mirror.hpp"

using namespace oes;
using clock_type = std::chrono::steady_clock;
using std::chrono::minutes;

namespace {

constexpr int cycles = 200;

double milliseconds_of(const std::function<void()>& work) {
  const auto began = clock_type::now();
  work();
  return std::chrono::duration<double, std::milli>(clock_type::now() - began).count();
}

// Whether the cell has data, by its number.
using pattern = std::function<bool(std::int64_t)>;

member_progress history(const pattern& has_data) {
  member_progress m;
  m.identity = "network|NEM|5m|network_region||long";
  m.start = std::chrono::local_days(std::chrono::year(2006) / 11 / 1);
  m.position = std::chrono::local_days(std::chrono::year(2026) / 11 / 1);
  m.ledger_from = m.position - std::chrono::hours(72);
  history_edit edit(m.labels);
  const auto cells = (m.position - m.start) / minutes(5);
  for (std::int64_t i = 0, j = 0; i < cells; i = j) {
    for (j = i + 1; j < cells && has_data(j) == has_data(i);) ++j;
    const time_range range{m.start + minutes(5 * i), m.start + minutes(5 * j)};
    if (has_data(i)) edit.cover(range);
    if (!has_data(i)) edit.add_gap({range, "no_data", utc_time(minutes(i))});
  }
  edit.finish();
  return m;
}

std::size_t size_of(const transaction& txn) {
  std::size_t sum = txn.begin.key.size() + txn.begin.value.size();
  for (const auto& r : txn.progress) sum += r.key.size() + r.value.size();
  return sum;
}

void measure(const char* name, const pattern& has_data, int members) {
  progress_state state;
  const auto one = history(has_data);
  for (int i = 0; i < members; ++i) state.members[{"stream", "metric" + std::to_string(i)}] = one;
  state.sequence = 1;
  const auto all = encode_changes({}, state);
  std::size_t bytes = 0;
  std::size_t largest = 0;
  for (const auto& r : all) {
    bytes += r.key.size() + r.value.size();
    largest = std::max(largest, r.value.size());
  }
  progress_state read;
  ledger_book ledger;
  const auto start = milliseconds_of([&] {
    for (const auto& r : all) static_cast<void>(apply_progress_record(read, ledger, r.key, r.value));
  });
  const temp_folder folder;
  progress_mirror mirror(folder.path(), mirrored_delivery::exactly_once);
  const auto first = milliseconds_of([&] { static_cast<void>(mirror.write({state, {"c", "t", 1}})); });
  std::size_t to_kafka = 0;
  double memory = 0;
  double disk = 0;
  for (int i = 0; i < cycles; ++i) {
    progress_state after;
    memory += milliseconds_of([&] {
      after = state;
      after.sequence += 1;
      for (auto& [key, member] : after.members) {
        member_patch patch;
        const auto end = member.position + minutes(5);
        (has_data((member.position - member.start) / minutes(5))
             ? patch.covered.add({member.position, end})
             : patch.gaps.push_back({{member.position, end}, "no_data", {}}));
        patch.position = end;
        apply(member, patch);
      }
      transaction txn;
      txn.sequence = after.sequence;
      txn.begin = encode_begin(after.sequence, "host/1/ab");
      txn.progress = encode_changes(state, after);
      seal(txn, state, after, {});
      to_kafka += size_of(txn);
    });
    state = std::move(after);
    disk += milliseconds_of([&] { static_cast<void>(mirror.write({state, {"c", "t", i}})); });
  }
  const auto head = std::filesystem::file_size(folder.of("progress.json"));
  const auto gaps = state.members.begin()->second.labels.count_gaps().all();
  std::printf("%-28s %3d  %8zu  %7zu  %6lld  %7.0f  %8.0f  %7.2f  %7.2f  %7zu  %7zu\n", name, members, bytes / 1024,
              largest, static_cast<long long>(gaps), start, first, memory / cycles, disk / cycles, to_kafka / cycles,
              static_cast<std::size_t>(head));
}

}  // namespace

int main() {
  std::printf("%-28s %3s  %8s  %7s  %6s  %7s  %8s  %7s  %7s  %7s  %7s\n", "20 years of 5m", "mem", "topic KiB",
              "largest", "gaps", "read ms", "first ms", "cycle", "disk ms", "B/txn", "B/head");
  for (const int members : {1, 20}) {
    measure(
        "every label", [](std::int64_t) { return true; }, members);
    measure(
        "half-hourly", [](std::int64_t i) { return i % 6 == 0; }, members);
    measure(
        "every other day", [](std::int64_t i) { return i / 288 % 2 == 0; }, members);
    measure(
        "no rhythm at all",
        [](std::int64_t i) { return (static_cast<std::uint64_t>(i) * 2654435761U >> 16U) % 3 == 0; }, members);
  }
}
