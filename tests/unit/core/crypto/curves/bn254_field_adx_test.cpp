// SPDX-License-Identifier: MIT
// The same cases for the products in assembly.
#include "core/crypto/bn254_kernels.hpp"
#include "tests/unit/core/crypto/curves/bn254_field_cases.hpp"

namespace cairn::bn254_test {
namespace {

class Bn254FieldAdx : public testing::Test {
  protected:
    void SetUp() override {
        if (bn254::adx_kernels() == nullptr) GTEST_SKIP() << "the processor lacks BMI2 or ADX";
    }
};

TEST_F(Bn254FieldAdx, products_and_sums_agree_with_the_model) { check_products_and_sums(); }
TEST_F(Bn254FieldAdx, loosest_factors_reduce) { check_loosest_factors(); }
TEST_F(Bn254FieldAdx, inverse_times_element_is_one) { check_inverse(); }

}  // namespace
}  // namespace cairn::bn254_test
