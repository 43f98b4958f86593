// SPDX-License-Identifier: MIT
#include "rpc/http/plain_post.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cairn::rpc {
namespace {

constexpr std::size_t kBodyMax = 16;

std::string post(const std::string& fields, const std::string& body = "[1]") {
    return "POST / HTTP/1.1\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

const std::string kUsual = "Host: localhost:8545\r\nContent-Type: application/json\r\n";

TEST(PlainPost, usual_request_is_taken_apart) {
    const auto bytes = post(kUsual);
    const auto two = bytes + "POST";
    const auto found = scan_plain_post(two, kBodyMax);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->host, "localhost:8545");
    EXPECT_EQ(found->body, "[1]");
    EXPECT_EQ(found->bytes, bytes.size());
}

TEST(PlainPost, clients_fields_and_any_case_are_taken) {
    const auto bytes =
        post("host:a\r\nCONTENT-TYPE: \t application/json \r\nuser-agent: node\r\naccept: */*\r\n"
             "accept-language: *\r\nsec-fetch-mode: cors\r\naccept-encoding: gzip, deflate\r\n"
             "Connection: Keep-Alive\r\n");
    const auto found = scan_plain_post(bytes, kBodyMax);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->host, "a");
}

TEST(PlainPost, cut_anywhere_it_is_not_whole) {
    const auto bytes = post(kUsual);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(scan_plain_post(std::string_view{bytes}.substr(0, size), kBodyMax)) << size;
}

TEST(PlainPost, body_up_to_the_limit) {
    EXPECT_TRUE(scan_plain_post(post(kUsual, std::string(kBodyMax, ' ')), kBodyMax));
    EXPECT_FALSE(scan_plain_post(post(kUsual, std::string(kBodyMax + 1, ' ')), kBodyMax));
    EXPECT_TRUE(scan_plain_post(post(kUsual, ""), kBodyMax));
}

TEST(PlainPost, what_asks_for_more_is_left_to_the_general_parser) {
    const auto is_left = [](const std::string& bytes) {
        EXPECT_FALSE(scan_plain_post(bytes, kBodyMax)) << bytes;
    };
    for (const char* field :
         {"Authorization: Bearer x", "Origin: http://a", "Transfer-Encoding: chunked",
          "Expect: 100-continue", "Connection: close", "Connection: Upgrade", "Upgrade: websocket",
          "Host: again", "Content-Type: application/json", "Content-Length: 3", "X-Unknown: 1",
          "no colon", " folded: line", "Accept : x", "Accept: \x01", "Accept: \xc3\xa4"})
        is_left(post(kUsual + field + "\r\n"));
    is_left(post("Content-Type: application/json\r\n"));                     // no host
    is_left(post("Host: a\r\n"));                                            // no type
    is_left(post("Host: a\r\nContent-Type: text/plain\r\n"));
    is_left(post("Host: a\r\nContent-Type: application/json; charset=utf-8\r\n"));
    is_left("POST / HTTP/1.1\r\n" + kUsual + "\r\n");                        // no length
    for (const char* length : {"", "x", "-1", "+1", "1x", "0x1", "99999999999999999999999"})
        is_left("POST / HTTP/1.1\r\n" + kUsual + "Content-Length: " + length + "\r\n\r\n[1]");
    for (const char* start : {"GET / HTTP/1.1", "POST / HTTP/1.0", "POST /x HTTP/1.1", "post / HTTP/1.1"})
        is_left(start + post(kUsual).substr(15));
    is_left(post(kUsual + "Accept: " + std::string(4096, 'x') + "\r\n"));    // a long head
}

TEST(PlainPost, heads_of_answers) {
    EXPECT_EQ(plain_response_head(12, false),
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n");
    EXPECT_EQ(plain_response_head(0, true),
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nVary: Origin\r\n"
              "Content-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace cairn::rpc
