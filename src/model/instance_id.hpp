#pragma once
// What a process of this program is called in claims, as a client of Kafka, and on the status page.
#include <string>
#include <string_view>

namespace oes {

/// host-pid-random, with eight hexadecimal digits at the end: unique over restarts.
std::string instance_id(std::string_view host, int process, std::string_view random);
/// Whether a client with this id can be one of ours: a reader of the topics has its own kind of name.
bool is_instance_id(std::string_view id);

}  // namespace oes
