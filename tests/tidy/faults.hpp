// SPDX-License-Identifier: GPL-3.0-or-later
// See faults.cpp.
#pragma once

#include <string>
#include <utility>

using std::string;  // fault: google-global-names-in-headers

namespace meshassay::tidy {

int defined_in_a_header() { return 1; }  // fault: misc-definitions-in-headers

template <typename Number>
double half(Number number) {
  const double halved = number / 2;  // fault: bugprone-integer-division
  return halved;
}

class ForwardsAnything {
 public:
  template <typename Anything>
  explicit ForwardsAnything(Anything&& anything)  // fault: bugprone-forwarding-reference-overload
      : text_(std::forward<Anything>(anything)) {}

 private:
  std::string text_;
};

}  // namespace meshassay::tidy
