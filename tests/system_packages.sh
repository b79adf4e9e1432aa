#!/bin/sh
# Installs the system packages the tests need and this machine lacks: as root, or with a sudo that asks nothing.
# More packages may be named: the benches want wrk.
set -eu

wanted="postgresql redis-server chromium-headless-shell fonts-noto-core fonts-noto-cjk poppler-utils libreoffice-calc faketime nodejs npm $*"
missing=""
is_there() {
    case $1 in
        npm) command -v npm >/dev/null && return 0 ;; # newer packages of nodejs bring it along and refuse Debian's
    esac
    [ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null || true)" = "install ok installed" ]
}
for package in $wanted; do
    is_there "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root="env"
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n env"
else
    echo "The tests need system packages. Run this, then try again:"
    echo "sudo apt-get install --no-install-recommends$missing"
    exit 1
fi
$as_root DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -q
# shellcheck disable=SC2086 # a list of words on purpose
$as_root DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends $missing
