#pragma once
// The commands of the command line. Each returns the exit code.
#include <chrono>
#include <optional>
#include <string>

#include "app/exit_code.hpp"
#include "config/loader.hpp"
#include "records/schema.hpp"

namespace oes {

/// The configuration; nullopt: its faults are on stderr.
std::optional<configuration> load_for_command(const config_source& file);
/// nullopt where anything is missing. Prints nothing.
std::optional<configuration> load_quietly(const config_source& file);
/// For commands that only ask a daemon or look into its folder; nullopt: the faults are on stderr.
std::optional<loaded_contact> contact_in(const config_source& file);

enum class run_kind { forever, once, dry };
/// `patience`: of `once`, with a start in which nothing moves.
exit_code run_streams(const config_source& file, run_kind kind, std::chrono::milliseconds patience);
enum class check_reach { text_alone, connect };
exit_code check_config(const config_source& file, check_reach reach);
exit_code print_config(const config_source& file);
exit_code show_schema(schema_format format, bool replaced_only);
exit_code show_facility_list_schema(schema_format format);
exit_code allow_fresh(const config_source& file);

}  // namespace oes
