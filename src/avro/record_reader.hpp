#pragma once
// Avro → the JSON that the same record would be, so that whoever reads records needs to know one format. Pure.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "avro/writer_schema.hpp"
#include "model/error.hpp"

namespace oes::avro {

class record_reader {
 public:
  explicit record_reader(writer_schema written);

  /// The record in today's order of fields, whatever the writer's was (Avro's schema resolution, by name): what the
  /// writer did not have is left out, as are nulls; what is not known today stands at the end. Numbers are the shortest
  /// texts of their doubles; `extra_values` are members like other metrics.
  /// damaged: the bytes do not fit the schema, or an instant lies outside of the years 1900 to 2200.
  [[nodiscard]] result<std::string> json(std::string_view body) const;

 private:
  writer_schema written_;
  std::vector<std::size_t> order_;  ///< indexes of the writer's fields
};

}  // namespace oes::avro
