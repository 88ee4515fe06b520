#!/usr/bin/env bash
# Runs a command with a Docker engine at hand: docker/with-engine.sh COMMAND [ARGUMENT]...
# An engine that answers is used as it is. Otherwise one is started (installed first where apt-get and root allow), with
# its data in a temporary folder, and stopped again when the command has ended. Exit status: the command's; 69 when no
# engine can be had, with the reason.
set -euo pipefail

NO_ENGINE=69
ANSWER_WITHIN_S=60
INSTALL_WITHIN_S=300
socket=/var/run/docker.sock

say() { echo "engine: $*" >&2; }
answers() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

[ $# -ge 1 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
if answers; then exec "$@"; fi

# One that just starts, ends, or hangs is waited for: two of them would fight over bridges and packet filters.
waited_s=0
while pgrep -x dockerd >/dev/null; do
  if [ $waited_s -eq 0 ]; then say "a dockerd runs and does not answer yet; waiting"; fi
  if [ $waited_s -ge $ANSWER_WITHIN_S ]; then
    say "it does not answer at ${DOCKER_HOST:-$socket} after $ANSWER_WITHIN_S s; a second one beside it is not started"
    exit $NO_ENGINE
  fi
  sleep 1
  waited_s=$((waited_s + 1))
  if answers; then exec "$@"; fi
done
if [ -n "${DOCKER_HOST:-}" ]; then say "nothing answers at DOCKER_HOST=$DOCKER_HOST"; exit $NO_ENGINE; fi
if [ "$(id -u)" -ne 0 ]; then say "none answers, and starting one takes root"; exit $NO_ENGINE; fi

lacking() { for name in dockerd docker iptables; do command -v "$name" >/dev/null || { echo "$name"; return; }; done; }

# The package must not start an engine of its own, which nobody would stop: this machine's answer to that question is no
# while it is being installed.
install_engine() {
  local policy=/usr/sbin/policy-rc.d status=0 packages=(docker.io iptables)
  DEBIAN_FRONTEND=noninteractive timeout $INSTALL_WITHIN_S apt-get update -qq || return 1
  # Where the client is a package of its own.
  if apt-cache show docker-cli >/dev/null 2>&1; then packages+=(docker-cli); fi
  if [ -e "$policy" ]; then policy=""; else printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"; fi
  DEBIAN_FRONTEND=noninteractive timeout $INSTALL_WITHIN_S apt-get install -y -qq --no-install-recommends "${packages[@]}" || status=1
  [ -z "$policy" ] || rm -f "$policy"
  return $status
}

if [ -n "$(lacking)" ]; then
  command -v apt-get >/dev/null || { say "no $(lacking) here, and no apt-get to install it"; exit $NO_ENGINE; }
  say "no $(lacking) here; installing docker.io and iptables"
  install_engine >&2 || { say "the packages could not be installed"; exit $NO_ENGINE; }
  [ -z "$(lacking)" ] || { say "the packages brought no $(lacking)"; exit $NO_ENGINE; }
fi

stage="$(mktemp -d "${TMPDIR:-/tmp}/sluice-engine.XXXXXX")"
engine=""
stop_engine() {
  [ -n "$engine" ] || return 0
  kill "$engine" 2>/dev/null || true
  wait "$engine" 2>/dev/null || true
  engine=""
}
finish() {
  stop_engine
  # What a container left mounted below the folder must not be emptied with it.
  sed -n "s#^[^ ]* \($stage/[^ ]*\) .*#\1#p" /proc/mounts | sort -r | while read -r at; do umount "$at" || true; done
  if ! grep -q " $stage/" /proc/mounts; then rm -rf "$stage"; fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# $1: storage driver, or "any" for the engine's own choice; $2: "own" or a suffix of the iptables programs.
start_engine() {
  local path="$PATH" data="$stage/data-$1" name options=()
  mkdir -p "$data" "$stage/tables"
  [ "$1" = any ] || options+=(--storage-driver "$1")
  if [ "$2" != own ]; then
    for name in iptables ip6tables; do
      command -v "$name-$2" >/dev/null || return 1
      ln -sf "$(command -v "$name-$2")" "$stage/tables/$name"
    done
    path="$stage/tables:$path"
  fi
  PATH="$path" dockerd --host "unix://$socket" --data-root "$data" --exec-root "$stage/exec" \
    --pidfile "$stage/pid" "${options[@]}" >"$stage/log" 2>&1 </dev/null &
  engine=$!
  for _ in $(seq $ANSWER_WITHIN_S); do
    if answers; then return 0; fi
    kill -0 "$engine" 2>/dev/null || break
    sleep 1
  done
  stop_engine
  return 1
}

started=no
for tables in own legacy nft; do
  for driver in any fuse-overlayfs vfs; do
    if start_engine "$driver" "$tables"; then started=yes; break 2; fi
    say "does not start with storage driver '$driver' and '$tables' iptables:"
    tail -2 "$stage/log" 2>/dev/null | cut -c1-400 >&2 || true
  done
done
[ $started = yes ] || { say "none of the ways to start one works on this machine"; exit $NO_ENGINE; }
say "started ($(docker info --format '{{.ServerVersion}}, {{.Driver}}' 2>/dev/null)), data in $stage"

status=0
"$@" || status=$?
exit $status
