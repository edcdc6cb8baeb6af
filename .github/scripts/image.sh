#!/usr/bin/env bash
# Builds the container image for both architectures from the archives of a release, so that an image has the same program
# as they do, and pushes it. Prints `digest=` for $GITHUB_OUTPUT.
# usage: image.sh VERSION DIST IMAGE      IMAGE is REGISTRY/NAME without a tag
#   CONTAINER_USERNAME, CONTAINER_PASSWORD   for the registry
#   PRERELEASE                               true leaves the tag `latest` where it is
set -euo pipefail
version=${1:?usage: image.sh VERSION DIST IMAGE}
dist=${2:?usage: image.sh VERSION DIST IMAGE}
image=${3:?usage: image.sh VERSION DIST IMAGE}
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for pair in amd64:x86_64 arm64:aarch64; do
    name=landing-${pair#*:}-unknown-linux-musl
    mkdir -p "$work/linux/${pair%:*}"
    tar -xzf "$dist/$name.tar.gz" -C "$work/linux/${pair%:*}" --strip-components 1 "$name/landing" "$name/LICENSE"
done

tags=(--tag "$image:$version")
if [ "${PRERELEASE:-false}" != true ]; then
    tags+=(--tag "$image:latest")
fi
printf '%s' "${CONTAINER_PASSWORD:?}" |
    docker login --username "${CONTAINER_USERNAME:?}" --password-stdin "${image%%/*}" >&2
docker buildx create --use >&2
docker buildx build --platform linux/amd64,linux/arm64 --push --metadata-file "$work/metadata.json" \
    --label "org.opencontainers.image.version=$version" \
    --label "org.opencontainers.image.source=${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_REPOSITORY:-}" \
    --label "org.opencontainers.image.revision=${GITHUB_SHA:-}" \
    "${tags[@]}" --file "$top/Dockerfile" "$work" >&2
echo "digest=$(jq --raw-output '."containerimage.digest"' "$work/metadata.json")"
