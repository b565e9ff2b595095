#pragma once
// What an answer of a schema registry means. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/error.hpp"
#include "model/redactor.hpp"

namespace oes {

/// `{"schema": "…"}`
std::string schema_document(std::string_view schema);

/// Of find() and add(). nullopt: the subject, or the schema in it, is not there. `hide`: a registry may repeat what it
/// was told.
result<std::optional<std::int32_t>> id_in(int status, std::string_view body, const redactor& hide);
/// Of schema_of().
result<std::optional<std::string>> schema_in(int status, std::string_view body, const redactor& hide);

}  // namespace oes
