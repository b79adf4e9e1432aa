#!/bin/sh
# Installs the system packages the tests need and this machine lacks: as root, or with a sudo that asks nothing.
set -eu

wanted="postgresql redis-server chromium fonts-noto-core fonts-noto-cjk poppler-utils libreoffice-calc faketime nodejs npm"
missing=""
for package in $wanted; do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
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
$as_root DEBIAN_FRONTEND=noninteractive apt-get update -q
# shellcheck disable=SC2086 # a list of words on purpose
$as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
