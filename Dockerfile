FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      g++ cmake ninja-build pkg-config ca-certificates libboost1.81-dev libssl-dev zlib1g-dev librdkafka-dev \
      rapidjson-dev libyaml-cpp-dev prometheus-cpp-dev libcli11-dev libsystemd-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY src src
# What is built, for --version: docker build --build-arg COMMIT=$(git describe --always) …
ARG COMMIT=
RUN cmake --preset release -DOES_TESTS=OFF -DOES_COMMIT="$COMMIT" \
    && cmake --build --preset release --target openelectricity-stream \
    && install -D -s build/release/src/openelectricity-stream /out/usr/bin/openelectricity-stream

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
      ca-certificates libssl3 zlib1g librdkafka1 libyaml-cpp0.7 libprometheus-cpp-core1.0 \
      libsystemd0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin openelectricity \
    && install -d -o openelectricity -g openelectricity -m 0700 /var/lib/openelectricity-stream
COPY --from=build /out/ /
# The progress file, its lock and the budget: keep this volume.
VOLUME /var/lib/openelectricity-stream
USER 10001:10001
# With no file, OPENELECTRICITY_API_KEY and KAFKA_BOOTSTRAP_SERVERS suffice; a file is
# mounted and named by `run --config /etc/openelectricity-stream/openelectricity-stream.yaml`.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["openelectricity-stream", "healthcheck"]
ENTRYPOINT ["openelectricity-stream"]
CMD ["run"]
