// SPDX-License-Identifier: GPL-3.0-or-later
// One fault for each check in .clang-tidy, and NOLINT once. faults_are_found.py holds that check_tidy.sh
// reports these, at these lines, and nothing else. No target compiles this.
#include "tests/tidy/faults.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#define TWICE(number) 2 * number  // fault: bugprone-macro-parentheses

namespace meshassay::tidy {
namespace {

using std::multimap;  // fault: misc-unused-using-decls

// What bugprone-integer-division has to see in the header is there only once the template is used.
double half_of_three() { return half(3); }

bool bool_pointer(const bool* flag) {
  if (flag) {  // fault: bugprone-bool-pointer-implicit-conversion
    return true;
  }
  return false;
}

class Base {
 public:
  Base() = default;
  Base(const Base& other) : number_(other.number_) {}

 private:
  int number_ = 0;
};
class CopiesNoBase : public Base {
 public:
  CopiesNoBase() = default;
  CopiesNoBase(const CopiesNoBase& other) : own_(other.own_) {}  // fault: bugprone-copy-constructor-init

 private:
  int own_ = 0;
};

int dangling_handle() {
  const std::span<const int> numbers = std::vector<int>{1, 2};  // fault: bugprone-dangling-handle
  return numbers.front();
}

double fold_init_type(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0);  // fault: bugprone-fold-init-type
}

long widened_product(int rows, int columns) {
  return rows * columns;  // fault: bugprone-implicit-widening-of-multiplication-result
}

int incorrect_rounding(double number) {
  return static_cast<int>(number + 0.5);  // fault: bugprone-incorrect-roundings
}

int infinite_loop(int end) {
  int index = 0;
  int steps = 0;
  while (index < end) {  // fault: bugprone-infinite-loop
    ++steps;
  }
  return steps;
}

double integer_division(int dividend, int divisor) {
  return dividend / divisor;  // fault: bugprone-integer-division
}

long misplaced_widening(int rows, int columns) {
  return static_cast<long>(rows * columns);  // fault: bugprone-misplaced-widening-cast
}

class Grandparent {
 public:
  virtual ~Grandparent() = default;
  virtual int size() const { return 1; }
};
class Parent : public Grandparent {
 public:
  int size() const override { return 2; }
};
class Child : public Parent {
 public:
  int size() const override {
    return Grandparent::size();  // fault: bugprone-parent-virtual-call
  }
};

int signed_char(signed char letter) {
  const int code = letter;  // fault: bugprone-signed-char-misuse
  return code;
}

std::size_t sizeof_container(const std::vector<int>& numbers) {
  return sizeof(numbers);  // fault: bugprone-sizeof-container
}

std::size_t sizeof_expression() {
  return sizeof(7);  // fault: bugprone-sizeof-expression
}

std::string string_constructor() {
  return std::string('x', 50);  // fault: bugprone-string-constructor
}

std::string string_from_integer(int number) {
  std::string text;
  text = number;  // fault: bugprone-string-integer-assignment
  return text;
}

struct Padded {
  char letter = 'a';
  int number = 0;
};
bool memory_comparison(const Padded& left, const Padded& right) {
  return std::memcmp(&left, &right, sizeof(Padded)) == 0;  // fault: bugprone-suspicious-memory-comparison
}

const char* const missing_comma[] = {"one",
                                     "two",
                                     "three",
                                     "four",
                                     "five",
                                     "six",
                                     "seven"  // fault: bugprone-suspicious-missing-comma
                                     "eight",
                                     "nine",
                                     "ten",
                                     "eleven",
                                     "twelve"};

int suspicious_semicolon(int number) {
  if (number > 0)
    ;  // fault: bugprone-suspicious-semicolon
  return number;
}

bool string_compare(const char* left, const char* right) {
  if (std::strcmp(left, right)) {  // fault: bugprone-suspicious-string-compare
    return false;
  }
  return true;
}

double scaled(double factor, int count) { return factor * count; }
double swapped_arguments(double factor, int count) {
  return scaled(count, factor);  // fault: bugprone-swapped-arguments
}

void throw_missing(int number) {
  if (number < 0) {
    std::invalid_argument("a negative number");  // fault: bugprone-throw-keyword-missing
  }
}

class Undelegated {
 public:
  Undelegated() {
    Undelegated(1);  // fault: bugprone-undelegated-constructor
  }
  explicit Undelegated(int number) : number_(number) {}

 private:
  int number_ = 0;
};

class Guard {
 public:
  explicit Guard(int number) : number_(number) {}
  ~Guard() { std::memset(&number_, 0, sizeof(number_)); }

 private:
  int number_ = 0;
};
void unused_guard() {
  Guard(1);  // fault: bugprone-unused-raii
  defined_in_a_header();
}

void unused_return_value(std::vector<int>& numbers) {
  std::remove(numbers.begin(), numbers.end(), 1);  // fault: bugprone-unused-return-value
}

std::size_t use_after_move(std::string text) {
  const std::string taken = std::move(text);
  return taken.size() + text.size();  // fault: bugprone-use-after-move
}

int uninitialised(bool positive) {
  int sign;  // fault: cppcoreguidelines-init-variables
  if (positive) {
    sign = 1;
  } else {
    sign = -1;
  }
  return sign;
}

struct Plain {
  int number = 0;
};
struct Wide : Plain {
  int more = 0;
};
Plain sliced(const Wide& wide) {
  return wide;  // fault: cppcoreguidelines-slicing
}

class NoVirtualDestructor {  // fault: cppcoreguidelines-virtual-class-destructor
 public:
  virtual int size() const { return 1; }
};

int caught_by_value() {
  try {
    throw_missing(-1);
  } catch (std::runtime_error error) {  // fault: misc-throw-by-value-catch-by-reference
    return static_cast<int>(std::strlen(error.what()));
  }
  return 0;
}

const int* no_null_pointer() {
  return 0;  // fault: modernize-use-nullptr
}

class NoOverride : public Grandparent {
 public:
  virtual int size() const { return 3; }  // fault: modernize-use-override
};

std::size_t range_copy(const std::vector<std::string>& lines) {
  std::size_t size = 0;
  for (const std::string line : lines) size += line.size();  // fault: performance-for-range-copy
  return size;
}

std::size_t converted_in_a_loop(const std::map<int, std::string>& lines) {
  std::size_t size = 0;
  for (const std::pair<int, std::string>& line : lines) {  // fault: performance-implicit-conversion-in-loop
    size += line.second.size();
  }
  return size;
}

std::string moved_constant(const std::string& text) {
  return std::move(text);  // fault: performance-move-const-arg
}

class MayThrow {
 public:
  MayThrow() = default;
  MayThrow(MayThrow&& other) {  // fault: performance-noexcept-move-constructor
    text_.swap(other.text_);
  }

 private:
  std::string text_;
};

std::size_t unnecessary_copy(const std::string& text) {
  const std::string copy = text;  // fault: performance-unnecessary-copy-initialization
  return copy.size() + 1;
}

std::size_t unnecessary_value(std::string text) {  // fault: performance-unnecessary-value-param
  return text.size();
}

int CamelCased() {  // fault: readability-identifier-naming
  return TWICE(1);
}

int ExcusedCamelCase() {  // NOLINT(readability-identifier-naming): the next line of a reason
  return 2;
}

}  // namespace
}  // namespace meshassay::tidy
