# The image of a release: the static program, certificates of authorities, and nothing else; no shell, and not root.
# The build context has the program of each architecture as linux/ARCH/landing (.github/scripts/image.sh makes it of a
# release's archives; CONTRIBUTING.md says how to build one of your own).
FROM alpine:3.23 AS base

FROM scratch
ARG TARGETARCH
COPY --from=base /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY linux/${TARGETARCH}/LICENSE /LICENSE
COPY --chmod=755 linux/${TARGETARCH}/landing /usr/bin/landing
LABEL org.opencontainers.image.title="landing" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/usr/bin
# Blueprints, plans and the simulated AWS are in what is mounted here.
WORKDIR /zone
USER 65532:65532
ENTRYPOINT ["/usr/bin/landing"]
