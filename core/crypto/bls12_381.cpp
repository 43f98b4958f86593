// SPDX-License-Identifier: MIT
#include "core/crypto/bls12_381.hpp"

#include <blst.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace cairn::bls12_381 {
namespace {

/// Leading bytes of a field element's encoding that must be zero: p has 381 bits.
constexpr std::size_t kFpPadding = 16;
constexpr std::size_t kFpValueBytes = kFpBytes - kFpPadding;

/// p, big-endian (EIP-2537, "Curve parameters").
constexpr std::array<std::uint8_t, kFpValueBytes> kModulus = {
    0x1a, 0x01, 0x11, 0xea, 0x39, 0x7f, 0xe6, 0x9a, 0x4b, 0x1b, 0xa7, 0xb6, 0x43, 0x4b, 0xac, 0xd7,
    0x64, 0x77, 0x4b, 0x84, 0xf3, 0x85, 0x12, 0xbf, 0x67, 0x30, 0xd2, 0xa0, 0xf6, 0xb0, 0xf6, 0x24,
    0x1e, 0xab, 0xff, 0xfe, 0xb1, 0x53, 0xff, 0xff, 0xb9, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xaa, 0xab};

/// Scalars are reduced modulo q, which has 255 bits, before multiplication.
constexpr std::size_t kScalarBits = 255;

using Check = std::optional<Error>;

/// Reads one field element of 64 bytes.
Check read_fp(blst_fp& out, const std::uint8_t* in) noexcept {
    if (std::any_of(in, in + kFpPadding, [](std::uint8_t b) { return b != 0; })) return Error::FieldTopBytes;
    if (std::memcmp(in + kFpPadding, kModulus.data(), kFpValueBytes) >= 0) return Error::FieldElement;
    blst_fp_from_bendian(&out, in + kFpPadding);
    return std::nullopt;
}

Check read_fp2(blst_fp2& out, const std::uint8_t* in) noexcept {
    for (std::size_t i = 0; i < 2; ++i)
        if (const auto e = read_fp(out.fp[i], in + i * kFpBytes)) return e;
    return std::nullopt;
}

void write_fp(std::uint8_t* out, const blst_fp& x) noexcept {
    std::memset(out, 0, kFpPadding);
    blst_bendian_from_fp(out + kFpPadding, &x);
}

void write_fp2(std::uint8_t* out, const blst_fp2& x) noexcept {
    write_fp(out, x.fp[0]);
    write_fp(out + kFpBytes, x.fp[1]);
}

/// What differs between the two groups, so that their operations are written once.
struct G1 {
    using Affine = blst_p1_affine;
    using Point = blst_p1;
    using Encoding = G1Encoding;
    static constexpr std::size_t kCoordinate = kFpBytes;
    static constexpr Error kSubgroupError = Error::G1Subgroup;
    static constexpr auto read = read_fp;
    static constexpr auto write = write_fp;
    static constexpr auto on_curve = blst_p1_affine_on_curve;
    static constexpr auto in_subgroup = blst_p1_affine_in_g1;
    static constexpr auto is_infinity = blst_p1_affine_is_inf;
    static constexpr auto from_affine = blst_p1_from_affine;
    static constexpr auto to_affine = blst_p1_to_affine;
    static constexpr auto add_affine = blst_p1_add_or_double_affine;
    static constexpr auto msm_scratch = blst_p1s_mult_pippenger_scratch_sizeof;
    static constexpr auto msm = blst_p1s_mult_pippenger;
};

struct G2 {
    using Affine = blst_p2_affine;
    using Point = blst_p2;
    using Encoding = G2Encoding;
    static constexpr std::size_t kCoordinate = kFp2Bytes;
    static constexpr Error kSubgroupError = Error::G2Subgroup;
    static constexpr auto read = read_fp2;
    static constexpr auto write = write_fp2;
    static constexpr auto on_curve = blst_p2_affine_on_curve;
    static constexpr auto in_subgroup = blst_p2_affine_in_g2;
    static constexpr auto is_infinity = blst_p2_affine_is_inf;
    static constexpr auto from_affine = blst_p2_from_affine;
    static constexpr auto to_affine = blst_p2_to_affine;
    static constexpr auto add_affine = blst_p2_add_or_double_affine;
    static constexpr auto msm_scratch = blst_p2s_mult_pippenger_scratch_sizeof;
    static constexpr auto msm = blst_p2s_mult_pippenger;
};

/// Reads a point on the curve or at infinity; blst keeps infinity as (0, 0) too.
template <class G>
Check read_point(typename G::Affine& out, const std::uint8_t* in) noexcept {
    if (const auto e = G::read(out.x, in)) return e;
    if (const auto e = G::read(out.y, in + G::kCoordinate)) return e;
    if (!G::is_infinity(&out) && !G::on_curve(&out)) return Error::NotOnCurve;
    return std::nullopt;
}

/// The subgroup contains infinity, which blst's test need not be asked about.
template <class G>
Check check_subgroup(const typename G::Affine& p) noexcept {
    if (!G::is_infinity(&p) && !G::in_subgroup(&p)) return G::kSubgroupError;
    return std::nullopt;
}

template <class G>
typename G::Encoding write_point(const typename G::Point& p) noexcept {
    typename G::Affine affine;
    G::to_affine(&affine, &p);
    typename G::Encoding out;
    G::write(out.data(), affine.x);
    G::write(out.data() + G::kCoordinate, affine.y);
    return out;
}

template <class G>
Result<typename G::Encoding, Error> add(ByteView input) {
    constexpr std::size_t kPoint = 2 * G::kCoordinate;
    if (input.size() != 2 * kPoint) return Unexpected{Error::InputLength};
    typename G::Affine a;
    typename G::Affine b;
    if (const auto e = read_point<G>(a, input.data())) return Unexpected{*e};
    if (const auto e = read_point<G>(b, input.data() + kPoint)) return Unexpected{*e};
    typename G::Point sum;
    G::from_affine(&sum, &a);
    G::add_affine(&sum, &sum, &b);
    return write_point<G>(sum);
}

template <class G>
Result<typename G::Encoding, Error> msm(ByteView input) {
    constexpr std::size_t kPoint = 2 * G::kCoordinate;
    constexpr std::size_t kTerm = kPoint + kScalarBytes;
    if (input.empty() || input.size() % kTerm != 0) return Unexpected{Error::InputLength};
    const std::size_t terms = input.size() / kTerm;
    std::vector<typename G::Affine> points;
    std::vector<blst_scalar> scalars;
    points.reserve(terms);
    scalars.reserve(terms);
    for (std::size_t i = 0; i < terms; ++i) {
        const std::uint8_t* term = input.data() + i * kTerm;
        typename G::Affine point;
        if (const auto e = read_point<G>(point, term)) return Unexpected{*e};
        if (const auto e = check_subgroup<G>(point)) return Unexpected{*e};
        blst_scalar scalar;
        // Reduces modulo q; false when that leaves zero. Terms that add nothing are left out: blst's batched
        // additions do not expect infinity among the points.
        const bool nonzero = blst_scalar_from_be_bytes(&scalar, term + kPoint, kScalarBytes);
        if (!nonzero || G::is_infinity(&point)) continue;
        points.push_back(point);
        scalars.push_back(scalar);
    }
    if (points.empty()) return typename G::Encoding{};

    // blst takes arrays of pointers; a null second entry says that what the first points at is contiguous.
    const typename G::Affine* const point_list[2] = {points.data(), nullptr};
    const byte* const scalar_list[2] = {scalars.front().b, nullptr};
    std::vector<limb_t> scratch(G::msm_scratch(points.size()) / sizeof(limb_t));
    typename G::Point sum;
    G::msm(&sum, point_list, points.size(), scalar_list, kScalarBits, scratch.data());
    return write_point<G>(sum);
}

}  // namespace

