#pragma once
// Records of the topics as lines: for people, and as CSV. Pure.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/record_members.hpp"
#include "records/schema.hpp"

namespace oes {

/// As it is in Kafka, in one line: of JSON a line end is a blank like any other.
std::string json_line(std::string_view record);

/// The columns of CSV: the schema's fields, in its order.
std::string csv_header(std::span<const schema_field> fields);
/// One record; numbers digit for digit, empty where there is no value, `extra` as JSON.
std::string csv_line(const record_members& record, std::span<const schema_field> fields);

/// Of data, or of the list of facilities.
enum class row_kind { point, unit };
/// nullopt: no record of this program.
std::optional<row_kind> kind_of(const record_members& record);
std::span<const schema_field> columns_of(row_kind kind);
/// Metrics of a wide record that are newer than this release and so have no column. (A long one has them in `metric`
/// and `value`.)
std::vector<std::string> newer_metrics(const record_members& record);

/// `11-23 10:05 +10:00  NEM NSW1 coal    power    5,432.10 MW`, as the demo shows records; of a wide one every metric;
/// of the list of facilities the unit. A value that is none of these: as it is, made safe for a terminal.
std::string table_line(std::string_view record);

}  // namespace oes
