// SPDX-License-Identifier: MIT
#include "rpc/http/http_session_impl.hpp"
#include "rpc/http/tls.hpp"

namespace cairn::rpc {

class TlsContext {
public:
    [[nodiscard]] asio::ssl::context& context() noexcept { return context_; }

private:
    asio::ssl::context context_{asio::ssl::context::tls_server};
};

Result<std::shared_ptr<TlsContext>, std::string> make_tls_context(const TlsOptions& options) {
    auto tls = std::make_shared<TlsContext>();
    auto& context = tls->context();
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1);
    ErrorCode error;
    context.use_certificate_chain_file(options.certificate.string(), error);
    if (error)
        return Unexpected{"cannot read the TLS certificate " + options.certificate.string() + ": " +
                          error.message()};
    context.use_private_key_file(options.key.string(), asio::ssl::context::pem, error);
    if (error)
        return Unexpected{"cannot use the TLS key " + options.key.string() + ": " +
                          error.message()};
    return tls;
}

void start_https_session(const SessionEnv& env, const std::shared_ptr<TlsContext>& tls,
                         tcp::socket socket) {
    using Stream = asio::ssl::stream<tcp::socket>;
    auto session =
        std::make_shared<HttpSession<Stream>>(env, Stream{std::move(socket), tls->context()});
    env.thread.add(session);
    session->allow(env.core.limits.read_time_max);
    session->stream().async_handshake(
        asio::ssl::stream_base::server,
        [session, tls](ErrorCode error) { error ? session->end() : session->start(); });
}

}  // namespace cairn::rpc
