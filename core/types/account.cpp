// SPDX-License-Identifier: MIT
#include "core/types/account.hpp"

#include "core/codec/rlp_encode.hpp"
#include "core/types/field_reader.hpp"

namespace cairn {

Bytes encode_account(const Account& account) {
    const std::size_t payload = rlp_size(account.nonce) + rlp_size(account.balance) +
                                rlp_size(account.storage_root.view()) +
                                rlp_size(account.code_hash.view());
    Bytes out;
    out.reserve(rlp_list_size(payload));
    RlpWriter w{out};
    w.list_header(payload);
    w.add(account.nonce);
    w.add(account.balance);
    w.add(account.storage_root);
    w.add(account.code_hash);
    return out;
}

Result<Account, DecodeError> decode_account(ByteView bytes) {
    DecodeSink sink;
    FieldReader r{bytes, DecodeField::Whole, sink};
    Account account;
    r.read(DecodeField::Nonce, account.nonce);
    r.read(DecodeField::AccountBalance, account.balance);
    r.read(DecodeField::AccountStorageRoot, account.storage_root);
    r.read(DecodeField::AccountCodeHash, account.code_hash);
    r.finish();
    if (sink.failed()) return sink.unexpected();
    return account;
}

}  // namespace cairn
