#pragma once
// The commands behind the command line. Each returns the exit code.
#include <string>

#include "app/exit_code.hpp"
#include "records/schema.hpp"

namespace oes {

/// `given`, else $OPENELECTRICITY_STREAM_CONFIG, else the file under /etc where it exists, else empty: no file.
std::string config_file(const std::string& given);

exit_code run_streams(const std::string& file, bool dry_run, bool once);
exit_code check_config(const std::string& file);
exit_code print_config(const std::string& file);
exit_code show_status(const std::string& file, bool json);
exit_code check_health(const std::string& file);
exit_code show_schema(schema_format format, bool replaced_only);
exit_code show_progress(const std::string& file);
exit_code allow_fresh(const std::string& file);

}  // namespace oes
