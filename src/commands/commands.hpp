#pragma once
// The commands behind the command line. Each returns the exit code.
#include <optional>
#include <string>

#include "app/exit_code.hpp"
#include "config/loader.hpp"
#include "records/schema.hpp"

namespace oes {

/// `given`, else $OPENELECTRICITY_STREAM_CONFIG, else the file under /etc where it exists, else empty: no file.
std::string config_file(const std::string& given);

/// The configuration; nullopt: its faults are on stderr.
std::optional<configuration> load_for_command(const std::string& file);
/// nullopt where anything is missing, and not a word about it.
std::optional<configuration> load_quietly(const std::string& file);
/// For commands that only ask a daemon or look into its folder; nullopt: the faults are on stderr.
std::optional<loaded_contact> contact_in(const std::string& file);

exit_code run_streams(const std::string& file, bool dry_run, bool once);
exit_code check_config(const std::string& file);
exit_code print_config(const std::string& file);
exit_code show_status(const std::string& file, bool json);
exit_code check_health(const std::string& file);
exit_code show_schema(schema_format format, bool replaced_only);
exit_code show_facility_list_schema(schema_format format);
exit_code allow_fresh(const std::string& file);

}  // namespace oes
