#include "decode/decode.hpp"
#include "decode/facility_reader.hpp"
#include "decode/json_scanner.hpp"

namespace oes {

result<facility_list> decode_facilities(std::string body) {
  json_scanner scanner(body);
  facility_reader reader;
  while (true) {
    const auto token = scanner.next();
    const bool ended = token == json_token::end;
    const auto wrong = token == json_token::fault ? scanner.what_failed()
                       : ended                    ? reader.finish()
                                                  : reader.read(token, scanner.text());
    if (!wrong.empty()) {
      return error{.code = errc::malformed,
                   .context = "malformed list of facilities: " + std::string(wrong) + ", at byte " +
                              std::to_string(scanner.position()) + " of " + std::to_string(body.size()),
                   .retry_after = {}};
    }
    if (ended) return facility_list{reader.take(), {}};
  }
}

}  // namespace oes
