#pragma once
// What an answer of a schema registry means. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes {

/// `{"schema": "…"}`
std::string schema_document(std::string_view schema);

/// Of find() and add(). nullopt: the subject, or the schema in it, is not there.
result<std::optional<std::int32_t>> id_in(int status, std::string_view body);
/// Of schema_of().
result<std::optional<std::string>> schema_in(int status, std::string_view body);

}  // namespace oes