Result<G1Encoding, Error> g1_add(ByteView input) { return add<G1>(input); }
Result<G2Encoding, Error> g2_add(ByteView input) { return add<G2>(input); }
Result<G1Encoding, Error> g1_msm(ByteView input) { return msm<G1>(input); }
Result<G2Encoding, Error> g2_msm(ByteView input) { return msm<G2>(input); }

Result<bool, Error> pairing_check(ByteView input) {
    if (input.empty() || input.size() % kPairBytes != 0) return Unexpected{Error::InputLength};
    const std::size_t pairs = input.size() / kPairBytes;
    std::vector<blst_p1_affine> ps;
    std::vector<blst_p2_affine> qs;
    ps.reserve(pairs);
    qs.reserve(pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
        const std::uint8_t* pair = input.data() + i * kPairBytes;
        blst_p1_affine p;
        blst_p2_affine q;
        if (const auto e = read_point<G1>(p, pair)) return Unexpected{*e};
        if (const auto e = read_point<G2>(q, pair + kG1Bytes)) return Unexpected{*e};
        if (const auto e = check_subgroup<G1>(p)) return Unexpected{*e};
        if (const auto e = check_subgroup<G2>(q)) return Unexpected{*e};
        // e(P, O) = e(O, Q) = 1.
        if (blst_p1_affine_is_inf(&p) || blst_p2_affine_is_inf(&q)) continue;
        ps.push_back(p);
        qs.push_back(q);
    }
    if (ps.empty()) return true;
    const blst_p1_affine* const p_list[2] = {ps.data(), nullptr};
    const blst_p2_affine* const q_list[2] = {qs.data(), nullptr};
    blst_fp12 product;
    blst_miller_loop_n(&product, q_list, p_list, ps.size());
    blst_final_exp(&product, &product);
    return blst_fp12_is_one(&product);
}

Result<G1Encoding, Error> map_fp_to_g1(ByteView input) {
    if (input.size() != kFpBytes) return Unexpected{Error::InputLength};
    blst_fp u;
    if (const auto e = read_fp(u, input.data())) return Unexpected{*e};
    blst_p1 point;
    blst_map_to_g1(&point, &u, nullptr);
    return write_point<G1>(point);
}

Result<G2Encoding, Error> map_fp2_to_g2(ByteView input) {
    if (input.size() != kFp2Bytes) return Unexpected{Error::InputLength};
    blst_fp2 u;
    if (const auto e = read_fp2(u, input.data())) return Unexpected{*e};
    blst_p2 point;
    blst_map_to_g2(&point, &u, nullptr);
    return write_point<G2>(point);
}

}  // namespace cairn::bls12_381
