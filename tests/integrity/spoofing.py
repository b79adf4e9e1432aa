"""T6: headers that claim another host, address, path or method, and addresses to go to after signing in."""

from __future__ import annotations

from itertools import product
from typing import Final

ELSEWHERE: Final = "elsewhere.example"

# As the Host of a request: none of these is ours.
HOSTS: Final = (
    *(
        ELSEWHERE,
        f"{ELSEWHERE}:8000",
        f"localhost.{ELSEWHERE}",
        f"{ELSEWHERE}.localhost",
        "localhost@elsewhere.example",
    ),
    *("localhost:80@elsewhere.example", "localhost#elsewhere.example", "localhost/elsewhere.example", "xlocalhost"),
    *("127.0.0.1.elsewhere.example", "127.1", "2130706433", "0x7f.0.0.1", "[::1]", "0.0.0.0", "169.254.169.254"),
    *("localhost, elsewhere.example", "localhost elsewhere.example", "localhost%00.elsewhere.example", "lOcAlHoSt.x"),
    *("localhost..", ".localhost", "*.localhost", "*", "localhost;elsewhere.example", "localhost\\elsewhere.example"),
    *("ⅼocalhost", "ｌｏｃａｌｈｏｓｔ.example", "a" * 300, "localhost:abc", "localhost:99999999999999"),
)

# Beside the right Host: none of these is believed, with no proxy in front.
CLAIMS: Final = tuple(
    {name: value}
    for name, value in (
        *product(
            (
                *("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-HTTP-Host-Override", "X-Original-Host"),
                *("Forwarded-Host", "X-Forwarded-Prefix", "X-Script-Name", "Script-Name", "X-Forwarded-Path"),
            ),
            (ELSEWHERE, f"https://{ELSEWHERE}/", f"/{ELSEWHERE}", "//elsewhere.example"),
        ),
        *product(
            ("X-Original-URL", "X-Rewrite-URL", "X-Original-URI", "X-Forwarded-Uri", "X-Override-URL", "Destination"),
            ("/people", "/metrics", f"https://{ELSEWHERE}/people", "//people"),
        ),
        *product(
            ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"), ("DELETE", "POST", "PUT")
        ),
        *product(
            ("X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Url-Scheme", "Front-End-Https"),
            ("https", "on", "javascript"),
        ),
        *product(
            (
                "X-Forwarded-For",
                "X-Real-IP",
                "True-Client-IP",
                "CF-Connecting-IP",
                "X-Client-IP",
                "X-Cluster-Client-IP",
            ),
            ("127.0.0.1", "10.0.0.1, 10.0.0.2", "::1", "203.0.113.9'; --"),
        ),
        *product(("X-Forwarded-Port",), ("443", "0", "x")),
        ("Forwarded", f"for=127.0.0.1;host={ELSEWHERE};proto=https"),
        ("Forwarded", f"host={ELSEWHERE}"),
        ("X-Forwarded-User", "secretariat"),
        ("X-Remote-User", "secretariat"),
        ("Remote-User", "secretariat"),
        ("X-Authenticated-User", "secretariat@laurel.example"),
        ("Authorization", "Basic YWRtaW46YWRtaW4="),
    )
)

_STARTS = (
    *(
        "//",
        "///",
        "////",
        "/\\",
        "\\\\",
        "\\/",
        "/\t/",
        "/\n/",
        "/\r\n/",
        "\t//",
        " //",
        "/ /",
        "//\\",
        "/%09/",
        "/.//",
    ),
    *(
        "http://",
        "https://",
        "https:",
        "http:",
        "http:/",
        "hTTps://",
        "https:\\\\",
        "https:///",
        "ftp://",
        "//@",
        "//x@",
    ),
    *(
        "\u3000//",
        "\u200b//",
        "/\u2028/",
        "\x00//",
        "/\x00/",
        "\ufeff//",
        "/\u3002/",
        "／／",
        "/／",
        "@",
        "x@",
        "",
        ".",
    ),
)
_ENDS = (ELSEWHERE, f"{ELSEWHERE}/home", f"{ELSEWHERE}%2f..", f"localhost:8000@{ELSEWHERE}", f"{ELSEWHERE}:443/#/home")
_SCHEMES = (
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
    ),
    *(
        "vbscript:x",
        "file:///etc/passwd",
        "blob:x",
        "about:blank",
        "mailto:x@elsewhere.example",
        "view-source:x",
        "ws://x.example",
    ),
    *(
        "/home\r\nLocation: //elsewhere.example",
        "/home\r\nSet-Cookie: laurel=1",
        "/" * 501 + ELSEWHERE,
        "/" + "a" * 600,
    ),
    *(
        "//[::1]/",
        "//[elsewhere.example",
        "//2130706433/",
        "/\\[::1]",
        "//xn--elsewhere-x.example",
        "//elsewhere%E3%80%82example",
    ),
    *(
        "?next=//elsewhere.example",
        "#//elsewhere.example",
        ";//elsewhere.example",
        "home",
        "../home",
        "%2f%2felsewhere.example",
    ),
    *(
        "/%5celsewhere.example",
        "/%2felsewhere.example",
        "%5c%5celsewhere.example",
        "/..//elsewhere.example",
        "/./\\elsewhere.example",
    ),
)
# Where to go after signing in.
ONWARD: Final = tuple(dict.fromkeys([*(start + end for start, end in product(_STARTS, _ENDS)), *_SCHEMES]))
HERE: Final = ("/home", "/nominations/abc?step=2", "/people?q=a%2F%2Fb&as=csv", "/en/#top", "/cycles/2030/dates")
