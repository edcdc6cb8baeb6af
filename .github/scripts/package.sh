#!/usr/bin/env bash
# Packs a program, built with the profile `dist`, as the archive of a release: landing-TARGET.tar.gz, or .zip for Windows, with one folder
# landing-TARGET that has the program, its manual pages and completions, and the texts that go with it.
# usage: package.sh TARGET [OUT]      OUT [default: dist] is the folder for the archive
set -euo pipefail
target=${1:?usage: package.sh TARGET [OUT]}
out=${2:-dist}

case $target in
*windows*) program=landing.exe ;;
*) program=landing ;;
esac
name=landing-$target
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$work/$name

mkdir -p "$folder/completions" "$folder/man" "$out"
out=$(cd "$out" && pwd)
cp "target/$target/dist/$program" "$folder/"
cp LICENSE README.md CHANGELOG.md "$folder/"
for shell in bash elvish fish powershell zsh; do
    "$folder/$program" completions "$shell" >"$folder/completions/landing.$shell"
done
"$folder/$program" man --quiet --out "$folder/man"

# What is packed runs: a blueprint is written and checked.
"$folder/$program" init "$work/zone" --from minimal >&2
"$folder/$program" validate "$work/zone/landing.yaml" >&2

case $target in
*windows*)
    rm -f "$out/$name.zip"
    (cd "$work" && 7z a -bso0 "$out/$name.zip" "$name")
    echo "$out/$name.zip"
    ;;
*)
    # Without the resource forks that macOS's tar adds.
    COPYFILE_DISABLE=1 tar -czf "$out/$name.tar.gz" -C "$work" "$name"
    echo "$out/$name.tar.gz"
    ;;
esac
