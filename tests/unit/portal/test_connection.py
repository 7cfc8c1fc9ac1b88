"""Every way in which a connection can fail, over real TLS."""

import datetime
import gzip
import ssl
import threading
from datetime import timedelta

import pytest

from client.errors import Busy, NotTrusted, PortalFault, SessionEnded, SessionRefused, Unreachable, Withdrawn
from client.portal.exchange import Limits, Stop
from client.portal.failures import LedElsewhere
from tests.unit.portal.conftest import DAY, NOW, Authority, Silence, answer

SECRET_QUERY = "?patient=canary-4711"
IMPATIENT = Limits(timedelta(seconds=0.4), timedelta(seconds=0.2), 100_000)


def failure(connection, url, expected, **options):
    with pytest.raises(expected) as caught:
        connection.fetch("GET", url + SECRET_QUERY, **options)
    assert "canary" not in str(caught.value)
    assert str(caught.value)[-1] == "."
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_an_answer_comes_whole_and_the_connection_is_used_again(serve, connect):
    server, connection = serve(lambda asked: answer(body={"path": asked.path})), connect()
    for number in range(3):
        assert connection.fetch("GET", f"{server.url}/{number}").body == b'{"path":"/%d"}' % number
    assert server.connections == 1


def test_open_makes_the_connection_that_the_first_request_uses(serve, connect):
    server, connection = serve(answer(404)), connect()
    connection.open(server.url + "/somewhere")
    server.answers = answer(body=b"{}")
    connection.fetch("GET", server.url)
    assert server.connections == 1


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ({"host": "10.9.8.7"}, "another address"),
        ({"end": NOW - datetime.timedelta(hours=1)}, "expired"),
        ({"start": NOW + DAY / 2}, "not valid yet"),
        ({"self_signed": True}, "signed by itself"),
    ],
)
def test_a_wrong_certificate_is_never_accepted(serve, connect, authority, certificate, words):
    server = serve(answer(), certificate=authority.issue(**certificate))
    assert words in failure(connect(), server.url, NotTrusted)
    assert server.asked == []


def test_a_certificate_of_another_authority_is_never_accepted(serve, connect, tmp_path):
    server = serve(answer(), certificate=Authority(tmp_path, "stranger").issue())
    assert "does not trust" in failure(connect(), server.url, NotTrusted)


def test_tls_below_1_2_is_refused(serve, connect, recwarn):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    recwarn.clear()  # Python warns about the old versions that this server is made of
    failure(connect(), serve(answer(), context=context).url, NotTrusted)


def test_a_server_without_tls_is_refused(serve, connect):
    server = serve(answer(), plain=True)
    failure(connect(), server.url, NotTrusted)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "file:///etc/passwd", "ftp://h/", "https://", "https://u:p@h/", "x"]
)
def test_only_https_is_fetched(connect, url):
    with pytest.raises(PortalFault):
        connect().fetch("GET", url)


def test_nobody_there(connect, serve):
    server = serve(answer())
    server.close()
    assert "No connection" in failure(connect(), server.url, Unreachable)


def test_a_name_that_nobody_knows(connect):
    assert "nowhere.invalid" in failure(connect(), "https://nowhere.invalid", Unreachable)


def test_silence_instead_of_an_answer_ends(serve, connect):
    server = serve(Silence())
    assert "does not answer" in failure(connect(), server.url, Unreachable, limits=IMPATIENT)


def test_silence_in_the_handshake_ends(serve, connect):
    server = serve(answer(), silent_handshake=True)
    assert "does not answer" in failure(connect(), server.url, Unreachable, limits=IMPATIENT)


def test_silence_in_the_middle_of_a_body_ends(serve, connect):
    server = serve([answer(body=b"x" * 5000)[:3000], Silence()])
    assert "does not answer" in failure(connect(), server.url, Unreachable, limits=IMPATIENT)


def test_a_trickle_that_is_never_silent_ends_too(serve, connect):
    def trickle(asked):
        def parts():
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
            while not stopped.wait(0.05):
                yield b"x"

        return TrickleList(parts())

    class TrickleList(list):
        def __init__(self, parts):
            self.parts = parts

        def __iter__(self):
            return self.parts

    stopped = threading.Event()
    server = serve(trickle)
    try:
        failure(connect(), server.url, Unreachable, limits=IMPATIENT)
    finally:
        stopped.set()


@pytest.mark.parametrize("header", ["Content-Length: 5000\r\n", "", "Transfer-Encoding: chunked\r\n"])
def test_a_body_cut_in_the_middle_is_no_answer(serve, connect, header):
    body = b"1388\r\n" + b"x" * 3000 if "chunked" in header else b"x" * 3000
    server = serve([b"HTTP/1.1 200 OK\r\n" + header.encode() + b"\r\n" + body, None])
    failure(connect(), server.url, Unreachable)


def test_more_bytes_than_allowed_are_refused_declared_or_not(serve, connect):
    declared = serve(answer(body=b"x" * 200_000))
    failure(connect(), declared.url, PortalFault, limits=IMPATIENT)
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    hidden = serve([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[chunk] * 4, b"0\r\n\r\n"])
    failure(connect(), hidden.url, PortalFault, limits=IMPATIENT)


def test_decompressed_bytes_count(serve, connect):
    bomb = gzip.compress(bytes(20_000_000))
    server = serve(answer(body=bomb, Content_Encoding="gzip"))
    failure(connect(), server.url, PortalFault, limits=IMPATIENT)


