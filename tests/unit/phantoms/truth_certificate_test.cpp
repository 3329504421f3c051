// SPDX-License-Identifier: GPL-3.0-or-later
// The truth's surface of every phantom against the exact certificate: what a repair or a slicer would be
// given.
#include <gtest/gtest.h>

#include "metrics/meshes/printability.hpp"
#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

class TruthCertificate : public testing::TestWithParam<NamedPhantom> {};
INSTANTIATE_TEST_SUITE_P(Catalogue, TruthCertificate, testing::ValuesIn(phantoms_under_test()),
                         [](const auto& test) { return test.param.name; });

// Attene 2018, Definition 3.11: one part without a cavity. Which of the phantoms are such their Betti numbers
// say; all of them bound a solid.
TEST_P(TruthCertificate, IsStrictWhereTheShapeAllows) {
  for (const auto& target : GetParam().make().targets) {
    SCOPED_TRACE(target.truth.name);
    const auto certificate = metrics::certify(*target.truth.surface);
    const BettiNumbers& betti = *target.truth.betti;
    EXPECT_EQ(certificate.bounds_solid, true);
    EXPECT_EQ(certificate.printable_parts, betti.cavities == 0);
    EXPECT_EQ(certificate.strict, betti.cavities == 0 && betti.components == 1);
  }
}

}  // namespace
}  // namespace meshassay::phantoms
