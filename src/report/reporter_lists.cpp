// The list of facilities, which has no group of its own; and the newest records of all.
#include "records/facility_records.hpp"
#include "report/reporter.hpp"

namespace oes {
namespace {

constexpr std::size_t lines_kept = 20;

}  // namespace

member_status& reporter::list_row(const std::string& topic) {
  const auto key = facility_list_key(topic);
  auto& status = board_.members[key];
  status.stream = key.first;
  status.metric = "units";
  status.group = key.first;
  status.dataset = dataset(endpoint::facilities);
  status.topic = topic;
  return status;
}

void reporter::list_kept(const std::string& topic, std::size_t changed, std::size_t gone) {
  auto& status = list_row(topic);
  set_state(status, stream_state::live, "");
  works(status.stream);
  status.last_success = clock_.now();
  if (changed + gone == 0) return;
  status.records += static_cast<std::int64_t>(changed + gone);
  status.last_commit = clock_.now();
  board_.records += static_cast<std::int64_t>(changed + gone);
  log_.info("published", {{"stream", status.stream}, {"dataset", "facilities"}, {"records", changed}, {"gone", gone}});
}

void reporter::list_failed(const std::string& topic, const error& why) {
  auto& status = list_row(topic);
  set_state(status, why.code == errc::bad_key ? stream_state::bad_key : stream_state::retrying, why.context);
  numbers_.retried(name(why.code));
  const auto news = failed(status.stream, why);
  if (!news) return;
  log_.warn("the list of facilities was not read or not published; trying again",
            {{"outcome", name(why.code)}, {"reason", news->why}, {"failures", news->failures}});
}

void reporter::list_read(const error* why) {
  if (why != nullptr) numbers_.retried(name(why->code));
  if (why == nullptr || !is_told_elsewhere(*why)) lesser(std::string(list_for_series), why);
}

void reporter::published_sample(const std::vector<std::string>& values) {
  for (const auto& value : values) board_.recent.push_front(value);
  while (board_.recent.size() > lines_kept) board_.recent.pop_back();
}

}  // namespace oes
