#pragma once
// The schema that a record was written with, as far as ours have ever used Avro: a record of simple types, each perhaps
// null, and maps of them. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "model/error.hpp"

namespace oes::avro {

enum class type_kind { null_value, boolean, integer, single, number, text, map, either };

struct type {
  type_kind kind = type_kind::null_value;
  bool is_instant = false;  ///< an integer that counts microseconds since 1970
  std::vector<type> of;     ///< of a map its values' type, of a union its branches
  bool operator==(const type&) const = default;
};

struct field {
  std::string name;
  type holds;
  bool operator==(const field&) const = default;
};

struct writer_schema {
  std::string name;  ///< with its namespace
  std::vector<field> fields;
  bool operator==(const writer_schema&) const = default;
};

/// damaged: no schema, or one with types that ours have not.
result<writer_schema> read_schema(std::string_view json);

}  // namespace oes::avro
