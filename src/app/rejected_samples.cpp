#include "app/rejected_samples.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "files/local_file.hpp"

namespace oes {
namespace {

constexpr std::size_t files_kept = 10;

// Numbers of the samples there are, ascending.
std::vector<int> numbers_in(const std::string& folder) {
  std::vector<int> numbers;
  for (const auto& name : names_in_local_folder(folder)) {
    const auto stem = name.substr(0, name.rfind('.'));
    const bool numeric =
        !stem.empty() && std::all_of(stem.begin(), stem.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (numeric && stem.size() < 9) numbers.push_back(std::stoi(stem));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

void keep_rejected_sample(const std::string& folder, const std::string& why, std::string_view body,
                          const redactor& hide) {
  const auto place = make_local_folder_in(folder, "rejected");
  if (!place) return;
  const auto numbers = numbers_in(*place);
  const auto file = [&](int number) { return *place + "/" + std::to_string(number) + ".txt"; };
  for (std::size_t i = 0; i + files_kept <= numbers.size(); ++i) remove_local_file(file(numbers[i]));
  const int next = numbers.empty() ? 1 : numbers.back() + 1;
  // A sample that cannot be kept costs nobody anything.
  const auto text = hide.clean(why) + "\n\n" + hide.clean(std::string(body));
  static_cast<void>(write_local_file(file(next), text));
}

}  // namespace oes
