#!/usr/bin/env bash
# Builds a base image from this machine's own package sources, for machines that cannot pull from a registry:
# docker/base-image.sh [NAME]. NAME is sluice-base unless given. An image of that name is kept as it is; remove it
# (docker rmi NAME) to have it built anew. Takes root, a Debian or Ubuntu machine and a minute. It holds a Java 17
# runtime, and the programs with which the tests break networks.
set -euo pipefail

name="${1:-sluice-base}"
packages=ca-certificates-java,openjdk-17-jre-headless,iproute2,iptables,procps

die() { echo "base-image: $*" >&2; exit 1; }

docker info >/dev/null 2>&1 || die "no Docker engine answers; docker/with-engine.sh $0 makes one available"
if docker image inspect "$name" >/dev/null 2>&1; then echo "base-image: $name is here" >&2; exit 0; fi
[ "$(id -u)" -eq 0 ] || die "making a root file system takes root"
command -v apt-get >/dev/null || die "takes a machine with apt: no package source is written here"
if ! command -v debootstrap >/dev/null; then
  { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap; } >&2 ||
    die "debootstrap could not be installed"
fi

# The source this machine itself takes its release from.
release="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")"
[ -n "$release" ] || die "/etc/os-release names no release"
sources="$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages')"
mirror="$(awk -v r="$release" '$2 == r && $3 == "main" { print $1; exit }' <<<"$sources")"
[ -n "$mirror" ] || die "apt's sources have no component main of $release"
components="$(awk -v r="$release" -v m="$mirror" '$1 == m && $2 == r { print $3 }' <<<"$sources" | sort -u | paste -sd,)"

stage="$(mktemp -d "${TMPDIR:-/var/tmp}/sluice-base.XXXXXX")"
trap 'rm -rf --one-file-system "$stage"' EXIT
echo "base-image: building $name of $release, about a minute" >&2
if ! debootstrap --variant=minbase --components="$components" --include="$packages" "$release" "$stage/root" "$mirror" \
  >"$stage/log" 2>&1; then
  tail -20 "$stage/log" >&2
  die "debootstrap failed"
fi
java_home="$(cd "$stage/root" && echo usr/lib/jvm/java-17-openjdk-*)"
[ -x "$stage/root/$java_home/bin/java" ] || die "no Java in what was built"
# What no container reads.
(cd "$stage/root" && rm -rf var/cache/apt/* var/lib/apt/lists/* var/log/* usr/share/doc usr/share/man usr/share/info \
  usr/share/locale usr/share/lintian)
# No package source of this machine goes along.
: >"$stage/root/etc/apt/sources.list"
tar -C "$stage/root" -c . | docker import -c "ENV JAVA_HOME=/$java_home" -c 'ENV LANG=C.UTF-8' -c 'CMD ["bash"]' - "$name" >/dev/null
echo "base-image: $name is ready, $(docker image inspect --format '{{.Size}}' "$name" | awk '{ printf "%d MB", $1 / 1e6 }')" >&2
