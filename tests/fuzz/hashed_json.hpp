#pragma once
// A JSON document with the hash that it should have, so that a fuzzer comes past the check.
#include <rapidjson/document.h>

#include <string>
#include <string_view>

#include "progress/progress_json.hpp"
#include "progress/sha256.hpp"

namespace oes::fuzz {

inline std::string with_hash(std::string_view text) {
  auto document = progress_json::parse_object(text);
  if (!document) return std::string(text);
  document->RemoveMember("sha256");
  const auto body = progress_json::canonical(*document);
  if (!body) return std::string(text);
  document->AddMember("sha256", progress_json::text(sha256_hex(*body), document->GetAllocator()),
                      document->GetAllocator());
  return progress_json::compact(*document);
}

}  // namespace oes::fuzz
