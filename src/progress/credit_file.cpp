#include "progress/credit_file.hpp"

#include "files/durable_file.hpp"
#include "files/local_file.hpp"
#include "progress/progress_json.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

namespace json = progress_json;

constexpr const char* budget_name = "budget.json";
constexpr int file_format = 1;
constexpr std::size_t largest_budget = 64UL * 1024;

std::string fingerprint(const api_account& whose) {
  return sha256_hex("openelectricity-stream budget " + whose.key + " at " + whose.base_url).substr(0, 16);
}

}  // namespace

std::optional<credit_use> read_credit_file(const std::string& folder, const api_account& whose) {
  const auto text = read_local_file(folder + "/" + budget_name, largest_budget);
  if (!text || !*text) return std::nullopt;
  const auto body = json::parse_object(**text);
  if (!body || json::count_in(*body, "v") != file_format) return std::nullopt;
  if (json::text_in(*body, "key") != fingerprint(whose)) return std::nullopt;
  const auto day = parse_utc(json::text_in(*body, "day_began").value_or(""));
  const auto used = json::count_in(*body, "used");
  if (!day || !used) return std::nullopt;
  return credit_use{*day, *used, json::text_in(*body, "plan").value_or("")};
}

result<void> write_credit_file(const std::string& folder, const api_account& whose, const credit_use& use) {
  rapidjson::Document body(rapidjson::kObjectType);
  auto& memory = body.GetAllocator();
  body.AddMember("v", file_format, memory);
  body.AddMember("key", json::text(fingerprint(whose), memory), memory);
  body.AddMember("day_began", json::text(format_utc(use.day_began), memory), memory);
  body.AddMember("used", use.used, memory);
  if (!use.plan.empty()) body.AddMember("plan", json::text(use.plan, memory), memory);
  auto made = make_local_folder(folder);
  if (!made) return made;
  return replace_file(folder, budget_name, json::compact(body) + "\n");
}

}  // namespace oes
