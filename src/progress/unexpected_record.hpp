#pragma once
// What ended the processes before, as a record of the progress topic (key `unexpected`), for other instances. Nothing
// else is told by it: damaged it costs a warning, and releases that do not know it pass over it. Pure.
#include "model/batch.hpp"
#include "model/end_history.hpp"
#include "progress/progress_json.hpp"

namespace oes {

inline constexpr std::string_view unexpected_key = "unexpected";

progress_message encode_unexpected(const end_history& history, std::int64_t sequence);

namespace progress_json {
/// Entries that cannot be read are left out.
end_history read_unexpected(const value& record);
}  // namespace progress_json

}  // namespace oes
