# The image: the Debian packages, installed. Build it with the commit that is built, for --version:
#   docker build -t openelectricity-stream --build-arg COMMIT=$(git describe --always) .
# The simulator of the API: --target simulator. BASE takes a digest: --build-arg BASE=debian:trixie-slim@sha256:…
# Trixie, since bookworm's librdkafka 2.0.2 does not send a client certificate's chain and has a fault in SCRAM.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS packages
WORKDIR /source
COPY CMakeLists.txt CMakePresets.json README.md CHANGELOG.md ./
COPY cmake cmake
COPY config config
COPY deploy deploy
COPY docs docs
COPY packaging packaging
COPY src src
COPY systemd systemd
# Packages that deploy/package.sh has made lie in packaging/made; then nothing is compiled here.
ARG COMMIT=
RUN if ! ls packaging/made/*.deb >/dev/null 2>&1; then \
      OES_COMMIT="$COMMIT" deploy/package.sh --out packaging/made; \
    fi

FROM ${BASE} AS simulator
RUN --mount=type=bind,from=packages,source=/source/packaging/made,target=/tmp/packages \
    apt-get update \
    && apt-get install -y --no-install-recommends /tmp/packages/openelectricity-simulator_*.deb \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
USER 10001:0
EXPOSE 8089
ENTRYPOINT ["/usr/libexec/openelectricity-stream/openelectricity-simulator"]
CMD ["--listen", "0.0.0.0:8089"]

FROM ${BASE}
ARG BASE
ARG COMMIT=
LABEL org.opencontainers.image.title="openelectricity-stream" \
      org.opencontainers.image.description="Streams Australian electricity data into Kafka, exactly once" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.base.name="$BASE"
# Without the package's example of a configuration: with no file, two variables are enough (docs/operations.md). A file is
# mounted in its place, or given whole in OPENELECTRICITY_STREAM_CONFIG_YAML.
# Any user of group 0 may write the folder of progress, as OpenShift wants it.
RUN --mount=type=bind,from=packages,source=/source/packaging/made,target=/tmp/packages \
    apt-get update \
    && apt-get install -y --no-install-recommends systemd-standalone-sysusers \
         /tmp/packages/openelectricity-stream_*.deb \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /etc/openelectricity-stream/openelectricity-stream.yaml \
    && chgrp 0 /etc/openelectricity-stream/secrets \
    && install -d -o 10001 -g 0 -m 0770 /var/lib/openelectricity-stream
# progress.json, its lock and the budget: keep this volume.
VOLUME /var/lib/openelectricity-stream
# A container is reached from outside; what is published of its ports is decided there.
ENV OPENELECTRICITY_STREAM_HTTP_LISTEN=0.0.0.0:9464
EXPOSE 9464
USER 10001:0
STOPSIGNAL SIGTERM
# A daemon that does not answer is told after 8 s.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["openelectricity-stream", "healthcheck"]
ENTRYPOINT ["openelectricity-stream"]
CMD ["run"]
