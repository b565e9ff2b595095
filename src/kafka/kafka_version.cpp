#include "kafka/kafka_version.hpp"

#include <librdkafka/rdkafka.h>

namespace oes {

std::string kafka_library_version() { return rd_kafka_version_str(); }

}  // namespace oes