def test_gzip_is_unpacked_and_nonsense_is_not(serve, connect):
    server = serve(answer(body=gzip.compress(b'{"a":1}'), Content_Encoding="gzip"))
    assert connect().fetch("GET", server.url).body == b'{"a":1}'
    server = serve(answer(body=b"not gzip", Content_Encoding="gzip"))
    failure(connect(), server.url, PortalFault)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, PortalFault),
        (401, SessionRefused),
        (403, Withdrawn),
        (404, Withdrawn),
        (410, Withdrawn),
        (429, Busy),
        (500, PortalFault),
        (503, Busy),
        (304, PortalFault),
    ],
)
def test_each_status_has_its_meaning(serve, connect, status, expected):
    server = serve(answer(status))
    failure(connect(), server.url, expected, token="token", token_origin=server.url)


def test_a_401_says_nothing_of_the_session_where_its_token_was_not_sent(serve, connect):
    other = serve(answer(401))
    home = serve(answer(302, Location=other.url + "/x"))
    failure(connect(), home.url, Withdrawn, token="token", token_origin=home.url)
    failure(connect(), other.url, Withdrawn)


def test_a_redirect_is_followed_only_where_that_is_allowed(serve, connect):
    other = serve(answer(body=b"{}"))
    home = serve(
        lambda asked: (
            answer(302, Location={"/away": other.url, "/near": "/here"}[asked.path])
            if asked.path != "/here"
            else answer(body=b"{}")
        )
    )
    connection = connect()
    for path, allowed in (("/away", [home.url]), ("/away", ()), ("/near", ())):
        with pytest.raises(LedElsewhere):
            connection.fetch("GET", home.url + path, redirects=allowed)
    assert other.asked == []
    assert connection.fetch("GET", home.url + "/near", redirects=[home.url]).body == b"{}"
    assert connection.fetch("GET", home.url + "/away", redirects=[other.url]).body == b"{}"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7),
        ({"x_ms_retry_after_ms": "2500", "Retry_After": "9"}, 2.5),
        ({"Retry_After": "Fri, 01 Jan 1999 00:00:00 GMT"}, 1),
        ({"Retry_After": "Fri, 01 Jan 2199 00:00:00 GMT"}, 3600),
        ({"Retry_After": "soon"}, 30),
        ({}, 30),
    ],
)
def test_the_wait_a_portal_asks_for_is_understood(serve, connect, headers, seconds):
    server = serve(answer(429, **headers))
    with pytest.raises(Busy) as caught:
        connect().fetch("GET", server.url)
    assert caught.value.retry_after == timedelta(seconds=seconds)


def test_the_token_goes_to_its_own_origin_only_and_over_no_redirect(serve, connect):
    other = serve(answer(body=b"{}"))
    home = serve(
        lambda asked: answer(302, Location=other.url + "/x") if asked.path == "/away" else answer(body=b"{}")
    )
    connection = connect()
    for path in ("/here", "/away"):
        connection.fetch("GET", home.url + path, token="secret-token", token_origin=home.url)
    connection.fetch("GET", other.url, token="secret-token", token_origin=home.url)
    assert [asked.headers.get("authorization") for asked in home.asked] == ["Bearer secret-token"] * 2
    assert [asked.headers.get("authorization") for asked in other.asked] == [None, None]


def test_redirects_end_and_never_leave_https(serve, connect):
    server = serve(answer(302, Location="/again"))
    failure(connect(), server.url, PortalFault)
    server = serve(answer(302, Location="http://127.0.0.1/"))
    failure(connect(), server.url, PortalFault)
    server = serve(answer(307, Location="/other"))
    with pytest.raises(PortalFault):
        connect().fetch("POST", server.url, body=b"{}")
    assert len(server.asked) == 1


def test_no_cookie_is_kept(serve, connect):
    server, connection = serve(answer(body=b"{}", Set_Cookie="id=1; Path=/")), connect()
    for _ in range(2):
        connection.fetch("GET", server.url)
    assert "cookie" not in server.asked[1].headers


def test_an_idle_connection_closed_by_the_portal_is_made_anew(serve, connect):
    server, connection = serve([answer(body=b"{}"), None]), connect()
    for _ in range(4):
        assert connection.fetch("GET", server.url).body == b"{}"


def test_a_stop_from_another_thread_ends_the_wait(serve, connect):
    for options in ({}, {"silent_handshake": True}):
        server, stop = serve(Silence(), **options), Stop()
        threading.Thread(target=lambda s=server, t=stop: (s.waiting.wait(10), t.set())).start()
        with pytest.raises(SessionEnded):
            connect().fetch("GET", server.url, stop=stop)


def test_close_ends_every_wait(serve, connect):
    server, connection = serve(Silence()), connect()
    threading.Thread(target=lambda: (server.waiting.wait(10), connection.close())).start()
    with pytest.raises(SessionEnded):
        connection.fetch("GET", server.url)
    with pytest.raises(SessionEnded):
        connection.fetch("GET", server.url)


def test_several_threads_share_the_connection(serve, connect):
    server, connection = serve(lambda asked: answer(body={"path": asked.path})), connect()
    seen = []

    def work(number):
        for turn in range(5):
            path = f"/{number}-{turn}"
            seen.append(connection.fetch("GET", server.url + path).body == b'{"path":"%s"}' % path.encode())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 30
