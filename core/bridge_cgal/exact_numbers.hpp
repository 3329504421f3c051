// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers in which a polynomial of coordinates is evaluated: with a bound, exactly, or modulo a prime.
#pragma once

#include <CGAL/Interval_nt.h>
#include <CGAL/Mpzf.h>
#include <CGAL/enum.h>

#include <array>
#include <cmath>
#include <cstdint>

namespace meshassay::exact {

/// Encloses the value; the rounding mode must be upward: see UpwardRounding.
using Interval = CGAL::Interval_nt<false>;
using UpwardRounding = Interval::Protector;

/// Exact, without division.
using Ring = CGAL::Mpzf;

/// Whole numbers modulo the prime 2^61 - 1. Doubles are fractions whose divisor is a power of two, so each
/// has its residue; equal values have equal residues, and unequal ones hardly ever: what an index wants.
class Residue {
 public:
  static constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1;

  Residue() = default;
  explicit Residue(double value) {
    int exponent = 0;
    const double mantissa = std::frexp(value, &exponent);
    const auto whole = static_cast<std::int64_t>(std::ldexp(mantissa, 53));
    exponent = (exponent - 53) % 61;
    if (exponent < 0) exponent += 61;  // 2^61 = 1
    const auto magnitude = static_cast<std::uint64_t>(whole < 0 ? -whole : whole);
    value_ = times(magnitude, std::uint64_t{1} << exponent);
    if (whole < 0 && value_ != 0) value_ = prime - value_;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }
  /// Of zero: zero.
  [[nodiscard]] Residue inverse() const {
    // Fermat: a^(p - 2), and p - 2 = 4 (2^59 - 1) + 1. `run` is a^(2^n - 1): twice as many ones in the
    // exponent by n squarings and a product, one more by one of each. n = 1, 3, 7, 14, 29, 59 (59 in binary:
    // 111011).
    Residue run = *this;
    int n = 1;
    for (const int digit : {1, 1, 0, 1, 1}) {
      run = run.squared(n) * run;
      n *= 2;
      if (digit == 0) continue;
      run = run.squared(1) * *this;
      ++n;
    }
    return run.squared(2) * *this;
  }
  friend Residue operator+(Residue a, Residue b) {
    const std::uint64_t sum = a.value_ + b.value_;
    return of(sum >= prime ? sum - prime : sum);
  }
  friend Residue operator-(Residue a, Residue b) {
    return of(a.value_ >= b.value_ ? a.value_ - b.value_ : a.value_ + prime - b.value_);
  }
  friend Residue operator*(Residue a, Residue b) { return of(times(a.value_, b.value_)); }

 private:
  __extension__ using Wide = unsigned __int128;
  static Residue of(std::uint64_t value) {
    Residue result;
    result.value_ = value;
    return result;
  }
  [[nodiscard]] Residue squared(int times_over) const {
    Residue result = *this;
    for (int n = 0; n < times_over; ++n) result = result * result;
    return result;
  }
  static std::uint64_t times(std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    const std::uint64_t sum =
        (static_cast<std::uint64_t>(product) & prime) + static_cast<std::uint64_t>(product >> 61);
    return sum >= prime ? sum - prime : sum;
  }
  std::uint64_t value_ = 0;
};

template <typename Number>
using Triple = std::array<Number, 3>;

/// The point (x, y, z) / w.
template <typename Number>
struct Homogeneous {
  Triple<Number> xyz;
  Number w;
};

template <typename Number>
Triple<Number> operator-(const Triple<Number>& a, const Triple<Number>& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
template <typename Number>
Triple<Number> operator+(const Triple<Number>& a, const Triple<Number>& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}
template <typename Number>
Triple<Number> scaled(const Triple<Number>& a, const Number& factor) {
  return {a[0] * factor, a[1] * factor, a[2] * factor};
}
template <typename Number>
Triple<Number> cross(const Triple<Number>& a, const Triple<Number>& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
template <typename Number>
Number dot(const Triple<Number>& a, const Triple<Number>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

inline int to_int(CGAL::Sign sign) { return static_cast<int>(sign); }

/// The sign of a polynomial: -1, 0 or 1. `evaluate` is given a zero of the number type to compute in.
template <typename Evaluate>
int sign_of(const Evaluate& evaluate) {
  {
    const UpwardRounding protect;
    const Interval value = evaluate(Interval(0.0));
    if (value.inf() > 0.0) return 1;
    if (value.sup() < 0.0) return -1;
    if (value.inf() == 0.0 && value.sup() == 0.0) return 0;
  }
  return to_int(CGAL::sign(evaluate(Ring(0.0))));
}

}  // namespace meshassay::exact
