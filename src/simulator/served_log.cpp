#include "simulator/served_log.hpp"

#include <stdexcept>
#include <utility>

#include "simulator/json_text.hpp"

namespace oes::sim {
namespace {

constexpr std::size_t most_memory = 64U << 20U;

std::string line_of(std::uint64_t n, const served_answer& a) {
  std::string out = R"({"n":)" + std::to_string(n) + R"(,"at":")" + format_utc(a.at) + R"(","real_us":)" +
                    std::to_string(a.real.time_since_epoch().count()) + R"(,"request":)" + json_string(a.request) +
                    R"(,"status":)" + std::to_string(a.status);
  if (a.as_of) out += R"(,"as_of_us":)" + std::to_string(a.as_of->time_since_epoch().count());
  if (!a.cache.empty()) out += R"(,"cache":)" + json_string(a.cache);
  if (!a.fault.empty()) out += R"(,"fault":)" + json_string(a.fault);
  if (a.cut) out += R"(,"cut":true)";
  if (a.blocks && !a.blocks->empty()) out += R"(,"blocks":)" + *a.blocks;
  if (a.doubted && !a.doubted->empty()) out += R"(,"doubted":)" + *a.doubted;
  return out + "}\n";
}

}  // namespace

served_log::served_log(const std::string& path) {
  if (path.empty()) return;
  file_.reset(std::fopen(path.c_str(), "ae"));
  if (!file_) throw std::runtime_error("cannot open the served log " + path);
}

std::uint64_t served_log::write(const served_answer& answer) {
  const auto n = next_++;
  auto line = line_of(n, answer);
  if (file_) {
    std::fwrite(line.data(), 1, line.size(), file_.get());
    std::fflush(file_.get());
  }
  bytes_ += line.size();
  recent_.push_back({n, answer.status == 200 && !answer.cut, false, std::move(line)});
  while (bytes_ > most_memory && recent_.size() > 1) {
    bytes_ -= recent_.front().line.size();
    recent_.pop_front();
  }
  return n;
}

void served_log::sent(std::uint64_t n) {
  if (recent_.empty() || n < recent_.front().n || n > recent_.back().n) return;
  recent_[n - recent_.front().n].sent = true;
}

std::string served_log::since(std::uint64_t n) const {
  std::string out;
  for (const auto& e : recent_) {
    if (e.n > n && e.good && e.sent) out += e.line;
  }
  return out;
}

}  // namespace oes::sim
