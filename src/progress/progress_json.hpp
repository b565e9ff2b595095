#pragma once
// Internal to progress/: progress values ↔ JSON, shared by the records of the topic and by progress.json.
#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "model/error.hpp"
#include "model/progress.hpp"

namespace oes::progress_json {

using value = rapidjson::Value;
using allocator = rapidjson::Document::AllocatorType;

/// errc::damaged; `context` goes on after the name of what is damaged.
inline error damaged(std::string context) { return {errc::damaged, std::move(context)}; }

/// What a record of the topic begins with.
rapidjson::Document start_record(std::int64_t format, std::int64_t sequence);
/// errc::damaged on anything but one JSON object.
result<rapidjson::Document> parse_object(std::string_view text);

/// Always UTF-8: anything else becomes U+FFFD, so that no record is written that its reader would refuse.
value text(std::string_view s, allocator& memory);
/// Partition → offset. At most `most` of them.
value ends_value(const partition_offsets& ends, std::size_t most, allocator& memory);
/// nullopt: not such an object.
std::optional<partition_offsets> read_ends(const value& object);

/// nullopt: absent or of another type (numbers: also negative and implausibly large ones).
std::optional<std::int64_t> count_in(const value& object, const char* name);
std::optional<std::string> text_in(const value& object, const char* name);

std::string compact(const value& v);
/// Compact with keys in byte order: the form that is hashed (what `jq -cS` prints). nullopt: nested too deeply.
std::optional<std::string> canonical(const value& v);
/// For people: one line for what has no lists or objects inside.
std::string pretty(const value& v);

}  // namespace oes::progress_json
