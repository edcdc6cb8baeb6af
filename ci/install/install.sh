#!/bin/sh
# Installs landing: downloads a release's archive for this machine, verifies its SHA-256 checksum, and puts the
# program into a folder. Each release has this script with its own repository and version filled in.
#
# usage: install.sh     no arguments; these environment variables change what it does:
#   LANDING_VERSION       version to install, such as 1.2.3 [default: the release's own]
#   LANDING_INSTALL_DIR   folder that the program is put into [default: $HOME/.local/bin]
#   LANDING_RELEASES      URL of the releases; a mirror has the same paths below it
#   LANDING_TARGET        target triple of the archive [default: this machine's]
#   LANDING_VERIFY        OWNER/REPOSITORY whose attestation the archive must have, checked by the GitHub CLI
set -eu

own_releases='@REPOSITORY@/releases'
own_version='@VERSION@'

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

# A copy that no release has filled in begins with an @ still.
filled_in() {
    case $1 in
    @*) fail "this copy is of no release: set $2" ;;
    *) printf '%s\n' "$1" ;;
    esac
}

machine() {
    case $(uname -m) in
    x86_64 | amd64) echo x86_64 ;;
    aarch64 | arm64) echo aarch64 ;;
    *) fail "no release for $(uname -m): build from source with cargo" ;;
    esac
}

# An assignment, unlike an argument, fails with what it runs.
target() {
    machine=$(machine)
    case $(uname -s) in
    Linux) echo "$machine-unknown-linux-musl" ;;
    Darwin) echo "$machine-apple-darwin" ;;
    MINGW* | MSYS* | CYGWIN*) echo x86_64-pc-windows-msvc ;;
    *) fail "no release for $(uname -s): build from source with cargo" ;;
    esac
}

# Only what the URL itself names is followed: a redirect leads to no other protocol than HTTPS.
download() {
    if command -v curl >/dev/null; then
        case $1 in
        https://*) curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 --output "$2" "$1" ;;
        *) curl --fail --silent --show-error --output "$2" "$1" ;;
        esac
    elif command -v wget >/dev/null; then
        wget -q -O "$2" "$1"
    else
        fail 'neither curl nor wget is installed'
    fi || fail "cannot download $1"
}

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1"
    elif command -v shasum >/dev/null; then
        shasum -a 256 "$1"
    else
        fail 'neither sha256sum nor shasum is installed'
    fi | cut -d ' ' -f 1
}

verify_checksum() {
    wanted=$(awk -v name="$2" '$2 == name || $2 == "*" name { print $1 }' "$3")
    [ -n "$wanted" ] || fail "SHA256SUMS of the release does not list $2"
    found=$(sha256 "$1")
    [ "$found" = "$wanted" ] || fail "$2 has the SHA-256 $found, and the release says $wanted: nothing was installed"
}

verify_attestation() {
    command -v gh >/dev/null || fail 'LANDING_VERIFY needs the GitHub CLI, gh'
    gh attestation verify "$1" --repo "$2" >&2 || fail "no attestation of $2 for ${1##*/}: nothing was installed"
}

unpack() {
    case $1 in
    *.zip) unzip -q "$1" -d "$2" ;;
    *) tar -xzf "$1" -C "$2" ;;
    esac
}

# Written beside its place first, so that a program that is running can be replaced, and never half.
put() {
    mkdir -p "$2"
    cp "$1" "$2/.${1##*/}.new"
    chmod 755 "$2/.${1##*/}.new"
    mv -f "$2/.${1##*/}.new" "$2/${1##*/}"
}

main() {
    releases=${LANDING_RELEASES:-$(filled_in "$own_releases" LANDING_RELEASES)}
    version=${LANDING_VERSION:-$(filled_in "$own_version" LANDING_VERSION)}
    version=${version#v}
    target=${LANDING_TARGET:-$(target)}
    folder=${LANDING_INSTALL_DIR:-${HOME:?}/.local/bin}
    case $target in
    *windows*) archive=landing-$target.zip program=landing.exe ;;
    *) archive=landing-$target.tar.gz program=landing ;;
    esac

    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
    download "$releases/download/v$version/$archive" "$work/$archive"
    download "$releases/download/v$version/SHA256SUMS" "$work/SHA256SUMS"
    verify_checksum "$work/$archive" "$archive" "$work/SHA256SUMS"
    [ -z "${LANDING_VERIFY:-}" ] || verify_attestation "$work/$archive" "$LANDING_VERIFY"
    unpack "$work/$archive" "$work"
    put "$work/landing-$target/$program" "$folder"

    printf 'landing %s is installed as %s\n' "$version" "$folder/$program"
    case :$PATH: in
    *":$folder:"*) ;;
    *) printf 'Add the folder to your path: export PATH="%s:%s"\n' "$folder" "\$PATH" ;;
    esac
}

# The last line, so that a download that breaks off runs nothing.
main
