#!/usr/bin/env bash
# Builds the image: docker/image.sh [TAG], sluice unless given. What it needs of this checkout is built first.
# The base is BASE_IMAGE from the environment, else sluice-base where docker/base-image.sh has made it, else the public
# Java image of docker/Dockerfile, else, where that cannot be pulled, sluice-base, made now.
set -euo pipefail
tag="${1:-sluice}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$here"

docker info >/dev/null 2>&1 || { echo "image: no Docker engine answers; docker/with-engine.sh $0 makes one available" >&2; exit 1; }
# The launcher builds what is missing or older than its sources.
[ -d docker/target/dist/lib/server ] || ./sluice build

# A client without the newer builder has to be told; its engine knows the older one.
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
build() { docker build -q -f docker/Dockerfile -t "$tag" "$@" . 2>&1; }

base="${BASE_IMAGE:-}"
if [ -z "$base" ] && docker image inspect sluice-base >/dev/null 2>&1; then base=sluice-base; fi
if [ -n "$base" ]; then
  out="$(build --build-arg "BASE_IMAGE=$base")" || { echo "$out" >&2; exit 1; }
elif ! out="$(build)"; then
  echo "image: the public Java image cannot be had here; making a base of this machine's packages" >&2
  docker/base-image.sh sluice-base
  out="$(build --build-arg BASE_IMAGE=sluice-base)" || { echo "$out" >&2; exit 1; }
fi
echo "image: $tag is ready" >&2
