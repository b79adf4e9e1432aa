"""T11: addresses that scanners ask for, and methods that nothing here answers to."""

from __future__ import annotations

from itertools import product
from typing import Final

_FILES = (
    *(".git/", ".git/HEAD", ".git/config", ".git/index", ".gitignore", ".svn/entries", ".hg/store", ".bzr/README"),
    *(".env", ".env.local", ".env.production", ".aws/credentials", ".ssh/id_rsa", ".npmrc", ".pypirc", ".netrc"),
    *(".htaccess", ".htpasswd", ".DS_Store", ".vscode/settings.json", ".idea/workspace.xml", ".bash_history"),
    *("config.py", "wsgi.py", "Makefile", "requirements.txt", "pyproject.toml", "award_app/__init__.py", "Dockerfile"),
    *("var/laurel.sqlite", "laurel.sqlite", "db.sqlite3", "var/keys/secret_key", "var/files/", "var/run/broker.sock"),
    *("backup.zip", "backup.tar.gz", "backup.sql", "dump.sql", "database.sql", "site.bak", "www.zip", "laurel.zip"),
    *(
        "admin",
        "admin/",
        "administrator/",
        "admin.php",
        "wp-admin/",
        "wp-login.php",
        "phpmyadmin/",
        "pma/",
        "manager/html",
    ),
    *(
        "console",
        "debug",
        "__debug__/",
        "_debug_toolbar/",
        "debugger",
    ),
    *("actuator", "actuator/env", "actuator/heapdump", "server-status", "server-info", "status", "trace", "info.php"),
    *(
        "phpinfo.php",
        "xmlrpc.php",
        "shell.php",
        "cgi-bin/test",
        "cgi-bin/.%2e/.%2e/etc/passwd",
        "vendor/phpunit/phpunit",
    ),
    *("api", "api/", "api/v1/users", "swagger.json", "openapi.json", "api/docs", "redoc", "graphql", "graphiql", "rpc"),
    *("flower/", "celery", "redis", "pgadmin/", "solr/", "jenkins/", "grafana/", "kibana", "prometheus", "metrics/"),
    *(
        "package.json",
        "composer.json",
        "yarn.lock",
        "node_modules/",
        "webpack.config.js",
        "crossdomain.xml",
        "clientaccesspolicy.xml",
    ),
    *(
        "docs/",
        "docs/security.md",
        "README.md",
        "CHANGELOG",
        "tests/",
        "migrations/",
        "translations/",
        "templates/layout.html",
    ),
    *(
        "index.php",
        "index.html",
        "default.asp",
        "web.config",
        "WEB-INF/web.xml",
        "META-INF/",
        "logs/",
        "error.log",
        "access.log",
    ),
    *(
        "login",
        "register",
        "signup",
        "users",
        "user/1",
        "uploads/",
        "files",
        "tmp/",
        "old/",
        "test",
        "demo",
        "mailbox/x",
    ),
    *(
        "healthz",
        "health/",
        "ping",
        "version",
        "favicon.ico",
        "humans.txt",
        ".well-known/",
        ".well-known/change-password",
    ),
)
_UPWARDS = (
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "..%5c",
    "..\\",
    "....//",
    "..%252f",
    "%c0%ae%c0%ae/",
    "..;/",
    ".%00./",
)
_BELOW = ("config.py", "etc/passwd", "var/laurel.sqlite")
_ODD = (
    *(
        "%00",
        "a%00.html",
        "%0a",
        "%0d%0aX-Injected:%20yes",
        "%ff%fe",
        "%e2%80%ae",
        "%F0%9F%8F%85",
        "%u002e",
        "%",
        "%zz",
    ),
    *(
        "en%00/",
        "en/%2e",
        "en/..",
        "en//",
        "en/./laureates",
        "EN/",
        "en/laureates/",
        "en/laureates/2016/",
    ),
    *(
        "a" * 3000,
        "%61" * 900,
        "é" * 200,
        ";a=b",
        "en;x",
        "*",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "'%20OR%201=1--",
    ),
    *(
        "static",
        "static/",
        "static//laurel.css",
        "static/./laurel.css",
        "static/laurel.css/",
        "static/laurel.css%00.png",
        "static/.gitignore",
    ),
    *(
        "Static/laurel.css",
        "static/laurel.css.br",
        "static/laurel.css.map",
        "static/%2e",
        "static/%2f",
        "static\\laurel.css",
    ),
)
# All of these answer as an address answers at which there is nothing.
PATHS: Final = tuple(
    f"/{path}"
    for path in dict.fromkeys(
        [
            *_FILES,
            *(
                path + end
                for path, end in product(
                    ("config.py", "wsgi.py", "laurel.sqlite", "index.html"),
                    ("~", ".bak", ".old", ".swp", ".orig", ".1"),
                )
            ),
            *(
                start + up * times + below
                for start, up, times, below in product(("", "static/", "en/"), _UPWARDS, (1, 4), _BELOW[:2])
            ),
            *_ODD,
        ]
    )
)
# Slashes in front count as one; no answer leads anywhere. A client of Python's would read a host out of these.
SLASHES: Final = ("//en/", "///en/laureates", "/" * 100 + "x", "//elsewhere.example/")
METHODS: Final = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "MKCOL",
    "DEBUG",
    "INVENTED",
)
